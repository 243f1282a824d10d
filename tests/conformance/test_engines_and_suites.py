import os
import shutil
from importlib.util import find_spec

import pyarrow as pa
import pytest

from conftest import ROOT
from wslabel.applying import Kernel
from wslabel.applying.checking import check_suite as check_the_suite
from wslabel.applying.checking import lf_table
from wslabel.applying.engines import engine_names, load_engine
from wslabel.suites import find_suites, load_suite
from wslabel.testing import check_engine, check_suite


@pytest.mark.parametrize("name", engine_names())
def test_engine_gives_what_the_kernel_gives(name, suites):
    if name == "spark" and not (find_spec("pyspark") and (shutil.which("java") or "JAVA_HOME" in os.environ)):
        pytest.skip("pyspark or Java is not installed")
    shards = [
        pa.RecordBatch.from_pydict(
            {"id": [f"{i}-{j}" for j in range(5)], "text": [f"so glad {i}", "sad", "!!!", "", "İ"]}
        )
        for i in range(6)
    ]
    check_engine(load_engine(name), Kernel(load_suite("demo.mood", suites)), shards)


@pytest.mark.parametrize("name", list(find_suites(ROOT / "labeling_functions")))
def test_suite_conforms(name):
    check_suite(find_suites(ROOT / "labeling_functions")[name])


@pytest.mark.parametrize("name", list(find_suites(ROOT / "labeling_functions")))
def test_the_readme_of_a_suite_shows_its_labeling_functions(name):
    checked = check_the_suite(find_suites(ROOT / "labeling_functions")[name])
    assert lf_table(checked.suite, checked.votes) in (checked.info.folder / "README.md").read_text(encoding="utf-8")
