"""Conditions on how many phrases occur and where they stand."""

import json

import pytest

import wslabel as ws
from wslabel import before, keywords, near, regex
from wslabel.authoring.matchers import Matcher
from wslabel.errors import LabelingFunctionError, SuiteError
from wslabel.suites import load_suite


def fires(text, **condition):
    return keywords("f", votes="x", **condition)(text) == "x"


@pytest.mark.parametrize(
    ("text", "within", "expected"),
    [
        ("chest pain", 0, True),
        ("chest, (pain)", 0, True),
        ("chest wall pain", 0, False),
        ("chest wall pain", 1, True),
        ("pain of the chest", 1, False),
        ("pain of the chest", 2, True),
        ("chest. Pain", 0, True),  # sentences do not matter
        ("chest don't pain", 1, False),  # two words: don, t
        ("chest x-ray pain", 2, True),
        ("chest", 5, False),
        ("chestpain", 5, False),
    ],
)
def test_near_counts_the_words_between(text, within, expected):
    assert fires(text, pairs=near("chest", "pain", within=within)) is expected


def test_near_takes_one_of_each_list_and_matches_do_not_overlap():
    assert fires("ache in the thorax", pairs=near(["chest", "thorax"], ["pain", "ache"], within=2))
    assert not fires("chest pain", pairs=near("chest pain", "pain"))
    assert not fires("pain", pairs=near("pain", "pain"))
    assert fires("pain, pain", pairs=near("pain", "pain"))


def test_before_asks_for_the_order():
    assert fires("the pump has tripped", pairs=before("pump", "tripped"))
    assert not fires("tripped, then the pump ran", pairs=before("pump", "tripped"))
    assert fires("pump " + 50 * "and " + "tripped", pairs=before("pump", "tripped"))
    assert not fires("pump " + 50 * "and " + "tripped", pairs=before("pump", "tripped", within=49))


def test_all_pairs_must_hold():
    pairs = [near("left", "arm", within=0), before("pain", "arm")]
    assert fires("pain in the left arm", pairs=pairs)
    assert not fires("left arm pain", pairs=pairs)


def test_at_least_counts_different_phrases():
    signs = {"any_of": ["fever", "cough", "chills"], "at_least": 2}
    assert fires("Fever and chills", **signs)
    assert not fires("Fever, fever, FEVER", **signs)
    assert fires("chest pain", any_of=["chest pain", "pain"], at_least=2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fever", True),
        ("no fever", False),
        ("No cough or fever", False),
        ("denies any fever", False),
        ("She doesn’t have a fever", False),
        ("negative for fever", False),
        ("fever, no cough", True),
        ("no one two three four five fever", False),
        ("no one two three four five six fever", True),
        ("No cough. Fever since Monday", True),
        ("No cough\nor fever", False),
        ("No cough\n\nFever", True),
        ("Cough? No! Fever", True),
        ('"No." Fever', True),
        ("No 1.5 mg fever", False),
        ("snow fever", True),
        ("no fever at night but fever by day and later on fever", True),
    ],
)
def test_a_negation_reaches_over_five_words_of_its_sentence(text, expected):
    assert fires(text, any_of=["fever"], not_preceded_by=True) is expected


def test_negation_takes_away_what_counts_and_not_what_must_not_be():
    assert not fires("no fever", all_of=["fever"], not_preceded_by=["no"])
    assert not fires("no pain in the chest", pairs=near("pain", "chest"), not_preceded_by=["no"])
    assert not fires("fever, no cough", any_of=["fever", "cough"], at_least=2, not_preceded_by=["no"])
    assert not fires("chills, no fever", any_of=["chills"], none_of=["fever"], not_preceded_by=["no"])
    assert fires("no hot fever", any_of=["fever"], not_preceded_by=["no"], scope=0)
    assert fires("KEIN Fieber", any_of=["Fieber"], not_preceded_by=["ohne"], ignore_case=False)
    assert not fires("KEIN Fieber", any_of=["Fieber"], not_preceded_by=["kein"], ignore_case=False)


def test_patterns_take_the_same_conditions():
    lf = regex("f", votes="x", pairs=near(r"\bBP\b", r"\d+/\d+", within=3), not_preceded_by=["no"])
    assert lf("BP was 140/90") == "x"
    assert lf("no BP, 140/90") is None
    assert lf.spans("BP was 140/90") == [(0, 2), (7, 13)]
    assert regex("h", votes="x", pairs=before("ab", "cd", within=0)).spans("abcd") == [(0, 2), (2, 4)]
    assert regex("g", votes="x", pattern=["a", "b"], at_least=2)("b a") == "x"


def test_evidence_is_what_satisfied_the_condition():
    text = "pain; no chest pain. Much later and far away pain behind the chest"
    lf = keywords("f", votes="x", pairs=near("chest", "pain", within=2), not_preceded_by=["no"])
    (said,) = ws.explain(lf, text, ws.Task("t", ["x", "y"]))
    assert [text[start:end] for start, end in said.spans] == ["pain", "chest"]
    assert said.spans[0][0] == text.rindex("pain")
    both = keywords("g", votes="x", any_of=["far", "away", "near"], at_least=2)
    assert [text[start:end] for start, end in both.spans(text)] == ["far", "away"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"any_of": []}, "nothing to look for. Give it any_of, all_of, near or before"),
        ({"at_least": 0}, "at_least is 0. Expected a whole number, 1 or more"),
        ({"at_least": True}, "at_least is True"),
        ({"at_least": 3}, "at_least is 3, but any_of has 2 different entries"),
        ({"any_of": ["a", "A"], "at_least": 2}, "any_of has 1 different entries"),
        ({"scope": -1}, "scope is -1. Expected a whole number, 0 or more"),
        ({"pairs": near("a", "b", within=-1)}, "within of near is -1"),
        ({"pairs": near("a", "b", within=None)}, "within of near is None"),
        ({"pairs": before("a", "b", within=1.5)}, "within of before is 1.5"),
        ({"pairs": near([], "b")}, "near needs at least one entry on each side"),
        ({"pairs": near("a", " ")}, "' ' is no phrase"),
        ({"pairs": ["a"]}, "Expected near"),
        ({"not_preceded_by": [""]}, "'' is no phrase"),
    ],
)
def test_wrong_conditions_are_refused(changed, message):
    with pytest.raises(LabelingFunctionError, match=message):
        keywords("f", votes="x", **({"any_of": ["a", "b"]} | changed))


def test_every_part_of_a_condition_is_in_the_fingerprint():
    made = [
        keywords("f", votes="x", **({"any_of": ["a", "b"]} | changed)).fingerprint
        for changed in [
            *({}, {"at_least": 2}, {"scope": 3}, {"not_preceded_by": True}, {"not_preceded_by": ["no"]}),
            *({"pairs": near("a", "b")}, {"pairs": near("a", "b", 4)}, {"pairs": before("a", "b", 5)}),
        ]
    ]
    assert len(set(made)) == len(made)


def test_different_entries_are_those_that_re_takes_for_different():
    assert Matcher("phrases", ("İ", "i̇", "I", "i")).entries == ("İ", "i̇", "i")
    assert Matcher("phrases", ("A", "a"), ignore_case=False).entries == ("A", "a")


RULES = """
[[rule]]
name = "not_well"
kind = "keywords"
votes = "bad"
any_of = ["sad", "gloomy", "tired"]
at_least = 2
near = { first = ["sad"], second = ["tired"], within = 3 }
before = [{ first = ["sad"], second = ["tired"] }]
not_preceded_by = ["not", "never"]
scope = 2
fires = ["Sad and so tired"]
abstains = ["Tired and so sad", "not sad, tired", "sad"]
why = "Two signs are better than one."
"""


def with_rules(suites, text):
    (suites / "demo" / "mood" / "rules.toml").write_text(text)
    return suites


def test_rules_toml_takes_all_conditions(suites, tmp_path):
    from wslabel.applying.checking import check_suite
    from wslabel.suites.discovery import suite_info

    suite = load_suite("demo.mood", with_rules(suites, RULES))
    pair = (("sad",), ("tired",))
    matcher = suite.lf("not_well").matcher
    assert matcher == Matcher(
        "phrases",
        ("sad", "gloomy", "tired"),
        at_least=2,
        pairs=(near(*pair, within=3), before(*pair)),
        cues=("not", "never"),
        scope=2,
    )
    check = check_suite(suite_info("demo.mood", suites))
    assert not [finding for finding in check.findings if finding.lf == "not_well"]
    corpus = tmp_path / "c.jsonl"
    texts = ["So sad that I am tired", "tired, sad", "never sad tired"]
    corpus.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)))
    votes = ws.apply(suite, ws.read_records(corpus), workers=2)
    assert votes.to_pandas()["not_well"].tolist() == ["bad", None, None]


@pytest.mark.parametrize(
    ("before_", "after", "message"),
    [
        ("at_least = 2", "at_least = '2'", r"rules.toml, line 2, rule 'not_well': at_least is '2'; expected a whole"),
        ("at_least = 2", "at_least = true", "at_least is True; expected a whole number, 1 or more"),
        ("at_least = 2", "atleast = 2", "unknown key 'atleast' in a keywords rule. Did you mean \"at_least\""),
        ("within = 3", "withn = 3", "rule 'not_well': unknown key 'withn' in near. Did you mean \"within\""),
        ("within = 3", "within = 'far'", "not_well .*rules.toml, line 2.*within of near is 'far'"),
        ('second = ["tired"], ', "", "near lacks first or second. Expected, for example, near = "),
        ('second = ["tired"], ', "second = [3], ", r"near.second is \[3\]; expected a list of strings"),
        ("near = {", "near = 3 #", "near is 3; expected, for example, near = "),
        ("scope = 2", "scope = -2", "scope is -2"),
        ('["not", "never"]', '"lexicons/none.txt"', "none.txt: cannot be read"),
        ('["not", "never"]', "3", "not_preceded_by is 3; expected a list of strings"),
        ('fires = ["Sad and so tired"]', 'fires = "Sad"', "fires is 'Sad'; expected a list of texts"),
        ('votes = "bad"', "votes = 3", "votes is 3; expected the name of a label"),
        ('kind = "keywords"', "kind = ['x']", r"kind is \['x'\]"),
        ('kind = "keywords"', 'kind = "regex"', "unknown key 'any_of' in a regex rule"),
    ],
)
def test_wrong_rules_name_file_and_rule(suites, before_, after, message):
    assert before_ in RULES
    with pytest.raises((SuiteError, LabelingFunctionError), match=message):
        load_suite("demo.mood", with_rules(suites, RULES.replace(before_, after)))
