"""Regular expressions that may take for ever: how they are found."""

from wslabel.applying.regexes.attack import LIMIT, Attack, slowest
from wslabel.applying.regexes.reached import patterns_of

__all__ = ["LIMIT", "Attack", "patterns_of", "slowest"]
