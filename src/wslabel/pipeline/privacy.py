"""What keeps records of a sensitive suite from leaving as they are."""

from __future__ import annotations

from typing import Any

from wslabel.errors import ExportError
from wslabel.pipeline.run import Run
from wslabel.redacting import RedactedRecords
from wslabel.suites.discovery import suite_info


def require_allowed(run: Run) -> None:
    """Refuse to export records of a sensitive suite as they are, unless the suite is named.

    Raises
    ------
    ExportError
        The suite's package.toml says ``sensitive = true``, the pipeline redacts nothing, and ``export.unredacted``
        does not name the suite.
    """
    section = run.config.export
    if section.unredacted is not None and section.unredacted != run.config.suite:
        raise ExportError(f"unredacted names {section.unredacted!r}; the run's suite is {run.config.suite!r}.")
    if run.redaction is None and section.unredacted is None and _sensitive(run):
        raise ExportError(
            f"The suite {run.config.suite} is sensitive (its package.toml says so), and the pipeline redacts nothing. "
            f"Add a table [redaction], or export the records as they are with --unredacted {run.config.suite}."
        )


def require_shareable(run: Run, unredacted: str | None) -> None:
    """Refuse to show records of a sensitive suite to another server as they are, unless the suite is named.

    Raises
    ------
    ExportError
        As `require_allowed`; a redaction counts where reviewers see it (``redaction.review``).
    """
    if unredacted is not None and unredacted != run.config.suite:
        raise ExportError(f"unredacted names {unredacted!r}; the run's suite is {run.config.suite!r}.")
    hidden = run.config.redaction is not None and run.config.redaction.review
    if not hidden and unredacted is None and _sensitive(run):
        raise ExportError(
            f"The suite {run.config.suite} is sensitive (its package.toml says so), and reviewers would see its "
            "records as they are. Add `review = true` to a table [redaction], or push the records as they are with "
            f"--unredacted {run.config.suite}."
        )


def reads(run: Run) -> dict[str, str]:
    """Return what the export reads of a redaction."""
    sensitive = {"sensitive": "yes"} if _sensitive(run) else {}
    return sensitive if run.redaction is None else {**sensitive, "redaction": run.redaction.fingerprint}


def card(run: Run) -> dict[str, Any]:
    """Return the section of the card that tells what was redacted: how often, never what."""
    if not isinstance(run.exportable, RedactedRecords):
        return (
            {"Redaction": "None: the suite is sensitive, and was named to be exported so."} if _sensitive(run) else {}
        )
    facts = run.redaction.facts if run.redaction else {}
    return {"Redaction": {name: _words(value) for name, value in facts.items()}}


def counts(run: Run) -> dict[str, Any]:
    """Return how much was replaced in the corpus, for the manifest."""
    return {"redaction": run.exportable.report()} if isinstance(run.exportable, RedactedRecords) else {}


def _sensitive(run: Run) -> bool:
    return suite_info(run.config.suite, run.config.suites).sensitive


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
