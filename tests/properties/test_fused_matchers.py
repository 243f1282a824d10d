from functools import partial

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wslabel.applying.matching import FusedMatchers, automaton, compiled
from wslabel.authoring.conditions import Pair
from wslabel.authoring.matchers import Matcher

SPECIAL = "İıſKÅΩßẞﬁﬅΣσςµμͅιΐΐǅⅠⓐ"
MARKS = "\u0301\u0307“”‘’«»–…\u200b\u200d\ufeff\u00a0\u2028_-.,'+$#!"
SCRIPTS = "aAbBsSkKiIeéÉжЖяЯאبهक中日かナ한ñ٣५０1²½😀𐐀𐐨𝔸𝟙"
CHARACTERS = st.one_of(
    st.sampled_from("aAbB  \n"),
    st.sampled_from(SPECIAL + MARKS + SCRIPTS + " \n\t\r"),
    st.characters(exclude_categories=["Cs"]),
)
# fmt: off
PATTERNS = [
    r"check.*out", r"\b(?:profit|sales) (?:rose|fell)\b", r"\d+(?:\.\d+)?\s*%", r"^a", r"b$", r"\Aab?", r"s\Z", r"",
    r"(?i:SS)", "(?x: a  b # a comment\n)", r"(?s:a.b)", r"(?m:^b)", r"(?a:\bs)", r"(?a:\w+é)", r"(?-i:K)", r"a(?=b)",
    r"(?<=a)b", r"(?<!\w)aa?(?!\w)", r"(?!a)\w", r"(a|b)\1", r"(?P<x>[ab])(?P=x)", r"(a)?(?(1)b|s)", r"a{2,3}b",
    r"(?:ab){2}", r"\Bb", r"a\b", r"\b_\b", r"[aB]k", r"[^a]b", r"[a-c]\s[A-C]", r"ß", r"ẞ", r"[ßa]", r"İ|ı", r"ſs",
    r"µ", r"[ΐ]", r"a??b", r"(?>a+)b", r"a++b", r"ι", r"(?:a|)b", r"(?:(?:a|b)s?)+k", r"a|b.*s|", r"\$\d", r"C\+\+",
    r"[\w-]+a", r"(?#note)ab", r"(?:\bab\b|\bba\b)", r"\ba(?: b)?\b", r"\b\b", r"(?:)+a", r"\x61\u0062", r"é", r"中日?",
    r"a\nb", r"[\n]", r".", r"(?!)",
]
# fmt: on
texts = st.text(CHARACTERS, max_size=24)
phrases = st.one_of(
    st.text(CHARACTERS, min_size=1, max_size=4), st.text(st.sampled_from("aA bßẞsſK“-"), min_size=1, max_size=3)
)


@st.composite
def matchers(draw):
    which = draw(st.sampled_from(["phrases", "patterns"]))
    items = st.lists(phrases if which == "phrases" else st.sampled_from(PATTERNS), max_size=3).map(tuple)
    return Matcher(which, draw(items), draw(items), draw(items), ignore_case=draw(st.booleans()))


def compiles(matcher):
    try:
        matcher.matches("")
    except Exception:
        return False
    return True


def check(some, strings, large=False):
    expected = np.array([[text is not None and one.matches(text) for one in some] for text in strings])
    array = pa.array(strings, pa.large_string() if large else pa.string())
    for worth_compiling in (0, 10**15):
        found = FusedMatchers(some, worth_compiling).matches(array)
        assert found.dtype == np.bool_
        assert found.shape == (len(strings), len(some))
        assert found.tolist() == expected.reshape(found.shape).tolist()


@settings(max_examples=300, deadline=None)
@given(st.lists(matchers().filter(compiles), max_size=6), st.lists(st.none() | texts, max_size=6), st.booleans())
def test_fused_matchers_say_what_re_says(some, strings, large):
    check(some, strings, large)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_phrases_cut_out_of_the_text_are_judged_as_re_judges_them(data):
    text = data.draw(st.text(CHARACTERS, min_size=4, max_size=40))
    cuts = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 6)).map(lambda cut: text[cut[0] : sum(cut)])
    changed = st.tuples(cuts, st.sampled_from([str, str.lower, str.upper, str.swapcase, str.casefold]))
    parts = st.lists(changed.map(lambda pair: pair[1](pair[0])), min_size=1, max_size=4).map(tuple)
    some = [Matcher("phrases", data.draw(parts), ignore_case=data.draw(st.booleans())) for _ in range(3)]
    check(some, [text, text.swapcase(), text[::-1]])


LETTERS = st.sampled_from("aAbBsSſKkßΣς  .,!。\n“’\u0301İı中")
short = st.text(LETTERS, min_size=1, max_size=3)
parts = st.one_of(short, st.sampled_from(["a", "b", "no", "not", ". ", "\n\n", "NO"]))
long = st.lists(parts, max_size=14).map(" ".join)


@st.composite
def placed(draw):
    """Return a matcher of which it matters how many occur, or where they stand."""
    which = draw(st.sampled_from(["phrases", "patterns"]))
    item = st.one_of(short, st.sampled_from("abs")) if which == "phrases" else st.sampled_from(PATTERNS)
    items = st.lists(item, max_size=3).map(tuple)
    sides = st.lists(item, min_size=1, max_size=2).map(tuple)
    within = st.none() | st.integers(0, 4)
    return Matcher(
        which,
        draw(items),
        draw(st.just(()) | items),
        draw(st.just(()) | items),
        ignore_case=draw(st.booleans()),
        at_least=draw(st.integers(1, 3)),
        pairs=tuple(draw(st.lists(st.builds(Pair, sides, sides, within, st.booleans()), max_size=2))),
        cues=draw(st.sampled_from([(), ("no",), ("not", "no"), ("b", "K")])),
        scope=draw(st.integers(0, 3)),
    )


@settings(max_examples=400, deadline=None)
@given(st.lists(placed().filter(compiles), min_size=1, max_size=5), st.lists(long, min_size=1, max_size=5))
def test_conditions_on_number_and_place_are_the_same_compiled(some, strings):
    check(some, strings)


@settings(max_examples=100, deadline=None)
@given(st.lists(short, min_size=1, max_size=80).map(tuple), st.integers(2, 70), texts)
def test_long_lists_of_which_several_must_occur_are_the_same_compiled(any_of, at_least, text):
    check([Matcher("phrases", any_of, at_least=at_least)], [text, " ".join(any_of)])


@settings(max_examples=60, deadline=None)
@given(st.lists(matchers().filter(compiles), min_size=1, max_size=6), st.lists(texts, min_size=1, max_size=6))
def test_states_without_a_row_are_searched_for(some, strings):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(automaton, "SMALL", 0)
        patch.setattr(compiled, "build", partial(automaton.build, cells=60))
        check(some, strings)
