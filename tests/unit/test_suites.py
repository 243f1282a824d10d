import csv
import json

import pytest

from wslabel import Suite, Task, find_suites, keywords, labeling_function, load_suite
from wslabel.errors import LabelingFunctionError, SuiteError
from wslabel.suites import as_suite
from wslabel.suites.standing import standing


def edit(path, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_package_is_read_without_importing(suites):
    (suites / "demo" / "mood" / "heuristics.py").write_text("raise RuntimeError('imported')")
    info = find_suites(suites)["demo.mood"]
    assert (info.version, info.language, info.spacy, info.description) == (
        "1.2.0",
        "en",
        "blank:en",
        "The mood of a text",
    )
    assert info.sample == (suites.parent / "data_samples" / "demo" / "mood.jsonl")


def test_lfs_come_in_order_of_file_and_line(suites):
    suite = load_suite("demo.mood", suites)
    assert suite.lf_names == ("is_glad", "is_sad", "many_marks")
    assert suite.task.labels == ("bad", "good")
    assert suite.lf("demo.mood.is_sad")("gloomy") == "bad"
    assert suite.lf("many_marks").doc == "Shouting is bad."


def test_suites_are_found_at_or_above_the_working_directory(suites, monkeypatch):
    inside = suites.parent / "deep" / "er"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert "demo.mood" in find_suites()


def test_suites_are_found_by_environment_variable(suites, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.setenv("WSLABEL_SUITES", str(suites))
    assert list(find_suites()) == ["demo.mood"]


def test_an_edit_is_seen_at_once_although_size_and_time_are_equal(suites):
    before = load_suite("demo.mood", suites)
    edit(suites / "demo" / "mood" / "heuristics.py", '"glad", "happy"', '"glad", "merry"')
    after = load_suite("demo.mood", suites)
    assert before.lf("is_glad")("happy") == "good"
    assert after.lf("is_glad")("happy") is None
    assert before.fingerprint != after.fingerprint


def test_fingerprint_follows_word_lists_rules_and_preprocessors(suites):
    seen = {load_suite("demo.mood", suites).fingerprint}
    task = suites / "demo" / "mood"
    for path, before, after in [
        (task / "lexicons" / "sad.txt", "gloomy", "dreary"),
        (task / "rules.toml", "!{3,}", "!{4,}"),
        (task / "heuristics.py", "text.lower()", "text.casefold()"),
        (suites / "demo" / "package.toml", 'owners = ["tests"]', 'spacy = "blank:de"'),
    ]:
        edit(path, before, after)
        fingerprint = load_suite("demo.mood", suites).fingerprint
        assert fingerprint not in seen
        seen.add(fingerprint)
    edit(task / "heuristics.py", "Gladness is good.", "Gladness, we find, is good.")
    edit(task / "lexicons" / "sad.txt", "# seldom", "# rare")
    assert load_suite("demo.mood", suites).fingerprint in seen


def test_modules_of_a_suite_may_import_each_other_without_losing_lfs(suites):
    task = suites / "demo" / "mood"
    (task / "aaa.py").write_text("from .heuristics import is_glad, GLAD\n")
    assert load_suite("demo.mood", suites).lf_names == ("is_glad", "is_sad", "many_marks")


def test_suites_do_not_become_top_level_modules(suites):
    import sys

    load_suite("demo.mood", suites)
    assert not [name for name in sys.modules if name in ("demo", "task", "heuristics") or name.startswith("demo.")]


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        (
            "mood/heuristics.py",
            "def is_glad(lowered):",
            "def is_glad(lowered:",
            r"heuristics.py, line 1\d: .*not loaded",
        ),
        ("mood/heuristics.py", "GLAD = (", "GLAD = undefined + (", "does not import: NameError: name 'undefined'"),
        ("mood/heuristics.py", '"is_sad"', '"is_glad"', "'is_glad' stands twice: .*heuristics.py, line .* and "),
        ("mood/rules.toml", '"many_marks"', '"is_sad"', "'is_sad' stands twice: .*rules.toml, line 2"),
        ("mood/rules.toml", 'votes = "bad"', 'votes = "badd"', "votes 'badd', which is no label of demo.mood. Did you"),
        ("mood/rules.toml", 'kind = "regex"', 'kind = "regexp"', "kind is 'regexp'. Did you mean \"regex\""),
        ("mood/rules.toml", "pattern =", "patern =", "unknown key 'patern'.*Did you mean \"pattern\""),
        ("mood/rules.toml", "[[rule]]", "[[rules]]", r"rules begin with \[\[rule\]\]"),
        ("mood/rules.toml", "why =", "why", "not valid TOML"),
        ("mood/task.py", "task = Task", "tusk = Task", "defines no task"),
        ("mood/task.py", "demo.mood", "demo.moon", "the task is called 'demo.moon'"),
        ("mood/task.py", '    GOOD = "good"\n', "", "at least 2"),
        ("package.toml", 'name = "demo"', 'name = "other"', "expected 'demo', the name of its folder"),
        ("package.toml", "owners", "owner", "unknown key 'owner'. Did you mean \"owners\""),
        ("package.toml", "[tasks.mood]", "[tasks.moon]", "does not list the task 'mood'|no .*moon"),
        ("package.toml", "version =", "version", "not valid TOML"),
        ("mood/lexicons/sad.txt", "sad\ngloomy  # seldom\n", "", "the word list is empty"),
    ],
)
def test_broken_suites_name_the_file(suites, file, before, after, message):
    edit(suites / "demo" / file, before, after)
    with pytest.raises((SuiteError, LabelingFunctionError, Exception), match=message) as caught:
        load_suite("demo.mood", suites)
    assert type(caught.value).__module__ == "wslabel.errors"


def test_two_functions_of_one_name_in_one_file_are_not_lost(suites):
    file = suites / "demo" / "mood" / "heuristics.py"
    file.write_text(
        file.read_text() + file.read_text()[file.read_text().index("@labeling_function") :].split("is_sad")[0]
    )
    with pytest.raises(SuiteError, match="'is_glad' stands twice"):
        load_suite("demo.mood", suites)


def test_an_unknown_suite_suggests(suites):
    with pytest.raises(SuiteError, match="no suite 'demo.mod'.*Did you mean \"demo.mood\""):
        load_suite("demo.mod", suites)


def test_a_folder_without_package_toml_is_not_skipped(suites):
    (suites / "stray").mkdir()
    with pytest.raises(SuiteError, match=r"stray has no package.toml"):
        find_suites(suites)


def test_one_suite_in_two_places_is_an_error(suites, tmp_path, monkeypatch):
    import os
    import shutil

    shutil.copytree(suites, tmp_path / "copy")
    monkeypatch.setenv("WSLABEL_SUITES", os.pathsep.join([str(suites), str(tmp_path / "copy")]))
    with pytest.raises(SuiteError, match=r"demo.mood stands twice: .*labeling_functions.*copy"):
        find_suites()


def test_lfs_of_a_notebook_tell_their_task():
    happy = keywords("happy", votes="good", any_of=["happy"])
    sad = keywords("sad", votes="bad", any_of=["sad"])
    assert as_suite([happy, sad]).task.labels == ("good", "bad")
    assert as_suite([happy], Task("t", ["bad", "good"])).task.labels == ("bad", "good")
    with pytest.raises(SuiteError, match="do not tell the task"):
        as_suite([happy])
    with pytest.raises(SuiteError, match="no labeling function"):
        as_suite([])
    with pytest.raises(LabelingFunctionError, match="is no labeling function"):
        as_suite([happy, len])


def test_a_suite_refuses_votes_outside_its_task():
    @labeling_function(votes="maybe")
    def unsure(text):
        return "maybe"

    with pytest.raises(SuiteError, match="votes 'maybe', which is no label of t"):
        Suite(Task("t", ["yes", "no"]), (unsure,))


@pytest.mark.parametrize(
    ("gold", "votes", "expected"),
    [
        (["good", "bad"], ["good", "good"], (2, 2, 2, 1)),
        (["good", None], ["good", "bad"], (2, 2, 1, 1)),
        ([["late", "lost"], []], ["lost", "not late"], (2, 2, 2, 2)),
        ([["late"], []], ["not late", ""], (2, 1, 1, 0)),
        ([[{"start": 0, "end": 4, "label": "Part"}], []], ["Part 0:4, Part 6:9", ""], (2, 1, 2, 1)),
    ],
)
def test_golden_votes_are_held_against_the_gold_of_the_sample(suites, gold, votes, expected):
    info = find_suites(suites)["demo.mood"]
    info.sample.write_text(
        "".join(json.dumps({"id": f"m{i}", "text": "x", "gold": one}) + "\n" for i, one in enumerate(gold))
    )
    rows = [["id", "lf", "vote"], *([f"m{i}", "is_glad", vote] for i, vote in enumerate(votes) if vote)]
    with info.golden_votes.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    found = standing(info)
    assert (found.records, found.covered, found.votes, found.right) == expected
    assert found.coverage == expected[1] / 2
    info.golden_votes.unlink()
    assert standing(info) is None
