import numpy as np
import pyarrow as pa
import pytest

from wslabel.applying import Kernel
from wslabel.authoring import keywords, labeling_function
from wslabel.suites import as_suite

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
