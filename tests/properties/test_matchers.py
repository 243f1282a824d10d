import re

from hypothesis import given
from hypothesis import strategies as st

from wslabel import before, keywords, near

LETTERS = st.sampled_from("aAbBsSkKiI _-.,“”'\nſİıßée\u0301\u212a中\u200b😀")
phrases = st.text(LETTERS, min_size=1, max_size=4).filter(lambda phrase: phrase.strip())


@given(st.lists(phrases, min_size=1, max_size=5), st.text(LETTERS, max_size=30), st.booleans())
def test_phrases_match_where_re_finds_them_as_whole_words(any_of, text, ignore_case):
    flags = re.IGNORECASE if ignore_case else 0
    expected = any(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, flags) for phrase in any_of)
    lf = keywords("f", votes="x", any_of=any_of, ignore_case=ignore_case)
    assert (lf(text) == "x") == expected
    for start, end in lf.spans(text):
        assert any(re.fullmatch(re.escape(phrase), text[start:end], flags) for phrase in any_of)


@given(phrases, phrases, phrases, st.text(LETTERS, max_size=30))
def test_all_of_and_none_of_are_and_and_not(one, two, three, text):
    def has(phrase):
        return keywords("f", votes="x", any_of=[phrase])(text) == "x"

    lf = keywords("f", votes="x", any_of=[one], all_of=[two], none_of=[three])
    assert (lf(text) == "x") == (has(one) and has(two) and not has(three))


WORDS = ["pain", "chest", "Chest", "no", "not", "chest pain", "x", ". ", "\n\n", "! ", "'s", "e.g", "no. ", ",", "İ"]
sentences = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
sides = st.lists(st.sampled_from(["pain", "chest", "chest pain", "x", "pain x"]), min_size=1, max_size=3)


def found(phrases, text):
    longest = sorted(set(phrases), key=len, reverse=True)
    pattern = r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)"
    return [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]


def between(one, two, text):
    words = [match.span() for match in re.finditer(r"\w+", text)]
    return sum(one[1] <= start and end <= two[0] for start, end in words)


@given(sides, sides, sentences, st.none() | st.integers(0, 4), st.booleans())
def test_near_and_before_hold_where_some_two_matches_stand_so(first, second, text, within, ordered):
    pair = before(first, second, within) if ordered or within is None else near(first, second, within)
    expected = set()
    for one in found(first, text):
        for two in found(second, text):
            for left, right in [(one, two)] if pair.ordered else [(one, two), (two, one)]:
                apart = left[1] <= right[0]
                if apart and (within is None or between(left, right, text) <= within):
                    expected |= {left, right}
    lf = keywords("f", votes="x", pairs=pair)
    assert (lf(text) == "x") == bool(expected)
    assert lf.spans(text) == sorted(expected)


@given(sides, sentences, st.integers(0, 4))
def test_a_negation_hides_what_follows_in_its_sentence(any_of, text, scope):
    expected = []
    for span in found(any_of, text):
        cues = [cue for cue in found(["no", "not"], text) if cue[1] <= span[0]]
        split = [re.search(r"[.!](?=\s)|\n[^\S\n]*\n", text[cue[0] : span[0]] + text[span[0]]) for cue in cues]
        if not any(not end and between(cue, span, text) <= scope for cue, end in zip(cues, split)):
            expected.append(span)
    lf = keywords("f", votes="x", any_of=any_of, not_preceded_by=["no", "not"], scope=scope)
    assert lf.spans(text) == expected
    assert (lf(text) == "x") == bool(expected)


@given(sides, sentences, st.integers(1, 3))
def test_at_least_counts_different_phrases(any_of, text, at_least):
    different = set(any_of)
    if at_least > len(different):
        return
    lf = keywords("f", votes="x", any_of=any_of, at_least=at_least)
    assert (lf(text) == "x") == (sum(bool(found([one], text)) for one in different) >= at_least)
