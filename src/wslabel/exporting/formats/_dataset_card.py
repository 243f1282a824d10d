"""The metadata of a dataset card: YAML as the Hub and ``datasets`` read it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from wslabel.core.task import Kind

_SIZES = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")
"""Powers of ten from a thousand on, as the Hub calls them."""
_CREATORS = {"model": "machine-generated", "human": "expert-generated", "gold": "expert-generated"}
TASKS = {"single": "text-classification", "multilabel": "text-classification", "spans": "token-classification"}
TASK_IDS = {
    "single": "multi-class-classification",
    "multilabel": "multi-label-classification",
    "spans": "named-entity-recognition",
}


def front_matter(features: Mapping[str, Any], kind: Kind, counts: Mapping[str, int], sources: Collection[str]) -> str:
    """Return the YAML block of a card, between its lines of ---.

    Parameters
    ----------
    features
        As in the metadata of the Parquet schema.
    counts
        The number of records of each data file beside the card; its name is that of a split.
    sources
        Who labeled: of ``model``, ``human``, ``gold``.
    """
    creators = sorted({_CREATORS[source] for source in sources})
    lines = [
        "---",
        f"annotations_creators: {quoted(creators)}",
        f"size_categories: {quoted([_size(sum(counts.values()))])}",
        f"task_categories: {quoted([TASKS[kind]])}",
        f"task_ids: {quoted([TASK_IDS[kind]])}",
        f"tags: {quoted(['weak-supervision', 'wslabel'])}",
        "configs:",
        "- config_name: default",
        "  data_files:",
        *[f"  - {quoted({'split': file.removesuffix('.parquet'), 'path': file})}" for file in counts],
        "dataset_info:",
        "  features:",
        *[f"  - {feature_yaml(name, feature)}" for name, feature in features.items()],
        "---",
    ]
    return "\n".join(lines) + "\n"


def feature_yaml(name: str, feature: Any) -> str:
    """Return a feature as one line of YAML."""
    return quoted({"name": name, **_typed(feature)})


def quoted(value: Any) -> str:
    """Return a value as JSON that is also YAML: what YAML does not take as it stands is escaped.

    >>> quoted(["a", "\\x85"])
    '["a", "\\\\u0085"]'
    """
    text = json.dumps(value, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else _escape(letter) for letter in text)


def _escape(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _typed(feature: Any) -> dict[str, Any]:
    kind = feature.get("_type")
    if kind == "ClassLabel":
        return {"dtype": {"class_label": {"names": {str(at): name for at, name in enumerate(feature["names"])}}}}
    if kind in ("List", "LargeList"):
        inner = _typed(feature["feature"])
        key = "list" if kind == "List" else "large_list"
        plain = list(inner) == ["dtype"] and isinstance(inner["dtype"], str)
        return {key: inner["dtype"] if plain else inner.get("struct", inner)}
    if kind == "Value":
        return {"dtype": feature["dtype"]}
    return {"struct": [{"name": name, **_typed(each)} for name, each in feature.items()]}


def _size(count: int) -> str:
    place = max(len(str(count)) - 3, 0)
    if place == 0:
        return f"n<{_SIZES[0]}"
    return f"{_SIZES[place - 1]}<n<{_SIZES[place]}" if place < len(_SIZES) else f"n>{_SIZES[-1]}"
