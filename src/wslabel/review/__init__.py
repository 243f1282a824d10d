"""Review by humans: the queue, the log of their decisions, and the labels that follow from them."""

from wslabel.review.items import ReviewItem
from wslabel.review.log import DecisionLog
from wslabel.review.queue import ReviewQueue
from wslabel.review.resolve import disagreements, resolve

__all__ = ["DecisionLog", "ReviewItem", "ReviewQueue", "disagreements", "resolve"]
