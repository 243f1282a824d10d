"""Labeling functions and preprocessors from plain Python functions."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from wslabel.authoring import collect
from wslabel.authoring.labeling_function import (
    RESERVED,
    Example,
    Examples,
    LabelingFunction,
    Place,
    Preprocessor,
    Votes,
)
from wslabel.authoring.making import make
from wslabel.errors import LabelingFunctionError


def labeling_function(
    function: Callable[..., Any] | None = None,
    /,
    *,
    votes: Votes = (),
    name: str | None = None,
    fires: Examples = (),
    abstains: Sequence[Example] = (),
    misses: Examples = (),
    vectorised: bool = False,
) -> Callable[[Callable[..., Any]], LabelingFunction]:
    """Make a labeling function of a Python function.

    Parameters
    ----------
    votes
        The label, or the labels, that the function may return.
    name
        Its name; by default the function's.
    fires, abstains, misses
        Examples, as texts or as mappings from column to value: records on which it must vote, must not vote,
        and on which it is known not to vote although it should. For a function with several labels,
        `fires` and `misses` may map a label to its examples.
    vectorised
        The function takes whole columns as Arrow arrays, and returns an Arrow or numpy array, or a list, with a
        label or None for each record. What it says of a record must not depend on the others.

    Returns
    -------
    A decorator. The function's parameters are the names of the columns (or preprocessors) it reads; ``doc`` is
    the spaCy Doc of the text. It returns a declared label, or None to abstain; or a vote with a confidence:
    ``(label, 0.9)``, a mapping from labels to probabilities, or an array of them in the task's order. In a task of the
    kind ``spans`` it returns, or yields, spans: (start, end, label) in characters of the text, end exclusive;
    (start, end) where it declares one label; matches of `re`, or spans of spaCy.

    Raises
    ------
    LabelingFunctionError
        No votes, a parameter that cannot be a column, an unusable name.

    Examples
    --------
    >>> @labeling_function(votes="spam", fires=["Win a prize"], abstains=["See you at noon"])
    ... def promises_prize(text: str) -> str | None:
    ...     return "spam" if "prize" in text else None
    >>> promises_prize("Win a prize"), promises_prize("See you"), promises_prize.votes
    ('spam', None, ('spam',))
    """

    if function is not None:
        place = _plain(function, "@labeling_function")
        raise LabelingFunctionError(
            f"{function.__name__} ({place}): @labeling_function needs to know what is voted: "
            "write @labeling_function(votes=…) with the label."
        )

    def decorate(function: Callable[..., Any]) -> LabelingFunction:
        place = _plain(function, "@labeling_function")
        where = f"LF {name or function.__name__} ({place})"
        columns, optional = _columns(function, where)
        if vectorised and {"doc", "record"} & set(columns):
            raise LabelingFunctionError(
                f"{where}: a vectorised function takes Arrow arrays, which hold no doc or record."
            )
        return make(
            name or function.__name__,
            votes,
            function,
            columns,
            optional,
            None,
            (fires, abstains, misses),
            inspect.getdoc(function) or "",
            place,
            vectorised,
        )

    return decorate


def preprocessor(function: Callable[..., Any]) -> Preprocessor:
    """Make the function's name a column that LFs and other preprocessors may ask for.

    Examples
    --------
    >>> @preprocessor
    ... def words(text: str) -> list[str]:
    ...     return text.lower().split()
    >>> words("Profit rose")
    ['profit', 'rose']
    """
    place = _plain(function, "@preprocessor")
    where = f"preprocessor {function.__name__} ({place})"
    columns, optional = _columns(function, where)
    if function.__name__ in ("text", "doc", *RESERVED):
        raise LabelingFunctionError(f"{where}: {function.__name__!r} is the name of a column; choose another.")
    made = Preprocessor(function.__name__, function, columns, optional, place)
    collect.add(made)
    return made


def _plain(function: Any, decorator: str) -> Place:
    """Return where a plain function stands; refuse what is none."""
    if not inspect.isfunction(function) and not inspect.ismethod(function):
        raise LabelingFunctionError(f"{function!r} is no plain function, which {decorator} needs. Wrap it in a def.")
    place = Place(function.__code__.co_filename, function.__code__.co_firstlineno)
    if next(iter(inspect.signature(function).parameters), "") == "self":
        raise LabelingFunctionError(
            f"{function.__name__} ({place}) is a method. Parameters are the names of columns: make it a function."
        )
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise LabelingFunctionError(
            f"{function.__name__} ({place}) is async or a generator that is. Return the label instead."
        )
    return place


def _columns(function: Callable[..., Any], where: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    parameters = inspect.signature(function).parameters.values()
    if not parameters:
        raise LabelingFunctionError(f"{where} has no parameter. Name the columns it reads, for example `text`.")
    for parameter in parameters:
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise LabelingFunctionError(f"{where}: the parameter {parameter} is no column. Name each column it reads.")
        if parameter.name == "gold":
            raise LabelingFunctionError(f"{where} reads gold, which would leak into its votes. Remove the parameter.")
    optional = tuple(parameter.name for parameter in parameters if parameter.default is not parameter.empty)
    return tuple(parameter.name for parameter in parameters), optional
