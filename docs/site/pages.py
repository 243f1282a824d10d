"""What the site adds to the folder docs: pages that stand elsewhere, the reference, and links that lead to them.

A page keeps its path in the repository (those in docs without ``docs/``), so that one rule tells where a link leads.
Links to files that are no page of the site become plain text.
"""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from typing import Any

import click
from mkdocs.structure.files import File, Files

import wslabel
from wslabel.cli import main

ROOT = Path(__file__).parents[2]
ELSEWHERE = [
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "labeling_functions/README.md",
    "labeling_functions/*/*/README.md",
    "benchmarks/*/*.md",
]
REFERENCE = {
    "authoring": ("Authoring", ["authoring", "suites"]),
    "votes": ("Records and votes", ["applying", "core"]),
    "labels": ("Labels", ["models", "learning", "analysis"]),
    "review": ("Review", ["flagging", "review"]),
    "export": ("Export", ["exporting", "redacting"]),
    "runs": ("Runs and errors", ["pipeline", "errors"]),
}
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages from outside docs."""
    for pattern in ELSEWHERE:
        for path in sorted(ROOT.glob(pattern)):
            files.append(File.generated(config, path.relative_to(ROOT).as_posix(), abs_src_path=str(path)))
    for name in REFERENCE:
        files.append(File.generated(config, f"reference/{name}.md", content=_reference(name)))
    files.append(File.generated(config, "reference/commands.md", content=_commands()))
    files.append(File.generated(config, "suites.md", content=_suites()))
    return files


def _reference(page: str) -> str:
    title, packages = REFERENCE[page]
    names = [name for name, home in wslabel._HOME.items() if home.split(".")[1] in packages]
    return f"# {title}\n\n" + "\n\n".join(f"::: wslabel.{name}" for name in names)


def _suites() -> str:
    rows = [
        f"| [{name}](labeling_functions/{name.replace('.', '/')}/README.md) | {info.description} |"
        for name, info in wslabel.find_suites(ROOT / "labeling_functions").items()
    ]
    return "\n".join(
        [
            "# Suites",
            "",
            "What each labels, how its labels are defined, what its functions look for, and how right they are.",
            "",
            "| suite | labels |",
            "|---|---|",
            *rows,
        ]
    )


def _commands() -> str:
    shown = [f"## wslabel {name}\n\n```text\n{_help(name)}\n```" for name in main.list_commands(click.Context(main))]
    return "\n\n".join(["# Commands", *shown])


def _help(name: str) -> str:
    command = main.commands[name]
    return command.get_help(click.Context(command, info_name=f"wslabel {name}", terminal_width=100))


def on_page_markdown(markdown: str, page: Any, files: Files, **_: Any) -> str:
    """Turn links between files of the repository into links between pages."""
    own = page.file.src_uri
    inside = not page.file.generated_by
    folder = dirname(f"docs/{own}" if inside else own)

    def link(match: re.Match[str]) -> str:
        text, target, anchor = match[1], match[2], match[3] or ""
        uri = normpath(join(folder, target)).removeprefix("docs/")
        if uri == "README.md":
            uri = "index.md"
        if files.get_file_from_path(uri) is None:
            return text
        return f"[{text}]({relpath(uri, dirname(own) or '.')}{anchor})"

    return LINK.sub(link, markdown)
