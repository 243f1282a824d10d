"""Documents on disk: the same ones, parsed once, whatever is damaged or too large."""

import sqlite3

import pytest
import spacy

from wslabel.applying.doc_cache import DocCache
from wslabel.applying.documents import make_docs
from wslabel.errors import SuiteError


@pytest.fixture
def nlp():
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Acme"}])
    return nlp


def test_documents_are_parsed_once(nlp, tmp_path):
    parsed = []

    def parse(texts):
        parsed.extend(texts)
        return list(nlp.pipe(texts))

    texts = ["Acme grew.", "No one came.", "Acme grew."]
    for _ in range(2):
        docs = DocCache(tmp_path, nlp).docs(texts, parse)
        assert [doc.text for doc in docs] == texts
        assert [[(one.text, one.label_) for one in doc.ents] for doc in docs] == [
            [("Acme", "ORG")],
            [],
            [("Acme", "ORG")],
        ]
    assert sorted(parsed) == sorted(set(texts))


def test_another_pipeline_finds_nothing(nlp, tmp_path):
    DocCache(tmp_path, nlp).docs(["Acme grew."], lambda texts: list(nlp.pipe(texts)))
    nlp.add_pipe("sentencizer")
    parsed = []
    DocCache(tmp_path, nlp).docs(["Acme grew."], lambda texts: parsed.extend(texts) or list(nlp.pipe(texts)))
    assert parsed == ["Acme grew."]


def test_a_damaged_document_is_parsed_anew(nlp, tmp_path):
    cache = DocCache(tmp_path, nlp)
    cache.docs(["Acme grew."], lambda texts: list(nlp.pipe(texts)))
    with sqlite3.connect(tmp_path / "docs.sqlite") as database:
        database.execute("UPDATE docs SET doc = X'00'")
    assert cache.docs(["Acme grew."], lambda texts: list(nlp.pipe(texts)))[0].ents[0].label_ == "ORG"


def test_the_oldest_make_room(nlp, tmp_path):
    cache = DocCache(tmp_path, nlp, megabytes=0.01)
    for number in range(100):
        cache.docs([f"Acme grew {number}."], lambda texts: list(nlp.pipe(texts)))
    with sqlite3.connect(tmp_path / "docs.sqlite") as database:
        (size,) = database.execute("SELECT SUM(LENGTH(doc)) FROM docs").fetchone()
    assert 0 < size <= 10_000


def test_the_variable_names_the_folder(nlp, tmp_path, monkeypatch):
    nlp.to_disk(tmp_path / "pipeline")
    monkeypatch.setenv("WSLABEL_DOC_CACHE", str(tmp_path / "kept"))
    assert make_docs(str(tmp_path / "pipeline"), ["Acme grew."])[0].ents[0].label_ == "ORG"
    assert (tmp_path / "kept" / "docs.sqlite").exists()
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WSLABEL_DOC_CACHE", str(tmp_path / "file"))
    with pytest.raises(SuiteError, match="Name another folder"):
        make_docs(str(tmp_path / "pipeline"), ["Acme grew."])
