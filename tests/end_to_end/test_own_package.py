"""A suite in a package of its own is found once pip has installed it."""

import os
import re
import subprocess
import sys

import pytest

from conftest import ROOT


def test_the_package_of_the_page_installs_and_its_suite_votes(tmp_path):
    pytest.importorskip("hatchling", reason="hatchling is not installed")
    page = (ROOT / "docs" / "own_package.md").read_text(encoding="utf-8")
    project, site = tmp_path / "retail-suites", tmp_path / "site"
    place = dict(os.environ, PYTHONPATH=os.pathsep.join([str(site), str(ROOT / "src")]))

    def run(*command):
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=tmp_path, env=place, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    new = re.search(r"`wslabel (new .*?)`", page)[1]
    run("wslabel", *new.split())
    (project / "pyproject.toml").write_text(re.search(r"```toml\n(.*?)```", page, re.DOTALL)[1], encoding="utf-8")
    assert "retail.returns" not in run("wslabel", "list", "suites")
    run("pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", str(site), str(project))
    assert (site / "retail_suites" / "retail" / "returns" / "rules.toml").exists()
    assert "retail.returns" in run("wslabel", "list", "suites")
    assert "refund" in run("wslabel", "try", "retail.returns", "--text", "Is it new?")
