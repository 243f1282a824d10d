from html.parser import HTMLParser

import pytest

from wslabel import Issue, Issues, Labels, ReviewQueue, VoteMatrix
from wslabel.review.marks import MOST_CHARACTERS, visible
from wslabel.review.page import MOST_LABELS, likeliest

EVIL = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>\u202egnp.exe\x1b[2J{{ 7*7 }}"


class Tags(HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.words = set(), set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data):
        self.words.append(data)


def queue_of(tmp_path, text, id="a", labels=("ham", "spam"), lf="lf", kind="conflict", n=1):
    ids = [id, *[f"{id}{k}" for k in range(1, n)]]
    probs = [[0.25, 0.75, *[0] * (len(labels) - 2)]] * n
    votes = VoteMatrix.from_array([[1, 0]] * n, labels, ids, [lf, "other"])
    issues = Issues([Issue(i, kind, 0.1234, labels[1], labels[0]) for i in ids])
    records = [{"id": i, "text": text} for i in ids]
    return ReviewQueue(issues, records, Labels(ids, probs, labels), votes, log=tmp_path / "review.db")


def test_the_page_shows_what_a_reviewer_needs(tmp_path):
    page = queue_of(tmp_path, "Buy now").show(static=True)
    for shown in (page._repr_html_(), str(page)):
        for word in ("Buy now", "spam", "ham", "0.750", "lf", "other", "conflict", "0.123", "0 of 1 records decided"):
            assert word in shown
    assert "width:75.0%" in page._repr_html_()


@pytest.mark.parametrize("part", ["text", "id", "lf", "label", "kind"])
def test_hostile_words_stay_words(tmp_path, part):
    words = {"text": "harmless", "id": "a", "lf": "lf", "labels": ("ham", "spam"), "kind": "conflict"}
    plain = Tags(queue_of(tmp_path, **{**words, "text": "harmless"}).show(static=True).html())
    words.update({"labels": (EVIL, f"2{EVIL}")} if part == "label" else {part: EVIL})
    page = queue_of(tmp_path, **words).show(static=True)
    tags = Tags(page.html())
    assert tags.tags == plain.tags
    assert tags.attributes == plain.attributes
    assert "<script>alert(1)</script>" in "".join(tags.words)
    assert "{{ 7*7 }}" in "".join(tags.words)
    for shown in (page.html(), str(page)):
        assert "\u202e" not in shown
        assert "\x1b" not in shown
        assert "[U+202E]" in shown


def test_the_page_needs_nothing_from_outside(tmp_path):
    tags = Tags(queue_of(tmp_path, "http://example.org/x.png").show(static=True).html())
    assert tags.tags.isdisjoint({"script", "link", "img", "iframe", "a"})
    assert tags.attributes.isdisjoint({"src", "href"})


def test_line_ends_are_kept_and_cannot_forge_a_record(tmp_path):
    page = queue_of(tmp_path, "one\r\ntwo\rthree\nzz  conflict 0.000").show(static=True)
    assert "one\ntwo[U+000D]three\nzz" in page._repr_html_()
    assert "\n  zz  conflict 0.000" in str(page)


def test_long_texts_are_cut_and_say_so(tmp_path):
    page = queue_of(tmp_path, "x" * (MOST_CHARACTERS + 12)).show(static=True)
    assert "x" * MOST_CHARACTERS + " … 12 more characters" in page._repr_html_()
    assert "x" * (MOST_CHARACTERS + 1) not in page._repr_html_()
    assert visible("é \t\n العربية 👩‍⚕️") == "é \t\n العربية 👩‍⚕️"


def test_only_pending_items_up_to_the_limit_are_shown(tmp_path):
    queue = queue_of(tmp_path, "text", n=5)
    assert [item.id for item in queue.page(2).items] == ["a", "a1"]
    queue.decide("a", "ham")
    assert [item.id for item in queue.page(2).items] == ["a1", "a2"]
    assert queue.page(2).heading == "1 of 5 records decided; 2 shown, worst first"
    assert queue.page(0).items == queue.page(-1).items == ()
    assert "<table>" not in queue.page(0)._repr_html_()


def test_of_many_labels_the_likeliest_are_shown_and_always_the_given(tmp_path):
    labels = [f"label{k:02}" for k in range(40)]
    queue = queue_of(tmp_path, "text", labels=labels)
    assert likeliest(queue.item("a"))[:2] == [("label00", 0.25), ("label01", 0.75)]
    assert len(likeliest(queue.item("a"))) == MOST_LABELS
    shown = "".join(Tags(queue.show(static=True).html()).words)
    assert "label01" in shown
    assert "label39" not in shown
