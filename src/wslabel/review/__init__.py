"""Review by humans: the queue, the log of their decisions, and the labels that follow from them."""

from wslabel.review.items import ReviewItem
from wslabel.review.log import DecisionLog
from wslabel.review.queue import ReviewQueue
from wslabel.review.resolve import agreed_labels, disagreements, resolve

__all__ = ["DecisionLog", "ReviewItem", "ReviewQueue", "agreed_labels", "disagreements", "resolve"]
