"""Whether the silence of LFs for spans is to be believed, told without gold."""

from __future__ import annotations

import numpy as np

from wslabel.core.span_labels import SpanLabels
from wslabel.core.tokens import Tokens

VARIED, STEEP = 0.75, 4.0
"""The exponent of Heaps' law from which on spans are as varied as names are, and how fast doubt grows below it."""


def missed(labels: SpanLabels, tokens: Tokens) -> float:
    """Return 0..1: how far it is to be doubted that nothing is where no LF votes.

    LFs that know few words vote for the same ones again and again. Names of a kind follow Heaps' law: n mentions hold
    about n^β different ones, with β mostly above `VARIED`. So the doubt is ``(1 - c) · 4 (0.75 - β)``, between 0 and 1,
    with the mean β of the labels, weighted by spans, and the corroboration c: LFs that confirm each other have seen
    what there is, however often it is the same.

    Source: H. S. Heaps, "Information Retrieval: Computational and Theoretical Aspects", 1978, section 7.5.
    """
    low, high = tokens.places(labels)
    counts, kinds = np.zeros(len(labels.labels)), np.zeros(len(labels.labels))
    words = {
        (label, *map(str.lower, tokens.words[begin:end]))
        for begin, end, label in zip(low.tolist(), high.tolist(), labels.label.tolist())
    }
    np.add.at(counts, labels.label, 1)
    np.add.at(kinds, np.array([key[0] for key in words], np.int64), 1)
    if not len(labels):
        return 0.0
    exponents = np.log(np.maximum(kinds, 1)) / np.log(counts + 1).clip(1e-9)
    poor = STEEP * (VARIED - float(np.average(exponents, weights=counts)))
    return float(np.clip((1 - labels.corroboration) * np.clip(poor, 0, 1), 0, 1))
