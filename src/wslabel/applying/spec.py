"""KernelSpec: what travels to a worker. Names travel, code does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from wslabel.applying.kernel import Kernel
from wslabel.errors import SuiteError
from wslabel.suites import Suite, load_suite


@dataclass(frozen=True)
class KernelSpec:
    """The name of a suite, where it lies, and the fingerprint it must have.

    Called with an iterator of record batches it yields their votes: the signature of Spark's ``mapInArrow``.
    To host it on another engine, move the spec to the workers and call it there on each partition's batches.

    Attributes
    ----------
    suite
        ``industry.task``.
    root
        The folder of industry packages on the worker.
    fingerprint
        Of the suite as its author sees it.
    """

    suite: str
    root: str
    fingerprint: str

    @classmethod
    def of(cls, suite: Suite) -> KernelSpec:
        """Return the spec of a suite that lies in files.

        Raises
        ------
        SuiteError
            The LFs were defined in a notebook or script, so no name stands for them.
        """
        if suite.root is None:
            raise SuiteError("LFs from a notebook or script cannot travel to workers; use workers=1, or write a suite.")
        return cls(suite.name, str(suite.root), suite.fingerprint)

    def kernel(self) -> Kernel:
        """Load the suite here.

        Raises
        ------
        SuiteError
            Its fingerprint is another one: the files here are not the author's.
        """
        suite = load_suite(self.suite, Path(self.root))
        if suite.fingerprint != self.fingerprint:
            raise SuiteError(
                f"The suite {self.suite} in {self.root} is not the one that was started "
                f"({suite.fingerprint[:12]}, expected {self.fingerprint[:12]}). Bring the files in line and run again."
            )
        return Kernel(suite)

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the votes on each batch."""
        kernel = self.kernel()
        for batch in batches:
            yield kernel.vote(batch)
