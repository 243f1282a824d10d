import json
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from wslabel.applying.matching import cache, index
from wslabel.applying.matching.index import PhraseIndex

PHRASES = [f"term {number}" for number in range(cache.FEWEST)]
TEXTS = pa.array(["a term 7, TERM 9999 and term 10000"])
SPANS = [(2, 8, 7), (10, 19, 9999)]
ASK = """
import pyarrow as pa
from wslabel.applying.matching import cache
from wslabel.applying.matching.index import PhraseIndex
found = PhraseIndex([f"term {number}" for number in range(cache.FEWEST)]).spans(pa.array(["term 7"]))
assert found["phrase"].to_pylist() == [7]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("WSLABEL_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def check():
    found = PhraseIndex(PHRASES).spans(TEXTS).to_pylist()
    assert [(one["start"], one["end"], one["phrase"]) for one in found] == SPANS


def forbid(monkeypatch):
    def made(*_):
        raise AssertionError("the table was made again")

    monkeypatch.setattr(index, "_arrays", made)


def test_the_second_start_maps_what_the_first_has_made(folder, monkeypatch):
    check()
    assert [one.name for one in (folder / "phrases").glob(".new-*")] == []
    forbid(monkeypatch)
    check()


def test_another_list_has_another_table(folder):
    check()
    assert PhraseIndex([*PHRASES, "a"]).occurs(pa.array(["a", "b"])).tolist() == [True, False]
    assert len(list((folder / "phrases").iterdir())) == 2


@pytest.mark.parametrize("harm", ["flip", "cut", "missing", "manifest", "other"])
def test_a_damaged_table_is_made_again(folder, monkeypatch, harm):
    check()
    [table] = (folder / "phrases").iterdir()
    keys = table / "table.npy"
    if harm == "flip":
        content = bytearray(keys.read_bytes())
        content[-1] ^= 255
        keys.write_bytes(content)
    elif harm == "cut":
        keys.write_bytes(keys.read_bytes()[:1000])
    elif harm == "missing":
        keys.unlink()
    elif harm == "manifest":
        (table / cache.MANIFEST).write_text(json.dumps([1]))
    else:
        np.save(keys, np.zeros(3, np.float32))
    check()
    forbid(monkeypatch)
    check()


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WSLABEL_CACHE", str(tmp_path / "file"))
    check()


def test_two_processes_may_start_at_once(folder):
    some = [subprocess.Popen([sys.executable, "-c", ASK]) for _ in range(2)]
    assert [one.wait() for one in some] == [0, 0]
    assert len(list((folder / "phrases").iterdir())) == 1
