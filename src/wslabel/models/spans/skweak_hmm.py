"""skweak's HMM, fitted by skweak."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from wslabel.core.spans import SpanVotes
from wslabel.errors import PluginError, VotesError
from wslabel.models.base import Estimate, Parameters
from wslabel.models.spans.base import SpanModel


@dataclass(frozen=True)
class SkweakHmm(SpanModel):
    """skweak's ``HMM``, for comparison with results that were made with it. Needs the library `skweak`.

    Its documents have a token for each stretch between two ends of votes, and for each gap, so it needs no texts. It
    keeps no parameters: `columns` fits anew to the votes that it gets. Where votes of one LF overlap, the first, and
    of those the longest, is kept. The probability of a span is that of its first stretch.

    Source: P. Lison, J. Barnes, A. Hubin, "skweak: Weak Supervision Made Easy for NLP", ACL 2021 (demonstrations),
    doi:10.18653/v1/2021.acl-demo.40.

    Attributes
    ----------
    steps
        Rounds of expectation maximisation, skweak's ``n_iter``.
    """

    name: ClassVar[str] = "skweak_hmm"
    steps: int = 4

    def estimate(self, votes: SpanVotes) -> Estimate:
        """Return nothing.

        Raises
        ------
        PluginError
            skweak is not installed.
        """
        _library()
        return Estimate({}, False, self.steps)

    def columns(self, votes: SpanVotes, parameters: Parameters) -> Sequence[Any]:
        """Return the spans that skweak finds."""
        if votes.groups:
            raise VotesError("skweak_hmm knows no label groups. Use hmm or span_majority.")
        if not len(votes):
            return [], [], [], [], []
        found = [row for doc in self._fitted(votes) for row in _spans(doc)]
        return list(zip(*found)) if found else ([], [], [], [], [])

    def _fitted(self, votes: SpanVotes) -> list[Any]:
        hmm, documents = _library()("hmm", list(votes.labels)), _documents(votes)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            hmm.fit(documents, n_iter=self.steps)
        return list(hmm.pipe(documents))


def _library() -> Any:
    try:
        from skweak.generative import HMM
    except ImportError as error:
        raise PluginError(
            "The label model 'skweak_hmm' needs the library skweak, which is not installed. "
            "Run: pip install skweak, or use the label model 'hmm'."
        ) from error
    return HMM


def _documents(votes: SpanVotes) -> list[Any]:
    """Return the covered records as documents of stretches; a gap is a token too."""
    import spacy
    from spacy.tokens import Doc, Span

    vocab, documents = spacy.blank("xx").vocab, []
    for row in np.flatnonzero(votes.covered):
        some = slice(*np.searchsorted(votes.record, [row, row + 1]))
        edges = np.unique(np.concatenate([[0], votes.start[some], votes.end[some], [votes.lengths[row]]]))
        doc = Doc(vocab, words=["x"] * (len(edges) - 1))
        doc.user_data["wslabel"] = (str(votes.ids[row]), edges.tolist())
        for name in votes.lf_names:
            doc.spans[_plain(name)] = []
        ends = dict.fromkeys(votes.lf_names, 0)
        starts, finishes = np.searchsorted(edges, votes.start[some]), np.searchsorted(edges, votes.end[some])
        order = np.lexsort((-finishes, starts))
        for at in order.tolist():
            name = votes.lf_names[votes.lf[some][at]]
            if starts[at] >= ends[name]:
                ends[name] = int(finishes[at])
                label = votes.labels[votes.label[some][at]]
                doc.spans[_plain(name)].append(Span(doc, int(starts[at]), int(finishes[at]), label=label))
        documents.append(doc)
    return documents


def _plain(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _spans(doc: Any) -> list[tuple[str, int, int, str, float]]:
    record, edges = doc.user_data["wslabel"]
    probs = doc.spans["hmm"].attrs.get("probs", {})
    return [
        (record, edges[span.start], edges[span.end], span.label_, _probability(probs, span))
        for span in doc.spans["hmm"]
    ]


def _probability(probs: Any, span: Any) -> float:
    of_token = probs.get(span.start, {})
    said = [share for state, share in of_token.items() if state.endswith(f"-{span.label_}")]
    return float(min(1.0, max(1e-6, sum(said)))) if said else 1.0


MODEL = SkweakHmm
