"""The language of templates: Jinja2 in its sandbox, cut down to values, conditions, loops and a few filters.

A template can show, compare and list what it is given; it cannot call, assign, import, or reach an attribute of a
Python object. What stands in a record is data and is never read as a template.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, meta, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from wslabel.errors import ExportError, suggest

FILTERS = (
    "capitalize",
    "default",
    "first",
    "join",
    "json",
    "last",
    "length",
    "lower",
    "map",
    "quoted",
    "replace",
    "round",
    "trim",
    "truncate",
    "upper",
)
"""``json`` and ``quoted`` are wslabel's, the others are Jinja2's."""
TESTS = ("defined", "none", "number", "string", "undefined")
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.If,
    nodes.For,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
    nodes.List,
    nodes.Tuple,
    nodes.Keyword,
)


class _Language(ImmutableSandboxedEnvironment):
    """The environment in which templates are compiled: data only."""

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=lambda value: "" if value is None else value,
        )
        self.globals.clear()
        own = {"json": _json, "quoted": _quoted}
        self.filters = {name: own.get(name) or self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a key of a mapping, or what a loop tells of itself; nothing else has a name."""
        if isinstance(obj, LoopContext):
            return super().getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return a key of a mapping, or an element of a list."""
        try:
            if isinstance(obj, Mapping) or (isinstance(obj, Sequence) and isinstance(argument, int)):
                return obj[argument]
        except (KeyError, IndexError):
            pass
        return self.undefined(obj=obj, name=str(argument))


def _json(value: Any) -> str:
    import orjson

    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode("utf-8")


def _quoted(values: str | Iterable[str]) -> Any:
    """Put a text, or each of several, between quotation marks."""
    return f'"{values}"' if isinstance(values, str) else [f'"{value}"' for value in values]


_LANGUAGE = _Language()


@dataclass(frozen=True)
class Piece:
    """A compiled template of one message.

    Attributes
    ----------
    where
        File and key, for messages.
    source
        The template.

    Raises
    ------
    ExportError
        What is not of the language.

    Examples
    --------
    >>> Piece("demo", "{% for one in intents %}{{ loop.index }}. {{ one.label }} {% endfor %}").render(
    ...     {"intents": [{"label": "late"}, {"label": "broken"}]}, "r1"
    ... )
    '1. late 2. broken'
    """

    where: str
    source: str

    def __post_init__(self) -> None:
        try:
            tree = _LANGUAGE.parse(self.source)
        except TemplateSyntaxError as error:
            raise ExportError(f"{self.where}, line {error.lineno} of the text: {error.message}.") from None
        for node in _inside(tree):
            _require_allowed(node, self.where)

    @cached_property
    def names(self) -> frozenset[str]:
        """The values that the template asks for."""
        return frozenset(meta.find_undeclared_variables(_LANGUAGE.parse(self.source)))

    @cached_property
    def columns(self) -> frozenset[str]:
        """The names that stand behind ``column.``, as far as the template tells them."""
        tree = _LANGUAGE.parse(self.source)
        keys: list[Any] = [each.attr for each in tree.find_all(nodes.Getattr) if _is_column(each.node)]
        keys += [getattr(each.arg, "value", None) for each in tree.find_all(nodes.Getitem) if _is_column(each.node)]
        return frozenset(key for key in keys if isinstance(key, str))

    def mentions(self, name: str) -> bool:
        """Tell whether the template asks for a value, or a key, of that name."""
        tree = _LANGUAGE.parse(self.source)
        keys = (each.attr for each in tree.find_all(nodes.Getattr))
        words = (each.value for each in tree.find_all(nodes.Const))
        return name in self.names or name in [*keys, *words]

    def require_names(self, known: Collection[str]) -> None:
        """Refuse a template that asks for a value that there is not."""
        for name in sorted(self.names - set(known)):
            raise ExportError(f"{self.where}: there is no value {name!r}. {suggest(name, known)}")

    def render(self, values: Mapping[str, Any], record: str) -> str:
        """Return the text, without white space at its ends.

        Raises
        ------
        ExportError
            A value that is missing in the record, or one that a filter cannot take.
        """
        try:
            text: str = self._compiled.render(values)
            return text.strip()
        except UndefinedError as error:
            raise ExportError(f"{self.where}, record {record}: {error}. Test it with `is defined` first.") from None
        except (TypeError, ValueError, ArithmeticError) as error:
            raise ExportError(f"{self.where}, record {record}: {error}. Mend the template or the record.") from None

    @cached_property
    def _compiled(self) -> Any:
        return _LANGUAGE.from_string(self.source)


def _is_column(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "column"


def _inside(tree: nodes.Template) -> Iterable[nodes.Node]:
    yield tree
    yield from tree.find_all(nodes.Node)


def _require_allowed(node: nodes.Node, where: str) -> None:
    line = f"{where}, line {node.lineno} of the text"
    if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.For) and node.recursive):
        what = type(node).__name__.lower()
        raise ExportError(
            f"{line}: a template has no {what}. It has values, if, for, comparisons and the filters "
            f"{', '.join(FILTERS)}."
        )
    for kind, known in ((nodes.Filter, FILTERS), (nodes.Test, TESTS)):
        if isinstance(node, kind) and node.name not in known:
            raise ExportError(f"{line}: there is no {kind.__name__.lower()} {node.name!r}. {suggest(node.name, known)}")
