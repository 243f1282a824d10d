"""The memory of Arrow's texts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from wslabel.applying.matching.arrays import Bytes, Int64s


def buffers(texts: pa.Array) -> tuple[Bytes, Int64s]:
    """Return the bytes of the texts, read-only, and where each begins and the last ends."""
    _, offsets, data = texts.buffers()
    if not len(texts):
        return _read_only(b""), np.zeros(1, np.int64)
    width = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    starts = np.frombuffer(offsets, width)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    return _read_only(data if data is not None else b""), starts


def _read_only(memory: bytes | pa.Buffer) -> Bytes:
    content = np.frombuffer(memory, np.uint8)
    content.flags.writeable = False
    return content
