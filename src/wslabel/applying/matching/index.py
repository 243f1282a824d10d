"""An index of very many phrases: where each of them occurs in many texts, with offsets in characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from wslabel.applying.matching.arrays import Bools, Int32s, Int64s
from wslabel.applying.matching.buffers import buffers
from wslabel.applying.matching.cache import cached
from wslabel.applying.matching.characters import characters
from wslabel.applying.matching.hashing import EVERY, FIRST, LONGEST, RARE, WORD, Index, fill, find, longest_first

FEWEST = 1 << 10
SEEDS = 16


class PhraseIndex:
    r"""Phrases that are looked for on whole words, as ``(?<!\w)phrase(?!\w)`` does for each of them.

    A table of hashed prefixes: it grows with the phrases only (about 70 bytes each), is kept on disk under the hash
    of what it was made of (see `cache`), and is mapped rather than read, so that processes share it.

    Parameters
    ----------
    phrases
        None of them empty. Of those that are equal, where case is ignored, the first stands for all.
    ignore_case
        Whether case counts (`re.IGNORECASE`).

    Examples
    --------
    >>> index = PhraseIndex(["New York", "new york city", "C++"])
    >>> index.spans(pa.array(["NEW YORK City, c++!", None, "a newyork"])).to_pylist()
    [{'record': 0, 'start': 0, 'end': 13, 'phrase': 1}, {'record': 0, 'start': 15, 'end': 18, 'phrase': 2}]
    """

    def __init__(self, phrases: Iterable[str] | pa.Array, ignore_case: bool = True) -> None:
        given = phrases if isinstance(phrases, pa.Array) else pa.array(list(phrases), pa.large_string())
        self._phrases, self._flags = given, re.IGNORECASE if ignore_case else re.NOFLAG
        arrays = cached(given, ignore_case, lambda: _arrays(given, ignore_case))
        self._seed = np.uint64(arrays.pop("seed")[0])
        self._mixed, self._aside = arrays.pop("mixed"), arrays.pop("aside")
        self._index = Index(**arrays)

    @property
    def bytes(self) -> int:
        """The size of the table."""
        return sum(array.nbytes for array in self._index)

    def spans(self, texts: pa.Array, every: bool = False) -> pa.RecordBatch:
        """Return where phrases occur.

        Parameters
        ----------
        texts
            n texts of the Arrow type string or large_string; nothing occurs in null.
        every
            Whether to return all occurrences, rather than from left to right the longest that do not overlap.

        Returns
        -------
        Columns record, start, end (exclusive, in characters) and phrase (its place among those given), in this order.
        """
        found = self._found(texts, EVERY if every else LONGEST)
        names = ("record", "start", "end", "phrase")
        return pa.RecordBatch.from_arrays([pa.array(np.ascontiguousarray(one)) for one in found.T], names)

    def occurs(self, texts: pa.Array) -> Bools:
        """Tell in which of the n texts some phrase occurs."""
        answer = np.zeros(len(texts), np.bool_)
        answer[self._found(texts, FIRST)[:, 0]] = True
        return answer

    def _found(self, texts: pa.Array, mode: int) -> Int32s:
        texts.validate(full=True)  # the scan reads UTF-8 unchecked
        data, offsets = buffers(texts)
        rare = np.zeros(len(texts), np.bool_)
        found, right = find(self._index, data, offsets, rare, self._seed, mode)
        if not right or rare.any():
            found, _ = find(self._index, data, offsets, rare, self._seed, EVERY)
        if texts.null_count:
            found = found[np.asarray(texts.is_valid())[found[:, 0]]]
        if not right or rare.any():
            found = self._judged(texts, np.flatnonzero(rare), found)
            found = found[longest_first(found)] if mode == LONGEST else found
        return found

    def _judged(self, texts: pa.Array, rows: Int64s, found: Int32s) -> Int32s:
        """Ask `re` for the phrases that the index does not judge in these texts, and put its answers in."""
        judged = np.isin(found[:, 0], rows) & np.isin(found[:, 3], self._mixed)
        new = [found[~judged]]
        phrases = [(number, self._phrases[number].as_py()) for number in self._mixed.tolist()]
        folded: dict[str, tuple[int, str]] = {}
        for number, phrase in phrases:
            folded.setdefault(_fold(phrase), (number, phrase))
        for row in rows.tolist():
            text = texts[row].as_py()
            if text is None:
                continue
            there = _fold(text)
            for key, (number, phrase) in folded.items():
                if key in there:
                    pattern = re.compile(rf"(?=(?<!\w){re.escape(phrase)}(?!\w))", self._flags)
                    spans = [(row, one.start(), one.start() + len(phrase), number) for one in pattern.finditer(text)]
                    new.append(np.array(spans, np.int32).reshape(-1, 4))
        every = np.concatenate(new)
        order = np.lexsort((every[:, 3], every[:, 2], every[:, 1], every[:, 0]))
        ordered: Int32s = every[order]
        return ordered


def _fold(text: str) -> str:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<i4")
    folded: bytes = characters().fold[codes].astype("<i4").tobytes()
    return folded.decode("utf-32-le", "surrogatepass")


def _arrays(phrases: pa.Array, ignore_case: bool) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    """Return the arrays of the index, and the phrases that it does not judge in every text."""
    codes, mixed, rare = _codes(ignore_case)
    data, offsets = buffers(phrases)
    data, offsets = data[offsets[0] : offsets[-1]], offsets - offsets[0]
    holds = _holding(data, offsets, np.flatnonzero(mixed))
    aside = _holding(data, offsets, np.flatnonzero(rare))
    codes = np.where(mixed if aside.any() else rare, codes | RARE, codes).astype(np.int32)
    size = FEWEST
    while size < len(phrases):
        size *= 2
    for seed in range(1, SEEDS):
        while True:
            index = Index(
                codes,
                np.zeros(128, np.bool_),
                np.zeros((size, 2), np.uint64),
                data,
                offsets,
                np.zeros(1, np.int64),
            )
            used = fill(index, ~aside, np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15))
            if used != -1:
                break
            size *= 2
        if used >= 0:
            seeds = np.array([seed], np.uint64) * np.uint64(0x9E3779B97F4A7C15)
            return index._asdict() | {"seed": seeds, "mixed": np.flatnonzero(holds), "aside": np.flatnonzero(aside)}
    raise RuntimeError("The phrases clash under every seed.")  # as likely as winning the lottery each time


def _codes(ignore_case: bool) -> tuple[Int32s, Bools, Bools]:
    """Return the folded code points with the bit `WORD`, which of them are mixed, and which of these are rare.

    Mixed characters are equal to some that are word characters where they are not; the rarer kind is no word
    character (only U+0345, which equals iota).
    """
    fold, word, odd = characters()
    if not ignore_case:
        nothing = np.zeros(len(fold), np.bool_)
        return np.arange(len(fold), dtype=np.int32) | np.where(word, WORD, 0).astype(np.int32), nothing, nothing
    mixed = np.isin(fold, fold[odd])
    rare = mixed & ~word
    return fold | np.where(word, WORD, 0).astype(np.int32), mixed, rare


def _holding(data: np.ndarray[tuple[int], np.dtype[np.uint8]], offsets: Int64s, codes: Int64s) -> Bools:
    """Tell which phrases hold one of the characters."""
    answer = np.zeros(len(offsets) - 1, np.bool_)
    content = data.tobytes()
    for code in codes.tolist():
        for one in re.finditer(re.escape(chr(code).encode()), content):
            answer[np.searchsorted(offsets, one.start(), "right") - 1] = True
    return answer
