"""WebSocket and draft sockets, which links serve, against native tcp through the same app."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import reference
from tests.benchmarks.app_process import ObservedApp, observed_app
from tests.benchmarks.json_process import JsonProcess
from tests.benchmarks.row import Plan, Row, RowFailedError, Spread, Topic
from tests.display import virtual_display

_BYTES = 64
_START_S = 30.0
_READY_S = 0.1
_SOURCE = Path(__file__).with_name("wire_peer.c")


@dataclass(frozen=True, slots=True)
class _Way:
    """One kind of socket in one direction.

    Attributes:
        spec: What the app opens.
        framing: What the peer speaks.
        peer: The socket type that the peer says it is.
        sends: Whether the app sends.
        share: The least ratio to native tcp in the same direction.
    """

    spec: str
    framing: str
    peer: str
    sends: bool
    share: float = 1.0


_NATIVE = {
    False: _Way("pull:@tcp://127.0.0.1:*,name=tcp in", "zmtp", "PUSH", False),
    True: _Way("push:@tcp://127.0.0.1:*,name=tcp out", "zmtp", "PULL", True),
}
_WAYS = {
    "ws-in": _Way("pull:@ws://127.0.0.1:*,name=ws in", "ws", "PUSH", False, 0.5),
    "ws-out": _Way("push:@ws://127.0.0.1:*,name=ws out", "ws", "PULL", True, 0.5),
    "draft-in": _Way("gather:@tcp://127.0.0.1:*,name=draft in", "zmtp", "SCATTER", False, 0.6),
    "draft-out": _Way("scatter:@tcp://127.0.0.1:*,name=draft out", "zmtp", "GATHER", True, 0.6),
}


def run(plan: Plan, lines: frozenset[str]) -> Iterator[Row]:
    """Measure what is asked for, each round beside native tcp in the same window."""
    program = reference.compiled(_SOURCE)
    if program is None:
        raise RowFailedError("a C compiler is needed")
    with ExitStack() as stack:
        environment = stack.enter_context(virtual_display())
        app = stack.enter_context(observed_app(environment, plan))
        _wait_for_kernels(plan, app)
        _fill(plan, app)
        for name, way in _WAYS.items():
            if name in lines:
                yield _compare(plan, app, program, name, way)


def _wait_for_kernels(plan: Plan, app: ObservedApp) -> None:
    deadline_s = time.monotonic() + plan.native_wait_s
    while not app.process.ask(do="status")["links_ready"] and time.monotonic() < deadline_s:
        time.sleep(_READY_S)


def _fill(plan: Plan, app: ObservedApp) -> None:
    """Bring the store to its budget: memory that was never touched is slow to get."""
    if plan.short:
        return
    (socket,) = app.open("pull:@tcp://127.0.0.1:*,name=fill")
    with reference.sender([socket.endpoint], sizes=[4_096], count=150_000) as done:
        done.reply(60.0)
    app.settle()
    app.remove(socket)


def _compare(plan: Plan, app: ObservedApp, program: Path, name: str, way: _Way) -> Row:
    native = _NATIVE[way.sends]
    ours, tcp = list[float](), list[float]()
    for number in range(plan.rounds):
        plan.say(f"{name}: round {number + 1} of {plan.rounds}")
        tcp.append(_per_s(plan, app, program, native))
        ours.append(_per_s(plan, app, program, way))
    ratio = Spread.of_ratios(ours, tcp)
    notes = () if app.process.ask(do="status")["links_ready"] else ("Without the kernel.",)
    return Row(
        name,
        Spread.of(ours).median,
        "msg/s",
        Spread.of(tcp).median,
        "native tcp, same app",
        ratio,
        f"≥ {way.share}",
        plan.judged(ratio.median >= way.share),
        {"app_per_s": ours, "reference_per_s": tcp, "bytes": _BYTES},
        notes,
    )


def _per_s(plan: Plan, app: ObservedApp, program: Path, way: _Way) -> float:
    (socket,) = app.open(way.spec)
    port = socket.endpoint.rpartition(":")[2]
    command = [
        str(program), "recv" if way.sends else "send", f"port={port}", f"framing={way.framing}",
        f"type={way.peer}", f"size={_BYTES}", f"cut_s={plan.cut_s}", f"seconds={plan.window_s}",
    ]  # fmt: skip
    if way.sends:
        per_s = _sent_per_s(plan, app, command, socket.id)
    else:
        app.begin_window(plan)
        with JsonProcess("the wire peer", command):
            per_s = float(app.window(plan)["per_s"])
        app.settle()
    app.remove(socket)
    return per_s


def _sent_per_s(plan: Plan, app: ObservedApp, command: list[str], socket: int) -> float:
    with JsonProcess("the wire peer", command) as receiver:
        job = app.process.ask(do="start_load", socket=socket, size=_BYTES, rate=0)["job"]
        per_s = float(receiver.reply(_START_S + plan.window_s)["per_s"])
        app.process.ask(do="stop_load", job=job)
    return per_s


TOPIC = Topic("links", tuple(_WAYS), run)
