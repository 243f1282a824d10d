"""Patterns that may take for ever are found, and others are let be."""

import re

import pytest

import wslabel as ws
from wslabel.applying.checking import check_suite
from wslabel.applying.regexes import patterns_of, slowest
from wslabel.applying.regexes.ambiguity import loops
from wslabel.applying.regexes.graph import Graph
from wslabel.suites.discovery import find_suites, suite_info

BAD = [
    r"(a+)+b",
    r"(a|a)*b",
    r"(a|aa)+$",
    r"(\w+\s?)+:",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(x+x+)+y",
    r"(?:[a-zA-Z]+)*\d",
    r"(a*)*b",
    r"\s*\s*\s*\s*x",
    r".*.*.*=",
    r"(\d+,?)+ EUR",
    r"([a-z]+\.?)+@",
    r"^(\w+\s*)*$",
    r"(?=(a+)+b)c?",
    r"(?:\d+(?:\.\d*)?)+ %",
    r"(?:\w+[ ,]*)+ lawsuit",
    r"((ab)*)*c",
    r"(a|b|ab)*c",
    r"(\w{1,30}\s?)+;",
]
GOOD = [
    r"\b\w+\s+\w+\b",
    r"profit (?:rose|widened) to \d+",
    r"\b(?:a|b)\W+(?:\w+\W+){0,3}(?:c|d)\b",
    r"[\w.+-]+@[\w-]+\.[\w.-]+",
    r"\d{1,3}(?:,\d{3})*(?:\.\d+)?",
    r"https?://\S+",
    r"\bprofit\b.*\brose\b",
    r"(?:\w+\s)+:",
    r"^\s*$",
    r"\s+$",
    r'"(?:[^"\\]|\\.)*"',
    r"(?:very )+good",
    r"\$?\d+(?:\.\d+)? ?(?:mn|million|bn)",
    r"<[^>]+>",
    r"(?:[A-Z][a-z]+ )+Inc",
    r"\bnot\b(?: \w+){0,3} good",
    r"a.*b.*c",
    r".*foo.*bar",
    r"(?:foo|bar|baz)+!",
    r"[!?]{2,}",
    r"(?i)\bto (?:eur|usd)\s?\d[\d,.]*",
    r"(?:ha){2,}",
    r"(\w)\1{2,}",
    r"(?<!\w)up(?!\w)",
    r"(?:a++)+b",
    r"\w+ing\b",
    r".+ %",
]


@pytest.mark.parametrize("pattern", BAD)
def test_patterns_that_take_too_long_are_found(pattern):
    attack = slowest(pattern)
    assert attack
    assert attack.seconds > 0.2
    assert len(attack.text) <= 1_010


@pytest.mark.parametrize("pattern", GOOD)
def test_common_patterns_are_let_be(pattern):
    assert slowest(pattern, re.IGNORECASE) is None


@pytest.mark.parametrize(
    ("pattern", "ambiguous"),
    [
        (r"(a+)+b", True),
        (r"(?:a|b|ab)*c", True),
        (r"(?:\w+\s?)+:", True),
        (r"(?:\w+\s)+:", False),
        (r"(?:\d{3})+x", False),
        (r"(?:[a-m]+[n-z]+)+1", False),
        (r"(?i:[a-m]+[N-Zm]+)+1", True),
        (r"(?:[^x]x)*y", False),
        (r"(?:a{2}|a{3})*b", True),
        (r"a*b", False),
        (r"abc", False),
        (r"(?:a*+)*b", False),
    ],
)
def test_ambiguous_loops_are_told_from_others_without_a_search(pattern, ambiguous):
    assert any(loop.ambiguous for loop in loops(Graph.of(pattern, 0))) == ambiguous


BOUND = re.compile(r"(b+)+c", re.IGNORECASE)


def helper(text):
    return BOUND.search(text)


@ws.labeling_function(votes="x")
def through_a_helper(text):
    return "x" if helper(text) else None


def test_patterns_are_found_in_rules_and_behind_functions():
    rule = ws.regex("rule", votes="x", pattern=["a+", "b"], none_of="c", ignore_case=False)
    assert patterns_of(rule) == [("a+", 0), ("b", 0), ("c", 0)]
    assert patterns_of(ws.keywords("phrase", votes="x", any_of=["(a+)+"])) == []
    assert patterns_of(through_a_helper) == [(BOUND.pattern, BOUND.flags)]


def test_check_tells_of_a_slow_pattern(suites):
    rules = suites / "demo" / "mood" / "rules.toml"
    rules.write_text(rules.read_text().replace("'!{3,}'", "'(?:!+ ?)+;|!!!'"))
    checked = check_suite(suite_info("demo.mood", suites))
    (finding,) = [one for one in checked.findings if one.kind == "slow_pattern"]
    assert (finding.lf, finding.fails) == ("many_marks", False)
    assert re.search(
        r"the pattern '\(\?:!\+ \?\)\+;\|!!!' needs (more than )?\d\.\d s for \d+ characters", finding.message
    )


def test_the_suites_that_come_along_have_no_slow_pattern():
    for info in find_suites().values():
        for lf in ws.load_suite(info.name).lfs:
            assert all(slowest(*one) is None for one in patterns_of(lf)), lf.name
