"""A call that does not end becomes a fault, and the work goes on."""

import re
import signal
import threading
import time

import pyarrow as pa
import pytest

import wslabel as ws
from wslabel.applying import Kernel
from wslabel.applying.calls import Failure, call_each
from wslabel.applying.limits import WATCH
from wslabel.applying.matching import FusedMatchers
from wslabel.authoring.matchers import Matcher
from wslabel.errors import VotesError
from wslabel.suites import load_suite

EVIL = r"(a+)+b"
ATTACK = "a" * 40
TASK = ws.Task("t", ["yes", "no"])
TEXTS = ["one", "hang", "three"]


def lf(what, name="lf"):
    @ws.labeling_function(votes=["yes", "no"], name=name)
    def function(text):
        return what(text)

    return function


def table(texts):
    return pa.table({"id": [f"r{row}" for row in range(len(texts))], "text": texts})


def apply(lfs, texts, **settings):
    return ws.apply(lfs, table(texts), task=TASK, max_fault_rate=1, **{"time_limit": 0.2, **settings})


def hang(text):
    while text == "hang":
        pass
    return "yes"


def test_a_loop_without_end_is_a_fault_of_its_record():
    other = lf(lambda text: "no", "other")
    votes = apply([lf(hang), other], TEXTS)
    assert votes.to_array().tolist() == [[0, 1], [-1, 1], [0, 1]]
    (fault,) = votes.faults
    assert (fault.lf, fault.id) == ("lf", "r1")
    assert fault.error.startswith("TimeLimitReached: still running after 0.2 s")
    assert "while text" in fault.traceback or "pass" in fault.traceback
    assert "limits.py" not in fault.traceback


def test_except_exception_does_not_help_a_function_that_hangs():
    def stubborn(text):
        try:
            return hang(text)
        except Exception:
            return "no"

    assert [fault.id for fault in apply([lf(stubborn)], TEXTS).faults] == ["r1"]


def test_a_function_that_catches_everything_does_not_get_away_with_it():
    def deaf(text):
        try:
            return hang(text)
        except:  # noqa: E722
            return "no"

    votes = apply([lf(deaf)], TEXTS)
    assert votes.to_array().tolist() == [[0], [-1], [0]]
    assert "it caught that" in votes.faults[0].error


def test_a_slow_function_and_many_fast_calls_are_no_faults():
    begin = time.monotonic()

    def slow(text):
        time.sleep(0.001)
        return "yes"

    votes = apply([lf(slow)], ["x"] * 400)
    assert time.monotonic() - begin > 0.4
    assert not votes.faults


def test_a_catastrophic_pattern_in_a_function_and_in_a_preprocessor():
    @ws.preprocessor
    def found(text):
        return re.search(EVIL, text)

    @ws.labeling_function(votes="yes")
    def asks(found):
        return "yes" if found else None

    suite = ws.Suite(TASK, (asks, lf(lambda text: "yes" if re.search(EVIL, text) else None)), (found,))
    votes = ws.apply(suite, table(["aab", ATTACK, "b"]), max_fault_rate=1, time_limit=0.2)
    assert votes.to_array().tolist() == [[0, 0], [-1, -1], [-1, -1]]
    assert [(fault.lf, fault.id) for fault in votes.faults] == [("asks", "r1"), ("lf", "r1")]


@pytest.mark.parametrize("worth_compiling", [0, 10**15])
def test_a_catastrophic_matcher(worth_compiling, monkeypatch):
    monkeypatch.setattr(FusedMatchers.__init__, "__defaults__", (worth_compiling,))
    lfs = [ws.regex("evil", votes="yes", pattern=EVIL), ws.keywords("tame", votes="no", any_of=["b"])]
    lfs.append(lf(lambda text: "no", "plain"))
    votes = apply(lfs, [ATTACK + "b c", ATTACK + "! ab", "b"])
    assert votes.to_array().tolist() == [[0, -1, 1], [-1, -1, 1], [-1, 1, 1]]
    assert [(fault.lf, fault.id) for fault in votes.faults] == [("evil", "r1")]


def test_matchers_asked_alone_raise_rather_than_say_no():
    fused = FusedMatchers([Matcher("patterns", any_of=(EVIL,))])
    with WATCH.armed(0.2), pytest.raises(RuntimeError, match="TimeLimitReached"):
        fused.matches(pa.array([ATTACK]))


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_go_on_behind_a_function_that_hangs(suites, corpus, workers):
    file = suites / "demo" / "mood" / "heuristics.py"
    code = file.read_text().replace("return text.lower()", "\n    while '17' in text: pass\n    return text.lower()")
    whole = ws.apply(load_suite("demo.mood", suites), corpus)
    file.write_text(code)
    settings = {"workers": workers, "shard_size": 10, "max_fault_rate": 0.1, "time_limit": 0.3}
    votes = ws.apply(load_suite("demo.mood", suites), corpus, **settings)
    assert [(fault.lf, fault.id) for fault in votes.faults] == [("is_glad", "r17")]
    others = [row for row in range(60) if row != 17]
    assert (votes.to_array()[others] == whole.to_array()[others]).all()
    assert (votes.to_array()[17, 1:] == whole.to_array()[17, 1:]).all()


def test_records_that_hung_are_tried_again(tmp_path):
    votes = apply([lf(hang)], TEXTS, out=tmp_path / "votes")
    assert len(votes.faults) == 1
    calls = []
    again = apply(
        [lf(hang)], TEXTS, out=tmp_path / "votes", time_limit=0.4, progress=lambda records, _: calls.append(records)
    )
    assert "after 0.4 s" in again.faults[0].error


def test_the_signal_and_its_timer_are_given_back():
    rings = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: rings.append(number))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        apply([lf(hang)], TEXTS, time_limit=0.1)
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
        begin = time.monotonic()
        while not rings and time.monotonic() - begin < 5:
            time.sleep(0.01)
        assert rings == [signal.SIGALRM]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_other_threads_vote_without_a_limit():
    votes = []
    thread = threading.Thread(target=lambda: votes.append(apply([lf(lambda text: "yes")], TEXTS)))
    thread.start()
    thread.join()
    assert votes[0].to_array().tolist() == [[0], [0], [0]]


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf"), "5", True])
def test_a_limit_is_a_number_of_seconds(wrong):
    with pytest.raises(VotesError, match="expected seconds, or 0 for no limit"):
        apply([lf(hang)], ["one"], time_limit=wrong)


@pytest.mark.parametrize("none", [None, 0])
def test_there_may_be_no_limit(none):
    assert not apply([lf(lambda text: time.sleep(0.3))], ["one"], time_limit=none).faults


def test_whatever_is_raised_is_a_failure_of_its_row():
    class Odd(BaseException):
        def __str__(self):
            raise ValueError

    def function(value):
        if value == 1:
            raise StopIteration
        if value == 3:
            raise Odd
        return value

    answers = call_each(function, [0, 1, 2, 3, 4, 1])
    assert [one if type(one) is int else one.error.partition(":")[0] for one in answers] == [
        0,
        "StopIteration",
        2,
        "Odd",
        4,
        "StopIteration",
    ]
    assert type(call_each(function, [1])[0]) is Failure
    with pytest.raises(KeyboardInterrupt):
        call_each(lambda value: (_ for _ in ()).throw(KeyboardInterrupt), [1])


def test_columns_that_are_left_out_do_not_move_the_others():
    @ws.labeling_function(votes=["yes", "no"])
    def middle(text, missing="no", there="no"):
        return missing if text == "one" else there

    @ws.labeling_function(votes=["yes", "no"])
    def named(*, text, missing="no"):
        return missing

    suite = ws.Suite(TASK, (middle, named))
    batch = pa.record_batch({"id": ["a", "b"], "text": ["one", "two"], "there": ["yes", "yes"]})
    voted = Kernel(suite).vote(batch)
    assert voted["middle"].to_pylist() == [1, 0]
    assert voted["named"].to_pylist() == [1, 1]
