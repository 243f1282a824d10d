"""The fingerprint of a function: its code and all it reaches, but not comments, docstrings or formatting."""

from __future__ import annotations

import ast
import inspect
import marshal
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from wslabel.core.fingerprint import fingerprint
from wslabel.core.task import Label

SUITE_PREFIX = "_wslabel_suites_"
"""The beginning of the private namespaces under which suites are imported."""


def fingerprint_function(function: Callable[..., Any]) -> str:
    """Return the fingerprint of a function, the functions and constants of its own package that it reaches,
    and the versions of the libraries that it names.
    """
    return fingerprint(_describe(function, set()))


def _describe(value: Any, seen: set[int]) -> Any:
    """Return a JSON value that changes when the behaviour of `value` may change."""
    if value is None or isinstance(value, bool | int | float | complex | str | bytes):
        return [type(value).__name__, repr(value)]
    if id(value) in seen:
        return "seen"
    seen = seen | {id(value)}
    if isinstance(value, re.Pattern):
        return ["pattern", value.pattern if isinstance(value.pattern, str) else repr(value.pattern), value.flags]
    if isinstance(value, dict):
        return ["dict", sorted((repr(key), _describe(one, seen)) for key, one in value.items())]
    if isinstance(value, set | frozenset):
        return ["set", sorted(repr(_describe(one, seen)) for one in value)]
    if isinstance(value, list | tuple):
        return [type(value).__name__, [_describe(one, seen) for one in value]]
    if isinstance(value, FunctionType):
        return _function(value, seen)
    if isinstance(value, ModuleType):
        return ["module", value.__name__, str(getattr(value, "__version__", ""))]
    if isinstance(value, type):
        return _class(value)
    if callable(value) and isinstance(getattr(value, "function", None), FunctionType):
        return _describe(value.function, seen)  # an LF or a preprocessor
    state = [[name, _describe(one, seen)] for name, one in sorted(_state(value).items())]
    return ["object", _class(type(value)), state]


def _state(value: Any) -> dict[str, Any]:
    """Return the attributes of an object of the author's own class, or of a Snorkel function: what it computes from.

    Objects of other libraries stand for themselves by class and version; their insides may be huge.
    """
    if _is_library(type(value).__module__) and not hasattr(value, "_f"):
        return {}
    return {name: one for name, one in getattr(value, "__dict__", {}).items() if name != "_cache"}


def _function(function: FunctionType, seen: set[int]) -> Any:
    cells = [_describe(cell.cell_contents, seen) for cell in function.__closure__ or ()]
    if _is_library(function.__module__):
        return ["library", function.__module__, function.__qualname__, _version(function.__module__), cells]
    names = sorted(set(_names(function.__code__)))
    reached = {name: function.__globals__[name] for name in names if name in function.__globals__}
    return [
        "function",
        _code(function),
        [[name, _describe(value, seen)] for name, value in sorted(reached.items())],
        cells,
        [_describe(value, seen) for value in function.__defaults__ or ()],
    ]


def _code(function: FunctionType) -> str:
    """Return the function's syntax tree without decorators and docstrings; its byte code where no source is at hand."""
    try:
        return _syntax(inspect.getsource(function))
    except (OSError, TypeError, SyntaxError):
        return repr(marshal.dumps(function.__code__.replace(co_filename="", co_firstlineno=1)))


def _syntax(source: str) -> str:
    tree = ast.parse(textwrap.dedent(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            node.decorator_list = []
            if node.body and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant):
                node.body = node.body[1:]
    return ast.dump(tree)


def _class(value: type) -> Any:
    if _is_library(value.__module__):
        return ["library", value.__module__, value.__qualname__, _version(value.__module__)]
    if issubclass(value, Label):  # what a label means to people changes no vote
        return ["label", [[member.name, member.value] for member in value]]
    try:
        return ["class", _syntax(inspect.getsource(value))]
    except (OSError, TypeError, SyntaxError):
        return ["class", value.__qualname__, repr(sorted(vars(value)))]


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _is_library(module: str | None) -> bool:
    """Tell whether a module comes from the standard library or an installed package, whose version stands for it."""
    top = (module or "").partition(".")[0]
    if top.startswith(SUITE_PREFIX):
        return False
    if top in sys.stdlib_module_names and top != "__main__":
        return True
    file = getattr(sys.modules.get(module or ""), "__file__", None) or ""
    return "site-packages" in file or top == "wslabel"


def _version(module: str) -> str:
    top = sys.modules.get(module.partition(".")[0])
    return str(getattr(top, "__version__", ""))
