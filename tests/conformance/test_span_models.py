import pytest

from wslabel import label_model
from wslabel.errors import PluginError, VotesError
from wslabel.models import load_label_model, span_model_names
from wslabel.testing import check_span_model, generate_span_votes, generate_votes


@pytest.mark.parametrize("name", ["hmm", "span_majority"])
def test_span_model_conforms(name):
    check_span_model(label_model(name))


@pytest.mark.parametrize("parameters", [{"steps": 0}, {"strength": 1.0}, {"repeated": 0.0}, {"overlaps": True}])
def test_hmm_finds_spans_with_any_parameters(parameters):
    votes, truth = generate_span_votes(100, [0.9, 0.85, 0.8])
    labels = label_model("hmm", **parameters).fit(votes).predict(votes)
    found, true = (set(zip(*(one.tolist() for one in of.columns()[:4]))) for of in (labels, truth))
    assert 2 * len(found & true) / (len(found) + len(true)) > 0.8


def test_skweak_beside():
    votes, truth = generate_span_votes(40, [0.95, 0.95, 0.9])
    fitted = label_model("skweak_hmm").fit(votes)
    labels = load_label_model(fitted.to_json()).predict(votes)
    found, true = (set(zip(*(one.tolist() for one in of.columns()[:4]))) for of in (labels, truth))
    assert len(found & true) > 0.7 * len(true)


def test_names_and_misuse():
    assert span_model_names() == ["hmm", "skweak_hmm", "span_majority"]
    with pytest.raises(VotesError, match="'hmm' is for spans"):
        label_model("hmm").fit(generate_votes(3, [0.9])[0])
    with pytest.raises(VotesError, match="one label a record.*hmm, span_majority"):
        label_model("majority").fit(generate_span_votes(3, [0.9])[0])
    with pytest.raises(PluginError, match="no parameter 'step'. Did you mean \"steps\""):
        label_model("hmm", step=3)
    with pytest.raises(PluginError, match="Did you mean"):
        label_model("hmmm")
