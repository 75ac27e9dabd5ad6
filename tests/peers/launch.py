"""Starts the peers of this folder in processes of their own, and talks with them."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.peers import nodejs

_FOLDER = Path(__file__).parent
_START_S = 60.0
_END_S = 5.0


class PeerProcess:
    """One running peer.

    Args:
        script: A file of this folder, such as ``twelve.py`` or ``jszmq.js``.
        arguments: Its command line.
    """

    def __init__(self, script: str, *arguments: str) -> None:
        path, is_node = _FOLDER / script, script.endswith(".js")
        python = [sys.executable, str(path), *arguments]
        self._process = subprocess.Popen(
            nodejs.command(path, *arguments) if is_node else python,
            env=nodejs.environment() if is_node else None,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self._output = b""
        self._facts: deque[dict[str, Any]] = deque()
        try:
            self.ready = self.next_fact(_START_S)
            self.endpoints: list[str] = self.ready["endpoints"]
        except AssertionError:
            self.kill()
            raise

    @property
    def endpoint(self) -> str:
        """The real address of its first bind."""
        return self.endpoints[0]

    @property
    def pid(self) -> int:
        """Number of its process."""
        return self._process.pid

    def __enter__(self) -> PeerProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def do(self, what: str, **details: object) -> None:
        """Give a command; see ``session.py``."""
        self.write(json.dumps({"do": what, **details}).encode() + b"\n")

    def say(self, *frames: bytes, to_last: bool = False) -> None:
        """Have it send one message."""
        self.do("say", frames=[frame.hex() for frame in frames], to_last=to_last)

    def write(self, line: bytes) -> None:
        """Write to its standard input."""
        assert self._process.stdin is not None
        self._process.stdin.write(line)

    def fact(self, timeout_s: float = 0.0) -> dict[str, Any] | None:
        """The next thing it printed, if there is one; waits for no longer than that."""
        if not self._facts:
            self._read(timeout_s)
        return self._facts.popleft() if self._facts else None

    def next_fact(self, timeout_s: float) -> dict[str, Any]:
        """The next thing it prints.

        Raises:
            AssertionError: It ended, or said nothing in time.
        """
        while not self._facts:
            assert self._read(timeout_s), "the peer said nothing"
        return self._facts.popleft()

    def finish(self) -> dict[str, Any]:
        """End its input, and take its summary."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        summary = self.next_fact(_START_S)
        while self._facts or self._read(_END_S):
            summary = self._facts.popleft() if self._facts else summary
        return summary

    def pause(self) -> None:
        """Stop it where it is: it neither reads nor writes any more."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after ``pause``."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it the hard way; any number of times."""
        self._process.kill()
        self._process.wait(_END_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _read(self, timeout_s: float) -> bool:
        """Read what it printed; False when nothing comes any more."""
        stdout = self._process.stdout
        assert stdout is not None
        if stdout.closed or not select.select([stdout], [], [], timeout_s)[0]:
            return False
        chunk = os.read(stdout.fileno(), 1 << 20)
        *lines, self._output = (self._output + chunk).split(b"\n")
        self._facts.extend(json.loads(line) for line in lines)
        return bool(chunk)
