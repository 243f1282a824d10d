"""Flagging likely label errors: Cleanlab on out-of-sample probabilities, and disagreement among LFs."""

from wslabel.flagging.flag import flag

__all__ = ["flag"]
