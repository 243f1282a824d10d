"""Labeling functions written for other libraries, unchanged; the libraries are not imported here."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any

from wslabel.authoring import collect
from wslabel.authoring.labeling_function import LabelingFunction, Place
from wslabel.authoring.lexicons import caller
from wslabel.core.task import Label, check_labels
from wslabel.errors import LabelingFunctionError

RECORD = "record"
"""The column that holds the whole record: an object with an attribute a column, gold left out."""
SNORKEL_ABSTAINS = -1


def from_snorkel(function: Any, labels: type[Label] | Sequence[str]) -> LabelingFunction:
    """Make an LF of a Snorkel ``LabelingFunction``; its preprocessors and resources come along.

    It is called with an object that has an attribute for every column of the record, as Snorkel's appliers do.

    Parameters
    ----------
    function
        What Snorkel's ``@labeling_function()`` makes.
    labels
        The task's labels, in the order of Snorkel's integers: 0 is the first, -1 abstains.

    Raises
    ------
    LabelingFunctionError
        It is no Snorkel labeling function.
    """
    if not is_snorkel(function):
        raise LabelingFunctionError(f"{function!r} is no Snorkel labeling function. Pass what its decorator makes.")
    given = [label.value if isinstance(label, Label) else label for label in labels]
    names = check_labels(given, f"from_snorkel({function.name})")

    def vote(record: Any) -> str | None:
        said = int(function(record))
        if not SNORKEL_ABSTAINS <= said < len(names):
            raise ValueError(f"voted {said}; expected -1 (abstain) or 0..{len(names) - 1}")
        return None if said == SNORKEL_ABSTAINS else names[said]

    return _foreign(function.name, vote, (RECORD,), names, function._f, labels)


def from_skweak(annotator: Any, labels: type[Label] | Sequence[str]) -> LabelingFunction:
    """Make an LF of a skweak annotator, which gets the spaCy document.

    Parameters
    ----------
    annotator
        An object with a ``name`` and a method ``get_label(doc)`` (a ``TextAnnotator``, for one label a record) or
        ``find_spans(doc)`` (a ``SpanAnnotator``, for spans): it yields first token, token behind the last, and label.
        Labels that the task does not know are left out. One that reads the spans of another (``other_name``,
        ``incompatible_sources``) faults where they do not stand in ``doc.spans``.
    labels
        The task's labels.

    Raises
    ------
    LabelingFunctionError
        It is no such annotator.
    """
    if not is_skweak(annotator):
        raise LabelingFunctionError(
            f"{annotator!r} is no skweak TextAnnotator or SpanAnnotator: it has no name and get_label(doc), or "
            "find_spans(doc)."
        )
    given = [label.value if isinstance(label, Label) else label for label in labels]
    spans = hasattr(annotator, "find_spans")
    names = check_labels(given, f"from_skweak({annotator.name})", "spans" if spans else "single")

    def vote(doc: Any) -> str | None:
        said: str | None = annotator.get_label(doc)
        return said

    def find(doc: Any) -> list[tuple[int, int, str]]:
        _require_spans(annotator, doc)
        said = [(doc[start:end], label) for start, end, label in annotator.find_spans(doc) if label in names]
        return [(span.start_char, span.end_char, label) for span, label in said]

    if spans:
        return _foreign(_plain_name(annotator.name), find, ("doc",), names, type(annotator).find_spans, labels)
    return _foreign(annotator.name, vote, ("doc",), names, type(annotator).get_label, labels)


def _require_spans(annotator: Any, doc: Any) -> None:
    """Raise where an annotator reads spans that nobody put into the document; skweak would find nothing, in silence."""
    read = [getattr(annotator, "other_name", None), *(getattr(annotator, "incompatible_sources", None) or ())]
    if missing := [name for name in read if name is not None and name not in doc.spans]:
        raise ValueError(
            f"reads the spans of {missing[0]!r} in doc.spans, and labeling functions do not see each other's votes; "
            "use ws.spans_where or ws.repeats (docs/coming_from.md)"
        )


def is_snorkel(value: Any) -> bool:
    """Tell whether this is a Snorkel labeling function."""
    return all(hasattr(value, name) for name in ("name", "_f", "_pre", "_resources")) and callable(value)


def is_skweak(value: Any) -> bool:
    """Tell whether this is a skweak annotator of texts or of spans."""
    says = callable(getattr(value, "get_label", None)) or callable(getattr(value, "find_spans", None))
    return isinstance(getattr(value, "name", None), str) and says


def _plain_name(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _foreign(
    name: str,
    vote: Callable[..., Any],
    columns: tuple[str, ...],
    labels: tuple[str, ...],
    written: Callable[..., Any],
    given: type[Label] | Sequence[str],
) -> LabelingFunction:
    code = getattr(written, "__code__", None)
    place = Place(code.co_filename, code.co_firstlineno) if code else Place(*caller())
    enum = given if isinstance(given, type) else None
    doc = inspect.getdoc(written) or ""
    lf = LabelingFunction(name, labels, vote, columns, doc=doc, place=place, enum=enum)
    collect.add(lf)
    return lf
