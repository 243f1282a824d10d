"""A profile tells which function takes how long, whoever ran it."""

import json
import time

import pytest
from click.testing import CliRunner

import wslabel as ws
from wslabel.applying import Profile
from wslabel.cli import main
from wslabel.suites import load_suite


@pytest.mark.parametrize("workers", [1, 2])
def test_a_profile_has_a_row_for_each_function_and_one_for_all_rules(suites, corpus, workers):
    made = []
    ws.apply(load_suite("demo.mood", suites), corpus, workers=workers, shard_size=10, profile=made.append)
    (profile,) = made
    names = {(row.kind, row.name): row.records for row in profile.rows}
    assert names == {("matchers", "text"): 60, ("preprocessor", "lowered"): 60, ("labeling function", "is_glad"): 60}
    assert sum(row.share for row in profile.rows) == pytest.approx(1)
    assert [row.seconds for row in profile.rows] == sorted((row.seconds for row in profile.rows), reverse=True)


def test_the_slow_function_comes_first(corpus):
    @ws.labeling_function(votes="yes")
    def slow(text):
        time.sleep(0.001)

    @ws.labeling_function(votes="no")
    def fast(text):
        return None

    made = []
    ws.apply([fast, slow], corpus, profile=made.append)
    first = made[0].rows[0]
    assert (first.name, first.records) == ("slow", 60)
    assert 0.06 <= first.seconds < 6
    assert first.microseconds >= 1000
    assert str(made[0]).splitlines()[1].startswith("slow (labeling function)")


def test_only_what_votes_takes_time(suites, corpus, tmp_path):
    made = []
    for _ in range(2):
        ws.apply(load_suite("demo.mood", suites), corpus, out=tmp_path / "votes", profile=made.append)
    assert made[0].rows
    assert made[1] == Profile(())


def test_the_command_shows_it_also_when_the_votes_are_fresh(suites, corpus, tmp_path):
    command = ["apply", "demo.mood", str(corpus), "-o", str(tmp_path / "run"), "--suites", str(suites), "--profile"]
    shown = CliRunner().invoke(main, command)
    assert shown.exit_code == 0, shown.output
    assert "µs a record" in shown.stdout
    told = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)
    assert {row["name"] for row in told["profile"]} == {"text", "lowered", "is_glad"}
