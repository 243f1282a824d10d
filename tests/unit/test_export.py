from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wslabel.core.labels import Labels
from wslabel.core.records import Records, read_records
from wslabel.errors import ExportError, PluginError
from wslabel.exporting import ExportContext, ExportFormat, ExportRow, Problem, export, validate_file
from wslabel.exporting import registry as registry_module
from wslabel.exporting.result import ExportResult
from wslabel.exporting.splits import SplitPlan, split
from wslabel.exporting.spool import Spool

NAMES = ["x", "y"]


def corpus(ids: Iterable[str] = "abcdefg") -> Records:
    return read_records([{"id": i, "text": f"text {i}", "n": k} for k, i in enumerate(ids)])


def labels() -> Labels:
    """One of each: sure, unsure, uncovered, human unsure, gold uncovered, sure (in another order than the corpus)."""
    probs = [[0.9, 0.1], [0.6, 0.4], [0.5, 0.5], [0.55, 0.45], [0.2, 0.8], [0.05, 0.95]]
    covered = [True, True, False, True, False, True]
    return Labels("fbcdea", probs, NAMES, covered, ["model", "model", "model", "human", "gold", "model"])


def ids(path: Path) -> list[str]:
    return pq.read_table(path)["id"].to_pylist()


def test_every_record_is_exported_or_counted_with_a_reason(tmp_path: Path) -> None:
    result = export(labels(), corpus(), tmp_path, "parquet", min_confidence=0.8)
    assert ids(result.paths["parquet"]) == ["a", "d", "e", "f"]
    assert result.left_out == {"uncovered": 1, "below min_confidence": 1, "no label": 1}
    assert (result.read, result.exported) == (7, 4)
    assert result.by_label == {"x": 2, "y": 2}
    assert result.by_source == {"model": 2, "human": 1, "gold": 1}
    assert result.counts["left out: no label"] == 1
    assert "4 of 7 records" in str(result)


def test_uncovered_records_are_exported_when_asked_for(tmp_path: Path) -> None:
    result = export(labels(), corpus(), tmp_path, "parquet", include_uncovered=True)
    assert ids(result.paths["parquet"]) == ["a", "b", "c", "d", "e", "f"]
    found = pq.read_table(result.paths["parquet"]).to_pylist()[0]
    assert found == {"id": "a", "text": "text a", "label": "y", "confidence": 0.95, "source": "model"} | {
        "covered": True,
        "weight": 1.0,
        "p_x": 0.05,
        "p_y": 0.95,
        "n": 0,
    }
    unsure = export(labels(), corpus(), tmp_path, "parquet", include_uncovered=True, min_confidence=0.55)
    assert unsure.left_out == {"uncovered": 0, "below min_confidence": 1, "no label": 1}


def test_an_uncovered_record_is_told_or_refused(tmp_path: Path) -> None:
    result = export(labels(), corpus(), tmp_path, ["jsonl", "csv"], include_uncovered=True)
    found = {row["id"]: row["covered"] for row in map(json.loads, result.paths["jsonl"].read_text().splitlines())}
    assert [record for record, covered in found.items() if not covered] == ["c"]
    with pytest.raises(ExportError, match="1 of 6 are such, the first is c") as error:
        export(labels(), corpus(), tmp_path / "chat", include_uncovered=True)
    assert "jsonl" in str(error.value)
    assert not (tmp_path / "chat").exists()


def test_a_format_for_another_kind_of_task_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="conll carries tasks of the kind spans; these labels are of the kind single"):
        export(labels(), corpus(), tmp_path, ["csv", "conll"])
    assert list(tmp_path.iterdir()) == []


def test_formats_with_several_files_get_a_folder(tmp_path: Path) -> None:
    result = export(labels(), corpus(), tmp_path, ["alpaca", "sharegpt", "huggingface", "label_studio"])
    assert result.paths["alpaca"] == tmp_path / "alpaca" / "alpaca.json"
    stanza = json.loads((tmp_path / "alpaca" / "dataset_info.json").read_text())
    assert stanza["alpaca"]["file_name"] == "alpaca.json"
    listed = json.loads((tmp_path / "export.json").read_text())["files"]
    assert {"alpaca/dataset_info.json", "sharegpt/sharegpt.json", "huggingface/README.md", "label_studio.xml"} <= set(
        listed
    )
    card = (tmp_path / "huggingface" / "README.md").read_text()
    assert card.startswith("---\n")
    assert card.endswith((tmp_path / "README.md").read_text().partition("\n---\n\n")[2])


def test_the_confidence_filter_includes_its_bound(tmp_path: Path) -> None:
    assert "f" in ids(export(labels(), corpus(), tmp_path, "parquet", min_confidence=0.9).paths["parquet"])
    with pytest.raises(ExportError, match=r"probability in 0\.\.1; got 1.5"):
        export(labels(), corpus(), tmp_path, min_confidence=1.5)


def test_the_corpus_is_read_once_for_any_number_of_formats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passes = []
    real = Records.batches
    monkeypatch.setattr(Records, "batches", lambda self, **more: passes.append(1) or real(self, **more))
    result = export(labels(), corpus(), tmp_path, ["csv", "parquet", "openai_chat"])
    assert len(passes) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [
            "README.md",
            "croissant.json",
            "export.json",
            "provenance.parquet",
            *[path.name for path in result.paths.values()],
        ]
    )


def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(labels(), corpus(), tmp_path / name, ["csv", "parquet", "openai_chat"], card={"LFs": [{"lf": "a"}]})
    first, second = [{p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two")]
    assert first == second
    assert len(first) == 7


def test_a_label_without_its_record_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="2 of 6 labels have no record, the first is 'f'"):
        export(labels(), corpus("abcd"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_malformed_rows_are_counted_beside_the_records(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    lines = [json.dumps({"id": i, "text": f"text {i}"}) for i in "abcdefg"]
    path.write_text("\n".join([*lines, "{broken"]))
    result = export(labels(), read_records(path, max_quarantine_rate=0.5), tmp_path / "out")
    assert (result.read, result.malformed) == (7, 1)
    assert "malformed rows, set aside when read | 1" in result.card.read_text()


def test_when_nothing_passes_the_reasons_are_given(tmp_path: Path) -> None:
    model = Labels("ab", [[0.6, 0.4], [0.5, 0.5]], NAMES, [True, False])
    with pytest.raises(
        ExportError, match=r"None of 3 .* 1 uncovered, 1 below min_confidence, 1 no label.*is 0.9 .*below it is 0.600"
    ):
        export(model, corpus("abc"), tmp_path / "out", min_confidence=0.9)
    assert not (tmp_path / "out").exists()


def test_unknown_formats_and_options_are_named(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match='Did you mean "parquet"'):
        export(labels(), corpus(), tmp_path, "parqet")
    with pytest.raises(PluginError, match="csv, openai_chat: there is no option 'meaning'"):
        export(labels(), corpus(), tmp_path, ["csv", "openai_chat"], options={"meaning": {}})
    for wrong in ([], ["csv", "csv"]):
        with pytest.raises(ExportError, match="each once"):
            export(labels(), corpus(), tmp_path, wrong)
    result = export(labels(), corpus(), tmp_path, ["csv", "openai_chat"], options={"meanings": {"x": "the first"}})
    assert "- x: the first" in result.paths["openai_chat"].read_text()


def test_own_files_are_replaced_and_listed(tmp_path: Path) -> None:
    export(labels(), corpus(), tmp_path, ["csv", "openai_chat"])
    result = export(labels(), corpus(), tmp_path, "csv", min_confidence=0.8)
    files = json.loads((tmp_path / "export.json").read_text())["files"]
    assert {name: entry["records"] for name, entry in files.items()} == {
        "csv.csv": 4,
        "openai_chat.jsonl": 5,
        "README.md": 4,
        "croissant.json": 4,
        "provenance.parquet": 6,
    }
    assert len(result.paths["csv"].read_text().splitlines()) == 5


@pytest.mark.parametrize("name", ["csv.csv", "README.md", "export.json"])
def test_a_file_of_somebody_else_is_not_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(ExportError, match=f"{name} is there already, and no export of wslabel wrote it"):
        export(labels(), corpus(), tmp_path, "csv")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"
    export(labels(), corpus(), tmp_path, "csv", overwrite=True)
    assert (tmp_path / name).read_text() != "mine"


def test_a_file_changed_since_is_not_replaced(tmp_path: Path) -> None:
    result = export(labels(), corpus(), tmp_path, "csv")
    result.card.write_text("edited")
    with pytest.raises(ExportError, match=r"README.md is there already, and it was changed since wslabel wrote it"):
        export(labels(), corpus(), tmp_path, "csv", min_confidence=0.8)
    assert result.card.read_text() == "edited"


def test_an_export_killed_before_its_manifest_can_be_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(labels(), corpus(), tmp_path, "csv", min_confidence=0.8)
    moved: list[Any] = []
    real = os.replace

    def killed(source: Any, target: Any) -> None:
        if len(moved) == 1:
            raise KeyboardInterrupt
        moved.append(target)
        real(source, target)

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        export(labels(), corpus(), tmp_path, "csv")
    monkeypatch.undo()
    assert export(labels(), corpus(), tmp_path, "csv").exported == 5
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ExportError, match="the export cannot be written: .*write permission"):
            export(labels(), corpus(), out)
    (tmp_path / "out" / "csv.csv").mkdir(parents=True)
    with pytest.raises(ExportError, match="cannot be written|is there already"):
        export(labels(), corpus(), tmp_path / "out", "csv", overwrite=True)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wslabel.exporting.formats.csv.Csv.write", full)
    with pytest.raises(ExportError, match="No space left on device"):
        export(labels(), corpus(), tmp_path / "out", "csv")
    assert not (tmp_path / "out").exists()


class Lossy(ExportFormat):
    """A format that loses its last record, or says that its second line is wrong."""

    extension = "txt"
    loses = True

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        written = [row.id for row in rows]
        path.write_text("\n".join(written))
        return len(written) - self.loses

    def validate(self, path: Path, context: ExportContext) -> list[Problem]:
        return [] if self.loses else [Problem(2, "a bad line", "b"), Problem(3, "another")]


class Broken(Lossy):
    """A format whose file does not validate."""

    loses = False


def test_a_file_that_fails_validation_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = registry_module.load_plugin
    own = {"lossy": Lossy, "broken": Broken}
    monkeypatch.setattr(registry_module, "load_plugin", lambda *given: own.get(given[2]) or real(*given))
    with pytest.raises(ExportError, match=r"lossy.txt, 4 records were written; expected 5"):
        export(labels(), corpus(), tmp_path / "out", "lossy")
    with pytest.raises(ExportError, match=r"broken.txt, line 2: a bad line \(record b\) \(1 more problems\)"):
        export(labels(), corpus(), tmp_path / "out", ["csv", "broken"])
    assert not (tmp_path / "out").exists()


def test_few_examples_are_a_warning_in_result_and_card(tmp_path: Path) -> None:
    result = export(labels(), corpus(), tmp_path)
    assert result.warnings == ("openai_chat.jsonl: 5 examples; OpenAI accepts a training file from 10 examples on",)
    assert "5 examples" in result.card.read_text()


def test_the_card_says_what_how_and_what_not(tmp_path: Path) -> None:
    more = {
        "Label model": {"name": "majority", "seed": 7},
        "Labeling functions": [{"lf": "a|b", "accuracy": 0.51234}, {"lf": "<i>", "votes": None}],
        "Notes": "Written for a test.",
    }
    text = export(labels(), corpus(), tmp_path, "csv", min_confidence=0.8, card=more).card.read_text()
    for part in (
        "4 of 7 records",
        "| csv.csv | 4 |",
        "| x | 2 | 50.0 % |",
        "| human | 1 |",
        "confidence of at least 0.8",
        "| lowest | 0.550 |",
        "| below min_confidence | 1 |",
        "| name | majority |",
        "| a\\|b | 0.5123 |  |",
        "| \\<i> |  |  |",
        "Written for a test.",
    ):
        assert part in text


def test_a_corpus_may_change_its_columns_on_the_way(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(json.dumps({"id": "a", "text": "t", "n": 1, "late": None}) + "\n")
    (tmp_path / "two.jsonl").write_text(json.dumps({"id": "b", "text": "t", "n": 1.5, "late": "x", "new": True}) + "\n")
    model = Labels("ab", [[1, 0]] * 2, NAMES)
    result = export(model, read_records([tmp_path / "one.jsonl", tmp_path / "two.jsonl"]), tmp_path / "out", "parquet")
    rows = pq.read_table(result.paths["parquet"]).select(["n", "late", "new"]).to_pylist()
    assert rows == [{"n": 1.0, "late": None, "new": None}, {"n": 1.5, "late": "x", "new": True}]


def test_columns_whose_types_have_nothing_in_common_are_refused(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        for value in ([1], {"x": 1}):
            spool.add(pa.RecordBatch.from_pylist([{"id": "a", "text": "t", "n": value}]))
    with pytest.raises(ExportError, match="different parts of the corpus.*Make it of one type"):
        spool.schema  # noqa: B018


def test_a_corpus_of_many_batches_keeps_its_order(tmp_path: Path) -> None:
    n = 25_001
    order = [str(i) for i in range(n)]
    records = read_records([{"id": i, "text": i} for i in order])
    rng = np.random.default_rng(0)
    shuffled = rng.permutation(n)
    share = shuffled / n
    model = Labels([order[i] for i in shuffled], np.stack([share, 1 - share], 1), NAMES)
    found = pq.read_table(export(model, records, tmp_path, "parquet").paths["parquet"])
    assert found["id"].to_pylist() == order
    assert found["p_x"].to_pylist() == [i / n for i in range(n)]


def test_a_label_that_is_no_unicode_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="not valid Unicode"):
        export(Labels("ab", [[1, 0]] * 2, ["x", "\ud800"]), corpus("ab"), tmp_path)


def test_validating_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="nowhere.csv: cannot be read: No such file"):
        validate_file(tmp_path / "nowhere.csv", "csv")


def split_labels(n: int) -> tuple[Records, Labels]:
    rows = [{"id": f"r{i}", "text": f"text number {i} is {i * i}"} for i in range(n)]
    share = [[0.9, 0.1] if i % 2 else [0.2, 0.8] for i in range(n)]
    return read_records(rows), Labels([row["id"] for row in rows], share, NAMES)


def test_splits_are_files_of_their_own_and_what_is_in_none_is_counted(tmp_path: Path) -> None:
    records, given = split_labels(50)
    made = split(records, SplitPlan({"train": 0.6, "test": 0.4}, near_duplicates=None))
    made.codes[:3], made.reasons[:3] = -1, 1
    result = export(given, records, tmp_path, ["parquet", "csv"], splits=made)
    assert sorted(result.paths) == ["csv.test", "csv.train", "parquet.test", "parquet.train"]
    assert result.left_out["in the gap between two splits"] == 3
    assert result.exported == 47 == sum(result.by_split.values())
    train, test = ids(tmp_path / "parquet.train.parquet"), ids(tmp_path / "parquet.test.parquet")
    where = made.by_id()
    assert train == [record for record in where if where[record] == 0]
    assert test == [record for record in where if where[record] == 1]
    card = result.card.read_text()
    assert f"| train | {len(train)} |" in card
    assert f"| csv.test.csv | {len(test)} |" in card


def test_a_split_that_the_filters_empty_is_refused(tmp_path: Path) -> None:
    records, given = split_labels(50)
    made = split(records, SplitPlan({"train": 0.6, "test": 0.4}, near_duplicates=None))
    made.codes[made.codes == 1] = -1
    with pytest.raises(ExportError, match=r"None of the records of the split 'test'.*in no split"):
        export(given, records, tmp_path, "csv", splits=made)
    assert not any(tmp_path.iterdir())


def test_the_head_of_the_card_is_what_the_hub_reads(tmp_path: Path) -> None:
    hub = pytest.importorskip("huggingface_hub")
    records, given = split_labels(50)
    made = split(records, SplitPlan({"train": 0.6, "test": 0.4}, near_duplicates=None))
    result = export(given, records, tmp_path, ["csv", "parquet"], splits=made)
    facts = hub.DatasetCard.load(result.card).data.to_dict()
    assert facts["size_categories"] == ["n<1K"]
    (first, second) = facts["configs"]
    assert (first["config_name"], first["default"]) == ("parquet", True)
    assert second["data_files"] == [
        {"split": "train", "path": "csv.train.csv"},
        {"split": "test", "path": "csv.test.csv"},
    ]
    for config in (first, second):
        assert all((tmp_path / one["path"]).exists() for one in config["data_files"])


def test_every_label_has_its_place_or_its_reason(tmp_path: Path) -> None:
    result = export(labels(), corpus(), tmp_path, "csv", min_confidence=0.8)
    found = {row["id"]: row for row in pq.read_table(tmp_path / "provenance.parquet").to_pylist()}
    assert {record: row["row"] for record, row in found.items() if row["row"]} == {"a": 1, "d": 2, "e": 3, "f": 4}
    assert (found["b"]["reason"], found["c"]["reason"], found["a"]["reason"]) == (
        "below min_confidence",
        "uncovered",
        None,
    )
    assert result.exported == 4


def test_the_result_says_in_a_line_what_was_written() -> None:
    left = {"uncovered": 2, "no label": 0}
    result = ExportResult(Path("o"), {"csv": Path("o/csv.csv")}, Path("o/README.md"), 5, 3, left, 0, {}, {})
    assert repr(result) == ("ExportResult(3 of 5 records exported; left out: uncovered 2; o/csv.csv; o/README.md)")
