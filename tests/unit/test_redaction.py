from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wslabel.core.records import read_records
from wslabel.core.spans import SpanVote, SpanVotes
from wslabel.errors import ExportError
from wslabel.redacting import SECRET, Redaction, builtin_kinds, load_recognisers, redact

KEY = "a secret that stands in no file"

FOUND = {
    "email": ["jo@example.org", "first.last+tag@mail.example.co.uk", "ÄRZTIN@klinik-süd.de"],
    "iban": ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "FR1420041010050500013M02606"],
    "card": ["4111 1111 1111 1111", "5500-0000-0000-0004", "378282246310005"],
    "ssn": ["123-45-6789", "SSN: 123 45 6789", "social security number is 123456789"],
    "mrn": ["MRN: 00123456", "medical record no. A-55512", "Patient ID #998877"],
    "birth_date": ["DOB 03/04/1961", "born on March 4, 1961", "date of birth: 1961-03-04", "born 4 March 1961"],
    "ip": ["10.0.0.1", "2001:db8::ff00:42:8329"],
    "phone": ["(212) 555-0143", "+49 30 901820", "212-555-0143", "+1 212 555 0143"],
}
LEFT = [
    "Operating profit rose to EUR 13.1 mn from EUR 8.7 mn in 2008, or 10,000,000 shares.",
    "On 2024-01-05 12:30:45 job 1234567 of version 1.2.3 ended; ticket 4111111111111112.",
    "Order 666-12-3456 and 000-12-3456 are no numbers of people; ratio 10:20:30.",
    "He was born in London and works at example.org @ noon.",
    "Patient identified at 12:30, BP 120/80, HR 72, temp 36.6, glucose 5.4 mmol/l.",
    "ISO DE12 3456 7890 1234 5678 90 is no account.",
]


def redaction(**more: Any) -> Redaction:
    return Redaction(load_recognisers(**more))


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, some in FOUND.items() for value in some])
def test_what_is_recognised_is_replaced_wherever_it_stands(kind: str, value: str) -> None:
    for text in (value, f"Note: {value}.", f"({value})", f"Ümlaut 🙂 {value}, then more", f"{value}\nnext line"):
        made = redaction().apply(text)
        assert f"[{kind.upper()}]" in made.text, made.text
        digits = "".join(letter for letter in value if letter.isdigit())
        assert not digits or digits not in "".join(letter for letter in made.text if letter.isdigit())


@pytest.mark.parametrize("text", LEFT)
def test_what_is_something_else_stays(text: str) -> None:
    assert redaction().apply(text).text == text


def test_every_built_in_kind_has_examples() -> None:
    assert set(FOUND) == set(builtin_kinds())


def test_names_come_from_lists_the_longest_first(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("# patients\nAnn Smith\nAnn\nO'Brien\nJean-Luc\n", encoding="utf-8")
    made = redaction(names=[tmp_path / "names.txt"], kinds=["email"]).apply(
        "Ann Smith, Ann and O'Brien met Jean-Luc; annual Annex."
    )
    assert made.text == "[NAME], [NAME] and [NAME] met [NAME]; annual Annex."
    assert [made.span(r.start, r.end) for r in made.replacements] == [(0, 6), (8, 14), (19, 25), (30, 36)]


def test_recognisers_of_ones_own_are_data(tmp_path: Path) -> None:
    (tmp_path / "sites.txt").write_text("Ward 7\n", encoding="utf-8")
    (tmp_path / "own.toml").write_text(
        "[[recogniser]]\nkind = 'contract'\npattern = 'CT-(?P<it>[0-9]{6})'\ncase = true\n\n"
        "[[recogniser]]\nkind = 'site'\nwords = 'sites.txt'\n"
    )
    made = redaction(files=[tmp_path / "own.toml"], kinds=[]).apply("CT-123456 at ward 7, ct-123456, jo@example.org")
    assert made.text == "CT-[CONTRACT] at [SITE], ct-123456, jo@example.org"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("x = 1", "expected tables"),
        ("[[recogniser]]\nkind = 'a'\npatern = 'x'", 'Did you mean "pattern"'),
        ("[[recogniser]]\nkind = 'a'\npattern = '('", "recogniser 1: .*not a regular expression"),
        ("[[recogniser]]\nkind = 'a'\npattern = 'x'\ncheck = 'luhn'", "Choices: card"),
        ("[[recogniser]]\nkind = 'A b'\npattern = 'x'", "word in lower case"),
        ("[[recogniser]]\nkind = 'a'", "either a pattern or words"),
        ("[[recogniser]]\nkind = 'a'\nwords = 'none.txt'", "cannot be read"),
        ("[[recogniser]", "not valid TOML"),
    ],
)
def test_a_file_of_recognisers_that_is_wrong_says_where(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "own.toml").write_text(content)
    with pytest.raises(ExportError, match=f"own.toml.*{said}|{said}"):
        load_recognisers(files=[tmp_path / "own.toml"])


def test_unknown_kinds_and_modes_are_refused() -> None:
    with pytest.raises(ExportError, match='Did you mean "email"'):
        load_recognisers(["emall"])
    with pytest.raises(ExportError, match='Did you mean "pseudonym"'):
        Redaction((), "pseudonyms")  # type: ignore[arg-type]


def test_pseudonyms_are_the_same_for_the_same_value_and_need_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET, raising=False)
    with pytest.raises(ExportError, match="a secret of at least 16 characters"):
        Redaction(load_recognisers(), "pseudonym")
    monkeypatch.setenv(SECRET, KEY)
    made = Redaction(load_recognisers(), "pseudonym")
    one, two, three = made.apply("4111 1111 1111 1111 4111-1111-1111-1111 5500-0000-0000-0004").text.split()
    assert one == two != three
    assert made.apply("Jo@Example.org").text == made.apply("jo@example.ORG").text
    first = made.fingerprint
    monkeypatch.setenv(SECRET, KEY[::-1])
    other = Redaction(load_recognisers(), "pseudonym")
    assert other.apply("4111 1111 1111 1111").text != one
    assert other.fingerprint != first
    assert KEY not in repr(made) + str(made.facts) + made.fingerprint


def rows() -> list[dict[str, Any]]:
    return [
        {
            "id": "a",
            "text": "Mail jo@example.org or 10.0.0.1",
            "note": "x@example.org",
            "n": 1,
            "gold": "b@example.org",
        },
        {"id": "c@example.org", "text": "Nothing here", "note": None, "n": 2, "gold": None},
    ]


def test_a_corpus_is_redacted_as_it_is_read_and_tells_how_much() -> None:
    made = redact(read_records(rows(), gold="gold"), redaction())
    assert next(iter(made.batches())).to_pylist() == [
        {"id": "a", "text": "Mail [EMAIL] or [IP]", "gold": "b@example.org", "note": "[EMAIL]", "n": 1},
        {"id": "c@example.org", "text": "Nothing here", "gold": None, "note": None, "n": 2},
    ]
    report = made.report()
    assert report["replaced"] == {"email": 2, "ip": 1}
    assert report["touched"] == {"email": 1, "ip": 1, "ids": 1}
    assert "jo@example.org" not in str(report)
    assert made.texts(["a"]) == ["Mail [EMAIL] or [IP]"]
    assert made.fingerprint != read_records(rows(), gold="gold").fingerprint
    only = redact(read_records(rows()), Redaction(load_recognisers(), columns=["text"]))
    assert next(iter(only.batches())).to_pylist()[0]["note"] == "x@example.org"
    for column, said in (("txt", 'Did you mean "text"'), ("n", "which holds int64")):
        with pytest.raises(ExportError, match=said):
            list(redact(rows(), Redaction((), columns=[column])).batches())


def test_span_votes_move_with_the_text() -> None:
    records = read_records(rows())
    text = rows()[0]["text"]
    spans = [
        SpanVote("a", "f", text.index(word), text.index(word) + len(word), "L")
        for word in ("Mail", " or ", "10.0.0.1", "example")
    ]
    moved = redact(records, redaction()).move(SpanVotes(["a", "c@example.org"], [len(text), 12], spans, ["f"], ["L"]))
    new = "Mail [EMAIL] or [IP]"
    assert [new[vote.start : vote.end] for vote in moved.votes] == ["Mail", "[EMAIL]", " or ", "[IP]"]
    assert moved.lengths.tolist() == [len(new), 12]
