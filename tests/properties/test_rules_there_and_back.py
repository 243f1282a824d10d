"""Rules come back from every file as they were."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wslabel.authoring.labeling_function import RESERVED, Place
from wslabel.errors import SuiteError
from wslabel.suites.rule_files import read_rule_file, write_rule_file
from wslabel.suites.rules import COLUMNS, Rule, rule_lf

ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
CHARACTERS = st.one_of(st.sampled_from('aA bB;;""\'=+-@\\\n,\t{}[]#|/'), ANY)
TRAPS = ["file: x", "AND", "a NEAR/3 b", "yes", "TRUE", "5", '"a"', '"a" b', "=1+1", "'=1", "a; b", "{a}", "a\nb"]
entry = st.one_of(st.text(CHARACTERS, min_size=1, max_size=8), st.sampled_from(TRAPS)).filter(str.strip)
entries = st.lists(entry, min_size=1, max_size=3)
number = st.integers(0, 9)
record = st.fixed_dictionaries({"text": entry}, optional={"year": st.integers(), "old": st.booleans(), "of": entries})
examples = st.lists(entry | record, max_size=3)
sides = {"first": entries, "second": entries}
pair = st.fixed_dictionaries(sides, optional={"within": number})
pairs = pair | st.lists(pair, min_size=1, max_size=2)
ABOUT = {"fires": examples, "abstains": examples, "misses": examples, "why": st.text(CHARACTERS, max_size=9)}
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True).filter(lambda name: name not in RESERVED)
NEEDED = {"name": NAMES, "votes": st.sampled_from(["bad", "+1"])}
CONDITIONS = {
    "near": pairs,
    "before": pairs,
    "not_preceded_by": entries | st.booleans(),
    "scope": number,
    "column": st.sampled_from(["text", "title"]),
    "ignore_case": st.booleans(),
}
phrases = st.fixed_dictionaries(
    {"kind": st.just("keywords"), "any_of": entries, **NEEDED},
    optional={"all_of": entries, "none_of": entries, "at_least": st.just(1), **CONDITIONS, **ABOUT},
)
patterns = st.sampled_from([r"\bup;\s+", "a|'b'", r'"(?:x)"', "file: a", " x", "#", r"\d{2} AND \w", "=", "[;]"])
PATTERNS = st.lists(patterns, min_size=1, max_size=2)
NEAR = st.fixed_dictionaries({"first": PATTERNS, "second": patterns}, optional={"within": number})
regexes = st.fixed_dictionaries(
    {"kind": st.just("regex"), "pattern": PATTERNS | patterns, **NEEDED},
    optional={"none_of": PATTERNS | patterns, **CONDITIONS, "near": NEAR, "before": NEAR, **ABOUT},
)


def meaning(rule):
    lf = rule_lf(rule)
    cases = [(dict(case.record), case.expected) for case in (*lf.fires, *lf.abstains, *lf.misses)]
    return lf.name, lf.votes, lf.matcher, cases, lf.doc if lf.doc.strip() else ""


@pytest.mark.parametrize("suffix", [".toml", ".csv", ".xlsx"])
@settings(max_examples=60, deadline=None)
@given(some=st.lists(phrases | regexes, min_size=1, max_size=3))
def test_rules_come_back_as_they_were(suffix, some):
    rules = [Rule(values, Place("rules.toml", 1)) for values in some]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"rules{suffix}"
        try:
            write_rule_file(rules, file)
        except SuiteError as error:
            assume("no place in a workbook" not in str(error))
            raise
        back = read_rule_file(file)
        assert list(map(meaning, back)) == list(map(meaning, rules))
        first = file.read_bytes()
        write_rule_file(back, file)
        assert file.read_bytes() == first or suffix == ".toml"
        toml = file.with_name("again.toml")
        write_rule_file(back, toml)
        assert list(map(meaning, read_rule_file(toml))) == list(map(meaning, rules))


def test_all_keys_have_a_column():
    from wslabel.suites.rules import KEYS

    assert set(COLUMNS) == {key for keys in KEYS.values() for key in keys}
