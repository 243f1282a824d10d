"""Span LFs that stand on others: narrowed by what is near, repeated through the document, asked of a model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from wslabel.authoring.conditions import NEAR_WORDS, SCOPE_WORDS, read
from wslabel.authoring.finders import Phrases as Listed
from wslabel.authoring.finders import Span, fold
from wslabel.authoring.fingerprints import fingerprint_function
from wslabel.authoring.labeling_function import Example, Examples, LabelingFunction, Place, Votes
from wslabel.authoring.lexicons import caller
from wslabel.authoring.making import made
from wslabel.authoring.matcher_functions import Cues, Phrases, as_phrases, negation_cues
from wslabel.authoring.matchers import Matcher
from wslabel.core.fingerprint import fingerprint
from wslabel.errors import LabelingFunctionError

Placed = tuple[int, int, str]
SHORTEST = 3
"""Characters that a repeated mention must have, so that a stray letter is none."""
_WORD = re.compile(r"\w+")


def spans_where(
    name: str,
    lf: LabelingFunction,
    *,
    votes: Votes = (),
    near: Phrases = (),
    preceded_by: Phrases = (),
    followed_by: Phrases = (),
    within: int = NEAR_WORDS,
    inside: LabelingFunction | None = None,
    not_inside: LabelingFunction | None = None,
    not_preceded_by: Cues = (),
    scope: int = SCOPE_WORDS,
    fires: Examples = (),
    abstains: Sequence[Example] = (),
    misses: Examples = (),
    doc: str = "",
) -> LabelingFunction:
    """Make a span LF of those spans of another one that stand where they should.

    Parameters
    ----------
    lf
        Finds the spans. In a suite it votes too, unless its name begins with an underscore.
    votes
        The labels; by default those of `lf`. One label replaces those of the spans.
    near, preceded_by, followed_by
        Phrases (or the path of a word list), one of which must stand on either side, before, or behind, in the same
        sentence, with at most `within` words between.
    inside, not_inside
        A span LF: the span must, or must not, lie within one of its spans.
    not_preceded_by, scope
        Negation cues, as for `keywords`.

    Examples
    --------
    >>> from wslabel.authoring import keywords
    >>> found = keywords("symptom", votes="Symptom", any_of=["fever", "cough"])
    >>> real = spans_where("reported", found, near=["reports", "has"], not_preceded_by=True)
    >>> list(real("She has fever but denies cough."))
    [(8, 13, 'Symptom')]
    """
    place = Place(*caller())
    sides = [(_matcher(given, place), kind) for given, kind in ((near, 0), (preceded_by, -1), (followed_by, 1))]
    asked = [(matcher, kind) for matcher, kind in sides if matcher is not None]
    cues = negation_cues(not_preceded_by, place)
    matcher = Matcher("phrases", ("-",), cues=cues, scope=scope)
    regions = [(one, wanted) for one, wanted in ((inside, True), (not_inside, False)) if one is not None]
    relabel = votes if isinstance(votes, str) else None

    def function(**values: Any) -> Iterator[Placed]:
        text = values["text"]
        reading = read(text, matcher.negations, scope)
        where = [(one.spans(text), kind) for one, kind in asked]
        holding = [([span[:2] for span in found_spans(one, values)], wanted) for one, wanted in regions]
        for start, end, label in found_spans(lf, values):
            if reading.negated(start):
                continue
            beside = (_beside(reading, (start, end), spans, kind, within) for spans, kind in where)
            held = (any(a <= start and end <= b for a, b in spans) == wanted for spans, wanted in holding)
            if all(beside) and all(held):
                yield start, end, relabel or label

    columns = _columns(lf, *(one for one, _ in regions))
    rules = fingerprint(
        lf.fingerprint, repr(asked), within, repr(matcher), [(one.fingerprint, wanted) for one, wanted in regions]
    )
    examples = (fires, abstains, misses)
    return made(name, votes or lf.votes, function, columns, examples, doc, place, rules, lf.knowledge)


def repeats(
    name: str,
    of: LabelingFunction | Sequence[LabelingFunction],
    *,
    votes: Votes = (),
    by: Literal["majority", "first"] = "majority",
    parts: bool = False,
    fires: Examples = (),
    abstains: Sequence[Example] = (),
    misses: Examples = (),
    doc: str = "",
) -> LabelingFunction:
    """Make a span LF that votes on every mention, in a document, of what other LFs found in it somewhere.

    Mentions are the same words, case ignored, between word edges.

    Parameters
    ----------
    of
        The LFs whose spans are repeated.
    by
        The label of a mention: that of most of its spans in the document (the first of equals), or of the first.
    parts
        Whether a mention may be the first or the last word of the span, behind it: a surname, a company without
        its form.

    Examples
    --------
    >>> from wslabel.authoring import regex
    >>> ill = regex("has", votes="Illness", pattern=r"diagnosed with (?P<span>[a-z]+)")
    >>> again = repeats("again", ill)
    >>> list(again("Diagnosed with lupus. The lupus flared."))
    [(15, 20, 'Illness'), (26, 31, 'Illness')]
    """
    place = Place(*caller())
    sources = [of] if isinstance(of, LabelingFunction) else list(of)
    if not sources:
        raise LabelingFunctionError(f"LF {name} ({place}): nothing to repeat. Name the LFs whose spans are repeated.")
    if by not in ("majority", "first"):
        raise LabelingFunctionError(f"LF {name} ({place}): by is {by!r}. Expected 'majority' or 'first'.")

    def function(**values: Any) -> Iterator[Placed]:
        text = values["text"]
        found = sorted(span for one in sources for span in found_spans(one, values))
        counts: dict[str, Counter[str]] = {}
        for start, end, label in found:
            for words in _mentions(text[start:end], parts):
                counts.setdefault(words, Counter())[label] += 1
        chosen = {
            words: next(iter(some)) if by == "first" else max(some, key=some.__getitem__)
            for words, some in counts.items()
        }
        yield from _occurrences(text, chosen)

    declared = votes or tuple(dict.fromkeys(vote for one in sources for vote in one.votes))
    rules = fingerprint([one.fingerprint for one in sources], by, parts)
    return made(name, declared, function, _columns(*sources), (fires, abstains, misses), doc, place, rules)


def model_spans(
    name: str,
    model: Callable[[str], Any],
    *,
    votes: Votes,
    labels: Mapping[str, str] | None = None,
    fires: Examples = (),
    abstains: Sequence[Example] = (),
    misses: Examples = (),
    doc: str = "",
) -> LabelingFunction:
    """Make a span LF of a model: a spaCy pipeline, or any function from a text to spans.

    Parameters
    ----------
    model
        Called with the text. Returns a document with ``ents``, or (start, end, label) in characters, end exclusive.
    votes
        The labels that it may vote.
    labels
        From the model's labels to those of the task; others are left out. None: the model's labels are the task's.

    Examples
    --------
    >>> shouting = model_spans("caps", lambda text: [(0, 2, "ORG")] if text[:2].isupper() else [], votes="Party",
    ...     labels={"ORG": "Party"})
    >>> list(shouting("UN and EU"))
    [(0, 2, 'Party')]
    """
    place = Place(*caller())

    rules = fingerprint(fingerprint_function(model), dict(labels) if labels is not None else None)

    def function(text: str) -> Iterator[Placed]:
        for start, end, label in placed(model(text)):
            said = label if labels is None else labels.get(label)
            if said:
                yield start, end, str(said)

    return made(name, votes, function, ("text",), (fires, abstains, misses), doc, place, rules)


def found_spans(lf: LabelingFunction, values: Mapping[str, Any]) -> list[Placed]:
    """Return the spans that an LF finds in a record, given the values of all columns that it reads."""
    if lf.matcher is not None:
        return [(*span, lf.votes[0]) for span in lf.matcher.spans(values["text"])]
    said = lf.function(**{column: values[column] for column in lf.columns if column in values})
    usual = lf.votes[0] if len(lf.votes) == 1 else ""
    return [(start, end, label or usual) for start, end, label in placed(said)]


def placed(said: Any) -> Iterator[Placed]:
    """Yield (start, end, label) of spans, whatever they come as; "" where no label is told."""
    for one in said.ents if hasattr(said, "ents") else said or ():
        if hasattr(one, "start_char"):
            yield one.start_char, one.end_char, one.label_
        elif hasattr(one, "span"):
            yield (*one.span(), "")
        else:
            start, end, *label = one
            yield start, end, str(label[0]) if label else ""


def _columns(*lfs: LabelingFunction) -> tuple[str, ...]:
    return tuple(dict.fromkeys(["text", *(column for lf in lfs for column in lf.columns)]))


def _matcher(given: Phrases, place: Place) -> Matcher | None:
    phrases = as_phrases(given, place)
    return Matcher("phrases", phrases) if phrases else None


def _beside(reading: Any, span: Span, spans: Iterable[Span], kind: int, within: int) -> bool:
    """Tell whether one of the spans stands on the asked side: -1 before, 1 behind, 0 either."""
    start, end = span
    for a, b in spans:
        before = b <= start and kind <= 0 and reading.words_between(b, start) <= within and reading.together(a, start)
        behind = end <= a and kind >= 0 and reading.words_between(end, a) <= within and reading.together(start, a)
        if before or behind:
            return True
    return False


def _mentions(words: str, parts: bool) -> list[str]:
    whole = [words]
    if parts:
        each = _WORD.findall(words)
        whole += [one for one in (each[:1] + each[-1:] if len(each) > 1 else []) if one[0].isupper()]
    return [one for one in dict.fromkeys(whole) if len(one) >= SHORTEST]


def _occurrences(text: str, labels: Mapping[str, str]) -> Iterator[Placed]:
    """Yield where the words stand, the longest where several begin at one place, which do not overlap."""
    by_words: dict[str, str] = {}
    for words in sorted(labels, key=lambda one: (-len(one), one)):
        by_words.setdefault(fold(words), labels[words])
    for start, end in Listed(tuple(labels)).spans(text) if labels else ():
        yield start, end, by_words[fold(text[start:end])]
