"""Single keys from a terminal, none of which is lost while the program is busy."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Any

import click

END = "\x04"


class Keyboard:
    """Reads keys while it is entered; where there are no terminals as on POSIX, click reads them.

    `click.getchar` turns the terminal to single keys for each key, and drops what was typed meanwhile.
    """

    def __init__(self) -> None:
        self._before: list[Any] | None = None

    def __enter__(self) -> Keyboard:
        try:
            import termios
        except ImportError:  # Windows
            return self
        self._before = termios.tcgetattr(sys.stdin.fileno())
        self._single()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines()

    def key(self) -> str:
        """Return the next key; at the end of input that of leaving."""
        if self._before is None:
            return click.getchar()
        return os.read(sys.stdin.fileno(), 1).decode("utf-8", "replace") or END

    def ask(self, words: str) -> str:
        """Return a line that the user types."""
        self._lines()
        try:
            return str(click.prompt(words, default="", show_default=False))
        finally:
            self._single()

    def _single(self) -> None:
        if self._before is not None:
            import termios
            import tty

            tty.setcbreak(sys.stdin.fileno(), termios.TCSADRAIN)

    def _lines(self) -> None:
        if self._before is not None:
            import termios

            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)
