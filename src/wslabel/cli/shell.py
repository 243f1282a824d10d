"""What all commands share: errors in one line, results on stdout, progress on stderr."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wslabel.errors import WslabelError

if TYPE_CHECKING:
    from rich.console import Console

INTERRUPTED = 130
UNBROKEN = 100_000
"""Characters of a line; a table takes as many as it needs."""
_Command = TypeVar("_Command", bound=Callable[..., Any])


class Commands(click.Group):
    """Lists commands in the order of the flow, and turns errors into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they were added."""
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse what is no text, as the system hands it on in a form that no file can hold."""
        for arg in args:
            if any("\ud800" <= letter <= "\udfff" for letter in arg):
                shown = arg.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
                raise click.UsageError(f"the argument {shown!r} is not valid UTF-8; write it in UTF-8.", ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except WslabelError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # who is in a hurry ends what is left without a word
            click.echo("Interrupted. What was finished is kept; run the same command again to go on.", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            sys.stderr.close()  # the reader of our output has gone, which is its right
            ctx.exit(0)


def json_option(command: _Command) -> _Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(command)


def print_json(value: Any) -> None:
    """Print a JSON value on stdout."""
    click.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, default=str))


def quiet() -> AbstractContextManager[Any]:
    """Return the place for all that loads or calls a suite: what it prints goes to stderr, results alone to stdout."""
    return redirect_stdout(sys.stderr)


def shorter(path: Path) -> str:
    """Return the path as seen from here, where that is shorter."""
    return min(str(path), os.path.relpath(path), key=len)


def console(err: bool = False) -> Console:
    """Return a rich console for stdout, or stderr, which takes text as it is; into a file or pipe no line is broken."""
    from rich.console import Console

    wide = None if (sys.stderr if err else sys.stdout).isatty() else UNBROKEN
    return Console(stderr=err, width=wide, highlight=False, markup=False)
