"""A template file: how a record with its label becomes a conversation."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from wslabel.core.fingerprint import fingerprint
from wslabel.errors import ExportError, suggest
from wslabel.exporting.conversations.checks import Checks
from wslabel.exporting.conversations.language import Piece

RECORD_VALUES = ("id", "text", "column", "labels", "source", "confidence", "unsure")
"""What every piece may ask for: the record, the task's labels, and how sure the label is."""
EVIDENCE_VALUES = ("agreeing", "against", "phrases", "entries")
"""What LFs found."""
ANSWER_VALUES = ("label", "meaning", "intents", "spans", *EVIDENCE_VALUES)
"""What the answer is, and what it rests on."""
_KEYS = ("name", "seed", "priority", "rationale", "unsure", "replies", "variant", "checks")
_VARIANT_KEYS = ("name", "weight", "system", "user", "assistant", "follow_up")


@dataclass(frozen=True)
class Variant:
    """One form of the conversation.

    Attributes
    ----------
    name
        As in the provenance of a record.
    weight
        The share of records that get it, relative to the other variants.
    system
        The system message; None: there is none.
    user, assistant
        What is asked and what is answered.
    follow_up
        Further questions and answers.
    """

    name: str
    weight: float
    system: Piece | None
    user: Piece
    assistant: Piece
    follow_up: tuple[tuple[Piece, Piece], ...] = ()

    @cached_property
    def tells_why(self) -> bool:
        """Whether one of its messages asks for the rationale."""
        return any("rationale" in piece.names for piece in self.pieces)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All its messages."""
        more = tuple(piece for pair in self.follow_up for piece in pair)
        return (*(() if self.system is None else (self.system,)), self.user, self.assistant, *more)


@dataclass(frozen=True)
class Template:
    """How records become conversations; see `load_template`.

    Attributes
    ----------
    name
        For the card.
    variants
        At least one.
    replies
        What is answered for a label, by label name; ``{{ reply }}`` in a template.
    rationale
        The reasons of a label; ``{{ rationale }}`` in a template.
    unsure
        The answer for a record that nobody labeled; None: such records are refused.
    priority
        Labels in the order in which intents are answered; the others follow in the task's order.
    seed
        Another seed gives other records to the variants.
    checks
        What is checked before anything is written.
    """

    name: str
    variants: tuple[Variant, ...]
    replies: Mapping[str, Piece] = field(default_factory=dict)
    rationale: Piece | None = None
    unsure: Piece | None = None
    priority: tuple[str, ...] = ()
    seed: int = 0
    checks: Checks = field(default_factory=Checks)

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of all that changes conversations."""
        variants = [[one.name, one.weight, one.system is None, [p.source for p in one.pieces]] for one in self.variants]
        replies = {label: piece.source for label, piece in self.replies.items()}
        others = [None if piece is None else piece.source for piece in (self.rationale, self.unsure)]
        return fingerprint(variants, replies, others, list(self.priority), self.seed)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All templates in it."""
        others = [piece for piece in (self.rationale, self.unsure) if piece is not None]
        return (*(piece for one in self.variants for piece in one.pieces), *self.replies.values(), *others)

    @property
    def asks_why(self) -> bool:
        """Whether it asks for what LFs found."""
        return any(piece.mentions(name) for piece in self.pieces for name in EVIDENCE_VALUES)

    @property
    def follows_up(self) -> bool:
        """Whether a variant has more than one question."""
        return any(one.follow_up for one in self.variants)

    def variant(self, record: str) -> int:
        """Return the place of a record's variant: by the hash of its id, so the same in every corpus and order."""
        salt = self.seed.to_bytes(8, "little", signed=True)
        drawn = int.from_bytes(hashlib.blake2b(record.encode(), digest_size=8, salt=salt).digest(), "little") / 2**64
        reached, total = 0.0, sum(one.weight for one in self.variants)
        for place, one in enumerate(self.variants):
            reached += one.weight / total
            if drawn < reached:
                return place
        return len(self.variants) - 1

    def require(self, labels: Sequence[str], columns: Collection[str]) -> None:
        """Refuse a template that names labels or columns that there are not, or lacks a reply that it asks for.

        Raises
        ------
        ExportError
            With the name, and what was expected.
        """
        for key, named in (("priority", self.priority), ("replies", self.replies)):
            for name in named:
                if name not in labels:
                    raise ExportError(f"{self.name}: {key} names {name!r}, which is no label. {suggest(name, labels)}")
        asked = any(piece.mentions("reply") for piece in self.pieces)
        missing = [label for label in labels if label not in self.replies]
        if asked and missing:
            raise ExportError(f"{self.name}: there is no reply for {missing[0]!r}. Expected one in [replies].")
        for piece in self.pieces:
            for name in sorted(piece.columns - set(columns)):
                raise ExportError(f"{piece.where}: there is no column {name!r}. {suggest(name, columns)}")


def load_template(path: str | Path) -> Template:
    """Read a template file.

    Parameters
    ----------
    path
        A TOML file; docs/conversations.md tells its keys.

    Raises
    ------
    ExportError
        No such file, an unknown key, or a template that is not of the language, with file, key and line.
    """
    file = Path(path)
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExportError(f"{file}: cannot be read: {error.strerror}. Expected a template file (TOML).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExportError(f"{file}: not valid TOML: {error}.") from None
    return make_template(content, str(file))


def make_template(content: Mapping[str, Any], where: str) -> Template:
    """Return the template of a dictionary; `where` begins the messages."""
    _require_keys(content, _KEYS, where)
    replies = _table(content, "replies", where)
    template = Template(
        name=_text(content.get("name", Path(where).stem), f"{where}: name"),
        variants=_variants(content.get("variant"), where),
        replies={label: _piece(text, f"{where}: replies.{label}") for label, text in replies.items()},
        rationale=_optional(content, "rationale", where),
        unsure=_optional(content, "unsure", where),
        priority=tuple(_texts(content.get("priority", []), f"{where}: priority")),
        seed=_whole(content.get("seed", 0), f"{where}: seed"),
        checks=_checks(_table(content, "checks", where), where),
    )
    _require_values(template)
    return template


def _require_values(template: Template) -> None:
    derived = [*(["rationale"] if template.rationale else []), *(["reply"] if template.replies else [])]
    for piece in (piece for one in template.variants for piece in one.pieces):
        piece.require_names((*RECORD_VALUES, *ANSWER_VALUES, *derived))
    for piece in (*template.replies.values(), *([template.rationale] if template.rationale else [])):
        piece.require_names((*RECORD_VALUES, *ANSWER_VALUES))
    if template.unsure is not None:
        template.unsure.require_names(RECORD_VALUES)


def _variants(given: Any, where: str) -> tuple[Variant, ...]:
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        raise ExportError(f"{where}: there is no variant. Expected at least one table [[variant]].")
    made = tuple(_variant(one, place, f"{where}: variant {place}") for place, one in enumerate(given, start=1))
    if len({one.name for one in made}) != len(made):
        raise ExportError(f"{where}: two variants have the same name. Expected each once.")
    return made


def _variant(given: Mapping[str, Any], place: int, where: str) -> Variant:
    _require_keys(given, _VARIANT_KEYS, where)
    weight = given.get("weight", 1)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight < float("inf"):
        raise ExportError(f"{where}: weight is {weight!r}; expected a number above 0.")
    for key in ("user", "assistant"):
        if key not in given:
            raise ExportError(f"{where}: the key {key!r} is missing. Expected a template of the message.")
    pairs = given.get("follow_up", [])
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise ExportError(f"{where}: follow_up is {pairs!r}; expected a list of pairs [question, answer].")
    follow_up = tuple(
        (_piece(ask, f"{where}: follow_up {at}"), _piece(answer, f"{where}: follow_up {at}"))
        for at, (ask, answer) in enumerate(pairs, start=1)
    )
    return Variant(
        _text(given.get("name", str(place)), f"{where}: name"),
        float(weight),
        _optional(given, "system", where),
        _piece(given["user"], f"{where}: user"),
        _piece(given["assistant"], f"{where}: assistant"),
        follow_up,
    )


def _checks(given: Mapping[str, Any], where: str) -> Checks:
    _require_keys(given, [each.name for each in fields(Checks)], f"{where}: checks")
    made = dict(given)
    if "stop" in made:
        made["stop"] = tuple(_texts(made["stop"], f"{where}: checks.stop"))
    return Checks(**made)


def _optional(content: Mapping[str, Any], key: str, where: str) -> Piece | None:
    return _piece(content[key], f"{where}: {key}") if key in content else None


def _piece(text: Any, where: str) -> Piece:
    return Piece(where, _text(text, where))


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ExportError(f"{where} is {value!r}; expected a non-empty string.")
    return value


def _texts(value: Any, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ExportError(f"{where} is {value!r}; expected a list of strings.")
    return value


def _whole(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        raise ExportError(f"{where} is {value!r}; expected a whole number.")
    return value


def _table(content: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = content.get(key, {})
    if not isinstance(value, dict):
        raise ExportError(f"{where}: {key} is {value!r}; expected a table [{key}].")
    return value


def _require_keys(content: Mapping[str, Any], known: Collection[str], where: str) -> None:
    for key in content:
        if key not in known:
            raise ExportError(f"{where}: unknown key {key!r}. {suggest(key, known)}")
