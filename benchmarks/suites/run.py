"""Judge suites on real text: `python benchmarks/suites/run.py SUITE… [--folder DIR]`.

The labeling functions were tuned on `train` with its gold. No model here sees gold: the default label model is fitted
to the votes on `train`, the end model is cross-fitted on `train` with the labels of the label model, both are fused,
and `valid` is judged, all its records. Beside it stands the classifier that learns from all the gold of `train`. Each
suite writes results/SUITE.json; RESULTS.md joins them.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from corpora import JUDGES, Judge, read
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score

import wslabel as ws

HERE = Path(__file__).resolve().parent
FOLDS, RESAMPLES = 3, 500
HEAD = """# Suites on real text

Made by `python benchmarks/suites/run.py SUITE…`. The labeling functions are written by hand and tuned on `train`; the
label model (`auto`), the end model (`tfidf_logreg`) and `fuse` see no gold. Figures are of all records of `valid` that
have one gold label. *Gold classifier*: TF-IDF of words and word pairs with logistic regression (C = 10), trained on
all the gold of `train`; *balanced* the same with classes weighted (C = 1). The ratio is of macro F1, ours to the gold
classifier's, in brackets its 95 % interval over 500 resamples of `valid`. *Votes on* is the share of records on which
a labeling function votes. Seconds are of the processor, for the votes on `train` and `valid` together.

"""
COLUMNS = (
    "suite | corpus | labels | LFs | train / valid | votes on | accuracy | macro F1 | gold classifier: accuracy | "
    "macro F1 | balanced: macro F1 | ratio | floor | seconds"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", choices=[*JUDGES, []], metavar="SUITE", help="default: only join results")
    parser.add_argument("--folder", type=Path, help="where labeling_functions lies")
    arguments = parser.parse_args()
    (HERE / "results").mkdir(exist_ok=True)
    for name in arguments.suites:
        found = judge(ws.load_suite(name, arguments.folder or HERE.parents[1] / "labeling_functions"), JUDGES[name])
        (HERE / "results" / f"{name}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        print(line(found))
        print(pd.DataFrame(found["labels"]).T.to_string())
    (HERE / "RESULTS.md").write_text(joined())


def judge(suite: Any, judge: Judge) -> dict[str, Any]:
    """Return the figures of a suite."""
    train, valid = read(judge)
    both = pd.concat([train, valid])
    started = time.process_time()
    votes = ws.apply(suite, both.drop(columns=["gold", "split"]))
    seconds = time.process_time() - started
    gold = valid["gold"].to_numpy(object)
    ours, covered = answer(votes, both, len(train))
    peers = {
        "gold": gold_trained(train, valid, C=10),
        "balanced": gold_trained(train, valid, class_weight="balanced"),
    }
    low, high = interval(gold, ours, peers["gold"])
    score = macro_f1(gold, ours)
    return {
        "suite": suite.task.name,
        "corpus": judge.corpus,
        "lfs": len(suite.lfs),
        "n_labels": len(suite.task.labels),
        "n_train": len(train),
        "n_valid": len(valid),
        "coverage": round(float(covered.mean()), 4),
        "accuracy": round(float(accuracy_score(gold, ours)), 4),
        "macro_f1": round(score, 4),
        **{f"{name}_accuracy": round(float(accuracy_score(gold, given)), 4) for name, given in peers.items()},
        **{f"{name}_macro_f1": round(macro_f1(gold, given), 4) for name, given in peers.items()},
        "ratio": round(score / macro_f1(gold, peers["gold"]), 4),
        "ratio_interval": [round(low, 4), round(high, 4)],
        "floor": judge.floor,
        "seconds": round(seconds, 2),
        "labels": by_label(gold, ours, peers["gold"]),
    }


def answer(votes: Any, records: pd.DataFrame, n_train: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the label names of the records behind the first `n_train`, and which of them an LF votes on."""
    learned = np.arange(len(records)) < n_train
    fitted = ws.label_model().fit(rows(votes, learned))
    labels = fitted.predict(votes)
    hidden = ws.Labels(labels.ids, labels.probs, labels.labels, labels.covered & learned)
    held = ws.cross_validate("tfidf_logreg", records[["id", "text"]], hidden, FOLDS)
    fused = ws.fuse(labels, held, votes)
    names = np.array(fused.labels, dtype=object)
    return names[fused.probs.argmax(axis=1)][~learned], labels.covered[~learned]


def rows(votes: Any, chosen: np.ndarray) -> Any:
    """Return the votes on some records."""
    return ws.VoteMatrix(votes.ids[chosen], votes.votes[chosen], votes.lf_names, votes.labels)


def gold_trained(train: pd.DataFrame, valid: pd.DataFrame, **settings: Any) -> np.ndarray:
    """Return what the classifier says of `valid` that has learned from all the gold of `train`."""
    known = train[train["gold"].notna()]
    features = TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2))
    model = LogisticRegression(max_iter=300, **settings)
    model.fit(features.fit_transform(known["text"]), known["gold"])
    return np.asarray(model.predict(features.transform(valid["text"])), dtype=object)


def macro_f1(gold: np.ndarray, given: np.ndarray) -> float:
    return float(f1_score(gold, given, average="macro"))


def interval(gold: np.ndarray, ours: np.ndarray, peer: np.ndarray) -> tuple[float, float]:
    """Return the 2.5 % and 97.5 % points of the ratio over resamples of the records."""
    random = np.random.default_rng(0)
    names, codes = np.unique(np.concatenate([gold, ours, peer]).astype(str), return_inverse=True)
    coded = codes.reshape(3, len(gold))
    drawn = (coded[:, random.integers(len(gold), size=len(gold))] for _ in range(RESAMPLES))
    ratios = [counted_f1(g, a, len(names)) / max(counted_f1(g, b, len(names)), 1e-9) for g, a, b in drawn]
    return float(np.quantile(ratios, 0.025)), float(np.quantile(ratios, 0.975))


def counted_f1(gold: np.ndarray, given: np.ndarray, cardinality: int) -> float:
    """Return macro F1 of label indices, over the labels that occur in either."""
    met = np.bincount(gold[gold == given], minlength=cardinality)
    sizes = np.bincount(gold, minlength=cardinality) + np.bincount(given, minlength=cardinality)
    return float((2 * met[sizes > 0] / sizes[sizes > 0]).mean())


def by_label(gold: np.ndarray, ours: np.ndarray, peer: np.ndarray) -> dict[str, dict[str, float]]:
    """Return for each label its records in `valid` and F1, ours and the gold classifier's."""
    names = sorted(set(gold) | set(ours) | set(peer))
    own, other = (f1_score(gold, given, labels=names, average=None, zero_division=0) for given in (ours, peer))
    sizes = [int((gold == name).sum()) for name in names]
    return {
        name: {"n": n, "f1": round(float(a), 3), "gold_f1": round(float(b), 3)}
        for name, n, a, b in zip(names, sizes, own, other)
    }


def line(found: dict[str, Any]) -> str:
    """Return the row of the table."""
    low, high = found["ratio_interval"]
    floor = "–" if found["floor"] is None else f"{found['floor']:.2f}"
    cells = (
        f"`{found['suite']}`", found["corpus"].split("/")[1], found["n_labels"], found["lfs"],
        f"{found['n_train']:,} / {found['n_valid']:,}", f"{found['coverage']:.0%}",
        f"{found['accuracy']:.3f}", f"**{found['macro_f1']:.3f}**",
        f"{found['gold_accuracy']:.3f}", f"{found['gold_macro_f1']:.3f}", f"{found['balanced_macro_f1']:.3f}",
        f"**{found['ratio']:.2f}** ({low:.2f}–{high:.2f})", floor, f"{found['seconds']:.1f}",
    )  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def joined() -> str:
    """Return the page that joins the results of all suites."""
    results = [json.loads(file.read_text()) for file in sorted((HERE / "results").glob("*.json"))]
    table = [f"| {COLUMNS} |", "|---|---|" + "---:|" * (COLUMNS.count("|") - 1), *map(line, results)]
    return HEAD + "\n".join(table) + "\n"


if __name__ == "__main__":
    main()
