"""Short names of the array types."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Number = int | np.integer[Any]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
States = NDArray[np.unsignedinteger[Any]]
Marks = NDArray[np.signedinteger[Any]]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
