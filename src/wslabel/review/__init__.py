"""Review by humans: the queue, the log of their decisions, and the labels that follow from them."""

from wslabel.review.agreement import Agreement, disputed, measure_agreement
from wslabel.review.audit import AuditSample, draw_audit
from wslabel.review.estimate import AccuracyEstimate, audited_labels, estimate_accuracy
from wslabel.review.estimate_sequential import accuracy_bound
from wslabel.review.items import ReviewItem
from wslabel.review.label_studio import LabelStudio
from wslabel.review.log import DecisionLog
from wslabel.review.queue import ReviewQueue
from wslabel.review.resolve import agreed_labels, disagreements, resolve
from wslabel.review.span_agreement import SpanAgreement, measure_span_agreement
from wslabel.review.span_estimate import SpanEstimate
from wslabel.review.span_page import show_spans

__all__ = [
    "AccuracyEstimate",
    "Agreement",
    "AuditSample",
    "DecisionLog",
    "LabelStudio",
    "ReviewItem",
    "ReviewQueue",
    "SpanAgreement",
    "SpanEstimate",
    "accuracy_bound",
    "agreed_labels",
    "audited_labels",
    "disagreements",
    "disputed",
    "draw_audit",
    "estimate_accuracy",
    "measure_agreement",
    "measure_span_agreement",
    "resolve",
    "show_spans",
]
