"""A worker process: reads shards as Arrow streams from its input and answers with votes.

Its own program, rather than a fork or a pickled function, so that it starts alike under notebooks, scripts without
a main guard and every platform, dies with its parent (its input ends), and loads code by name only.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, replace
from threading import Lock
from typing import IO, cast

import pyarrow as pa

from wslabel.applying.limits import WATCH
from wslabel.applying.spec import KernelSpec
from wslabel.applying.trail import Trail
from wslabel.applying.wish import Wish
from wslabel.errors import VotesError, WslabelError

_LENGTH = struct.Struct("<cQ")
_VOTES, _ERROR = b"v", b"e"
DEATHS = 20
"""Calls of one shard that may cost a process its life, and be left out."""


class Worker:
    """The parent's end of a worker process; restarts it when it dies."""

    def __init__(self, spec: KernelSpec) -> None:
        self._spec = spec
        self._stopped = False
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def vote(self, shard: pa.RecordBatch) -> pa.RecordBatch:
        """Return the votes on the shard.

        When the process dies, another one tries, and leaves a trail of its calls. When that one dies too, the call
        in which it died is left out as a fault of its LF.

        Raises
        ------
        WslabelError
            The kernel refuses the suite or the shard, or the process dies in no single call, or again and again.
        """
        wish, trail = Wish.of(shard), ""
        died: list[tuple[str, int, str]] = []
        try:
            while True:
                try:
                    return self._answer(replace(wish, trail=trail, skip=tuple(died)).on(shard))
                except (OSError, EOFError):
                    how = self._end()
                if trail:
                    died.append((*Trail.read(trail), how))
                    self._check(died, shard)
                trail = trail or Trail.new()
        finally:
            if trail:
                os.unlink(trail)

    def _answer(self, shard: pa.RecordBatch) -> pa.RecordBatch:
        kind, answer = self._ask(_to_bytes(shard))
        if kind == _ERROR:
            raise WslabelError(answer.decode())
        return pa.ipc.open_stream(answer).read_next_batch()

    def _check(self, died: list[tuple[str, int, str]], shard: pa.RecordBatch) -> None:
        """Raise `VotesError` when there is no single call to leave out, or too many of them."""
        name, row, how = died[-1]
        ids = shard["id"]
        where = f"in {name!r} on the records {ids[0]} to {ids[len(ids) - 1]}" if name else "before it began"
        if self._stopped:
            raise VotesError("The work was stopped.")
        if row < 0:
            raise VotesError(
                f"A worker process {how} twice, {where}, and not in a call for a single record. "
                "Is there enough memory? Fewer workers or smaller shards need less."
            )
        if len(died) > DEATHS:
            raise VotesError(f"Worker processes {how} {len(died)} times {where}; the last time on {ids[row]}. Mend it.")

    def stop(self) -> None:
        """End the process; a call that waits for it fails."""
        self._stopped = True
        self._end()

    def _ask(self, message: bytes) -> tuple[bytes, bytes]:
        with self._lock:  # none may start once all were stopped
            if self._stopped:
                raise EOFError
            process = self._process = self._process or self._start()
        _send(cast(IO[bytes], process.stdin), _VOTES, message)
        return _receive(cast(IO[bytes], process.stdout))

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "wslabel.applying.worker", json.dumps(asdict(self._spec))]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, env=_environment()
        )

    def _end(self) -> str:
        """End the process, and return how it ended if it had done so itself."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return "did not start"
        if not self._stopped:
            with suppress(subprocess.TimeoutExpired):  # it has closed its output, so it is about to end
                process.wait(1)
        process.kill()
        process.communicate()
        code = process.returncode
        return f"was killed ({signal.Signals(-code).name})" if code < 0 else f"exited with {code}"


def main() -> None:
    """Serve the parent until its end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    spec = KernelSpec(**json.loads(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what an LF prints must not get between the answers
    requests = sys.stdin.buffer
    WATCH.last_resort = open(os.devnull, "w")  # noqa: SIM115 (open as long as this process lives)
    kernel = None
    while True:
        try:
            _, message = _receive(requests)
        except EOFError:
            return
        try:
            kernel = kernel or spec.kernel()
            shard = pa.ipc.open_stream(message).read_next_batch()
            kind, answer = _VOTES, _to_bytes(kernel.vote(shard))
        except WslabelError as error:
            kind, answer = _ERROR, str(error).encode()
        try:
            _send(answers, kind, answer)
        except BrokenPipeError:  # the parent was killed
            os._exit(1)  # what is left in the buffer has no reader either


def _environment() -> dict[str, str]:
    """Return this environment with this process's import path, so that the worker finds the same modules."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _to_bytes(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _send(stream: IO[bytes], kind: bytes, message: bytes) -> None:
    stream.write(_LENGTH.pack(kind, len(message)))
    stream.write(message)
    stream.flush()


def _receive(stream: IO[bytes]) -> tuple[bytes, bytes]:
    kind, length = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return kind, _exactly(stream, length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    content = stream.read(length)
    if len(content) != length:
        raise EOFError
    return content


if __name__ == "__main__":
    main()
