"""The parent's hold on the demo's child process: start it, learn what it serves, end it.

Used on one thread; an internal thread reads the child's output and ends with it. No Qt.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from zmqscope.demo.folder import FOLDER_VARIABLE, PARENT_VARIABLE, make_folder

_GRACE_S = 0.5
_KILL_S = 0.4
_MOST_OUTPUT_BYTES = 1 << 20
_CREATE_NO_WINDOW = 0x08000000


@dataclass(frozen=True, slots=True)
class DemoSend:
    """A message that the app may send every so often, so that the demo shows both directions.

    Attributes:
        socket: The name of the socket, as in its spec.
        frames: The message.
        every_s: Seconds from one to the next.
    """

    socket: str
    frames: tuple[bytes, ...]
    every_s: float


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """What the child serves.

    Attributes:
        specs: The sockets to open, as text.
        sends: What the app may send to them.
        answers: What the app may answer once a request has waited for ``every_s`` seconds.
    """

    specs: tuple[str, ...]
    sends: tuple[DemoSend, ...]
    answers: tuple[DemoSend, ...] = ()


def default_command() -> list[str]:
    """How this app is started as the demo's peers: by Python, or by itself when frozen."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--serve-demo"]
    return [sys.executable, "-m", "zmqscope", "--serve-demo"]


class DemoChild:
    """One run of the demo's peers.

    However this process ends, the child sees the end of its standard input and ends too.

    Args:
        command: What to run; by default this app.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = list(command) if command is not None else default_command()
        self._folder = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._errors: int | None = None
        self._line: bytes | None = None
        self._has_line = threading.Event()
        self._plan: DemoPlan | None = None
        self._problem = ""

    @property
    def pid(self) -> int | None:
        """The child's process id, while it is ours to end."""
        return self._process.pid if self._process is not None else None

    @property
    def folder(self) -> str:
        """Where its ipc sockets are; empty before the start and after the end."""
        return self._folder

    @property
    def problem(self) -> str:
        """Why there is no demo, in one line; empty while all is well."""
        return self._problem

    @property
    def plan(self) -> DemoPlan | None:
        """What the child serves, once ``poll_specs`` has seen it."""
        return self._plan

    def start(self) -> None:
        """Launch the child; returns at once. Only the first call does anything."""
        if self._process is not None or self._problem:
            return
        try:
            self._launch()
        except OSError as error:
            self._problem = f"The demo cannot be started: {error.strerror or error}."
            self._discard()

    def _launch(self) -> None:
        self._folder = make_folder()
        # A file, not a pipe: nobody has to read it for the child to go on.
        self._errors, name = tempfile.mkstemp()
        with contextlib.suppress(OSError):  # Windows keeps the names of open files
            os.unlink(name)
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=self._environment(),
            creationflags=_CREATE_NO_WINDOW if sys.platform == "win32" else 0,
        )
        self._process = process
        assert process.stdout is not None
        self._reader = threading.Thread(
            target=self._read, args=(process.stdout,), name="zmqscope-demo-reader", daemon=True
        )
        self._reader.start()

    def _environment(self) -> dict[str, str]:
        environment = dict(os.environ)
        environment[FOLDER_VARIABLE] = self._folder
        environment.pop(PARENT_VARIABLE, None)
        if threading.current_thread() is threading.main_thread():
            environment[PARENT_VARIABLE] = str(os.getpid())
        return environment

    def _read(self, stdout: IO[bytes]) -> None:
        """The reader thread's whole life: one line, then nothing until the child's end."""
        # Closing the pipe would end a child that still writes; stop() does it after the child.
        self._line = stdout.readline(_MOST_OUTPUT_BYTES)
        self._has_line.set()
        while stdout.read(65_536):
            pass

    def poll_specs(self) -> tuple[str, ...] | None:
        """The sockets to open, as text, or None if not known yet; never waits.

        Returns None too when there is a ``problem``: look there.
        """
        if self._plan is None and not self._problem and self._process is not None:
            if self._line:
                self._take_plan(self._line)
            else:
                self.is_alive()
        return self._plan.specs if self._plan is not None else None

    def wait_for_specs(self, timeout_s: float) -> tuple[str, ...] | None:
        """The same for who may wait (a test, a headless run): up to ``timeout_s``."""
        if self._process is not None and self._has_line.wait(timeout_s) and not self._line:
            # Its output ended without a line: it is ending, and then there is a reason.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout_s)
        return self.poll_specs()

    def is_alive(self) -> bool:
        """Whether the child runs; once it does not, ``problem`` says why."""
        if self._process is None:
            return False
        status = self._process.poll()
        if status is not None and not self._problem:
            self._problem = self._last_words(status)
        return status is None

    def _take_plan(self, line: bytes) -> None:
        try:
            found = json.loads(line)
            self._plan = DemoPlan(
                tuple(str(spec) for spec in found["specs"]),
                _sends(found["sends"]),
                _sends(found["answers"]),
            )
        except (ValueError, KeyError, TypeError):
            self._problem = "The demo's peers answered something unexpected."

    def _last_words(self, status: int) -> str:
        said = ""
        if self._errors is not None:
            os.lseek(self._errors, 0, os.SEEK_SET)
            text = os.read(self._errors, _MOST_OUTPUT_BYTES).decode("utf-8", "replace")
            said = next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        return f"The demo's peers ended ({how}){f': {said}' if said else '.'}"

    def stop(self) -> None:
        """End the child and remove its folder: within a second, and any number of times."""
        process, self._process = self._process, None
        if process is not None:
            self._end(process)
        if self._reader is not None:
            self._reader.join(_KILL_S)
            if process is not None and process.stdout is not None and not self._reader.is_alive():
                process.stdout.close()
            self._reader = None
        self._discard()

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        try:
            process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_KILL_S)

    def _discard(self) -> None:
        if self._errors is not None:
            os.close(self._errors)
            self._errors = None
        if self._folder:
            # The child removes it too; this is for the child that was killed.
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""


def _sends(found: Iterable[dict[str, Any]]) -> tuple[DemoSend, ...]:
    return tuple(
        DemoSend(
            str(send["socket"]),
            tuple(str(frame).encode() for frame in send["frames"]),
            float(send["every_s"]),
        )
        for send in found
    )
