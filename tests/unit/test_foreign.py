import pandas as pd
import pytest

import wslabel as ws
from wslabel.errors import LabelingFunctionError, SuiteError

snorkel = pytest.importorskip("snorkel.labeling", reason="snorkel is not installed")
skweak = pytest.importorskip("skweak.base", reason="skweak is not installed")
from snorkel.preprocess import preprocessor  # noqa: E402

HAM, SPAM, ABSTAIN = 0, 1, -1
FRAME = pd.DataFrame(
    {"text": ["Check my CHANNEL", "nice song", "a b c d e f", "free"], "likes": [0, 12, 3, 0], "gold": ["spam"] * 4}
)
TASK = ws.Task("demo.spam", ["ham", "spam"])


@preprocessor(memoize=True)
def lowered(x):
    x.low = x.text.lower()
    return x


@snorkel.labeling_function(pre=[lowered], resources={"words": ["channel", "free"]})
def begs(x, words):
    """Begging is spam."""
    return SPAM if any(word in x.low for word in words) else ABSTAIN


@snorkel.labeling_function()
def liked(x):
    return HAM if x.likes > 5 else ABSTAIN


@snorkel.labeling_function()
def peeks(x):
    return SPAM if hasattr(x, "gold") else ABSTAIN


@snorkel.labeling_function()
def wild(x):
    return 7 if x.likes == 12 else ABSTAIN


class Short(skweak.TextAnnotator):
    def get_label(self, doc):
        return "ham" if len(doc) < 3 else None


def test_snorkel_functions_vote_as_snorkels_own_applier():
    from snorkel.labeling import PandasLFApplier

    votes = ws.apply([begs, liked], FRAME, task=TASK)
    assert votes.to_array().tolist() == PandasLFApplier([begs, liked]).apply(FRAME, progress_bar=False).tolist()
    assert votes.lf_names == ("begs", "liked")


def test_they_never_see_gold():
    votes = ws.apply([peeks], ws.read_records(FRAME, gold="gold"), task=TASK)
    assert not votes.covered.any()


def test_skweak_annotators_and_own_functions_side_by_side():
    own = ws.keywords("says_free", votes="spam", any_of=["free"])
    votes = ws.apply([Short("short"), own, begs], FRAME, task=TASK)
    assert votes.to_array().tolist() == [[-1, -1, 1], [0, -1, -1], [-1, -1, -1], [0, 1, 1]]


def test_a_vote_outside_the_task_is_a_fault():
    votes = ws.apply([wild], FRAME, task=TASK)
    assert votes.faults[0].error == "ValueError: voted 7; expected -1 (abstain) or 0..1"


def test_in_a_suite_they_are_named_and_placed():
    class Spam(ws.Label):
        HAM = "ham"
        SPAM = "spam"

    lf = ws.from_snorkel(begs, Spam)
    assert (lf.name, lf.votes, lf.doc, lf.place.file) == ("begs", ("ham", "spam"), "Begging is spam.", __file__)
    assert ws.apply([lf, ws.from_skweak(Short("short"), Spam)], FRAME).labels == ("ham", "spam")


def test_their_code_and_resources_are_in_the_fingerprint():
    def make(words, limit):
        def f(x, words):
            return SPAM if len(x.text) > limit else ABSTAIN

        made = snorkel.LabelingFunction("f", f, resources={"words": words}, pre=[lowered])
        return ws.from_snorkel(made, TASK.labels).fingerprint

    assert make(["a"], 3) == make(["a"], 3)
    assert len({make(["a"], 3), make(["b"], 3), make(["a"], 4)}) == 3


def test_what_cannot_be_is_told():
    with pytest.raises(SuiteError, match="The labels of begs are not told. Pass task="):
        ws.apply([begs], FRAME)
    with pytest.raises(LabelingFunctionError, match="no Snorkel labeling function"):
        ws.from_snorkel(len, TASK.labels)
    with pytest.raises(LabelingFunctionError, match="no skweak TextAnnotator"):
        ws.from_skweak(begs, TASK.labels)
