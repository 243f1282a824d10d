import pytest

from wslabel import Label, Task
from wslabel.core.fingerprint import fingerprint
from wslabel.errors import TaskError, suggest


class Sentiment(Label):
    NEGATIVE = "negative", "bad news"
    POSITIVE = "positive"


def test_label_is_its_name_with_a_meaning():
    assert Sentiment.NEGATIVE == "negative"
    assert str(Sentiment.NEGATIVE) == "negative"
    assert Sentiment.NEGATIVE.meaning == "bad news"
    assert {"negative": 1}[Sentiment.NEGATIVE] == 1


def test_task_from_enum_keeps_order_and_meanings():
    task = Task("demo.sentiment", Sentiment)
    assert task.labels == ("negative", "positive")
    assert task.meanings == ("bad news", "")
    assert task.index(Sentiment.POSITIVE) == task.index("positive") == 1


def test_index_of_an_unknown_label_suggests():
    with pytest.raises(TaskError, match="no label 'positiv'. Did you mean \"positive\""):
        Task("demo.sentiment", Sentiment).index("positiv")


@pytest.mark.parametrize(
    ("labels", "kind", "message"),
    [
        (["only"], "single", "needs at least 2"),
        ([], "spans", "needs at least 1"),
        (["a", "a"], "single", "repeats a label"),
        (["a", ""], "single", "non-empty string"),
        (["a", 3], "single", "non-empty string"),
        (["a", "b"], "singel", "unknown kind"),
    ],
)
def test_task_refuses(labels, kind, message):
    with pytest.raises(TaskError, match=message):
        Task("demo.task", labels, kind=kind)


def test_an_enum_of_one_member_is_refused():
    class Lonely(Label):
        ONLY = "only"

    with pytest.raises(TaskError, match=r"demo.task has 1 label.*needs at least 2"):
        Task("demo.task", Lonely)


def test_spans_may_have_one_label():
    assert Task("demo.spans", ["aspect"], kind="spans").cardinality == 1


@pytest.mark.parametrize("balance", [[0.5, 0.6], [1.0, 0.0], [0.5], {"a": 1.0}, [float("nan"), 1.0]])
def test_class_balance_must_be_shares(balance):
    with pytest.raises(TaskError, match="class balance"):
        Task("demo.task", ["a", "b"], class_balance=balance)


def test_suggest_names_the_choices():
    assert suggest("xyz", ["b", "a"]) == "Choices: a, b."
    assert suggest("xyz", []) == "There is nothing to choose from."


def test_fingerprints_are_stable_across_processes():
    assert fingerprint("a", 1, b"x", {"k": [1, 2]}) == "a4cc454d07fba5be1d39e4ff5c67dd25"
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
