"""spaCy documents of texts, for functions that ask for ``doc``. The only file that loads spaCy."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from wslabel.applying.calls import call_each
from wslabel.errors import SuiteError

BLANK = "blank:"


@lru_cache(maxsize=2)
def load_pipeline(name: str) -> Any:
    """Return the spaCy pipeline: ``blank:LANGUAGE``, or an installed one by name or path.

    Raises
    ------
    SuiteError
        There is no such pipeline.
    """
    import spacy

    try:
        return spacy.blank(name.removeprefix(BLANK)) if name.startswith(BLANK) else spacy.load(name)
    except (OSError, ImportError) as error:
        raise SuiteError(
            f"The spaCy pipeline {name!r} cannot be loaded: {error} Install it, or set spacy in package.toml."
        ) from error


def make_docs(pipeline: str, texts: list[Any]) -> list[Any]:
    """Return one Doc a text; where a text makes the pipeline raise, the failure."""
    nlp = load_pipeline(pipeline)
    try:
        return list(nlp.pipe(texts))
    except Exception:  # find the texts that do it, so that the others still get their documents
        return call_each(nlp, texts)
