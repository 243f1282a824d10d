"""Flagging likely label errors: Cleanlab on out-of-sample probabilities, and disagreement among witnesses."""

from wslabel.flagging.flag import flag, label_quality

__all__ = ["flag", "label_quality"]
