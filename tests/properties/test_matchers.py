import re

from hypothesis import given
from hypothesis import strategies as st

from wslabel import keywords

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
