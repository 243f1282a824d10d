"""Features of texts that several end models share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def tfidf(words: int, characters: int, max_features: int) -> Any:
    """Return an unfitted vectoriser: TF-IDF of word n-grams, and of character n-grams within words.

    Parameters
    ----------
    words, characters
        The longest n-gram of each kind; 0 leaves that kind out.
    max_features
        The largest number of features of each kind.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    common = {"sublinear_tf": True, "min_df": 2, "max_features": max_features}
    kinds = []
    if words:
        kinds.append(TfidfVectorizer(ngram_range=(1, words), token_pattern=r"(?u)\b\w+\b", **common))
    if characters:
        ngrams = (min(3, characters), characters)
        kinds.append(TfidfVectorizer(analyzer="char_wb", ngram_range=ngrams, **common))
    return make_union(*kinds)


def word_features(texts: Sequence[str], words: int = 2, max_features: int = 100_000) -> Any:
    """Return n×d TF-IDF of the words of n texts, a sparse matrix of scipy; d is 0 where no word occurs twice."""
    from scipy import sparse

    try:
        return tfidf(words, 0, max_features).fit_transform(texts).tocsr()
    except ValueError:  # no text holds a word
        return sparse.csr_matrix((len(texts), 0))
