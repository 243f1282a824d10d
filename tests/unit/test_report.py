from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from wslabel.analysis import render_report, summarize
from wslabel.analysis.report_parts import EXCERPT, agreements, excerpt, fact_tables, histogram
from wslabel.core.issues import Issue, Issues
from wslabel.core.labels import Labels
from wslabel.core.votes import Fault, VoteMatrix
from wslabel.errors import VotesError

HOSTILE = "<script>alert('x')</script>\"'><img src=http://evil.example/a.png onerror=alert(1)>&amp;{{ 7*7 }}\x00\u202e"
VOID = {"meta", "rect", "br", "wbr"}


class Page(HTMLParser):
    """The tags, attributes and text of a page; fails on tags that do not close in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.stack: list[str] = []
        self.feed(html)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parts(label: str = "spam", lf: str = "has_link") -> dict[str, Any]:
    votes = VoteMatrix(
        ["r0", "r1", "r2", "r3"],
        np.array([[0, -1], [1, 0], [1, 1], [-1, -1]]),
        [lf, "b"],
        ["ham", label],
        [Fault("b", "r0", "boom")],
    )
    probs = [[0.9, 0.1], [0.45, 0.55], [0.02, 0.98], [0.5, 0.5]]
    labels = Labels(votes.ids, probs, votes.labels, votes.covered)
    issues = Issues([Issue("r1", "label_error", 0.2, label, "ham"), Issue("r3", "uncovered", 0.5, "ham", "ham")])
    return {"title": "A run", "facts": {"suite": "demo.spam"}, "votes": votes, "posterior": labels, "final": labels} | {
        "issues": issues,
        "texts": {"r1": "win now"},
        "gold": {"r0": "ham", "r1": "ham"},
        "model_report": {"model": "majority", "converged": None, "class_balance": {"ham": 0.5, label: 0.5}},
        "exports": {"read": 4, "exported": 3},
    }


def words(html: str) -> str:
    return " ".join("".join(Page(html).text).split())


def test_the_page_holds_every_section_and_closes_its_tags() -> None:
    page = Page(render_report(**parts()))
    text = " ".join("".join(page.text).split())
    for heading in ("Labeling functions", "LFs beside the label model", "Label model", "Class balance", "Confidence"):
        assert heading in text
    for heading in ("Against gold", "Likely label errors", "Uncovered records", "Export"):
        assert heading in text
    assert "win now" in text
    assert "demo.spam" in text


def test_a_page_of_the_least_parts_leaves_the_other_sections_out() -> None:
    least = {name: parts()[name] for name in ("title", "facts", "votes", "posterior", "final")}
    text = words(render_report(**least))
    for heading in ("Against gold", "Issues", "Export", "gold acc."):
        assert heading not in text


def test_nothing_is_loaded_from_elsewhere_and_no_script_runs() -> None:
    html = render_report(**parts())
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not {"src", "href", "xlink:href", "onerror", "onload"} & {name for name, _ in page.attributes}
    assert not re.search(r"url\(|@import|https?://", html)


def test_hostile_text_is_shown_and_not_obeyed() -> None:
    given = parts(label=HOSTILE, lf=HOSTILE + ".lf")
    given |= {"title": HOSTILE, "facts": {HOSTILE: HOSTILE}, "texts": {"r1": HOSTILE, "r3": HOSTILE}}
    given |= {"model_report": {HOSTILE: HOSTILE, "t": {HOSTILE: {HOSTILE: HOSTILE}}}, "exports": {HOSTILE: 1}}
    given["issues"] = Issues([Issue("r1", HOSTILE, 0.2, HOSTILE, HOSTILE), Issue(HOSTILE, "tie", 0.2, "ham", "ham")])
    page = Page(render_report(**given))
    assert not {"script", "img"} & set(page.tags)
    assert "onerror" not in {name for name, _ in page.attributes}
    shown = "".join(page.text)
    assert shown.count(HOSTILE.replace("\x00", "\ufffd")) >= 10
    assert "\x00" not in shown
    assert "49" not in shown.replace("0.49", "")


def test_half_a_surrogate_does_not_keep_the_page_from_being_written() -> None:
    assert render_report(**parts() | {"title": "half \ud800"}).encode("utf-8")


def test_equal_parts_give_an_equal_page() -> None:
    assert render_report(**parts()) == render_report(**parts())


def test_tables_have_headers_and_plots_have_names() -> None:
    html = render_report(**parts())
    tables = html.count("<table")
    assert tables == html.count("<thead>") == html.count('tabindex="0"')
    assert html.count("<svg") == html.count('role="img"') == len(re.findall(r"<title[ >]", html)) - 1
    assert 'lang="en"' in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


def test_numbers_of_the_page_are_those_of_the_summary() -> None:
    given = parts()
    text = words(render_report(**given))
    summary = summarize(given["votes"], given["gold"], given["posterior"])
    for value in (summary.coverage, summary.overlap, summary.conflict):
        assert f"{100 * value:.1f} %" in text
    row = summary.rows[0]
    assert f"{row.estimated_accuracy:.3f} {row.gold_accuracy:.3f}".replace(" ", "") in text.replace(" ", "")


def test_only_the_worst_of_each_kind_are_shown() -> None:
    ids = [f"id-{i:03d}-" for i in range(50)]
    issues = Issues([Issue(id_, kind, i / 50, "ham", "ham") for i, id_ in enumerate(ids) for kind in ("tie", "own")])
    text = words(render_report(**parts() | {"issues": issues}))
    assert [text.count(id_) for id_ in ids] == [2] * 20 + [0] * 30
    assert text.count("50, the worst 20 shown") == 2
    assert text.index("Ties") < text.index("own 50")


def test_labels_may_lack_records_and_belong_to_the_task() -> None:
    given = parts()
    fewer = Labels(["r2"], [[0.02, 0.98]], given["votes"].labels)
    assert render_report(**given | {"final": fewer})
    with pytest.raises(VotesError, match="The final labels are"):
        render_report(**given | {"final": Labels(["r2"], [[0, 1]], ["a", "b"])})
    with pytest.raises(VotesError, match="Votes and labels"):
        render_report(**given | {"posterior": fewer})


def test_agreement_is_the_share_of_votes_by_hard_label() -> None:
    given = parts()
    first, second = agreements(given["votes"], given["posterior"])
    assert (first.shares, first.own, first.agreed) == ((1 / 3, 2 / 3), (True, True), 1.0)
    assert (second.shares, second.agreed) == ((0.0, 1.0), 0.5)


def test_histogram_leaves_uncovered_records_aside() -> None:
    assert histogram(parts()["final"]).tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0, 2]
    certain = Labels(["a"], [[1 + 1e-10, 0]], ["x", "y"])
    assert histogram(certain).tolist() == [0] * 9 + [1]


def test_facts_become_tables() -> None:
    report = {"seed": 7, "share": 0.123456, "ok": True, "per_lf": [{"lf": "a", "n": 1}, {"lf": "b"}], "none": {}}
    plain, rows, nothing = fact_tables(report)
    assert plain.rows == (("seed", "7"), ("share", "0.1235"), ("ok", "yes"))
    assert (rows.title, rows.head, rows.rows) == ("per lf", ("lf", "n"), (("a", "1"), ("b", "")))
    assert nothing.rows == ()
    (nested,) = fact_tables({"lfs": {"a": {"accuracy": 0.5}}})
    assert (nested.head, nested.rows) == (("", "accuracy"), (("a", "0.5"),))


def test_an_excerpt_is_one_short_line() -> None:
    assert excerpt("a\n b\t c") == "a b c"
    assert excerpt("x" * 10_000) == "x" * EXCERPT + " …"
    assert excerpt("x" + " " * 10_000 + "y") == "x …"
