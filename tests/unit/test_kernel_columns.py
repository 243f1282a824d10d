import numpy as np
import pyarrow as pa
import pytest

from wslabel.applying import Kernel, apply
from wslabel.authoring import Task, keywords, labeling_function, preprocessor
from wslabel.errors import LabelingFunctionError
from wslabel.suites import Suite, as_suite

PHRASES = ["red", "green", "blue"]


@pytest.mark.parametrize("length", [1, 7, 8, 16, 40])
@pytest.mark.parametrize("mixed", [False, True])
def test_votes_are_the_same_whether_the_columns_are_made_at_once_or_one_by_one(length, mixed):
    lfs = [keywords(word, votes="ab"[row % 2], any_of=[word]) for row, word in enumerate(PHRASES)]
    if mixed:
        lfs.append(labeling_function(votes="a", name="never")(lambda text: None))
    texts = [["red", "green blue", None, "nothing"][row % 4] for row in range(length)]
    ids = [str(row) for row in range(length)]
    kernel = Kernel(as_suite(lfs))
    for _ in range(2):
        voted = kernel.vote(pa.RecordBatch.from_pydict({"id": ids, "text": pa.array(texts, pa.string())}))
        voted.validate(full=True)
        assert voted.schema.names == ["id", *PHRASES, *(["never"] if mixed else []), "__faults__"]
        assert voted["id"].to_pylist() == ids
        assert voted["__faults__"].null_count == length
        for row, word in enumerate(PHRASES):
            expected = [row % 2 if word in (text or "") else -1 for text in texts]
            assert voted[word].to_pylist() == expected
            assert voted[word].type == pa.int8()
            assert np.asarray(voted[word]).tolist() == expected


@preprocessor
def lowered(text):
    return text.lower()


@labeling_function(votes="a")
def reads_lowered(lowered):
    return "a" if "x" in lowered else None


@labeling_function(votes="a")
def reads_doc(doc):
    return "a" if len(doc) else None


@labeling_function(votes="a")
def reads_record(record):
    return "a" if record.text else None


@pytest.mark.parametrize(
    ("lf", "column", "what"),
    [
        (reads_lowered, "lowered", "the preprocessor lowered"),
        (reads_doc, "doc", "spaCy's document"),
        (reads_record, "record", "the whole record"),
    ],
)
def test_a_name_that_means_two_things_is_refused(lf, column, what):
    suite = Suite(Task("demo.names", ["a", "b"]), (lf,), (lowered,))
    with pytest.raises(LabelingFunctionError, match="means two things") as raised:
        apply(suite, [{"text": "x", column: "X"}])
    assert what in str(raised.value)
    assert lf.name in str(raised.value)
    others = [name for name in ("lowered", "doc", "record") if name != column]
    assert apply(suite, [{"text": "x", others[0]: "X", others[1]: "X"}]).n == 1
