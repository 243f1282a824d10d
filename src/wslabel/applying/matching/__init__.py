"""Matchers compiled together: what `Matcher.matches` says of each text, in one pass for all matchers."""

from wslabel.applying.matching.arrays import Marks
from wslabel.applying.matching.fused import FusedMatchers, is_text

__all__ = ["FusedMatchers", "Marks", "is_text"]
