import json

import pandas as pd
import pytest

from wslabel import Issue, Issues, Label, Labels, Records, ReviewQueue, VoteMatrix, read_records
from wslabel.core.fingerprint import fingerprint
from wslabel.errors import PluginError, ReviewError
from wslabel.review import DecisionLog, ReviewItem


class Spam(Label):
    HAM = "ham"
    SPAM = "spam"


NAMES = ["ham", "spam"]
IDS = ["a", "b", "c", "d"]
RECORDS = read_records([{"id": id, "text": f"text of {id}"} for id in [*IDS, "unlabeled"]])
LABELS = Labels(IDS, [[0.6, 0.4], [0.1, 0.9], [0.5, 0.5], [1, 0]], NAMES)
VOTES = VoteMatrix.from_array([[0, 1], [1, -1], [0, 1], [-1, -1]], NAMES, IDS, ["long", "link"])
ISSUES = Issues(
    [
        Issue("c", "tie", 0.0, "ham", "ham", ("link",)),
        Issue("c", "conflict", 0.5, "ham", "spam", ("link",)),
        Issue("b", "label_error", 0.2, "spam", "ham", ("long",)),
        Issue("a", "conflict", 0.2, "ham", "spam"),
    ]
)


@pytest.fixture
def queue(tmp_path):
    return ReviewQueue(ISSUES, RECORDS, LABELS, votes=VOTES, log=tmp_path / "review.db")


def ids(items):
    return [item.id for item in items]


def test_one_item_a_record_worst_first(queue):
    assert ids(queue) == ids(queue.items()) == ["c", "a", "b"]
    assert len(queue) == 3
    assert queue.item("c") == ReviewItem(
        "c", "text of c", "ham", 0.5, {"ham": 0.5, "spam": 0.5}, ISSUES.issues[:1] + ISSUES.issues[3:], VOTES_OF_C
    )
    assert queue.item("b").votes == {"long": "spam"}
    assert (queue.item("c").score, queue.item("c").kinds) == (0.0, ("tie", "conflict"))
    assert (queue.item("c").suggested, queue.item("b").suggested) == ("spam", "ham")
    assert queue.item("a").suggested == "spam"


VOTES_OF_C = {"long": "ham", "link": "spam"}


def test_the_budget_keeps_the_worst(tmp_path):
    cut = [ids(ReviewQueue(ISSUES, RECORDS, LABELS, log=tmp_path / "l.db", budget=n)) for n in (0, 1, 2, 9)]
    assert cut == [[], ["c"], ["c", "a"], ["c", "a", "b"]]
    with pytest.raises(ReviewError, match="budget of a queue is a number of records >= 0, or None; got -1"):
        ReviewQueue(ISSUES, RECORDS, LABELS, budget=-1)


def test_an_unknown_strategy_is_named_with_the_choices():
    with pytest.raises(PluginError, match=r'no queue strategy \'worst_frist\'. Did you mean "worst_first"'):
        ReviewQueue(ISSUES, RECORDS, LABELS, strategy="worst_frist")


def reading(monkeypatch, kind=Records):
    read = []
    batches = kind.batches

    def counted(self, quarantine=None, size=10):
        for batch in batches(self, quarantine, size):
            read.append(batch.num_rows)
            yield batch

    monkeypatch.setattr(kind, "batches", counted)
    return read


MANY = [{"id": f"{i}", "text": f"t{i}"} for i in range(50)]
OF_MANY = Labels([f"{i}" for i in range(50)], [[1, 0]] * 50, NAMES)
TWO_OF_MANY = Issues([Issue(i, "conflict", 0.1, "ham", "spam") for i in ("15", "3")])


def test_only_the_records_that_are_looked_at_are_read(tmp_path, monkeypatch):
    read = reading(monkeypatch)
    queue = ReviewQueue(TWO_OF_MANY, read_records(MANY), OF_MANY, log=tmp_path / "l.db")
    assert read == []
    assert [item.text for item in queue.upcoming(count=1)] == ["t15"]
    assert read == [1]
    assert [item.text for item in queue] == ["t15", "t3"]
    assert read == [1, 2]


def test_files_are_read_once_and_then_mapped(tmp_path, monkeypatch):
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(json.dumps({"id": str(99 - n), "text": f"t{99 - n}"}) + "\n" for n in range(100)))
    queue = ReviewQueue(TWO_OF_MANY, path, OF_MANY, log=tmp_path / "l.db")
    assert [item.text for item in queue] == ["t15", "t3"]
    path.unlink()
    assert queue.item("3").text == "t3"
    assert [item.id for item in queue.upcoming(count=9, where={"text": "T1"})] == ["15"]


def test_a_dataframe_serves_as_records(tmp_path):
    frame = pd.DataFrame({"id": IDS, "text": ["t"] * 4})
    assert ReviewQueue(ISSUES, frame, LABELS, log=tmp_path / "l.db").item("a").text == "t"


def test_parts_that_do_not_fit_are_refused(tmp_path):
    log = tmp_path / "l.db"
    with pytest.raises(ReviewError, match="The labels do not cover the issues: there is no record 'c' among these 2"):
        ReviewQueue(ISSUES, RECORDS, Labels(["a", "b"], [[1, 0]] * 2, NAMES), log=log)
    with pytest.raises(ReviewError, match=r"corpus in memory: the record 'b', which has an issue, is not in it"):
        ReviewQueue(ISSUES, [{"id": i, "text": "t"} for i in "ac"], LABELS, log=log)
    with pytest.raises(ReviewError, match="The votes do not cover the issues"):
        ReviewQueue(ISSUES, RECORDS, LABELS, votes=VoteMatrix.from_array([[0]], NAMES), log=log)
    with pytest.raises(ReviewError, match=r"votes have the labels \['x', 'y'\], the labels \['ham', 'spam'\]"):
        ReviewQueue(ISSUES, RECORDS, LABELS, votes=VoteMatrix.from_array([[0]] * 4, ["x", "y"], ids=IDS), log=log)
    assert not log.exists()


def test_a_decision_is_logged_with_what_was_seen_and_replaced(queue):
    first = queue.decide("a", Spam.SPAM, reviewer="ada", note="a link", seconds=2.5)
    assert (first.label, type(first.label)) == ("spam", str)
    assert (first.reviewer, first.note, first.seconds, first.replaces) == ("ada", "a link", 2.5, "ham")
    assert first.text_hash == fingerprint("text of a")
    assert first.time
    assert queue.decide("a", "ham", reviewer="ada").replaces == "spam"
    assert queue.undo("ada").replaces == "ham"
    assert queue.decide("a", "spam", reviewer="bob").replaces == "ham"
    assert DecisionLog(queue.log.path).all() == queue.log.all()
    assert [(one.reviewer, one.label) for one in queue.decisions()] == [("ada", "spam"), ("bob", "spam")]


def test_labels_and_rejections_settle_a_record_and_nothing_else(queue):
    assert ids(queue.pending()) == ["c", "a", "b"]
    queue.skip("c")
    queue.unsure("a")
    assert ids(queue.pending()) == ["c", "a", "b"]
    queue.decide("c", "ham", reviewer="ada")
    queue.reject("a", reviewer="bob")
    assert ids(queue.pending()) == ["b"]
    assert ids(queue.pending("ada")) == ["a", "b"]
    assert ids(queue.pending("bob")) == ["c", "b"]
    assert ids(queue.pending("eve")) == ["c", "a", "b"]
    queue.skip("c", reviewer="ada")
    assert ids(queue.pending()) == ["c", "b"]


def test_undo_takes_back_the_reviewers_last_decision_again_and_again(queue):
    queue.decide("a", "ham")
    queue.decide("b", "ham")
    queue.decide("c", "ham", reviewer="ada")
    queue.decide("a", "spam")
    assert queue.undo().id == "a"
    assert [(one.id, one.label) for one in queue.decisions()] == [("a", "ham"), ("b", "ham"), ("c", "ham")]
    assert [queue.undo().id for _ in range(2)] == ["b", "a"]
    assert [one.reviewer for one in queue.decisions()] == ["ada"]
    with pytest.raises(ReviewError, match="reviewer has no decision in this queue to take back"):
        queue.undo()
    assert len(queue.log) == 7


def test_a_new_queue_on_the_same_log_continues(queue):
    queue.decide("c", "ham")
    other = ReviewQueue(ISSUES, RECORDS, LABELS, log=queue.log)
    assert ids(other.pending()) == ["a", "b"]
    smaller = ReviewQueue(Issues(ISSUES.issues[1:2]), RECORDS, LABELS, log=queue.log.path)
    assert ids(smaller) == ["a"]
    assert [one.id for one in smaller.decisions()] == ["c"]
    with pytest.raises(ReviewError, match="no decision in this queue"):
        smaller.undo()


def test_mistakes_are_named_and_nothing_is_logged(queue):
    with pytest.raises(ReviewError, match=r"Record a: 'spamm' is not a label of this task. Did you mean \"spam\""):
        queue.decide("a", "spamm")
    with pytest.raises(ReviewError, match="The queue: there is no record 'd' among these 3"):
        queue.decide("d", "spam")
    with pytest.raises(ReviewError, match="no record 7"):
        queue.reject(7)
    with pytest.raises(ReviewError, match="None is not a label"):
        queue.decide("a", None)
    with pytest.raises(ReviewError, match="needs the name of its reviewer"):
        queue.decide("a", "spam", reviewer="")
    assert not queue.log.path.exists()


def test_looking_at_a_queue_makes_no_log(queue):
    queue.pending(), queue.show(static=True), queue.decisions(), queue.to_pandas(), repr(queue)
    assert not queue.log.path.exists()


def test_to_pandas_holds_the_standing_decisions(queue):
    queue.decide("c", "spam", reviewer="ada")
    queue.reject("c", reviewer="bob")
    frame = queue.to_pandas()
    assert list(frame["id"]) == ["c", "a", "b"]
    assert list(frame["decision"]) == ["spam reject", "", ""]
    assert list(frame["kind"]) == ["tie conflict", "conflict", "label_error"]
    assert list(frame["score"]) == [0.0, 0.2, 0.2]
    assert list(frame["suggested"]) == ["spam", "spam", "ham"]


def test_repr_counts(queue):
    queue.decide("c", "spam")
    assert "3 records, 1 decided" in repr(queue)


def test_a_decision_on_another_text_is_told(queue):
    queue.decide("a", "ham")
    queue.decide("b", "ham")
    queue.skip("c")
    assert queue.changed() == []
    records = [{"id": id, "text": f"text of {id}{'!' * (id != 'b')}"} for id in IDS]
    later = ReviewQueue(ISSUES, records, LABELS, log=queue.log)
    assert [one.id for one in later.changed()] == ["a"]
    said = later.session().answer({"do": "open"})["said"]
    assert said.startswith("1 decided records have another text than when they were decided: a.")
    assert queue.session().answer({"do": "open"})["said"] == ""
