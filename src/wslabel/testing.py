"""Conformance checks, for this package's tests and for packages that add a label model, an engine or a suite.

Each check raises `AssertionError` with what it expected.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from wslabel.applying import Kernel
from wslabel.applying.checking import check_suite as _check_suite
from wslabel.applying.engines import Engine
from wslabel.core.arrays import Floats, Ints
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVote, SpanVotes
from wslabel.core.task import Kind
from wslabel.core.votes import VoteMatrix
from wslabel.exporting import Conversation, ExportContext, ExportFormat, ExportRow, Span
from wslabel.models.base import FittedLabelModel, LabelModel
from wslabel.models.spans.base import SpanModel
from wslabel.suites import SuiteInfo

__all__ = [
    "check_engine",
    "check_export_format",
    "check_label_model",
    "check_span_model",
    "check_suite",
    "generate_span_votes",
    "generate_votes",
]

LABELS = ("a", "b", "c")


def generate_votes(
    n: int, accuracies: Sequence[float], coverage: float = 0.6, labels: Sequence[str] = LABELS, seed: int = 0
) -> tuple[VoteMatrix, Ints]:
    """Generate votes of independent LFs with known accuracies.

    Parameters
    ----------
    n
        Records; their true labels are uniform.
    accuracies
        For each LF the chance that its vote is right; a wrong vote is uniform over the other labels.
    coverage
        The chance that an LF votes on a record.

    Returns
    -------
    votes, n true class indices
    """
    random = np.random.default_rng(seed)
    cardinality = len(labels)
    truth = random.integers(cardinality, size=n)
    votes = np.full((n, len(accuracies)), -1)
    for j, accuracy in enumerate(accuracies):
        wrong = (truth + random.integers(1, cardinality, size=n)) % cardinality
        said = np.where(random.random(n) < accuracy, truth, wrong)
        votes[:, j] = np.where(random.random(n) < coverage, said, -1)
    return VoteMatrix.from_array(votes, labels), truth


def check_label_model(model: LabelModel) -> None:
    """Check that a label model behaves as every label model must.

    Probabilities are finite and sum to 1; permuting records, LFs or labels permutes the answer; records with equal
    votes get equal probabilities; an LF that always abstains changes nothing; unanimous votes win; LFs that are right
    and agree outvote one that guesses; the same seed gives the same answer and no global random generator is touched;
    JSON keeps all; 2,000 LFs stay finite; no records, no votes and a single LF are fine; other LFs are refused.

    Parameters
    ----------
    model
        The label model, with any hyper-parameters. Its class tells by `needs` the smallest number of LFs, by `most`
        with how many it is to stay finite, and by `tolerance` how far equal answers may lie apart.
    """
    votes, truth = generate_votes(400, [0.8, 0.75, 0.7, 0.7, 0.65])
    fitted = model.fit(votes)
    probs = fitted.predict(votes).probs
    _check_values(fitted, votes, probs)
    _check_symmetries(model, votes, probs)
    _check_sense(model, votes, truth, probs)
    _check_repeatable(model, votes, fitted, probs)
    _check_extremes(model)
    _check_refusal(fitted)


def generate_span_votes(
    n: int, accuracies: Sequence[float], labels: Sequence[str] = LABELS, coverage: float = 0.6, seed: int = 0
) -> tuple[SpanVotes, SpanLabels]:
    """Generate span votes of independent LFs.

    Parameters
    ----------
    n
        Records of 200 characters with up to 5 true spans of 10 characters each, of uniform labels.
    accuracies
        For each LF the chance that its vote is right; a wrong one is cut short, of another label, or on
        nothing, of which silent LFs say little.
    coverage
        The chance that an LF votes on a true span.

    Returns
    -------
    votes, the true spans
    """
    random, rows, truth = np.random.default_rng(seed), list[SpanVote](), list[tuple[str, int, int, str]]()
    lf_names = [f"lf_{j}" for j in range(len(accuracies))]
    for record in map(str, range(n)):
        for place in range(5):
            start, kind, there = place * 40 + 10, int(random.integers(len(labels))), bool(random.random() < 0.8)
            if there:
                truth.append((record, start, start + 10, labels[kind]))
            for name, accuracy in zip(lf_names, accuracies):
                voted, right, cut = random.random() < coverage, random.random() < accuracy, random.random() < 0.5
                if voted and there and (right or cut):
                    rows.append(SpanVote(record, name, start, start + (10 if right else 5), labels[kind]))
                elif voted and not right and (there or cut):
                    rows.append(SpanVote(record, name, start, start + 10, labels[(kind + 1) % len(labels)]))
    ids = list(map(str, range(n)))
    return SpanVotes(ids, [200] * n, rows, lf_names, labels), SpanLabels(ids, [200] * n, _columns(truth, 4), labels)


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows)] if rows else [[] for _ in range(width)]


def check_span_model(model: SpanModel) -> None:
    """Check that a label model for spans behaves as every one must.

    Spans lie in their texts, do not overlap and have probabilities above 0; permuting records or LFs changes nothing;
    an LF without a vote changes nothing; unanimous votes win; good LFs give a good F1; the same votes give the same
    answer and no global random generator is touched; JSON keeps all; no records, no votes and a single LF are fine;
    records without a vote are not covered; other LFs are refused.
    """
    votes, truth = generate_span_votes(120, [0.9, 0.85, 0.8, 0.8])
    fitted = model.fit(votes)
    labels = fitted.predict(votes)
    spans = _span_set(labels)
    assert (labels.covered == votes.covered).all(), "a record is covered when an LF votes on it"
    assert (labels.probability > 0).all(), "probabilities are above 0"
    same = labels.record[1:] == labels.record[:-1]
    assert (labels.start[1:] >= labels.end[:-1])[same].all(), "spans do not overlap"
    right = len(spans & _span_set(truth))
    assert 2 * right / (len(spans) + len(truth)) > 0.8, "four good LFs make good spans"
    frame = votes.to_pandas()
    turned = SpanVotes.from_columns(
        votes.ids[::-1],
        votes.lengths[::-1],
        [frame[name].tolist() for name in frame],
        votes.lf_names[::-1],
        votes.labels,
    )
    assert _span_set(model.fit(turned).predict(turned)) == spans, "permuting records and LFs changes nothing"
    more = SpanVotes(votes.ids, votes.lengths, votes.votes, [*votes.lf_names, "silent"], votes.labels)
    assert _span_set(model.fit(more).predict(more)) == spans, "an LF that never votes changes nothing"
    _check_span_fitted(fitted, type(model), votes, labels)
    _check_span_extremes(model)


def _check_span_fitted(fitted: Any, model_class: Any, votes: SpanVotes, labels: SpanLabels) -> None:
    from wslabel.errors import VotesError
    from wslabel.models import FittedSpanModel

    np.random.seed(7)
    before = repr(np.random.get_state(legacy=False))
    again = fitted.model.fit(votes)
    assert repr(np.random.get_state(legacy=False)) == before, "the global random generator is left alone"
    text = fitted.to_json()
    assert again.to_json() == text, "the same votes give the same model"
    read = FittedSpanModel.from_json(text, lambda name: model_class)
    assert read.to_json() == text, "JSON keeps all of it"
    assert np.array_equal(read.predict(votes).probability, labels.probability), "and predicts the same"
    try:
        fitted.predict(votes.only(votes.lf_names[:1]))
    except VotesError:
        return
    raise AssertionError("votes of other LFs must be refused")


def _check_span_extremes(model: SpanModel) -> None:
    one = [SpanVote("0", "lf", 2, 5, LABELS[1])]
    for ids, some in (([], []), (["0", "1"], []), (["0", "1"], one)):
        votes = SpanVotes(ids, [9] * len(ids), some, ["lf"], LABELS)
        labels = model.fit(votes).predict(votes)
        expected = {("0", 2, 5, LABELS[1])} if some else set()
        assert _span_set(labels) == expected, "a single vote is followed; no vote gives no span"
        assert labels.covered.tolist() == [record == "0" and bool(some) for record in ids], "covered where voted"
    alike = [SpanVote("0", name, 2, 5, LABELS[0]) for name in "abc"]
    votes = SpanVotes(["0"], [9], alike, list("abc"), LABELS)
    assert _span_set(model.fit(votes).predict(votes)) == {("0", 2, 5, LABELS[0])}, "unanimous votes win"


def _span_set(labels: SpanLabels) -> set[tuple[Any, ...]]:
    return set(zip(*(column.tolist() for column in labels.columns()[:4])))


def check_engine(engine: Engine, kernel: Kernel, shards: Sequence[pa.RecordBatch], workers: int = 2) -> None:
    """Check that an engine gives, in order, just what the kernel gives for each shard."""
    expected = [kernel.vote(shard) for shard in shards]
    voted = list(engine.run(kernel, enumerate(shards), workers))
    assert [index for index, _ in voted] == list(range(len(shards))), "shards must come back in order, each once"
    for index, votes in voted:
        assert votes.equals(expected[index]), f"shard {index}: the votes differ from the kernel's"
    assert list(engine.run(kernel, iter(()), workers)) == [], "no shards give no votes"


def check_export_format(format: ExportFormat, name: str = "format") -> None:
    """Check that an export format behaves as every format must, for each kind of task that it carries.

    What it writes it finds valid, with the rows and on its own; equal rows give equal bytes; a row more, a row less,
    another order, another text and another label are found, with the record; a file cut off, and bytes that are no
    file of the format, are reported and raise nothing.

    Parameters
    ----------
    format
        The format, with any options.
    name
        Its name, of which the names of its files are made.
    """
    for kind in format.kinds:
        for templated in (False, True) if format.conversations else (False,):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / format.files(name)[0]
                path.parent.mkdir(exist_ok=True)
                _check_written(format, path, kind, templated)
                _check_damage(format, path, kind, templated)


def check_suite(info: SuiteInfo) -> None:
    """Check a suite as `wslabel check` does, and that its votes do not depend on order or on being asked twice."""
    checked = _check_suite(info)
    failing = [f"{one.lf} {one.message}" for one in checked.findings if one.fails]
    assert not failing, "\n".join(failing)
    assert all(lf.doc.strip() for lf in checked.suite.lfs), "every labeling function says why, in its docstring"
    assert all(lf.fires and lf.abstains for lf in checked.suite.lfs), "every labeling function has both examples"
    if info.sample is not None:
        from wslabel.core.records import read_records, to_table

        batch = to_table(read_records(info.sample).batches()).combine_chunks().to_batches()[0]
        kernel = Kernel(checked.suite)
        backwards = batch.take(pa.array(range(batch.num_rows - 1, -1, -1)))
        forwards = kernel.vote(batch)
        again = kernel.vote(backwards).take(pa.array(range(batch.num_rows - 1, -1, -1)))
        assert forwards.equals(again), "votes depend on the order of records"


def _format_rows(kind: Kind, templated: bool) -> list[ExportRow]:
    texts = [
        "Plain words here",
        "two\nlines and \u2028 more",
        "quotes \" and ' and , ; \t tabs",
        "emoji 👩🏽‍⚕️ \u202e bidi \x00 nul",
    ]
    rows = []
    for at, text in enumerate([*texts, "=1+1 is a formula", "long " * 5000]):
        probs = dict(zip(LABELS, np.roll([0.7, 0.2, 0.1], at % 3).tolist()))
        label = max(probs, key=probs.__getitem__)
        source = ("model", "human", "gold")[at % 3]
        row = ExportRow(f'id {at}, "=x"', text, label, 0.7, source, probs, {})
        if kind == "multilabel":
            row = replace(row, label="", labels=(label,) if at % 2 else ("a", "c"))
        elif kind == "spans":
            word = text.split()[0].strip("=1+")
            spans = (Span(0, len(word), label, 0.5),) if word and text.startswith(word) else ()
            row = replace(row, label="", probs={}, spans=spans)
        rows.append(_talking(row) if templated else row)
    return rows


def _talking(row: ExportRow) -> ExportRow:
    """Return the row with a conversation, as a template would make it."""
    answer = " and ".join((row.label, *row.labels))
    return replace(row, conversation=Conversation("one", "Say which.", ((row.text, answer),), f"not {answer}"))


def _format_context(rows: list[ExportRow], kind: Kind, templated: bool) -> ExportContext:
    return ExportContext(LABELS, rows=lambda: rows, kind=kind, templated=templated)


def _errors(format: ExportFormat, path: Path, context: ExportContext) -> list[str]:
    return [str(problem) for problem in format.validate(path, context) if problem.severity == "error"]


def _check_written(format: ExportFormat, path: Path, kind: Kind, templated: bool) -> None:
    rows = _format_rows(kind, templated)
    context = _format_context(rows, kind, templated)
    assert format.write(iter(rows), path, context) == len(rows), "write returns the number of rows"
    for what in (context, ExportContext()):
        assert (wrong := _errors(format, path, what)) == [], f"what was written is valid: {wrong}"
    first = path.read_bytes()
    format.write(iter(rows), path, context)
    assert path.read_bytes() == first, "equal rows give equal bytes"
    others: dict[str, dict[str, Any]] = {
        "single": {"label": "b"},
        "multilabel": {"labels": ("b",)},
        "spans": {"spans": ()},
    }
    changes = {
        "a row that is missing": [*rows, replace(rows[0], id="one more")],
        "a row too many": rows[:-1],
        "another order": [rows[1], rows[0], *rows[2:]],
        "another text": [replace(rows[0], text="Other words here", spans=()), *rows[1:]],
        "another label": [replace(rows[0], **others[kind]), *rows[1:]],
    }
    for change, expected in changes.items():
        talking = [_talking(row) for row in expected] if templated else expected
        assert _errors(format, path, _format_context(talking, kind, templated)), f"{change} is found"


def _check_damage(format: ExportFormat, path: Path, kind: Kind, templated: bool) -> None:
    context, whole = _format_context(_format_rows(kind, templated), kind, templated), path.read_bytes()
    for content in (b"", b"\xff\xfe\x00broken", b"{", b"\n\n", whole[: len(whole) // 2], whole[: len(whole) * 9 // 10]):
        path.write_bytes(content)
        assert _errors(format, path, context), f"a file of {len(content)} bytes that is not whole is found"


def _check_values(fitted: FittedLabelModel, votes: VoteMatrix, probs: Floats) -> None:
    assert probs.shape == (votes.n, len(votes.labels)), "one row a record, one column a label"
    assert np.isfinite(probs).all(), "probabilities are finite"
    assert (probs >= 0).all(), "probabilities are not negative"
    assert np.allclose(probs.sum(axis=1), 1), "probabilities of a record sum to 1"
    labels = fitted.predict(votes)
    assert (labels.covered == votes.covered).all(), "a record is covered when an LF votes on it"
    assert np.allclose(probs[~votes.covered], fitted.class_balance), "an uncovered record gets the class balance"
    assert fitted.converged in (True, False, None), "converged is honest"


def _check_symmetries(model: LabelModel, votes: VoteMatrix, probs: Floats) -> None:
    random = np.random.default_rng(1)
    array, ids = votes.to_array(), np.array(votes.ids)
    rows, columns, names = random.permutation(votes.n), random.permutation(votes.m), np.array(votes.lf_names)
    moved = VoteMatrix(ids[rows], array[rows], votes.lf_names, votes.labels)
    _same(model, moved, probs[rows], "permuting records permutes the answer")
    moved = VoteMatrix(ids, array[:, columns], names[columns].tolist(), votes.labels)
    _same(model, moved, probs, "permuting LFs changes nothing")
    places = random.permutation(len(votes.labels))
    renamed = np.where(array < 0, -1, places[array])
    back = [votes.labels[int(np.flatnonzero(places == k)[0])] for k in range(len(places))]
    _same(model, VoteMatrix(ids, renamed, votes.lf_names, back), probs[:, np.argsort(places)], "so do labels")
    silent = np.concatenate([array, np.full((votes.n, 1), -1)], axis=1)
    extended = VoteMatrix(ids, silent, [*votes.lf_names, "silent"], votes.labels)
    _same(model, extended, probs, "an LF that always abstains changes nothing")
    twice = VoteMatrix([*ids, *(f"{one} again" for one in ids)], np.tile(array, (2, 1)), votes.lf_names, votes.labels)
    answer = model.fit(twice).predict(twice).probs
    assert np.allclose(answer[: votes.n], answer[votes.n :]), "equal votes get equal probabilities"


def _check_sense(model: LabelModel, votes: VoteMatrix, truth: Ints, probs: Floats) -> None:
    array = votes.to_array()
    counts = np.stack([(array == k).sum(axis=1) for k in range(len(votes.labels))], axis=1)
    unanimous = np.flatnonzero((counts.max(axis=1) == counts.sum(axis=1)) & (counts.max(axis=1) >= 3))
    assert (probs[unanimous].argmax(axis=1) == counts[unanimous].argmax(axis=1)).all(), "unanimous votes win"
    majority = np.where(counts.max(axis=1) > 0, counts.argmax(axis=1), -1)
    covered = votes.covered
    ours = (probs.argmax(axis=1) == truth)[covered].mean()
    theirs = (majority == truth)[covered].mean()
    assert ours >= theirs - 0.02, f"accuracy {ours:.3f} is under majority vote's {theirs:.3f}"
    strong, gold = generate_votes(300, [0.98, 0.97, 0.96, 0.3], coverage=1.0, seed=2)
    right = (model.fit(strong).predict(strong).probs.argmax(axis=1) == gold).mean()
    assert right > 0.95, f"three LFs that are nearly always right give an accuracy of only {right:.3f}"


def _check_repeatable(model: LabelModel, votes: VoteMatrix, fitted: FittedLabelModel, probs: Floats) -> None:
    np.random.seed(7)
    before = np.random.get_state(legacy=False)
    again = model.fit(votes)
    assert repr(np.random.get_state(legacy=False)) == repr(before), "the global random generator is left alone"
    assert np.array_equal(again.predict(votes).probs, probs), "the same seed gives the same answer"
    text = fitted.to_json()
    read = FittedLabelModel.from_json(text, lambda name: type(model))
    assert read.to_json() == text, "JSON keeps all of it"
    assert np.array_equal(read.predict(votes).probs, probs), "a model read from JSON predicts the same"


def _check_extremes(model: LabelModel) -> None:
    needs = model.needs
    empty = VoteMatrix([], np.empty((0, needs), int), [f"lf_{j}" for j in range(needs)], LABELS)
    assert model.fit(empty).predict(empty).n == 0, "no records give no labels"
    silent = VoteMatrix.from_array(np.full((5, needs), -1), LABELS)
    uncovered = model.fit(silent)
    assert np.allclose(uncovered.predict(silent).probs, uncovered.class_balance), "no votes give the class balance"
    few, _ = generate_votes(50, [0.8] * needs)
    assert np.isfinite(model.fit(few).predict(few).probs).all(), f"{needs} LF(s) are enough"
    many, _ = generate_votes(60, [0.6] * model.most, coverage=0.5)
    assert np.isfinite(model.fit(many).predict(many).probs).all(), f"{model.most:,} LFs stay finite"


def _check_refusal(fitted: FittedLabelModel) -> None:
    from wslabel.errors import VotesError

    other = VoteMatrix.from_array([[0]], LABELS, lf_names=["other"])
    try:
        fitted.predict(other)
    except VotesError:
        return
    raise AssertionError("votes of other LFs must be refused")


def _same(model: LabelModel, votes: VoteMatrix, expected: Any, what: str) -> None:
    answer = model.fit(votes).predict(votes).probs
    assert np.allclose(answer, expected, atol=model.tolerance), what
