"""The observed app from the harness's side: started, steered and ended."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.json_process import JsonProcess, Reply
from tests.benchmarks.measure import ROOT
from tests.benchmarks.row import Plan, RowFailedError

WINDOW_SIZE = "1600x1000"
_START_S = 60.0
_WINDOW_REPLY_S = 40.0
_LOOK_EVERY_S = 0.1
_PLAIN_ONLY = {"NUMBA_DISABLE_JIT": "1"}
_TELL_OF_CRASHES = {"PYTHONFAULTHANDLER": "1"}
_NATIVE = "native"


@dataclass(frozen=True, slots=True)
class OpenSocket:
    """A socket of the app.

    Attributes:
        id: Its number there.
        endpoint: Its first real endpoint.
    """

    id: int
    endpoint: str


class ObservedApp:
    """The window is open and the engine runs.

    Args:
        process: Speaks the protocol of ``observed_app.py``.
    """

    def __init__(self, process: JsonProcess) -> None:
        self.process = process

    def wait_until_ready(self, plan: Plan, wants_native: bool) -> None:
        """Wait for the plot and, a bounded time, for the native drain's kernel."""
        deadline_s = time.monotonic() + (plan.native_wait_s if wants_native else 0)
        while True:
            status = self.process.ask(_START_S, do="status")
            is_ready = status["kernel_ready"]
            if status["plot"] and (is_ready or not wants_native or time.monotonic() > deadline_s):
                break
            time.sleep(_LOOK_EVERY_S)
        if wants_native:
            plan.native_came = is_ready

    @property
    def drain(self) -> str:
        """The name of the drain that took the last message."""
        return str(self.process.ask(do="status")["drain"])

    def notes(self) -> tuple[str, ...]:
        """What has to be said beside figures of this app."""
        drain = self.drain
        if drain == _NATIVE:
            return ()
        return (f"The native drain did not come up: measured with the {drain} drain.",)

    def open(self, *specs: str) -> list[OpenSocket]:
        """Open sockets and wait until they are."""
        return _sockets(self.process.ask(do="open", specs=specs))

    def reopen(self, socket: OpenSocket) -> OpenSocket:
        """Open a closed socket again."""
        return _sockets(self.process.ask(do="reopen", ids=[socket.id]))[0]

    def close(self, *sockets: OpenSocket) -> None:
        """Close sockets and wait until they are."""
        self.process.ask(do="close", ids=_ids(sockets))

    def remove(self, *sockets: OpenSocket) -> None:
        """Close sockets, take them off the list, and wait until they are gone."""
        self.process.ask(do="remove", ids=_ids(sockets))

    def begin_window(self, plan: Plan) -> None:
        """Measure from the next message on; ``window`` has the figures."""
        self.process.tell(do="window", cut_s=plan.cut_s, seconds=plan.window_s, calm_s=plan.calm_s)

    def window(self, plan: Plan) -> Reply:
        """The figures of the window that was begun."""
        return self.process.reply(_WINDOW_REPLY_S + plan.window_s)

    def settle(self, timeout_s: float = 60.0) -> int:
        """Wait until nothing comes any more; the number of messages by then."""
        return int(self.process.ask(timeout_s, do="quiet")["messages"])

    def check(self, *sockets: OpenSocket) -> None:
        """Begin to check sequence numbers."""
        self.process.ask(do="check", ids=_ids(sockets))

    def checked(self) -> Reply:
        """What the check has found so far."""
        return self.process.ask(do="checked")

    def sample(self) -> Reply:
        """What process and store use now."""
        return self.process.ask(do="sample")

    def quit(self) -> None:
        """End it the ordinary way.

        Raises:
            RowFailedError: It did not end well, or wrote a traceback before it did.
        """
        status = self.process.end()
        if status:
            raise self.process.failure(f"ended with status {status}")
        if "Traceback" in self.process.errors():
            raise self.process.failure("met an error")


@contextmanager
def observed_app(
    environment: dict[str, str],
    plan: Plan,
    *,
    plain: bool = False,
    settings: dict[str, str] | None = None,
) -> Iterator[ObservedApp]:
    """Start the app with its window, wait until it is ready, and end it.

    Args:
        environment: Leads to a display.
        plan: How long to wait for the native drain.
        plain: Whether to keep the app to its plain drain.
        settings: Names and values of its settings file.

    Raises:
        RowFailedError: It did not start, or did not end well.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "settings.ini")
        with open(path, "w", encoding="utf-8") as file:
            file.write("[General]\n")
            file.writelines(f"{key}={value}\n" for key, value in (settings or {}).items())
        command = [
            sys.executable, "-m", "tests.benchmarks.observed_app",
            "--settings", path, "--size", WINDOW_SIZE,
        ]  # fmt: skip
        everywhere = environment | _TELL_OF_CRASHES | (_PLAIN_ONLY if plain else {})
        with JsonProcess("the app", command, everywhere, ROOT) as process:
            app = ObservedApp(process)
            app.wait_until_ready(plan, wants_native=not plain)
            yield app
            app.quit()


def _ids(sockets: Sequence[OpenSocket]) -> list[int]:
    return [socket.id for socket in sockets]


def _sockets(reply: dict[str, Any]) -> list[OpenSocket]:
    found = [
        OpenSocket(entry["id"], next(iter(entry["endpoints"]), "")) for entry in reply["sockets"]
    ]
    if not found:
        raise RowFailedError("the app opened no socket")
    return found
