"""A task: its labels in order, what each one means, and how a record carries them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from inspect import cleandoc
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from wslabel.errors import TaskError, suggest

Kind = Literal["single", "ordinal", "multilabel", "spans"]
JOINED = "|"
"""What stands between the labels of a record with several of them, where they are written as one text."""
NO_LABELS = "(none)"
"""What is written where a record of a multi-label task has no label."""


class Label(StrEnum):
    """The labels of a task, as an enumeration whose values are the label names.

    A member may carry its meaning as a second value; reviewers see it as the guideline, below the class's docstring.

    Examples
    --------
    >>> class Sentiment(Label):
    ...     NEGATIVE = "negative", "An investor would rather sell."
    ...     POSITIVE = "positive"
    >>> Sentiment.NEGATIVE.value, Sentiment.NEGATIVE.meaning
    ('negative', 'An investor would rather sell.')
    >>> Sentiment.POSITIVE == "positive"
    True
    """

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> Label:
        """Make the member, a string with a meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    __hash__ = str.__hash__  # equal to its name, so found by it in a dictionary


@dataclass(frozen=True, init=False)
class Task:
    """What is to be labeled.

    Parameters
    ----------
    name
        ``industry.task``, for example ``finance.sentiment``.
    labels
        A `Label` enumeration, or the label names. Their order is the class index 0..K-1.
    kind
        ``single`` (one label a record), ``ordinal`` (one, and they stand in order: see `wslabel.core.ordinal`),
        ``multilabel`` (any number: see `wslabel.core.multilabel`) or ``spans`` (labels of stretches of text).
    class_balance
        The share of each label, as a mapping or in label order; None when unknown.
    groups
        For spans: names of groups of labels, which LFs may vote where they cannot tell the members apart.

    Raises
    ------
    TaskError
        Fewer than 2 labels (1 for spans), repeated or empty labels, a balance that does not sum to 1.

    Examples
    --------
    >>> task = Task("demo.spam", ["ham", "spam"], class_balance={"spam": 0.2, "ham": 0.8})
    >>> task.cardinality, task.index("spam"), task.class_balance
    (2, 1, (0.8, 0.2))
    """

    name: str
    labels: tuple[str, ...]
    kind: Kind
    class_balance: tuple[float, ...] | None
    meanings: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False, hash=False)
    guide: str = ""

    def __init__(
        self,
        name: str,
        labels: type[Label] | Sequence[str],
        kind: Kind = "single",
        class_balance: Mapping[str, float] | Sequence[float] | None = None,
        groups: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        if not isinstance(name, str) or not name:
            raise TaskError(f"A task needs a name, for example 'finance.sentiment'; this one is {name!r}.")
        if kind not in get_args(Kind):
            raise TaskError(f"Task {name}: unknown kind {kind!r}. {suggest(str(kind), get_args(Kind))}")
        members = list(labels)
        names = check_labels([m.value if isinstance(m, Label) else m for m in members], f"Task {name}", kind)
        balance = None if class_balance is None else _balance(class_balance, names, name)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "labels", names)
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "class_balance", balance)
        if groups and kind != "spans":
            raise TaskError(f"Task {name}: only tasks of the kind spans have groups of labels; this one is {kind!r}.")
        object.__setattr__(self, "groups", check_groups(groups or {}, names, f"Task {name}"))
        object.__setattr__(self, "meanings", tuple(getattr(member, "meaning", "") for member in members))
        object.__setattr__(self, "guide", _own_doc(labels))

    def __repr__(self) -> str:
        return f"Task({self.name}: {self.kind}, labels {listed(self.labels)})"

    @property
    def votable(self) -> tuple[str, ...]:
        """What LFs may vote: the labels, then the groups."""
        return (*self.labels, *self.groups)

    @property
    def cardinality(self) -> int:
        """The number of labels, K."""
        return len(self.labels)

    def index(self, label: str) -> int:
        """Return the class index of a label.

        Raises
        ------
        TaskError
            The label is not one of the task's.
        """
        return label_index(label, self.labels, f"Task {self.name}")


def listed(names: Sequence[str], most: int = 6) -> str:
    """Return names in one line; of many the first ones and their number.

    >>> listed(["a", "b"]), listed(["a", "b", "c"], most=2)
    ('a, b', 'a, b, … (3)')
    """
    return ", ".join(names) if len(names) <= most else f"{', '.join(names[:most])}, … ({len(names)})"


def _own_doc(labels: type[Label] | Sequence[str]) -> str:
    """Return the docstring of a class of labels: what reviewers are to know beside the meanings of its members."""
    return cleandoc(vars(labels).get("__doc__") or "") if isinstance(labels, type) else ""


def check_labels(labels: Sequence[object], where: str, kind: Kind = "single") -> tuple[str, ...]:
    """Return the label names as a tuple, or say what is wrong with them."""
    least = 1 if kind == "spans" else 2
    wrong = [label for label in labels if not isinstance(label, str) or not label]
    if wrong:
        raise TaskError(f"{where}: a label is a non-empty string; {wrong[0]!r} is not.")
    if len(labels) < least:
        raise TaskError(f"{where} has {len(labels)} label(s) {list(labels)}; a {kind} task needs at least {least}.")
    if kind == "multilabel" and any(JOINED in str(label) for label in labels):
        raise TaskError(
            f"{where}: a label of a multi-label task holds no {JOINED!r}, which joins several: {list(labels)}."
        )
    if len(set(labels)) != len(labels):
        raise TaskError(f"{where} repeats a label: {list(labels)}. Each label must be distinct.")
    return tuple(str(label) for label in labels)


def label_index(label: str, labels: Sequence[str], where: str) -> int:
    """Return the place of a label among the labels."""
    name = label.value if isinstance(label, Label) else label
    try:
        return labels.index(name)
    except ValueError:
        raise TaskError(f"{where} has no label {name!r}. {suggest(str(name), labels)}") from None


def check_groups(
    groups: Mapping[str, Sequence[str]], labels: tuple[str, ...], where: str
) -> Mapping[str, tuple[str, ...]]:
    """Return the label groups with the names of their members, or say what is wrong with them."""
    checked = {}
    for name, members in groups.items():
        if not isinstance(name, str) or not name or name in labels:
            raise TaskError(f"{where}: the group {name!r} needs a name of its own, other than the labels {labels}.")
        if isinstance(members, str) or not members:
            raise TaskError(f"{where}: the group {name!r} is {members!r}; expected a list of labels.")
        checked[name] = tuple(labels[label_index(one, labels, f"{where}, group {name}: the task")] for one in members)
    return MappingProxyType(checked)


def check_balance(balance: Sequence[float] | NDArray[np.float64], cardinality: int, where: str) -> NDArray[np.float64]:
    """Return the class balance as K numbers that sum to 1, or say what is wrong with it."""
    array = np.asarray(balance, dtype=np.float64)
    fits = array.shape == (cardinality,) and np.isfinite(array).all() and (array > 0).all()
    if not fits or abs(array.sum() - 1) > 1e-6:
        raise TaskError(
            f"{where}: a class balance is {cardinality} positive shares that sum to 1; this one is {array.tolist()}."
        )
    shares: NDArray[np.float64] = array / array.sum()
    return shares


def _balance(given: Mapping[str, float] | Sequence[float], labels: tuple[str, ...], task: str) -> tuple[float, ...]:
    if isinstance(given, Mapping):
        by_name = {str(key.value if isinstance(key, Label) else key): value for key, value in given.items()}
        if set(by_name) != set(labels):
            raise TaskError(
                f"Task {task}: the class balance names {sorted(by_name)}; it must name each of {sorted(labels)} once."
            )
        given = [by_name[label] for label in labels]
    check_balance(given, len(labels), f"Task {task}")
    return tuple(float(share) for share in given)
