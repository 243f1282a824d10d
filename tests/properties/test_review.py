import csv
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wslabel import Issue, Issues, Labels, ReviewQueue, flag
from wslabel.core.cells import harmless, original
from wslabel.core.decisions import Decision, standing
from wslabel.core.labels import OutOfSample
from wslabel.core.votes import VoteMatrix
from wslabel.errors import ReviewError
from wslabel.review import DecisionLog, disagreements, resolve
from wslabel.review.agreed_spans import agreed_spans
from wslabel.review.page import Page

NAMES = ("x", "y", "z")
IDS = ("a", "b", "c")
REVIEWERS = ("ada", "bob")
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
SLOW = settings(max_examples=25, deadline=None)


def queue_of(folder, ids=IDS, texts=None, names=NAMES):
    issues = Issues([Issue(id, "conflict", 0.5, names[0], names[1]) for id in ids])
    labels = Labels(ids, [[1, *[0] * (len(names) - 1)]] * len(ids), names)
    records = [{"id": id, "text": text} for id, text in zip(ids, texts or ids)]
    return ReviewQueue(issues, records, labels, log=Path(folder) / "review.db")


steps = st.lists(
    st.tuples(
        st.sampled_from(["decide", "skip", "unsure", "reject", "undo"]),
        st.sampled_from(IDS),
        st.sampled_from(NAMES),
        st.sampled_from(REVIEWERS),
    ),
    max_size=15,
)


@given(steps)
@settings(max_examples=15, deadline=None)  # each step is a transaction on the disk
def test_any_interleaving_of_decisions_and_undos_is_a_stack_a_reviewer(steps):
    stacks = {reviewer: [] for reviewer in REVIEWERS}
    with tempfile.TemporaryDirectory() as folder:
        queue = queue_of(folder)
        for number, (action, id, label, reviewer) in enumerate(steps):
            if action == "undo":
                try:
                    undone = queue.undo(reviewer).id
                except ReviewError:
                    undone = None
                assert undone == (stacks[reviewer].pop()[1] if stacks[reviewer] else None)
                continue
            arguments = (id, label) if action == "decide" else (id,)
            getattr(queue, action)(*arguments, reviewer=reviewer)
            stacks[reviewer].append((number, id, "label" if action == "decide" else action, arguments[1:]))
        last = {(one[1], reviewer): one for reviewer in REVIEWERS for one in stacks[reviewer]}
        expected = sorted((one[0], who[1], *one[1:]) for who, one in last.items())
        got = [(one.reviewer, one.id, one.action, (one.label,) if one.label else ()) for one in queue.decisions()]
        assert got == [one[1:] for one in expected]
        settled = {one[2] for one in expected if one[3] in ("label", "reject")}
        assert [item.id for item in queue.pending()] == [id for id in IDS if id not in settled]


fields = st.fixed_dictionaries(
    {"id": TEXT, "reviewer": TEXT.filter(bool), "note": TEXT, "text_hash": TEXT, "replaces": TEXT, "time": TEXT},
    optional={"seconds": st.floats(allow_nan=False)},
)
decisions = st.one_of(
    st.builds(lambda parts, label: Decision(action="label", label=label, **parts), fields, TEXT),
    st.builds(lambda parts, action: Decision(action=action, **parts), fields, st.sampled_from(["skip", "undo"])),
)


@given(st.lists(decisions, max_size=6))
@SLOW
def test_the_log_gives_back_any_decision(rows):
    with tempfile.TemporaryDirectory() as folder:
        log = DecisionLog(Path(folder) / "review.db")
        logged = log.append_all(rows)
        assert log.all() == logged
        assert log.standing() == standing(logged)
        assert [one for one, row in zip(logged, rows) if row.time] == [row for row in rows if row.time]


@given(st.data())
@SLOW
def test_any_text_survives_export_and_import(data):
    ids = data.draw(st.lists(TEXT, min_size=1, max_size=5, unique=True), label="ids")
    texts = data.draw(st.lists(TEXT, min_size=len(ids), max_size=len(ids)), label="texts")
    names = data.draw(st.lists(TEXT.filter(lambda t: t.strip()), min_size=2, max_size=4, unique=True), label="names")
    chosen = [data.draw(st.sampled_from(names)) for _ in ids]
    notes = data.draw(st.lists(TEXT, min_size=len(ids), max_size=len(ids)), label="notes")
    with tempfile.TemporaryDirectory() as folder:
        queue, path = queue_of(folder, ids, texts, names), Path(folder) / "queue.csv"
        queue.export(path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        assert [original(row[1]) for row in rows] == [item.text for item in queue]
        by_id = dict(zip(ids, zip(chosen, notes)))
        for row in rows:
            row[7], row[9] = by_id[original(row[0])]
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        assert queue.import_decisions(path)["added"] == len(ids)
        assert {one.id: (one.label, one.note) for one in queue.decisions()} == by_id
        assert queue.import_decisions(path) == {"added": 0, "unchanged": len(ids), "empty": 0}


@given(TEXT)
def test_a_cell_is_harmless_and_comes_back(cell):
    assert original(harmless(cell)) == cell
    assert not harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert harmless(cell).removeprefix("'") == cell or harmless(cell) == cell


said = st.lists(
    st.builds(
        lambda id, reviewer, action, label: Decision(id, action, label if action == "label" else None, reviewer),
        st.sampled_from(IDS),
        st.sampled_from(("ada", "bob", "eve")),
        st.sampled_from(("label", "label", "skip", "unsure", "reject", "undo")),
        st.sampled_from(NAMES),
    ),
    max_size=20,
)


@given(said)
def test_resolving_changes_what_is_settled_and_nothing_else(log):
    labels = Labels(IDS, [[0.5, 0.3, 0.2]] * 3, NAMES, covered=[True, False, True])
    final = resolve(labels, log)
    apart = disagreements(log)
    outcome = dict(zip(final.ids, zip(final.hard(), final.confidence, final.source)))
    for id in IDS:
        words = [one.label for one in standing(log) if one.id == id and one.action in ("label", "reject")]
        winners = [word for word in set(words) if words.count(word) * 2 > len(words)]
        assert (id in apart) == (len(set(words)) > 1)
        if winners == [None]:
            assert id not in outcome
        elif winners:
            assert outcome[id] == (winners[0], 1.0, "human")
        else:
            assert outcome[id] == ("x", 0.5, "model")
    again = resolve(final, [one for one in standing(log) if one.id in outcome])
    assert np.array_equal(again.probs, final.probs)


@given(TEXT, TEXT, TEXT)
@SLOW
def test_no_text_breaks_the_page(text, id, lf):
    with tempfile.TemporaryDirectory() as folder:
        item = queue_of(folder, (id,), (text,)).items()[0]
    plain = Page((type(item)("i", "t", "x", 1.0, item.probs, item.issues, {"lf": "y"}),), 1, 0)
    page = Page((type(item)(id, text, "x", 1.0, item.probs, item.issues, {lf: "y"}),), 1, 0)
    assert page.html().count("<") == plain.html().count("<")
    assert page.html().count('"') == plain.html().count('"')
    str(page).encode()


@st.composite
def flaggings(draw):
    n, cardinality = draw(st.integers(0, 25)), draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    names, ids = [f"l{k}" for k in range(cardinality)], [f"r{i}" for i in range(n)]
    sharp = draw(st.sampled_from([0.05, 0.5, 5.0]))
    votes = VoteMatrix(ids, rng.integers(-1, cardinality, (n, 4)).astype(np.int8), list("pqrs"), names)
    probs, held = (rng.dirichlet([sharp] * cardinality, n).reshape(n, cardinality) for _ in range(2))
    source = rng.choice(["model", "model", "human", "gold"], n)
    labels = Labels(ids, probs, names, votes.covered, source.tolist())
    return labels, OutOfSample(ids, held, [0] * n, names), votes


@given(flaggings())
@SLOW
def test_flags_fit_the_labels_they_speak_of(parts):
    labels, held, votes = parts
    issues = flag(labels, held, votes)
    assert issues == flag(labels, held, votes)
    row = {id: place for place, id in enumerate(labels.ids)}
    counts = votes.counts()
    for issue in issues:
        place = row[issue.id]
        assert labels.source[place] == "model"
        assert issue.given == labels.hard()[place]
        if issue.kind != "disagreement":
            assert (issue.kind == "uncovered") != votes.covered[place]
        cast = dict(zip(votes.lf_names, votes.votes[place]))
        given_index = labels.labels.index(issue.given)
        if issue.kind == "label_error":
            assert issue.suggested == labels.labels[held.probs[place].argmax()] != issue.given
        if issue.kind in ("label_error", "low_confidence", "disagreement"):
            assert all(cast[lf] == given_index for lf in issue.lfs)
        else:
            assert all(cast[lf] not in (-1, given_index) for lf in issue.lfs)
    wanted = {id for id, place in row.items() if labels.source[place] == "model" and (counts[place] > 0).sum() > 1}
    assert {issue.id for issue in issues if issue.kind == "conflict"} == wanted
    assert {issue.id for issue in issues if issue.kind == "tie"} <= wanted


marks = st.frozensets(
    st.tuples(st.integers(0, 5), st.integers(1, 4), st.sampled_from(NAMES)).map(
        lambda one: (one[0], one[0] + one[1], one[2])
    ),
    max_size=4,
)


@given(st.lists(st.one_of(st.none(), marks), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_spans_that_reviewers_agree_upon(answers, random):
    def agree(some):
        said = [
            Decision("a", "reject", reviewer=f"r{n}")
            if spans is None
            else Decision("a", "spans", spans=tuple(sorted(spans)), reviewer=f"r{n}")
            for n, spans in enumerate(some)
        ]
        return agreed_spans(said)

    agreed, spans = agree(answers)
    shuffled = random.sample(answers, len(answers))
    assert agree(shuffled) == (agreed, spans)  # whoever came first
    marked = [some for some in answers if some is not None]
    if agreed and spans is None:
        assert 2 * len(marked) < len(answers)
    if agreed and spans is not None:
        for span in spans:
            assert 2 * sum(span in some for some in marked) > len(marked)
        assert agree([*answers, frozenset(spans)]) == (True, spans)  # one more who agrees changes nothing
        for at in range(10):
            saw = sum(any(start <= at < end for start, end, _ in some) for some in marked)
            stands = any(start <= at < end for start, end, _ in spans)
            assert stands or 2 * saw < len(marked)
    if len(set(answers)) == 1:
        assert agreed
