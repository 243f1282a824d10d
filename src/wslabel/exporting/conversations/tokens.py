"""How many tokens a text is: by tiktoken where its data is on this machine, else estimated; nothing is downloaded."""

from __future__ import annotations

import hashlib
import math
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from wslabel.errors import ExportError, suggest

MODELS = {
    "gpt-4.1": ("o200k_base", 65_536),
    "gpt-4.1-mini": ("o200k_base", 65_536),
    "gpt-4.1-nano": ("o200k_base", 65_536),
    "gpt-4o": ("o200k_base", 65_536),
    "gpt-4o-mini": ("o200k_base", 65_536),
    "gpt-3.5-turbo": ("cl100k_base", 16_385),
}
"""Encoding, and the most tokens of a training example, by OpenAI's guide to fine-tuning."""
ENCODINGS = ("o200k_base", "cl100k_base")
PER_MESSAGE, PER_CONVERSATION = 4, 3
"""Tokens that a chat adds to a message, with its role, and at its end (OpenAI's cookbook, "How to count tokens")."""
_DATA = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"
"""The address by whose hash tiktoken finds its data on this machine."""
_PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]+|_+")

Counter = Callable[[Sequence[str]], list[int]]


def known_model(name: str) -> tuple[str, int]:
    """Return a model's encoding and the most tokens of a training example; a dated name is that of its model.

    Raises
    ------
    ExportError
        An unknown model.
    """
    fits = [model for model in MODELS if name == model or name.startswith(f"{model}-20")]
    if not fits:
        raise ExportError(
            f"checks.model: {name!r} is not known. {suggest(name, MODELS)} Or give max_tokens (and encoding) instead."
        )
    return MODELS[max(fits, key=len)]


def counter(encoding: str) -> tuple[Counter, str]:
    """Return a function that counts the tokens of texts, and how it does so, for people.

    Raises
    ------
    ExportError
        An unknown encoding.
    """
    if encoding not in ENCODINGS:
        raise ExportError(f"checks.encoding is {encoding!r}. {suggest(encoding, ENCODINGS)}")
    found = _tiktoken(encoding)
    if found is None:
        return estimate, f"estimated from words and letters: there is no tiktoken with the data of {encoding} here"

    def count(texts: Sequence[str]) -> list[int]:
        return [len(tokens) for tokens in found.encode_ordinary_batch(list(texts), num_threads=1)]

    return count, f"{found.name.removesuffix('_offline')} of tiktoken"


def estimate(texts: Sequence[str]) -> list[int]:
    """Return about how many tokens texts are.

    A word of ASCII letters is one token for each six letters, another letter is half a token up to U+2E7F and one
    beyond it, three digits are a token, and so are two signs.

    >>> estimate(["Operating profit rose by 12.5 %.", ""])
    [9, 0]
    """
    return [sum(map(_tokens, _PIECE.findall(text))) for text in texts]


def _tokens(piece: str) -> int:
    if piece.isascii():
        return math.ceil(len(piece) / (6 if piece.isalpha() else 3 if piece.isdigit() else 2))
    return math.ceil(sum(1.0 if letter > "\u2e7f" else 0.5 for letter in piece))


def _tiktoken(encoding: str) -> Any:
    try:
        import tiktoken
    except ImportError:
        return None
    if f"{encoding}_offline" in tiktoken.list_encoding_names():
        return tiktoken.get_encoding(f"{encoding}_offline")
    folder = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    data = hashlib.sha1(_DATA.format(encoding).encode()).hexdigest()
    kept = Path(folder or Path(tempfile.gettempdir()) / "data-gym-cache") / data
    return tiktoken.get_encoding(encoding) if kept.is_file() else None
