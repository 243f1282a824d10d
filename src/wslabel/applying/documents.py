"""spaCy documents of texts, for functions that ask for ``doc``. The only file that loads spaCy."""

from __future__ import annotations

import os
import sqlite3
from functools import lru_cache
from typing import Any

from wslabel.applying.calls import call_each
from wslabel.applying.doc_cache import FOLDER, SIZE, DocCache
from wslabel.errors import SuiteError, suggest

BLANK = "blank:"
SHARED = ("tok2vec", "transformer")


@lru_cache(maxsize=2)
def load_pipeline(name: str) -> Any:
    """Return the spaCy pipeline: ``blank:LANGUAGE``, or an installed one by name or path.

    Behind it may stand in brackets which of its components the suite needs, as in ``en_core_web_sm[ner]``; the others
    do not run. What several components listen to (`SHARED`) is kept.

    Raises
    ------
    SuiteError
        There is no such pipeline, or it has no such component.
    """
    whole, bracket, needs = name.removesuffix("]").partition("[")
    if not bracket:
        return _load(name)
    nlp = _load(whole)
    needed = [one.strip() for one in needs.split(",") if one.strip()]
    for one in needed:
        if one not in nlp.pipe_names:
            raise SuiteError(
                f"The spaCy pipeline {whole!r} has no component {one!r}; package.toml says spacy = {name!r}. "
                + suggest(one, nlp.pipe_names)
            )
    nlp.select_pipes(enable=[one for one in nlp.pipe_names if one in needed or (needed and one in SHARED)])
    return nlp


def _load(name: str) -> Any:
    import spacy

    try:
        return spacy.blank(name.removeprefix(BLANK)) if name.startswith(BLANK) else spacy.load(name)
    except (OSError, ImportError) as error:
        raise SuiteError(
            f"The spaCy pipeline {name!r} cannot be loaded: {error} Install it, or set spacy in package.toml."
        ) from error


def make_docs(pipeline: str, texts: list[Any]) -> list[Any]:
    """Return one Doc a text; where a text makes the pipeline raise, the failure.

    Where the variable WSLABEL_DOC_CACHE names a folder, documents are kept there and not made twice.
    """
    nlp = load_pipeline(pipeline)
    cache = _cache(pipeline, os.environ.get(FOLDER), os.environ.get(SIZE))
    return cache.docs(texts, lambda some: _make(nlp, some)) if cache else _make(nlp, texts)


@lru_cache(maxsize=2)
def _cache(pipeline: str, folder: str | None, megabytes: str | None) -> DocCache | None:
    try:
        return DocCache.of(load_pipeline(pipeline))
    except (OSError, sqlite3.Error, ValueError) as error:
        raise SuiteError(
            f"The documents cannot be kept in {folder} ({FOLDER}; {SIZE}={megabytes}): {error}. Name another folder."
        ) from None


def _make(nlp: Any, texts: list[Any]) -> list[Any]:
    try:
        return list(nlp.pipe(texts))
    except Exception:  # find the texts that do it, so that the others still get their documents
        return call_each(nlp, texts)
