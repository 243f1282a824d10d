"""The loop closes: decisions are gold of the next run, and the runs are compared."""

import json

from click.testing import CliRunner
from test_cli import PIPELINE, pipeline  # noqa: F401

from wslabel.cli import main
from wslabel.pipeline import Run


def wslabel(*args):
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_decisions_are_gold_of_the_next_run_and_the_runs_are_compared(pipeline):  # noqa: F811
    wslabel("run", pipeline)
    assert "no reviewed record tells" in wslabel("diff", "run", "run")
    assert "was reviewed yet" in wslabel("blame", "run")
    first = Run("run")
    queue = first.queue()
    items = queue.items()[:12]
    for item in items:
        other = next(label for label in queue.labels if label != item.given)
        queue.decide(item.id, other, reviewer="ana")
    told = json.loads(wslabel("blame", "run", "--json"))
    voted = {lf for item in items for lf, vote in item.votes.items() if vote == item.given}
    assert {row["lf"] for row in told if row["overturned"]} == voted
    assert (items[0].id in wslabel("blame", "run", "--records", 20)) == bool(items[0].votes)

    second = pipeline.with_name("second.toml")
    second.write_text(PIPELINE.replace('"run"', '"second"') + '[gold]\ndecisions = ["run"]\n')
    wslabel("run", second)
    labels = Run("second").labels()
    decided = dict(zip(labels.ids, zip(labels.hard(), labels.source)))
    assert all(decided[item.id] == (next(x for x in queue.labels if x != item.given), "gold") for item in items)
    difference = json.loads(wslabel("diff", "run", "second", "--json"))
    assert difference["moved"] >= 12
    assert difference["reviewed"] == 0  # the second run was told
    assert "have another label" in wslabel("diff", "run", "second")


def test_an_edited_labeling_function_is_named(pipeline, suites):  # noqa: F811
    wslabel("run", pipeline)
    lexicon = suites / "demo" / "mood" / "lexicons" / "sad.txt"
    lexicon.write_text("gloomy\n")
    second = pipeline.with_name("second.toml")
    second.write_text(PIPELINE.replace('"run"', '"second"'))
    wslabel("run", second)
    told = json.loads(wslabel("diff", "run", "second", "--json"))
    assert [one["lf"].endswith("is_sad") for one in told["lfs"]] == [True]
    assert "is_sad" in wslabel("diff", "run", "second")
