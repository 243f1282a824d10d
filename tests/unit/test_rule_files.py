"""Rules in CSV and XLSX files, and the way there and back."""

import csv
import datetime
import shutil
import sys

import pytest
from click.testing import CliRunner

from conftest import ROOT
from wslabel.applying.checking import check_suite
from wslabel.authoring import before, near
from wslabel.authoring.conditions import NEGATION_CUES
from wslabel.authoring.matchers import Matcher
from wslabel.cli import main
from wslabel.errors import LabelingFunctionError, SuiteError
from wslabel.suites import load_suite
from wslabel.suites.discovery import suite_info
from wslabel.suites.rule_files import read_rule_file, suite_rules, write_rule_file

openpyxl = pytest.importorskip("openpyxl")

ROW = {
    "name": "sad_twice",
    "votes": "bad",
    "any_of": "sad; gloomy ;tired\nweary",
    "none_of": '"; "; not sad',
    "at_least": "2",
    "near": "sad; gloomy NEAR/3 tired AND sad NEAR weary",
    "before": "sad BEFORE tired",
    "not_preceded_by": "yes",
    "scope": "2",
    "fires": "Sad, weary and tired.",
    "abstains": 'glad; "sad; weary"',
    "why": "Two signs; better than one.",
}
MATCHER = Matcher(
    "phrases",
    ("sad", "gloomy", "tired", "weary"),
    none_of=("; ", "not sad"),
    at_least=2,
    pairs=(near(["sad", "gloomy"], "tired", within=3), near("sad", "weary"), before("sad", "tired")),
    cues=NEGATION_CUES,
    scope=2,
)


def write(suites, suffix, *rows, delimiter=","):
    header = list(dict.fromkeys(name for row in rows for name in row))
    lines = [header, *([row.get(name, "") for name in header] for row in rows)]
    file = suites / "demo" / "mood" / f"rules{suffix}"
    if suffix == ".csv":
        with file.open("w", newline="", encoding="utf-8-sig") as out:
            csv.writer(out, delimiter=delimiter).writerows(lines)
    else:
        workbook = openpyxl.Workbook()
        workbook.active.title = "Sad ones"
        for line in lines:
            workbook.active.append([None if cell == "" else cell for cell in line])
        workbook.save(file)
    return file


def test_all_matches_are_found_where_the_sheet_says_so(suites):
    (suites / "demo" / "mood" / "moods.csv").write_text("alias\nblue\nblue mood\n")
    row = {"name": "b", "votes": "bad", "source": "moods.csv"}
    write(suites, ".csv", {**row, "matches": "all"})
    assert load_suite("demo.mood", suites).lf("b").spans("Blue mood") == [(0, 4), (0, 9)]
    write(suites, ".csv", {**row, "matches": "some"})
    with pytest.raises(LabelingFunctionError, match="matches is 'some'. Expected 'longest' or 'all'"):
        load_suite("demo.mood", suites)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_row_is_a_rule(suites, suffix):
    write(suites, suffix, ROW, {}, {"name": "dots", "votes": "bad", "pattern": r"\.{3}; \?{3}"})
    suite = load_suite("demo.mood", suites)
    assert suite.lf("sad_twice").matcher == MATCHER
    assert suite.lf("sad_twice").doc == ROW["why"]
    assert suite.lf("dots").matcher == Matcher("patterns", (r"\.{3}", r"\?{3}"))
    assert [case.record["text"] for case in suite.lf("sad_twice").abstains] == ["glad", "sad; weary"]
    assert suite.lf("dots").place.line == 4
    check = check_suite(suite_info("demo.mood", suites))
    assert [(one.lf, one.kind) for one in check.findings if one.fails] == []
    votes = suite.lf("sad_twice")("Sad, weary and tired"), suite.lf("sad_twice")("not sad, tired")
    assert votes == ("bad", None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_takes_the_delimiters_of_spreadsheets(suites, delimiter):
    write(suites, ".csv", ROW, delimiter=delimiter)
    assert load_suite("demo.mood", suites).lf("sad_twice").matcher == MATCHER


def test_numbers_and_truth_values_of_a_workbook(suites):
    row = {**ROW, "at_least": 2, "scope": 2.0, "not_preceded_by": True, "any_of": 2008, "ignore_case": False}
    write(suites, ".xlsx", {**row, "at_least": 1})
    matcher = load_suite("demo.mood", suites).lf("sad_twice").matcher
    assert (matcher.any_of, matcher.scope, matcher.cues) == (("2008",), 2, NEGATION_CUES)
    assert not matcher.ignore_case


def test_word_lists_and_gazetteers_stand_beside_the_sheet(suites):
    task = suites / "demo" / "mood"
    (task / "moods.csv").write_text("alias,type\ngrim,low\njolly,high\n")
    write(
        suites,
        ".csv",
        {"name": "a", "votes": "bad", "any_of": "file: lexicons/sad.txt", "near": "file: lexicons/sad.txt NEAR/2 day"},
        {"name": "b", "votes": "bad", "source": "moods.csv", "types": "low"},
    )
    suite = load_suite("demo.mood", suites)
    assert suite.lf("a").matcher.any_of == ("sad", "gloomy")
    assert suite.lf("a").matcher.pairs == (near(["sad", "gloomy"], "day", within=2),)
    assert suite.lf("b").matcher.any_of == ("grim",)
    assert not suite.lf("b").matcher.fold_accents


def test_accents_are_overlooked_where_the_sheet_says_so(suites):
    (suites / "demo" / "mood" / "moods.csv").write_text("alias\ntriste\n")
    row = {"name": "b", "votes": "bad", "source": "moods.csv"}
    write(suites, ".csv", {**row, "fold_accents": "yes"})
    assert load_suite("demo.mood", suites).lf("b").spans("trísté") == [(0, 6)]
    write(suites, ".csv", {**row, "fold_accents": "perhaps"})
    with pytest.raises(SuiteError, match="column fold_accents: 'perhaps' is neither yes nor no"):
        load_suite("demo.mood", suites)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"at_least": "two"}, "row 2, rule 'sad_twice', column at_least: 'two' is no whole number"),
        ({"at_least": "9"}, "LF sad_twice .*row 2.: at_least is 9, but any_of has 4 different entries"),
        ({"scope": "-1"}, "column scope: '-1' is no whole number"),
        ({"ignore_case": "perhaps"}, "column ignore_case: 'perhaps' is neither yes nor no"),
        ({"near": "sad tired"}, "column near: 'sad tired' is not understood. Expected, say, chest; thorax NEAR/3"),
        ({"near": "sad BEFORE tired"}, "column near: .* is not understood"),
        ({"near": "sad NEAR/2"}, "column near: .* is not understood"),
        ({"near": "NEAR/2 sad"}, "column near: .* is not understood"),
        ({"near": "a NEAR b NEAR c"}, "column near: .* is not understood"),
        ({"near": "a NEAR b AND"}, "column near: .* is not understood"),
        ({"before": "a AND b BEFORE c"}, "column before: .* is not understood"),
        ({"fires": "{not json}"}, "column fires: '{not json}' stands in braces but is no JSON object"),
        ({"kind": "regex"}, "row 2, rule 'sad_twice', column any_of: unknown key 'any_of' in a regex rule"),
        ({"kind": "words"}, "row 2, rule 'sad_twice', column kind: the rule's kind is 'words'"),
        ({"votes": ""}, "column votes: the keywords rule lacks 'votes'"),
        ({"votes": "badd"}, "votes 'badd', which is no label"),
        ({"anyof": "x"}, "row 1: unknown column 'anyof'. Did you mean \"any_of\""),
        ({" name ": "x"}, "row 1: the column name stands twice"),
        ({"any_of": "file: lexicons/none.txt"}, "none.txt: cannot be read"),
        ({"": "x"}, "row 2: 'x' stands below no column name"),
    ],
)
def test_errors_name_file_row_and_column(suites, suffix, changed, message):
    write(suites, suffix, {**ROW, **changed})
    sheet = "sheet 'Sad ones', " if suffix == ".xlsx" else ""
    with pytest.raises((SuiteError, LabelingFunctionError), match=message) as caught:
        load_suite("demo.mood", suites)
    if "row" in message:
        assert f"rules{suffix}, {sheet}row" in str(caught.value)


def test_a_wrong_pattern_names_its_column(suites):
    write(suites, ".csv", {"name": "x", "votes": "bad", "pattern": "a", "none_of": "(b"})
    with pytest.raises(SuiteError, match=r"rules.csv, row 2, rule 'x', column none_of: the pattern '\(b' is wrong"):
        load_suite("demo.mood", suites)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("=1+1", "sheet 'Sad ones', row 2, column C: '=1.1' is a formula or an error. Write it as text"),
        (datetime.datetime(2024, 1, 2), "row 2, column C: 2024-01-02 00:00:00 is a date or a time. Format the cell"),
    ],
)
def test_cells_that_a_spreadsheet_made_something_of(suites, value, message):
    write(suites, ".xlsx", {**ROW, "any_of": value})
    with pytest.raises(SuiteError, match=message):
        load_suite("demo.mood", suites)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("rules.xlsx", b"name,votes", "rules.xlsx: no workbook that can be read"),
        ("rules.csv", b"name,votes\n\xff", "rules.csv: not UTF-8 .byte 11."),
        ("rules.csv", b"", "rules.csv, row 1: there is no header"),
        ("rules.csv", b'name,votes\nx,bad\ny,"bad', "rules.csv, row 3: not a row of CSV"),
        ("rules.csv", b"name,votes\nx,bad,sad", "rules.csv, row 2: 'sad' stands below no column name"),
    ],
)
def test_files_that_are_no_sheets(suites, name, content, message):
    (suites / "demo" / "mood" / name).write_bytes(content)
    with pytest.raises(SuiteError, match=message):
        load_suite("demo.mood", suites)


def test_a_missing_library_is_named(suites, monkeypatch):
    write(suites, ".xlsx", ROW)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(SuiteError, match="pip install 'wslabel\\[excel\\]', or use .csv"):
        load_suite("demo.mood", suites)


DANGEROUS = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)"]


def dangerous(suites):
    rows = [{"name": f"r{n}", "votes": "bad", "any_of": f"'{text}"} for n, text in enumerate(DANGEROUS)]
    return read_rule_file(write(suites, ".csv", *rows))


def test_no_cell_of_a_csv_file_is_a_formula(suites, tmp_path):
    rules = dangerous(suites)
    assert [rule.values["any_of"] for rule in rules] == [[text] for text in DANGEROUS]
    write_rule_file(rules, tmp_path / "out.csv")
    cells = [cell for row in csv.reader((tmp_path / "out.csv").open(encoding="utf-8-sig")) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]
    assert [rule.values for rule in read_rule_file(tmp_path / "out.csv")] == [rule.values for rule in rules]


def test_no_cell_of_a_workbook_is_a_formula(suites, tmp_path):
    rules = dangerous(suites)
    write_rule_file(rules, tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    cells = [cell for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.value for cell in cells if cell.quotePrefix} == set(DANGEROUS)
    assert [rule.values for rule in read_rule_file(tmp_path / "out.xlsx")] == [rule.values for rule in rules]


@pytest.mark.parametrize(
    ("any_of", "message"),
    [("x" * 40_000, "40000 characters; a cell holds 32767. Put them into a word list"), ("a\x0bb", "Write .csv")],
)
def test_what_a_workbook_cannot_hold_is_refused(suites, tmp_path, any_of, message):
    rules = read_rule_file(write(suites, ".csv", {**ROW, "any_of": any_of}))
    with pytest.raises(SuiteError, match=f"out.xlsx, row 2, column any_of: .*{message}"):
        write_rule_file(rules, tmp_path / "out.xlsx")


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_finance_rules_travel_through_a_sheet_and_back(tmp_path, suffix):
    for folder in ("labeling_functions", "data_samples"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    suites = tmp_path / "labeling_functions"
    task, sheet = suites / "finance" / "sentiment", tmp_path / f"sheet{suffix}"
    old = load_suite("finance.sentiment", suites)
    told = run("rules", "export", "finance.sentiment", "-o", sheet, "--suites", suites)
    assert f"{len(suite_rules(task))} rules of finance.sentiment." in told.output
    assert run("rules", "import", sheet, "-o", task / "rules.toml").exit_code == 1
    assert run("rules", "import", sheet, "-o", task / "rules.toml", "--force").exit_code == 0
    new = load_suite("finance.sentiment", suites)
    assert {lf.name: lf.fingerprint for lf in new.lfs} == {lf.name: lf.fingerprint for lf in old.lfs}
    assert check_suite(suite_info("finance.sentiment", suites)).passed
    (task / "rules.toml").unlink()
    shutil.copy(sheet, task / f"rules{suffix}")
    assert check_suite(suite_info("finance.sentiment", suites)).passed


def test_importing_checks_the_rules_and_keeps_what_is_there(suites, tmp_path):
    out = tmp_path / "out.toml"
    wrong = run("rules", "import", write(suites, ".csv", {**ROW, "at_least": 7}), "-o", out)
    assert (wrong.exit_code, out.exists()) == (1, False)
    assert "at_least is 7" in wrong.output
    out.write_text("kept")
    taken = run("rules", "import", write(suites, ".csv", ROW), "-o", out)
    assert "exists. Choose another name, or pass --force" in taken.output
    assert out.read_text() == "kept"
    other = run("rules", "import", write(suites, ".csv", ROW), "-o", tmp_path / "out.ods")
    assert "no file of rules. Expected a name that ends in .toml, .csv, .xlsx" in other.output


def test_the_same_rules_make_the_same_bytes(suites, tmp_path):
    rules = read_rule_file(write(suites, ".csv", ROW))
    for name in ("a.xlsx", "b.xlsx"):
        write_rule_file(rules, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_one_rule_in_two_files_is_told(suites):
    write(suites, ".csv", {**ROW, "name": "many_marks"})
    with pytest.raises(SuiteError, match=r"'many_marks' stands twice: .*rules.csv, row 2 and .*rules.toml, line 2"):
        load_suite("demo.mood", suites)
