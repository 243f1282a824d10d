from pathlib import Path

import pytest

from conftest import ROOT
from wslabel import find_suites
from wslabel.errors import PipelineError
from wslabel.pipeline import load_pipeline

GOOD = 'suite = "demo.mood"\n[records]\npaths = ["corpus.jsonl"]\n'


def load(tmp_path, text):
    file = tmp_path / "p.toml"
    file.write_text(text)
    return load_pipeline(file)


def test_paths_are_relative_to_the_file(tmp_path, suites):
    pipeline = load(tmp_path, 'output = "out"\n' + GOOD)
    assert pipeline.records.paths == [str(tmp_path / "corpus.jsonl")]
    assert pipeline.output == str(tmp_path / "out")
    assert pipeline.suites == str(suites)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('suit = "x"\n' + GOOD, r"p.toml: unknown key 'suit'. Did you mean \"suite\""),
        (GOOD + "gould = 'x'\n", r"unknown key 'records.gould'. Did you mean \"gold\""),
        (GOOD + "[label_model]\nnmae = 'x'\n", r"unknown key 'label_model.nmae'. Did you mean \"name\""),
        (
            GOOD + "[export]\nmin_confidence = 2\n",
            "export.min_confidence is 2: input should be less than or equal to 1",
        ),
        (GOOD + "[end_model]\nfolds = 1\n", "end_model.folds is 1"),
        (GOOD + "[apply]\nworkers = 'many'\n", "apply.workers"),
        ('suite = "x"\n', "the key 'records' is missing"),
        ('suite = "x"\n[records]\npaths = []\n', "records.paths"),
        ("suite =", "not valid TOML"),
    ],
)
def test_mistakes_name_file_key_and_choices(tmp_path, text, message):
    with pytest.raises(PipelineError, match=message):
        load(tmp_path, text)


def test_a_missing_file(tmp_path):
    with pytest.raises(PipelineError, match="cannot be read"):
        load_pipeline(tmp_path / "none.toml")


@pytest.mark.parametrize("path", sorted((ROOT / "pipelines").glob("*.toml")), ids=lambda path: path.stem)
def test_the_pipelines_that_come_along_name_what_is_there(path):
    pipeline = load_pipeline(path)
    assert path.stem == pipeline.suite.replace(".", "_")
    assert pipeline.suite in find_suites(ROOT / "labeling_functions")
    assert all(Path(one).exists() for one in pipeline.records.paths)


def test_every_suite_has_a_pipeline():
    stems = {path.stem for path in (ROOT / "pipelines").glob("*.toml")}
    assert {name.replace(".", "_") for name in find_suites(ROOT / "labeling_functions")} == stems
