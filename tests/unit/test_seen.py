"""The ids met in a pass: known again in whatever batch they come."""

import random

from hypothesis import given
from hypothesis import strategies as st

from wslabel.core.seen import SeenIds, TextCopies


@given(st.lists(st.lists(st.sampled_from([*"abcdefgh", "", "é", "a\0wslabel"]), max_size=9), max_size=12))
def test_ids_are_known_again(batches):
    seen, known, place = SeenIds(), {}, 0
    for batch in batches:
        places = list(range(place, place + len(batch)))
        wanted = []
        for one, where in zip(batch, places):
            wanted.append(known.get(one))
            known.setdefault(one, where)
        assert seen.add(batch, places) == wanted
        place += len(batch)


@given(st.lists(st.lists(st.integers(0, 5), max_size=9), max_size=12))
def test_copies_are_numbered(batches):
    copies, known = TextCopies(), {}
    for batch in batches:
        wanted = []
        for one in batch:
            known[one] = known.get(one, 0) + 1
            wanted.append(known[one])
        assert copies.number(batch) == wanted


def test_many_batches_make_few_runs():
    seen, draw = SeenIds(), random.Random(0)
    ids = [str(draw.random()) for _ in range(5_000)]
    for at in range(0, len(ids), 10):
        assert seen.add(ids[at : at + 10], list(range(at, at + 10))) == [None] * 10
    assert seen.add([ids[7], "new", ids[4_321]], [1, 2, 3]) == [7, None, 4_321]
    assert len(seen._runs) < 12
