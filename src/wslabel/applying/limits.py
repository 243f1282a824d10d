"""The time limit of single calls: a labeling function that hangs becomes a fault of its record."""

from __future__ import annotations

import faulthandler
import math
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import IO, Any, Final

from wslabel.errors import VotesError

TIME_LIMIT: Final = 10.0
"""Seconds that a call may take, unless the caller says otherwise."""
DEAF: Final = 3
"""Limits after which a call in a library's C code, which hears no timer, costs a worker its life."""
_TICKS = 8


class TimeLimitReached(BaseException):
    """A call took longer than it may. No `Exception`, so that a function's own ``except Exception`` lets it pass."""


class Watch:
    """Sees to it that calls end, without a look at the clock in any of them.

    A call is told by the list that its answer will be appended to: while that list stays as long as it is, the same
    call is running. A timer of the operating system ticks; when a call has lasted for all ticks of a limit, it ends.
    """

    def __init__(self) -> None:
        self.answers: list[Any] | None = None
        self._limit = 0.0
        self._seen: tuple[list[Any], int] | None = None
        self._ticks = 0
        self._reached: list[tuple[list[Any], int]] = []
        self.last_resort: IO[str] | None = None
        """Where set, a call that does not even hear the timer ends this process, and the file gets where it was."""

    @contextmanager
    def over(self, answers: list[Any]) -> Iterator[None]:
        """Watch the calls whose answers go into the list."""
        before, self.answers = self.answers, answers
        self._postpone()
        try:
            yield
        finally:
            self.answers = before
            if self.last_resort:
                faulthandler.cancel_dump_traceback_later()

    def reached(self, answers: list[Any]) -> list[int]:
        """Return, once, the places in the list whose calls were told to end, even if they did not obey."""
        places = [place for some, place in self._reached if some is answers]
        self._reached = [one for one in self._reached if one[0] is not answers]
        return places

    @contextmanager
    def armed(self, seconds: float) -> Iterator[None]:
        """Let the timer tick, where a signal can be had: in the main thread, and not on Windows. 0 sets no limit."""
        before = self._handle() if seconds else None
        if before is None:
            yield
            return
        outer, self._limit = self._limit, seconds
        began, timer = time.monotonic(), signal.setitimer(signal.ITIMER_REAL, seconds / _TICKS, seconds / _TICKS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            self._limit, self._seen = outer, None
            if timer[0]:
                signal.setitimer(signal.ITIMER_REAL, max(timer[0] - (time.monotonic() - began), 1e-3), timer[1])

    def _handle(self) -> Any:
        """Take over the signal and return who had it; None where there is none to be had."""
        if not hasattr(signal, "setitimer"):
            return None
        try:
            return signal.signal(signal.SIGALRM, self._tick) or signal.SIG_DFL
        except ValueError:  # only the main thread may
            return None

    def _tick(self, number: int, frame: FrameType | None) -> None:
        if self.answers is None:
            self._seen = None
        elif self._seen is None or self._seen[0] is not self.answers or self._seen[1] != len(self.answers):
            self._seen, self._ticks = (self.answers, len(self.answers)), 0
            self._postpone()
        else:
            self._ticks += 1
            self._postpone()
            if self._ticks >= _TICKS:
                self._reached = [*self._reached, self._seen]
                self._ticks = 0  # so that there is time to tell of it, before it is said again
                raise self.error()

    def _postpone(self) -> None:
        if self.last_resort and self._limit:
            faulthandler.dump_traceback_later(DEAF * self._limit, exit=True, file=self.last_resort)

    def error(self) -> TimeLimitReached:
        """Return the error of a call that reached the limit."""
        return TimeLimitReached(f"still running after {self._limit:g} s. Mend it, or raise time_limit.")


WATCH: Final = Watch()
"""Of this process: it has one timer."""


def check_limit(seconds: float | None) -> float:
    """Return the limit in seconds, 0 for none; raise `VotesError` for what is no number of seconds."""
    if seconds is None:
        return 0.0
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < math.inf:
        raise VotesError(f"time_limit is {seconds!r}; expected seconds, or 0 for no limit.")
    return float(seconds)
