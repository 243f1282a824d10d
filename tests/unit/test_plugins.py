import shutil

import pytest

from wslabel import find_suites, label_model, load_suite
from wslabel.errors import PluginError
from wslabel.models import label_model_names
from wslabel.testing import check_label_model

MODEL = """
from dataclasses import dataclass
from typing import ClassVar
from wslabel.models.majority import Majority

@dataclass(frozen=True)
class Third(Majority):
    name: ClassVar[str] = "third_party"

MODEL = Third
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Return a function that installs a distribution with entry points, as pip would lay it out."""
    site = tmp_path / "site"

    def install(entry_points):
        meta = site / "third_party-1.0.dist-info"
        meta.mkdir(parents=True, exist_ok=True)
        (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: third-party\nVersion: 1.0\n")
        (meta / "entry_points.txt").write_text(entry_points)
        monkeypatch.syspath_prepend(str(site))
        return site

    return install


def test_a_label_model_of_another_package(installed):
    site = installed("[wslabel.models]\nthird_party = third_models:MODEL\n")
    (site / "third_models.py").write_text(MODEL)
    assert "third_party" in label_model_names()
    check_label_model(label_model("third_party", pseudo_votes=3.0))


def test_an_entry_point_may_not_take_a_built_in_name(installed):
    installed("[wslabel.models]\nmajority = third_models:MODEL\n")
    with pytest.raises(PluginError, match="wslabel.models:majority has the name of a built-in"):
        label_model("majority")


def test_suites_of_an_installed_package(installed, suites, tmp_path, monkeypatch):
    site = installed("[wslabel.suites]\nthird = third_suites\n")
    shutil.copytree(suites / "demo", site / "third_suites" / "demo")
    (tmp_path / "elsewhere").mkdir()
    shutil.move(suites, tmp_path / "elsewhere" / "away")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert list(find_suites()) == ["demo.mood"]
    assert load_suite("demo.mood").lf("is_sad")("gloomy") == "bad"


def test_an_entry_point_that_leads_nowhere_is_named(installed, tmp_path, monkeypatch):
    from wslabel.errors import SuiteError

    installed("[wslabel.suites]\nthird = no_such_package\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SuiteError, match="wslabel.suites:third names no_such_package, which is no folder"):
        find_suites()
