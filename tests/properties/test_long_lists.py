import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wslabel.applying.matching import FusedMatchers, plan
from wslabel.authoring import finders
from wslabel.authoring.matchers import Matcher

LETTERS = st.one_of(
    st.sampled_from("aAbBsSſKkKΣς  .,+-$“’_\u0301İıßẞ中😀\u0345ιΙ"), st.characters(exclude_categories=["Cs"])
)
lists = st.lists(st.text(LETTERS, min_size=1, max_size=4), max_size=5).map(tuple)
texts = st.text(LETTERS, max_size=20)


@settings(max_examples=300, deadline=None)
@given(lists, lists, st.booleans(), st.lists(texts, min_size=1, max_size=4), st.data())
def test_long_lists_are_what_one_regular_expression_is(any_of, none_of, ignore_case, strings, data):
    strings += [data.draw(st.lists(st.sampled_from([*any_of, " ", "a"]), max_size=5).map("".join))]
    strings += [strings[-1].swapcase()]
    expected = Matcher("phrases", any_of, none_of=none_of, ignore_case=ignore_case)
    said = [(expected.matches(text), expected.spans(text)) for text in strings]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finders, "LISTED", 0)
        patch.setattr(plan, "LONG", 1)
        long = Matcher("phrases", any_of, none_of=none_of, ignore_case=ignore_case)
        assert [(long.matches(text), long.spans(text)) for text in strings] == said
        found = FusedMatchers([long, expected], worth_compiling=0).matches(pa.array(strings))
    assert found.tolist() == [[matched, matched] for matched, _ in said]
