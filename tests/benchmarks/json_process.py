"""A child process that prints JSON, a value a line, and may be given commands the same way."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import tempfile
import time
from collections import deque
from types import TracebackType
from typing import IO, Any, Self

from tests.benchmarks.row import RowFailedError

Reply = dict[str, Any]
_END_S = 10.0
_TOLD_OF_STDERR = 2_000


class JsonProcess:
    """Started at once; ended, the hard way if need be, when the ``with`` block is left.

    Args:
        name: What errors call it.
        command: What to run.
        environment: Its environment; None for ours.
        folder: Where it runs.
    """

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str] | None = None,
        folder: str | os.PathLike[str] | None = None,
    ) -> None:
        self._name = name
        handle, path = tempfile.mkstemp(prefix="zmqscope-bench-")
        os.unlink(path)
        self._errors: IO[bytes] = os.fdopen(handle, "w+b")
        self._process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
        )
        self._rest = b""
        self._replies: deque[Reply] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self._errors.close()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def tell(self, **command: object) -> None:
        """Give a command.

        Raises:
            RowFailedError: It has ended.
        """
        stdin = self._process.stdin
        try:
            if stdin is not None:
                stdin.write(json.dumps(command).encode() + b"\n")
        except BrokenPipeError as error:
            raise self.failure(f"has ended with status {self._process.poll()}") from error

    def reply(self, timeout_s: float) -> Reply:
        """The next value that it prints.

        Raises:
            RowFailedError: It ended, said nothing in time, or answered with an error.
        """
        deadline_s = time.monotonic() + timeout_s
        while not self._replies:
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                raise self.failure(f"said nothing for {timeout_s:.0f} s")
            if not self._read(left_s) and not self._replies:
                self._process.wait(_END_S)
                raise self.failure(f"ended with status {self._process.returncode}")
        reply = self._replies.popleft()
        if "error" in reply:
            raise self.failure(f"refused: {reply['error']}")
        return reply

    def reply_if_any(self) -> Reply | None:
        """A value that it has printed already; never waits."""
        if not self._replies:
            self._read(0.0)
        return self._replies.popleft() if self._replies else None

    def ask(self, timeout_s: float = 60.0, **command: object) -> Reply:
        """Give a command and wait for what comes of it."""
        self.tell(**command)
        return self.reply(timeout_s)

    def end(self) -> int:
        """Ask it to end by SIGTERM; its exit status.

        Raises:
            RowFailedError: It did not end in time.
        """
        self._process.terminate()
        try:
            return self._process.wait(_END_S)
        except subprocess.TimeoutExpired as error:
            raise self.failure(f"did not end within {_END_S:.0f} s") from error

    def kill(self) -> None:
        """End it the hard way; any number of times."""
        self._process.kill()
        self._process.wait(_END_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def errors(self) -> str:
        """The end of what it wrote to stderr."""
        size = os.fstat(self._errors.fileno()).st_size
        start = max(0, size - _TOLD_OF_STDERR)
        # pread: the child writes at the same file position that seek would move.
        return os.pread(self._errors.fileno(), _TOLD_OF_STDERR, start).decode(errors="replace")

    def failure(self, what: str) -> RowFailedError:
        """An error that says what happened to it, with what it said last."""
        said = self.errors().strip()
        return RowFailedError(f"{self._name} {what}" + (f"; it said:\n{said}" if said else ""))

    def _read(self, timeout_s: float) -> bool:
        """Take what it printed, if anything comes in time; False at its end."""
        stdout = self._process.stdout
        if stdout is None or stdout.closed:
            return False
        if not select.select([stdout], [], [], timeout_s)[0]:
            return True
        chunk = os.read(stdout.fileno(), 1 << 20)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        self._replies.extend(json.loads(line) for line in lines)
        return bool(chunk)
