"""Patterns of spaCy's matchers as data: over tokens, phrases and dependencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, cast

from wslabel.authoring.labeling_function import Example, Examples, LabelingFunction, Place
from wslabel.authoring.lexicons import caller
from wslabel.authoring.making import made
from wslabel.authoring.matcher_functions import Phrases, as_phrases
from wslabel.core.fingerprint import canonical_json, fingerprint
from wslabel.errors import LabelingFunctionError

Pattern = Sequence[Mapping[str, Any]]
Kind = Literal["tokens", "phrases", "dependency"]


def token_pattern(
    name: str,
    *,
    votes: str,
    patterns: Iterable[Pattern] | Phrases,
    kind: Kind = "tokens",
    attribute: str = "LOWER",
    anchors: Sequence[str] = (),
    fires: Examples = (),
    abstains: Sequence[Example] = (),
    misses: Examples = (),
    doc: str = "",
) -> LabelingFunction:
    """Make a span LF of patterns for spaCy's `Matcher`, `PhraseMatcher` or `DependencyMatcher`.

    Of matches that overlap the longest counts, and of these the first.

    Parameters
    ----------
    patterns
        Patterns in spaCy's own syntax, each a list of mappings; for the kind ``phrases`` texts, or a word list.
    kind
        ``tokens``, ``phrases`` or ``dependency``. What a pattern asks of tokens beyond their texts, the suite's spaCy
        pipeline must provide (``spacy`` in package.toml).
    attribute
        For ``phrases``: the attribute of tokens that is compared.
    anchors
        For ``dependency``: the RIGHT_IDs of the tokens that the span reaches over; none of them: all tokens.

    Examples
    --------
    >>> import spacy
    >>> grade = token_pattern("graded", votes="Effect", patterns=[[{"LOWER": "grade"}, {"IS_DIGIT": True}]])
    >>> grade(doc=spacy.blank("en")("A grade 3 rash"))
    [(2, 9, 'Effect')]
    """
    place = Place(*caller())
    where = f"LF {name} ({place})"
    if kind == "phrases":
        given: Any = list(as_phrases(cast(Phrases, patterns), place))
    else:
        given = [[dict(token) for token in pattern] for pattern in cast(Iterable[Pattern], patterns)]
    if not given or not all(given):
        raise LabelingFunctionError(f"{where}: there is no pattern. Expected a list of patterns, none of them empty.")
    content = canonical_json({"kind": kind, "patterns": given, "attribute": attribute, "anchors": list(anchors)})

    def function(doc: Any) -> list[tuple[int, int, str]]:
        matcher = _made(content, _Vocab(doc.vocab))
        spans = _longest(_matches(matcher, doc, kind, given, anchors))
        return [(doc[start].idx, doc[end - 1].idx + len(doc[end - 1]), votes) for start, end in spans]

    return made(name, votes, function, ("doc",), (fires, abstains, misses), doc, place, fingerprint(content))


class _Vocab:
    """A vocabulary as a key: the same object is the same key."""

    def __init__(self, vocab: Any) -> None:
        self.vocab = vocab

    def __hash__(self) -> int:
        return id(self.vocab)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Vocab) and other.vocab is self.vocab


@lru_cache(maxsize=256)
def _made(content: str, key: _Vocab) -> Any:
    import json

    from spacy.matcher import DependencyMatcher, Matcher, PhraseMatcher
    from spacy.tokens import Doc
    from spacy.util import get_lang_class

    about = json.loads(content)
    if about["kind"] == "phrases":
        matcher = PhraseMatcher(key.vocab, attr=about["attribute"])
        tokenise = get_lang_class(key.vocab.lang or "xx")().tokenizer
        docs = ([token.text for token in tokenise(one)] for one in about["patterns"])
        matcher.add("pattern", [Doc(key.vocab, words=words) for words in docs])
    else:
        matcher = (Matcher if about["kind"] == "tokens" else DependencyMatcher)(key.vocab)
        matcher.add("pattern", about["patterns"])
    return matcher


def _matches(matcher: Any, doc: Any, kind: Kind, patterns: Any, anchors: Sequence[str]) -> Iterator[tuple[int, int]]:
    if kind != "dependency":
        yield from ((start, end) for _, start, end in matcher(doc) if end > start)
        return
    names = [[token.get("RIGHT_ID") for token in pattern] for pattern in patterns]
    for _, tokens in matcher(doc):
        named = next((some for some in names if len(some) == len(tokens)), [])
        kept = [token for token, one in zip(tokens, named) if one in anchors] if anchors else tokens
        if kept:
            yield min(kept), max(kept) + 1


def _longest(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda one: (one[0] - one[1], one)):
        if all(end <= a or b <= start for a, b in kept):
            kept.append((start, end))
    return sorted(kept)
