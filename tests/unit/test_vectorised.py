"""Labeling functions of whole columns."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import wslabel as ws
from wslabel.applying import explain
from wslabel.errors import LabelingFunctionError
from wslabel.suites import load_suite

TASK = ws.Task("t", ["long", "short"])
TABLE = pa.table({"id": list("abcd"), "text": ["so long a text", "no", "bad one", "so"], "stars": [1, None, 3, 4]})


def lf(function, **settings):
    return ws.labeling_function(votes=["long", "short"], name="lf", vectorised=True, **settings)(function)


def by_length(text):
    return pc.if_else(pc.greater(pc.utf8_length(text), 10), "long", None)


def apply(one, **settings):
    return ws.apply([one], TABLE, task=TASK, max_fault_rate=1, **settings)


@pytest.mark.parametrize(
    "answer",
    [
        by_length,
        lambda text: by_length(text).to_pylist(),
        lambda text: tuple(by_length(text).to_pylist()),
        lambda text: np.array(by_length(text).to_pylist(), object),
        lambda text: by_length(text).to_pandas().astype(object).where(lambda one: one.notna(), None),
        lambda text: pa.chunked_array([by_length(text)]),
        lambda text: by_length(text).dictionary_encode(),
    ],
)
def test_answers_may_be_arrays_or_lists(answer):
    def function(text):
        assert isinstance(text, pa.Array)
        return answer(text)

    votes = apply(lf(function))
    assert not votes.faults
    assert votes.to_array()[:, 0].tolist() == [0, -1, -1, -1]


def test_single_records_explain_and_plain_calls_work():
    one = lf(by_length)
    assert one("a text that is long") == "long"
    assert one(text="short") is None
    assert one(pa.array(["short"])).to_pylist() == [None]
    assert explain(one, "a text that is long", TASK)[0].vote == "long"


def test_it_reads_columns_preprocessors_and_defaults():
    @ws.preprocessor
    def size(text):
        return 1 / 0 if text == "no" else len(text)

    def function(size, stars, missing="long"):
        assert isinstance(size, pa.Array)
        assert len(size) == len(stars) == 3
        return ["short" if one < 5 else missing for one in size.to_pylist()]

    suite = ws.Suite(TASK, (lf(function),), (size,))
    votes = ws.apply(suite, TABLE, max_fault_rate=1)
    assert votes.to_array()[:, 0].tolist() == [0, -1, 0, 1]
    assert [(fault.id, fault.error) for fault in votes.faults] == [("b", "ZeroDivisionError: division by zero")]


def test_only_the_records_that_make_it_fail_are_faults():
    def function(text):
        if pc.any(pc.match_substring(text, "bad")).as_py():
            raise RuntimeError("bad")
        return by_length(text)

    votes = apply(lf(function))
    assert [(fault.id, fault.error) for fault in votes.faults] == [("c", "RuntimeError: bad")]
    assert votes.to_array()[:, 0].tolist() == [0, -1, -1, -1]


def test_a_record_on_which_it_hangs_is_a_fault():
    def function(text):
        while "no" in text.to_pylist():
            pass
        return by_length(text)

    assert [fault.id for fault in apply(lf(function), time_limit=0.1).faults] == ["b"]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (["long"], "ValueError: returned 1 answers for 4 records; expected one each"),
        ("long", "TypeError: returned str; expected an array or a list"),
        (None, "TypeError: returned NoneType; expected an array"),
        (["long", None, "other", None], "returned 'other'; it declares long, short."),
        ([[], None, None, None], "returned []; it declares"),
        (np.array([0, 1, 2, 3]), "returned 0; it declares long, short. Return None to abstain."),
    ],
)
def test_what_is_no_answer_is_a_clear_fault(said, error):
    assert apply(lf(lambda text: said)).faults[0].error.startswith(error)


def test_it_cannot_read_a_document():
    with pytest.raises(LabelingFunctionError, match="hold no doc or record"):
        lf(lambda doc: [])


def test_being_vectorised_is_part_of_the_fingerprint():
    plain = ws.labeling_function(votes=["long", "short"], name="lf")(by_length)
    assert plain.fingerprint != lf(by_length).fingerprint


def test_a_record_that_kills_the_worker_is_a_fault(suites, corpus):
    file = suites / "demo" / "mood" / "heuristics.py"
    file.write_text(
        file.read_text()
        + """
@labeling_function(votes=Mood.BAD, vectorised=True)
def deadly(text):
    import os
    return [os._exit(1) if "17" in one else None for one in text.to_pylist()]
"""
    )
    votes = ws.apply(load_suite("demo.mood", suites), corpus, workers=2, shard_size=20, max_fault_rate=0.1)
    assert [(fault.lf, fault.id) for fault in votes.faults] == [("deadly", "r17")]
