"""Which corpus of ../shared/benchmarks judges which suite, and the rows of it to learn from and to judge on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "benchmarks"


@dataclass(frozen=True)
class Judge:
    """The corpus that judges a suite.

    Attributes
    ----------
    corpus
        Its folder in ../shared/benchmarks.
    floor
        The least share of the gold-trained classifier's macro F1; None where nothing was promised.
    """

    corpus: str
    floor: float | None = None


JUDGES = {
    "finance.sentiment": Judge("classification/financial_phrasebank", 0.97),
    "healthcare.adverse_event": Judge("corpus/ade_corpus_v2", 0.92),
    "healthcare.condition": Judge("corpus/medical_abstracts", 0.95),
    "healthcare.specialty": Judge("corpus/mtsamples", 0.90),
    "legal.unfair_terms": Judge("corpus/unfair_tos_en", 1.05),
    "legal.nda_clause": Judge("corpus/contract_nli_clauses", 1.20),
    "manufacturing.failure_mode": Judge("corpus/failure_mode_fmc", 1.00),
    "customer_service.banking_intent": Judge("corpus/banking77", 0.78),
    "customer_service.assistant_request": Judge("classification/massive18_en", 0.85),
}


def read(judge: Judge) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the records of `train` and those of `valid` that have gold, with columns id, text, gold, ….

    A corpus without `valid` lends a fifth of `train`, drawn by the hash of the text.
    """
    records = pd.read_parquet(FOLDER / judge.corpus / "examples.parquet")
    records["id"] = records["id"].astype(str)
    if not (records["split"] == "valid").any():
        records["split"] = ["valid" if _lent(text) else "train" for text in records["text"]]
    rest = records.drop(columns=[name for name in ("gold_all", "tokens") if name in records])
    judged = rest[(rest["split"] == "valid") & rest["gold"].notna()]
    return rest[rest["split"] == "train"], judged


def _lent(text: str) -> bool:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()[0] % 5 == 0
