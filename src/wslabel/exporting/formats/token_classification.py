"""Token classification of Hugging Face: JSON lines of tokens and their tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from wslabel.core.task import Kind
from wslabel.exporting.formats._annotations import id_faults
from wslabel.exporting.formats._json import JsonFormat
from wslabel.exporting.formats._tags import left_out, require_scheme, tag_faults, tagged
from wslabel.exporting.formats.base import MAX_PROBLEMS, ExportContext, ExportRow, Problem, excerpt


@dataclass(frozen=True)
class TokenClassification(JsonFormat):
    """``id``, ``tokens`` and ``ner_tags``, the columns that the example script ``run_ner.py`` of transformers reads.

    Tokens are runs of letters and digits, and single other characters; white space is not kept. A span that does not
    begin and end with a token is left out with a warning; spans that overlap, a label with white space and a text
    without a token are refused.

    Parameters
    ----------
    scheme
        ``iob2``, or ``bilou`` for tags that tell the last and the only token of a span.

    Notes
    -----
    Rules: https://huggingface.co/docs/transformers/tasks/token_classification. Tags are names; ``run_ner.py`` makes
    numbers of them.
    """

    name: ClassVar[str] = "token_classification"
    kinds: ClassVar[tuple[Kind, ...]] = ("spans",)
    scheme: str = "iob2"

    def __post_init__(self) -> None:
        require_scheme(self.name, self.scheme)

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return one object."""
        made = tagged(self.name, row, self.scheme)
        return ({"id": row.id, "tokens": made.tokens, "ner_tags": made.tags},)

    def validate(self, path: Path, context: ExportContext) -> list[Problem]:
        """Check tokens and tags, and tell the spans that were left out."""
        rows = context.written() or ()
        lost = [one for row in rows for one in tagged(self.name, row, self.scheme).lost]
        return [*left_out(lost), *super().validate(path, context)][:MAX_PROBLEMS]

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return a check of one object that also wants ids to be unique."""
        seen: set[str] = set()
        return lambda example: self._faults(example, seen)

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return the object itself."""
        return dict(example)

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return the object as it should be."""
        made = tagged(self.name, row, self.scheme)
        yield {"id": row.id, "tokens": [*made.tokens], "ner_tags": [*made.tags]}

    def _faults(self, example: Any, seen: set[str]) -> Iterator[str]:
        yield from id_faults(example.get("id"), seen)
        tokens, tags = example.get("tokens"), example.get("ner_tags")
        for name, value in (("tokens", tokens), ("ner_tags", tags)):
            if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
                yield f"{name} is {excerpt(value)}; expected a list of non-empty strings"
                return
        if len(tokens) != len(tags):
            yield f"there are {len(tokens)} tokens and {len(tags)} tags; expected as many of both"
        for place, fault in tag_faults(tags, self.scheme):
            yield f"tag {place + 1}: {fault}"


FORMAT = TokenClassification
