"""What the documents show is what happens."""

import re
import subprocess
import sys

import pytest

from conftest import ROOT
from wslabel.cli import main


def blocks(path, language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / path).read_text(encoding="utf-8"), re.DOTALL)


def test_the_readme_example_prints_what_the_readme_shows(tmp_path):
    script = tmp_path / "example.py"
    script.write_text(blocks("README.md", "python")[0], encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout == blocks("README.md", "text")[0]


def test_the_rules_of_the_guide_pass_check(tmp_path):
    import shutil

    from wslabel.applying.checking import check_suite
    from wslabel.suites.discovery import suite_info

    for folder in ("labeling_functions", "data_samples"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    suite = tmp_path / "labeling_functions" / "finance" / "sentiment"
    guide = "labeling_functions/README.md"
    (suite / "rules.toml").write_text((suite / "rules.toml").read_text() + blocks(guide, "toml")[0])
    function = blocks(guide, "python")[0].replace("profit_rose", "profit_rose_by_the_guide")
    (suite / "guide.py").write_text(
        "from wslabel.authoring import labeling_function\nfrom .task import Sentiment\n" + function
    )
    check = check_suite(suite_info("finance.sentiment", tmp_path / "labeling_functions"))
    failing = [finding for finding in check.findings if finding.fails and finding.kind != "golden"]
    assert not failing
    assert {"wins_award", "profit_rose_by_the_guide"} <= set(check.suite.lf_names)


@pytest.mark.parametrize(("language", "name"), [("toml", "rules.toml"), ("csv", "rules.csv")])
def test_the_rules_of_the_page_on_rules_pass_check(suites, language, name):
    from wslabel.applying.checking import check_suite
    from wslabel.suites.discovery import suite_info

    task = suites / "demo" / "mood"
    (block,) = blocks("docs/rules.md", language)
    (task / "rules.toml").unlink()
    (task / name).write_text(block, encoding="utf-8")
    labels = '    GOOD = "good"\n    ILL = "ill"\n    HEART = "heart"\n    FAILURE = "failure"\n'
    (task / "task.py").write_text((task / "task.py").read_text().replace('    GOOD = "good"\n', labels))
    check = check_suite(suite_info("demo.mood", suites))
    assert "chest_pain" in check.suite.lf_names
    assert not [finding.message for finding in check.findings if finding.fails]


def test_the_python_of_the_page_on_rules_runs_and_its_columns_are_all():
    from wslabel.suites.rules import COLUMNS

    made = {}
    exec(blocks("docs/rules.md", "python")[0], made)
    assert made["chest_pain"]("Since noon, an ache in the chest and a pain") == "heart"
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    first = " ".join(re.findall(r"^\| (`.*?) \|", page, re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", first)) == set(COLUMNS)


@pytest.mark.parametrize("page", ["docs/splits.md", "docs/privacy.md"])
def test_the_python_of_a_page_runs(page):
    exec(blocks(page, "python")[0], {})


def test_the_recognisers_of_the_page_on_privacy_are_recognisers(tmp_path):
    from wslabel.redacting import Redaction, load_recognisers

    own = next(block for block in blocks("docs/privacy.md", "toml") if "[[recogniser]]" in block)
    (tmp_path / "own.toml").write_text(own)
    (tmp_path / "wards.txt").write_text("Ward 7\n")
    made = Redaction(load_recognisers([], [tmp_path / "own.toml"])).apply("contract CT-123456, Ward 7")
    assert made.text == "contract [CONTRACT], [WARD]"


def test_the_settings_of_the_page_on_splits_are_settings():
    import tomllib

    from wslabel.pipeline.config import make_section
    from wslabel.pipeline.splitting import make_plan

    (block,) = blocks("docs/splits.md", "toml")
    assert make_plan(make_section(tomllib.loads(block)["export"]["splits"], "docs"), 0).groups == ["patient"]


def test_the_page_on_conversations(tmp_path, monkeypatch):
    import json
    import shutil

    from wslabel import load_template

    (block,) = blocks("docs/conversations.md", "toml")
    (tmp_path / "complaints.toml").write_text(block, encoding="utf-8")
    assert load_template(tmp_path / "complaints.toml").checks.limits == ("o200k_base", 65_536)
    for folder in ("labeling_functions", "data_samples", "pipelines"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    exec(blocks("docs/conversations.md", "python")[0], {})
    (shown,) = blocks("docs/conversations.md", "json")
    assert json.loads(shown) in map(json.loads, (tmp_path / "runs" / "talks" / "openai_chat.jsonl").open())


DOCUMENTS = [
    "docs/conversations.md",
    "docs/formats.md",
    "docs/label_studio.md",
    "README.md",
    "labeling_functions/README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").glob("*.md"))),
]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_documented_commands_exist(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    for name in re.findall(r"`wslabel ([a-z]+)|^ +wslabel ([a-z]+)", text, re.MULTILINE):
        assert (name[0] or name[1]) in main.commands


@pytest.mark.parametrize("path", [*DOCUMENTS, "ARCHITECTURE.md"])
def test_links_lead_somewhere(path):
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / path).read_text(encoding="utf-8")):
        assert ((ROOT / path).parent / link).exists(), link


def test_architecture_names_what_is_there():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = [path.name for path in (ROOT / "src" / "wslabel").iterdir() if (path / "__init__.py").exists()]
    assert len(packages) >= 12
    for name in packages:
        assert f"`{name}`" in text, name


def test_the_guide_to_fast_functions_does_what_it_says():
    from wslabel.applying.regexes import slowest

    scope = {}
    for block in blocks("docs/fast_labeling_functions.md", "python"):
        exec(block, scope)
    assert scope["cheers"](scope["words"]("Hurrah for it")) == "positive"
    assert (scope["one_star"](1), scope["one_star"](3)) == ("negative", None)
    text = (ROOT / "docs" / "fast_labeling_functions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^  \| `(.+)` \| `(.+)` \|$", text, re.MULTILINE)
    assert len(rows) == 3
    assert slowest(rows[0][0])
    assert all(slowest(better) is None for _, better in rows)


def test_the_guide_to_better_labels_runs():
    import wslabel as ws

    texts = [f"profit {'rose' if i % 2 else 'fell'} in week {i}" for i in range(40)]
    records = [{"id": f"r{i}", "text": text} for i, text in enumerate(texts)]
    said = [[i % 2 if i % 3 else -1, i % 2 if i % 4 else 1] for i in range(40)]
    names = ["negative", "positive"]
    given = {"ws": ws, "records": records, "votes": ws.VoteMatrix.from_array(said, names, [r["id"] for r in records])}
    for block in blocks("docs/label_quality.md", "python"):
        exec(block, given)
    assert (given["labels"].source == "gold").sum() == 2
    votes, labels, gold, model = (given[name] for name in ("votes", "labels", "gold", "model"))
    calls = re.findall(r"`(ws\.\w+\([^`]*\))`", (ROOT / "docs/label_quality.md").read_text(encoding="utf-8"))
    for call in calls:
        assert (
            eval(call, {"ws": ws, "id": "r3", "votes": votes, "labels": labels, "gold": gold, "model": model})
            is not None
        )
    assert len(calls) == 5


def test_the_examples_of_the_page_on_spans_run():
    scope: dict = {}
    first, second, third = blocks("docs/spans.md", "python")
    exec(first, scope)
    found = [(one.start, one.end, one.label) for some in scope["labels"].by_id().values() for one in some]
    assert found == [(0, 7, "Drug"), (16, 20, "Effect"), (0, 9, "Drug"), (18, 24, "Effect")]
    exec(second, scope)
    assert scope["labels"].n == 2
    exec(third, scope)
    assert scope["final"].source.tolist() == ["human", "model"]
