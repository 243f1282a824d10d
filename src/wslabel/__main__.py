"""`wslabel` and `python -m wslabel`: the command line."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line; an interrupt while it is still loading is no traceback either."""
    try:
        from wslabel.cli import main as commands
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted. Nothing was begun.\n")
        sys.exit(INTERRUPTED)
    commands(prog_name="wslabel")


if __name__ == "__main__":
    main()
