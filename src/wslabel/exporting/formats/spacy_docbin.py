"""spaCy: a DocBin of documents with categories or spans, as `spacy train` reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from wslabel.core.spans import SEVERAL
from wslabel.core.task import Kind
from wslabel.errors import ExportError
from wslabel.exporting.formats._annotations import answers, span_list
from wslabel.exporting.formats._tags import left_out
from wslabel.exporting.formats.base import (
    MAX_PROBLEMS,
    ExportContext,
    ExportFormat,
    ExportRow,
    Problem,
    Span,
    excerpt,
    require_text,
)


@dataclass(frozen=True)
class SpacyDocBin(ExportFormat):
    """``doc.cats`` with all labels, 1.0 or 0.0, or ``doc.spans``; the id in ``doc.user_data["id"]``.

    Parameters
    ----------
    lang
        The language whose tokenizer splits the texts; it must be the one of the pipeline that is trained.
    spans_key
        Where spans go: ``doc.spans[spans_key]``. ``ents`` puts them into ``doc.ents``, which ``ner`` learns from
        and which cannot hold spans that overlap.

    Notes
    -----
    Rules: https://spacy.io/api/data-formats#binary-training. A span that does not begin and end with a token is left
    out with a warning; in ``doc.ents`` its tokens count as unknown, so that ``ner`` does not learn that nothing is
    there. Where it is known what a span names, its id is the span's ``kb_id_`` (of tokens ``ent_kb_id_``); where there
    are several, none is, and ``doc.user_data["entities"]`` tells start, end and ids of all. The whole DocBin is in
    memory until it is written: about 10 bytes an attribute of a token.
    """

    name: ClassVar[str] = "spacy_docbin"
    extension: ClassVar[str] = "spacy"
    kinds: ClassVar[tuple[Kind, ...]] = ("single", "multilabel", "spans")
    lang: str = "en"
    spans_key: str = "sc"

    def __post_init__(self) -> None:
        for option in ("lang", "spans_key"):
            if not isinstance(getattr(self, option), str) or not getattr(self, option):
                raise ExportError(f"spacy_docbin: the option {option} is {getattr(self, option)!r}; expected a string.")

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write one document a record."""
        from spacy.tokens import DocBin

        tokenizer, count = self._tokenizer(), 0
        docs = DocBin(attrs=["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID"], store_user_data=True)
        for row in rows:
            require_text(self.name, row)
            docs.add(self._doc(tokenizer, row, context))
            count += 1
        docs.to_disk(path)
        return count

    def validate(self, path: Path, context: ExportContext) -> list[Problem]:
        """Read the file with spaCy, and check categories and spans."""
        lost: list[str] = []
        problems = list(islice(self._problems(path, context, lost), MAX_PROBLEMS))
        return [*problems, *left_out(lost)][:MAX_PROBLEMS]

    def _tokenizer(self) -> Any:
        import spacy

        try:
            return spacy.blank(self.lang).tokenizer
        except (ImportError, OSError) as error:
            raise ExportError(f"spacy_docbin: there is no tokenizer for the language {self.lang!r}: {error}") from error

    def _doc(self, tokenizer: Any, row: ExportRow, context: ExportContext) -> Any:
        doc = tokenizer(row.text)
        doc.user_data["id"] = row.id
        if doc.text != row.text:
            raise ExportError(f"spacy_docbin, record {row.id}: the tokenizer does not keep the text. Use jsonl.")
        if context.kind != "spans":
            held = set(answers(row, context))
            doc.cats = {label: float(label in held) for label in context.labels}
            return doc
        spans = [one for span in row.spans if (one := _named(doc, span)) is not None]
        if known := [[span.start, span.end, span.entity] for span in row.spans if span.entity]:
            doc.user_data["entities"] = known
        if self.spans_key != "ents":
            doc.spans[self.spans_key] = spans
            return doc
        try:
            doc.set_ents(spans, missing=_unknown(doc, spans, span_list(row)), default="outside")
        except ValueError as error:
            raise ExportError(f"spacy_docbin, record {row.id}: doc.ents cannot hold spans that overlap.") from error
        return doc

    def _problems(self, path: Path, context: ExportContext, lost: list[str]) -> Iterator[Problem]:
        written, names, count = context.written(), (), 0
        try:
            for count, doc in enumerate(_docs(path), start=1):
                row = next(written, None) if written is not None else None
                names = names or tuple(doc.cats)
                for fault in _doc_faults(doc, names):
                    yield Problem(count, fault, row.id if row else str(doc.user_data.get("id", "")))
                if written is not None:
                    yield from self._differences(count, doc, row, context, lost)
        except Exception as error:  # whatever spaCy, msgpack and zlib raise on bytes that are no DocBin
            yield Problem(0, f"not a readable DocBin ({type(error).__name__}: {error}); expected what spaCy writes")
            return
        if written is not None and (missing := next(written, None)):
            yield Problem(count + 1, "the file ends; expected a document for this record", missing.id)
        if count == 0:
            yield Problem(0, "the file holds no document; expected at least one")

    def _differences(
        self, number: int, doc: Any, row: ExportRow | None, context: ExportContext, lost: list[str]
    ) -> Iterator[Problem]:
        if row is None:
            yield Problem(number, "a document more than records were written")
            return
        held = [label for label, value in doc.cats.items() if value]
        found = {"text": doc.text, "id": doc.user_data.get("id"), "labels": held}
        wanted: dict[str, Any] = {"text": row.text, "id": row.id, "labels": answers(row, context)}
        if context.kind == "spans":
            group = doc.ents if self.spans_key == "ents" else doc.spans.get(self.spans_key, ())
            found["labels"] = [(span.start_char, span.end_char, span.label_, span.kb_id_) for span in group]
            misses = [span for span in span_list(row) if _aligned(doc, *span) is None]
            kept = [span for span in row.spans if (span.start, span.end, span.label) not in misses]
            wanted["labels"] = [(span.start, span.end, span.label, _single(span.entity)) for span in kept]
            lost += [f"{row.id} {start}..{end} {label}" for start, end, label in misses]
        for name, value in wanted.items():
            if found[name] != value:
                yield Problem(number, f"{name} is {excerpt(found[name])}; expected {excerpt(value)}", row.id)


def _docs(path: Path) -> Iterator[Any]:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    yield from DocBin().from_disk(path).get_docs(Vocab())


def _aligned(doc: Any, start: int, end: int, label: str) -> Any:
    """Return the span, or None where it does not begin and end with a token."""
    return doc.char_span(start, end, label=label)


def _named(doc: Any, span: Span) -> Any:
    """Return the span with the id of what it names; None where it does not begin and end with a token."""
    return doc.char_span(span.start, span.end, label=span.label, kb_id=_single(span.entity))


def _single(entity: str) -> str:
    """Return the id, where there is just one."""
    return "" if SEVERAL in entity else entity


def _unknown(doc: Any, kept: list[Any], wanted: list[tuple[int, int, str]]) -> list[Any]:
    """Return the tokens of spans that are left out, but for those of spans that stay."""
    told = {token for span in kept for token in range(span.start, span.end)}
    wide = [doc.char_span(*span, alignment_mode="expand") for span in wanted if _aligned(doc, *span) is None]
    tokens = {token for span in wide for token in range(span.start, span.end)}
    return [doc[token : token + 1] for token in sorted(tokens - told)]


def _doc_faults(doc: Any, names: tuple[str, ...]) -> Iterator[str]:
    if not doc.text:
        yield "the text is empty; expected at least one token"
    if not doc.cats and not doc.spans and not doc.has_annotation("ENT_IOB"):
        yield "there are no cats, spans or ents; expected labels"
    if set(doc.cats) != set(names):
        yield f"the cats are {excerpt(sorted(doc.cats))}; expected {excerpt(sorted(names))}, as in the documents before"
    for name, value in doc.cats.items():
        if not isinstance(value, int | float) or not 0 <= value <= 1:
            yield f"cats[{name!r}] is {excerpt(value)}; expected a number in 0..1"


FORMAT = SpacyDocBin
