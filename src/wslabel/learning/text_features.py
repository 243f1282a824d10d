"""Few numbers a text, by which texts resemble each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from wslabel.core.arrays import Floats, Ids
from wslabel.core.records import Records, read_records
from wslabel.learning.end_models._features import word_features


def text_features(records: Records | Any, ids: Ids | None = None, dimensions: int = 64, seed: int = 0) -> Floats:
    """Return n×d features of texts of length 1: TF-IDF of their words, of which the main directions are kept.

    Source: S. Deerwester et al., "Indexing by Latent Semantic Analysis", JASIS 41 (1990); found at random as
    in N. Halko et al., SIAM Review 53 (2011), doi:10.1137/090771806.

    Parameters
    ----------
    records
        The corpus, or anything `read_records` opens.
    ids
        n record ids, for their order; None: all records in theirs.
    dimensions
        The largest d. Texts without a word in common with another have features of 0.
    seed
        Of the random directions that the search begins with.

    Raises
    ------
    VotesError
        An id that is not in the corpus.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    corpus = records if isinstance(records, Records) else read_records(records)
    wanted = [row for batch in corpus.batches() for row in batch["id"].to_pylist()] if ids is None else list(ids)
    matrix = word_features(corpus.texts(wanted), words=1)
    d = min(dimensions, min(matrix.shape) - 1)
    if d < 1:
        return np.zeros((len(wanted), 1))
    return np.asarray(normalize(TruncatedSVD(d, random_state=seed).fit_transform(matrix)), dtype=np.float64)
