"""The site builds, holds every public name, and its pages do what they show."""

import contextlib
import io
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

import wslabel as ws
from conftest import ROOT
from wslabel.cli import main

BLOCK = re.compile(r"```python\n(.*?)```(?:\s*```text\n(.*?)```)?", re.DOTALL)
PAGES = ["docs/index.md", "docs/choose_a_label_model.md", "docs/coming_from.md"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_prints_what_it_shows(page):
    if "coming_from" in page:
        pytest.importorskip("snorkel", reason="snorkel is not installed")
        pytest.importorskip("skweak", reason="skweak is not installed")
    scope = {"__name__": "page"}
    found = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert found
    for code, shown in found:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, scope)
        assert printed.getvalue() == shown


def test_the_commands_of_the_start_page_run(tmp_path, monkeypatch):
    for folder in ("labeling_functions", "data_samples", "pipelines"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    wslabel (.*)$", text, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        done = CliRunner().invoke(main, shlex.split(command))
        assert done.exit_code == 0, (command, done.output)
    assert (tmp_path / "runs/finance_sentiment/report.html").exists()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("mkdocs", reason="mkdocs-material is not installed")
    pytest.importorskip("mkdocstrings", reason="mkdocstrings is not installed")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_public_name_and_command_stands_in_the_reference(site):
    pages = "".join(path.read_text(encoding="utf-8") for path in (site / "reference").glob("*.html"))
    assert not [name for name in ws.__all__ if name != "__version__" and f'id="wslabel.{name}"' not in pages]
    assert not [name for name in main.commands if f">wslabel {name}<" not in pages]


def test_every_page_of_docs_is_on_the_site_and_links_lead_there(site):
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for path in (ROOT / "docs").glob("*.md"):
        assert f": {path.name}\n" in menu
        assert (site / path.with_suffix(".html").name).exists()
    start = (site / "index.html").read_text(encoding="utf-8")
    assert 'href="labeling_functions/index.html"' in start
    assert 'href="coming_from.html"' in start


def test_the_page_of_suites_leads_to_each(site):
    page = (site / "suites.html").read_text(encoding="utf-8")
    for name in ws.find_suites(ROOT / "labeling_functions"):
        assert f'href="labeling_functions/{name.replace(".", "/")}/index.html"' in page


def test_pages_load_nothing_from_elsewhere(site):
    text = (site / "index.html").read_text(encoding="utf-8")
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?://(?!(?:www\.)?w3\.org)', text)
