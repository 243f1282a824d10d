import re

import pandas as pd
import pytest
import spacy
from skweak.base import SpanAnnotator

import wslabel as ws
from wslabel.applying import Kernel, VoteStore
from wslabel.errors import LabelingFunctionError, SuiteError
from wslabel.suites.given import as_suite


class Ade(ws.Label):
    DRUG = "Drug"
    EFFECT = "Effect"


TASK = ws.Task("demo.ade", Ade, kind="spans", groups={"ANY": ["Drug", "Effect"]})
TEXTS = ["Aspirin induced nausea.", "no", "İß ibuprofen induced 😀 rash", "Denies fever. Aspirin, again aspirin"]
RECORDS = pd.DataFrame({"id": list("abcd"), "text": TEXTS})
drug = ws.keywords("drug", votes=Ade.DRUG, any_of=["aspirin", "ibuprofen"])
effect = ws.regex("induced", votes=Ade.EFFECT, pattern=[r"induced (?P<span>\w+)", r"(?P<span>fever)s?"])


@ws.labeling_function(votes=Ade.EFFECT)
def yields(text):
    for found in re.finditer(r"rash|nausea", text):
        yield found.span()


@ws.labeling_function(votes=[Ade.DRUG, "ANY"])
def returns(text):
    return [(0, 2, "ANY"), (0, 2, "ANY")] if text.startswith("no") else None


@ws.labeling_function(votes=Ade.DRUG)
def reads_doc(doc):
    return [token for token in (doc[at : at + 1] for at in range(len(doc))) if token.text == "Aspirin"]


def said(lfs, records=RECORDS, **more):
    votes = ws.apply(lfs, records, task=TASK, **more)
    texts = dict(zip(records["id"], records["text"]))
    return [(one.lf, texts[one.id][one.start : one.end], one.label) for one in votes.votes]


def test_every_kind_of_function_says_where_it_stands():
    assert said([drug, effect, yields, returns, reads_doc]) == [
        ("drug", "Aspirin", "Drug"),
        ("reads_doc", "Aspirin", "Drug"),
        ("induced", "nausea", "Effect"),
        ("yields", "nausea", "Effect"),
        ("returns", "no", "ANY"),
        ("drug", "ibuprofen", "Drug"),
        ("yields", "rash", "Effect"),
        ("induced", "fever", "Effect"),
        ("drug", "Aspirin", "Drug"),
        ("reads_doc", "Aspirin", "Drug"),
        ("drug", "aspirin", "Drug"),
    ]


def test_votes_on_disk_are_those_in_memory_and_change_with_the_lfs(tmp_path):
    lfs = [drug, effect, yields, returns]
    here, there = ws.apply(lfs, RECORDS, task=TASK), ws.apply(lfs, RECORDS, task=TASK, out=tmp_path, shard_size=2)
    assert there.to_pandas().equals(here.to_pandas())
    assert VoteStore(tmp_path).read().to_pandas().equals(here.to_pandas())
    assert there.lengths.tolist() == list(map(len, TEXTS))
    fewer = ws.apply([yields, drug], RECORDS, task=TASK, out=tmp_path, shard_size=2)
    assert fewer.to_pandas().equals(here.only(["yields", "drug"]).to_pandas())
    stored = pd.read_parquet(tmp_path / "votes.parquet")
    assert stored.columns.tolist() == ["lf", "record", "start", "end", "label"]


def test_the_compiled_kernel_says_the_same(tmp_path):
    suite = as_suite([drug, effect], TASK)
    kernel = Kernel(suite)
    for fused in kernel._fused.values():
        fused.matchers._worth_compiling = 0
    batch = ws.read_records(RECORDS)
    (one,) = batch.batches()
    assert kernel.vote(one).equals(Kernel(suite).vote(one))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((0, 99), r"0\.\.99, which does not lie in the text of 2 characters"),
        ((1, 1), r"1\.\.1"),
        ((0, 1, "Effect"), "a span of 'Effect'; it declares Drug"),
        ("Drug", "Expected \\(start, end\\)"),
        ((0.5, 1), "Expected"),
        (True, "Expected"),
    ],
)
def test_what_is_no_span_is_a_fault(answer, message):
    @ws.labeling_function(votes=Ade.DRUG)
    def wrong(text):
        return [answer]

    votes = ws.apply(wrong, [{"id": "a", "text": "no"}], task=TASK, max_fault_rate=1.0)
    assert not len(votes)
    assert re.search(message, votes.faults[0].error)


def test_a_generator_that_raises_or_hangs_is_a_fault():
    @ws.labeling_function(votes=Ade.DRUG)
    def half(text):
        yield 0, 1
        if text == "no":
            raise KeyError("x")
        while True:
            pass

    records = [{"id": "a", "text": "no"}, {"id": "b", "text": "hang"}]
    votes = ws.apply(half, records, task=TASK, max_fault_rate=1.0, time_limit=0.2)
    assert not len(votes)
    assert [fault.error.partition(":")[0] for fault in votes.faults] == ["KeyError", "TimeLimitReached"]


def test_what_does_not_fit_the_kind_is_refused():
    with pytest.raises(SuiteError, match="is a generator, which only tasks of the kind spans"):
        ws.apply(yields, RECORDS, task=ws.Task("demo.one", Ade))
    title = ws.keywords("title", votes=Ade.DRUG, any_of=["x"], column="title")
    with pytest.raises(SuiteError, match="spans are those of the text"):
        ws.apply(title, RECORDS.assign(title="x"), task=TASK)


def test_spans_where():
    ill = ws.keywords("ill", votes=Ade.EFFECT, any_of=["fever", "rash", "aspirin"])
    records = pd.DataFrame(
        {"id": ["a"], "text": ["Aspirin caused rash and a fever. Denies fever. Rash of old; no aspirin"]}
    )
    after = ws.spans_where("after", ill, preceded_by=["caused"], within=3)
    assert said([after], records) == [("after", "rash", "Effect"), ("after", "fever", "Effect")]
    not_denied = ws.spans_where("not_denied", ill, not_preceded_by=True, votes=Ade.EFFECT)
    assert [text for _, text, _ in said([not_denied], records)] == ["Aspirin", "rash", "fever", "Rash"]
    clause = ws.regex("clause", votes=Ade.EFFECT, pattern=r"caused [^.]*")
    inside = ws.spans_where("inside", ill, inside=clause)
    outside = ws.spans_where("outside", ill, not_inside=clause, votes="ANY")
    assert [text for _, text, _ in said([inside], records)] == ["rash", "fever"]
    assert [(text, label) for _, text, label in said([outside], records)][:2] == [("Aspirin", "ANY"), ("fever", "ANY")]
    beside = ws.spans_where("beside", ill, followed_by=["of old"], within=0)
    assert [text for _, text, _ in said([beside], records)] == ["Rash"]
    assert after.fingerprint != ws.spans_where("after", ill, preceded_by=["caused"], within=4).fingerprint


def test_repeats():
    once = ws.regex("once", votes=Ade.DRUG, pattern=r"(?P<span>[A-Z]\w+(?: \w+)?) was given")
    records = pd.DataFrame({"id": ["a"], "text": ["Acid Black was given. acid black worked; Acid helped, black did."]})
    again = ws.repeats("again", once)
    assert [text for _, text, _ in said([again], records)] == ["Acid Black", "acid black"]
    parts = ws.repeats("parts", [once], parts=True, by="first")
    assert [text for _, text, _ in said([parts], records)] == ["Acid Black", "acid black", "Acid", "black"]
    two = ws.keywords("two", votes=Ade.EFFECT, any_of=["acid black"])
    first, most = (ws.repeats(by, [two, once, once], by=by) for by in ("first", "majority"))
    assert {label for *_, label in said([first], records)} == {"Drug"}
    assert {label for *_, label in said([most], records)} == {"Drug"}
    with pytest.raises(LabelingFunctionError, match="nothing to repeat"):
        ws.repeats("none", [])


def test_models_and_spacy_patterns():
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": "CHEM", "pattern": "Aspirin"}, {"label": "X", "pattern": "again"}]
    )
    model = ws.model_spans("model", nlp, votes=Ade.DRUG, labels={"CHEM": Ade.DRUG})
    tokens = ws.token_pattern("tokens", votes=Ade.EFFECT, patterns=[[{"LOWER": "induced"}, {"IS_ALPHA": True}]])
    phrases = ws.token_pattern("phrases", votes=Ade.EFFECT, patterns=["denies fever", "fever"], kind="phrases")
    assert said([model, tokens, phrases]) == [
        ("model", "Aspirin", "Drug"),
        ("tokens", "induced nausea", "Effect"),
        ("phrases", "Denies fever", "Effect"),
        ("model", "Aspirin", "Drug"),
    ]
    with pytest.raises(LabelingFunctionError, match="there is no pattern"):
        ws.token_pattern("none", votes=Ade.DRUG, patterns=[])


def test_dependencies():
    doc = spacy.tokens.Doc(
        spacy.blank("en").vocab,
        ["aspirin", "caused", "severe", "rash"],
        deps=["nsubj", "ROOT", "amod", "dobj"],
        heads=[1, 1, 3, 1],
    )
    pattern = [
        {"RIGHT_ID": "verb", "RIGHT_ATTRS": {"LOWER": "caused"}},
        {"LEFT_ID": "verb", "REL_OP": ">", "RIGHT_ID": "what", "RIGHT_ATTRS": {"DEP": "dobj"}},
    ]
    lf = ws.token_pattern("object", votes=Ade.EFFECT, patterns=[pattern], kind="dependency", anchors=["what"])
    assert lf(doc=doc) == [(22, 26, "Effect")]
    whole = ws.token_pattern("whole", votes=Ade.EFFECT, patterns=[pattern], kind="dependency")
    assert whole(doc=doc) == [(8, 26, "Effect")]


def test_skweak_span_annotators_are_taken_as_they_are():
    class Chemicals(SpanAnnotator):
        def find_spans(self, doc):
            for token in doc:
                if token.text.lower() == "aspirin":
                    yield token.i, token.i + 1, "Drug"
                if token.text == "again":
                    yield token.i, token.i + 1, "ELSE"

    assert said([Chemicals("my-chemicals"), drug])[:2] == [
        ("my_chemicals", "Aspirin", "Drug"),
        ("drug", "Aspirin", "Drug"),
    ]
    assert len(said([ws.from_skweak(Chemicals("c"), TASK.labels)])) == 3


def test_annotators_that_skweak_has_are_taken_as_they_are():
    from skweak.doclevel import DocumentHistoryAnnotator
    from skweak.gazetteers import GazetteerAnnotator, Trie
    from skweak.heuristics import FunctionAnnotator, RegexAnnotator, SpanConstraintAnnotator, TokenConstraintAnnotator

    text = "aspirin rash, acetylsalicylic acid and ibuprofen nausea"
    rash = FunctionAnnotator("rash", lambda doc: ((one.i, one.i + 1, "Effect") for one in doc if one.text == "rash"))
    taken = [
        GazetteerAnnotator("table", {"Drug": Trie([["acetylsalicylic", "acid"]])}, case_sensitive=False),
        rash,
        TokenConstraintAnnotator("nausea", lambda token: token.text.startswith("nau"), "Effect"),
        RegexAnnotator("pattern", r"ibu\w+", "Drug"),
    ]
    votes = ws.apply(taken, [{"id": "a", "text": text}], task=TASK)
    assert {(one.lf, text[one.start : one.end], one.label) for one in votes.votes} == {
        ("table", "acetylsalicylic acid", "Drug"),
        ("rash", "rash", "Effect"),
        ("nausea", "nausea", "Effect"),
        ("pattern", "ibuprofen", "Drug"),
    }
    for reads in (
        SpanConstraintAnnotator("near", "rash", lambda span: True),
        DocumentHistoryAnnotator("old", "rash", ["Drug"]),
    ):
        (fault,) = ws.apply([rash, reads], [{"id": "a", "text": text}], task=TASK).faults
        assert "reads the spans of 'rash' in doc.spans" in fault.traceback
        assert "ws.spans_where or ws.repeats" in fault.traceback


def test_explain_shows_spans():
    found = ws.explain([drug, yields, returns], "Aspirin, rash; aspirin", task=TASK)
    assert [(one.lf, one.vote, one.spans) for one in found] == [
        ("drug", "Drug", ((0, 7), (15, 22))),
        ("yields", "Effect", ((9, 13),)),
        ("returns", None, ()),
    ]


def test_helpers_of_a_suite_do_not_vote(tmp_path):
    folder = tmp_path / "demo" / "ade"
    folder.mkdir(parents=True)
    (tmp_path / "demo" / "package.toml").write_text('name = "demo"\nversion = "1"\n[tasks.ade]\n')
    task = 'task = Task("demo.ade", ["Drug"], kind="spans")'
    (folder / "task.py").write_text(f"from wslabel.authoring import Task\n{task}\n")
    (folder / "rules.py").write_text(
        "from wslabel.authoring import keywords, spans_where\n"
        '_any = keywords("_any", votes="Drug", any_of=["aspirin"])\n'
        'near = spans_where("taken", _any, preceded_by=["took"])\n'
    )
    suite = ws.load_suite("demo.ade", tmp_path)
    assert suite.lf_names == ("taken",)
    records = [{"id": str(row), "text": "He took aspirin"} for row in range(40)]
    here = ws.apply(suite, records, shard_size=10)
    assert len(here) == 40
    assert ws.apply(suite, records, shard_size=10, workers=2).to_pandas().equals(here.to_pandas())
