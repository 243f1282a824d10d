"""Applying suites to records: one pure kernel, hosted by engines."""

from wslabel.applying.apply import apply
from wslabel.applying.evidence import Evidence, explain
from wslabel.applying.kernel import Kernel
from wslabel.applying.profile import Profile, ProfileRow
from wslabel.applying.spec import KernelSpec
from wslabel.applying.store import VoteStore
from wslabel.applying.witnesses import witnesses

__all__ = ["Evidence", "Kernel", "KernelSpec", "Profile", "ProfileRow", "VoteStore", "apply", "explain", "witnesses"]
