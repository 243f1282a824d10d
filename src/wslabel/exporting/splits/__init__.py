"""Splits without leaks: which records train, validate and test, and an audit of what they still share."""

from wslabel.exporting.splits.audit import Leak, LeakAudit, audit_splits
from wslabel.exporting.splits.plan import SplitPlan
from wslabel.exporting.splits.split import split
from wslabel.exporting.splits.value import Splits, read_splits

__all__ = ["Leak", "LeakAudit", "SplitPlan", "Splits", "audit_splits", "read_splits", "split"]
