"""``wslabel validate``: a file of training data against the rules of its format."""

from __future__ import annotations

from pathlib import Path

import click

from wslabel.cli.shell import console, json_option, print_json


@click.command(short_help="Check a file of training data against its format's rules.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format", required=True, help="See `wslabel list formats`.")
@json_option
def validate(file: Path, format: str, as_json: bool) -> None:
    """Check FILE, of wslabel or from elsewhere, against the published rules of a format.

    Tells for each fault the line, what is wrong and what was expected; at most 100. The exit code is 1 when
    there are faults; warnings alone are none.

    \b
    Example:
      wslabel validate runs/finance_sentiment/export/openai_chat.jsonl --format openai_chat
    """
    from wslabel.exporting import validate_file

    problems = validate_file(file, format)
    valid = not any(problem.severity == "error" for problem in problems)
    if as_json:
        told = [
            {
                "line": problem.line,
                "what": problem.what,
                "expected": problem.expected,
                "record": problem.record,
                "severity": problem.severity,
            }
            for problem in problems
        ]
        print_json({"file": str(file), "format": format, "valid": valid, "problems": told})
    else:
        for problem in problems:
            console().print(f"{problem.severity}: {problem}", soft_wrap=True)
        console().print(f"{file}: {'valid' if valid else 'not valid'} {format}", soft_wrap=True)
    if not valid:
        raise SystemExit(1)
