"""Thousands of integer columns at the cost of one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from wslabel.applying.matching import Marks


class Columns:
    """A matrix of integers, column by column, in the layout in which Arrow reads a whole record batch at once.

    Making thousands of Arrow arrays costs more than finding the votes that they hold.

    Parameters
    ----------
    schema
        Columns of one integer type.
    length
        Records; a multiple of 8, as Arrow pads columns.

    Examples
    --------
    >>> columns = Columns(pa.schema([("a", pa.int8()), ("b", pa.int8())]), 8)
    >>> matrix = columns.matrix(3)
    >>> matrix.shape
    (3, 8)
    >>> matrix[:] = [[1], [2], [3]]
    >>> columns.batch(matrix)["b"].to_pylist()
    [2, 2, 2, 2, 2, 2, 2, 2]
    """

    def __init__(self, schema: pa.Schema, length: int) -> None:
        self._schema, self._length = schema, length
        self._type = np.dtype(schema.field(0).type.to_pandas_dtype())
        nothing = pa.array(np.zeros(length, self._type))
        message = pa.RecordBatch.from_arrays([nothing] * len(schema), schema=schema).serialize()
        self._head = np.frombuffer(message, np.uint8)[: message.size - len(schema) * nothing.nbytes].copy()

    def matrix(self, rows: int) -> Marks:
        """Return an uninitialised matrix, rows x length; its first rows are the columns, others are left out."""
        size = len(self._head) + rows * self._length * self._type.itemsize
        memory = np.frombuffer(pa.allocate_buffer(size), np.uint8)  # Arrow's pool keeps pages, numpy gives them back
        memory[: len(self._head)] = self._head
        matrix: Marks = memory[len(self._head) :].view(self._type).reshape(rows, self._length)
        return matrix

    def batch(self, matrix: Marks) -> pa.RecordBatch:
        """Return the columns of a matrix that `matrix` made, which must not be written to any more."""
        return pa.ipc.read_record_batch(pa.py_buffer(matrix.base), self._schema)
