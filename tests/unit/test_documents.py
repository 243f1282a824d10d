"""spaCy pipelines run only what a suite needs."""

import pytest
import spacy

from wslabel.applying.documents import load_pipeline, make_docs
from wslabel.errors import SuiteError


@pytest.fixture
def pipeline(tmp_path):
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "Acme"}])
    nlp.to_disk(tmp_path / "made")
    return str(tmp_path / "made")


def test_components_that_nobody_needs_do_not_run(pipeline):
    assert load_pipeline(pipeline).pipe_names == ["sentencizer", "entity_ruler"]
    assert load_pipeline(f"{pipeline}[entity_ruler]").pipe_names == ["entity_ruler"]
    assert load_pipeline(f"{pipeline}[]").pipe_names == []
    (doc,) = make_docs(f"{pipeline}[entity_ruler]", ["Acme grows. It does."])
    assert [one.text for one in doc.ents] == ["Acme"]
    assert not doc.has_annotation("SENT_START")


def test_an_unknown_component_or_pipeline_is_an_error(pipeline):
    with pytest.raises(SuiteError, match="has no component 'ner'.*Choices: entity_ruler, sentencizer"):
        load_pipeline(f"{pipeline}[ner]")
    with pytest.raises(SuiteError, match="cannot be loaded"):
        load_pipeline("no_such_pipeline[ner]")
