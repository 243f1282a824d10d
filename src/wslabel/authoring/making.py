"""How a labeling function is put together of a function or a matcher, its votes and its examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wslabel.authoring import collect
from wslabel.authoring.labeling_function import RESERVED, Example, ExampleCase, Examples, LabelingFunction, Place, Votes
from wslabel.authoring.matchers import Matcher
from wslabel.core.task import Label
from wslabel.errors import LabelingFunctionError

if TYPE_CHECKING:
    from wslabel.authoring.knowledge import Knowledge

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def make(
    name: str,
    votes: Votes,
    function: Callable[..., Any],
    columns: tuple[str, ...],
    optional: tuple[str, ...],
    matcher: Matcher | None,
    examples: tuple[Examples, Sequence[Example], Examples],
    doc: str,
    place: Place,
    vectorised: bool = False,
    knowledge: Knowledge | None = None,
    made_of: str = "",
) -> LabelingFunction:
    """Make an LF of its parts, and tell the suite that is being read.

    Raises
    ------
    LabelingFunctionError
        An unusable name, no votes, or examples that are none.
    """
    where = f"LF {name} ({place})"
    if not _NAME.fullmatch(name) or name in RESERVED:
        raise LabelingFunctionError(f"{where}: a name is letters, digits and underscores, and not {RESERVED}.")
    given: list[str | Label] = [votes] if isinstance(votes, str) else list(votes)
    declared = tuple(dict.fromkeys(_label_name(vote, where) for vote in given))
    if not declared:
        raise LabelingFunctionError(f"{where}: votes is empty. Name the label, or labels, that it may return.")
    enums = {type(vote) for vote in given if isinstance(vote, Label)}
    fires, abstains, misses = examples
    lf = LabelingFunction(
        name,
        declared,
        function,
        columns,
        optional,
        matcher,
        _cases(fires, where),
        tuple(ExampleCase(case.record, None) for case in _cases(abstains, where)),
        _cases(misses, where),
        doc,
        place,
        enums.pop() if len(enums) == 1 else None,
        vectorised,
        knowledge,
        made_of,
    )
    collect.add(lf)
    return lf


def made(
    name: str,
    votes: Votes,
    function: Callable[..., Any],
    columns: tuple[str, ...],
    examples: tuple[Examples, Sequence[Example], Examples],
    doc: str,
    place: Place,
    made_of: str,
    knowledge: Knowledge | None = None,
) -> LabelingFunction:
    """Make an LF of a function that wslabel wrote; `made_of` is the fingerprint of the data that it works with.

    It may be called with the text alone, as a plain function of a text may.
    """

    def called(*args: Any, **values: Any) -> Any:
        return function(**dict(zip(columns, args)), **values)

    return make(name, votes, called, columns, (), None, examples, doc, place, False, knowledge, made_of)


def _label_name(vote: Any, where: str) -> str:
    if isinstance(vote, str) and vote:
        return str(vote.value if isinstance(vote, Label) else vote)
    raise LabelingFunctionError(f"{where}: {vote!r} is no label. Expected a member of the task's Label, or its name.")


def _cases(examples: Examples, where: str) -> tuple[ExampleCase, ...]:
    if isinstance(examples, str):
        raise LabelingFunctionError(f"{where}: examples are a list; put brackets around {examples[:40]!r}.")
    if isinstance(examples, Mapping):
        named = [(_label_name(label, where), one) for label, some in examples.items() for one in some]
    else:
        named = [("", one) for one in examples]
    return tuple(ExampleCase({"text": one} if isinstance(one, str) else dict(one), label) for label, one in named)
