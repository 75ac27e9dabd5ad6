"""10,000 attempts a second with wrong keys and passwords are offered, beside paced traffic."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import zmq

from tests.benchmarks import reference
from tests.benchmarks.app_process import ObservedApp, observed_app
from tests.benchmarks.json_process import JsonProcess, Reply
from tests.benchmarks.measure import PEERS
from tests.benchmarks.row import Plan, Row, RowFailedError, Spread, Topic
from tests.display import virtual_display
from zmqscope.core.security.access import AccessMode
from zmqscope.core.security.secret import KeyPair, Secret
from zmqscope.core.security.secret_files import write_key_pair

_SOURCE = Path(__file__).with_name("knocker.c")
_RATE_PER_S = 20_000
_ATTEMPTS_PER_S = 10_000
# How long an attempt waits for its answer.
_HOLD_MS = 100
_SIZE = 64
_SECONDS = 10.0
_SHORT_S = 2.0
_WARM_UP_S = 1.0
_LEAST_SHARE = 0.8
_MOST_P99_MS = 50.0


def run(plan: Plan, _lines: frozenset[str]) -> Iterator[Row]:
    """The traffic alone, then under each flood."""
    with ExitStack() as stack:
        environment = stack.enter_context(virtual_display())
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        app = stack.enter_context(observed_app(environment, plan))
        app.process.ask(do="set_access", mode=AccessMode.LISTED.value)
        public, secret = zmq.curve_keypair()
        write_key_pair(folder, "server", KeyPair(public.decode(), Secret(secret)))
        key = Path(folder) / "server.key_secret"
        traffic, curve, plain = app.open(
            "pull:@tcp://127.0.0.1:*,name=traffic",
            f"pull:@tcp://127.0.0.1:*,name=curve,lock=curve-server,secret=file:{key}",
            "pull:@tcp://127.0.0.1:*,name=plain,lock=plain-server",
        )
        doors = {"CURVE": curve.endpoint, "PLAIN": plain.endpoint}
        seconds = _SHORT_S if plan.short else _SECONDS
        with reference.sender([traffic.endpoint], sizes=[_SIZE], rate=_RATE_PER_S):
            time.sleep(_WARM_UP_S)
            plan.say(f"locks-flood: {seconds} s without, then with each flood")
            alone = _measure(app, traffic.id, seconds)
            under = {
                name: _under_flood(app, traffic.id, seconds, name, door)
                for name, door in doors.items()
            }
        app.settle()
        yield _row(plan, alone, under)


def _measure(app: ObservedApp, socket: int, seconds: float) -> dict[str, Any]:
    before, begun_s = app.sample(), time.monotonic()
    count = _received(app, socket)
    time.sleep(seconds)
    after_count, took_s = _received(app, socket), time.monotonic() - begun_s
    after = app.sample()
    return {
        "per_s": (after_count - count) / took_s,
        "interval_p99_ms": after["interval_p99_ms"],
        "interval_max_ms": after["interval_max_ms"],
        "grown_bytes": (after["rss_bytes"] - after["memory_bytes"])
        - (before["rss_bytes"] - before["memory_bytes"]),
    }


def _received(app: ObservedApp, socket: int) -> int:
    return int(app.process.ask(do="received", socket=socket)["messages"])


def _under_flood(
    app: ObservedApp, socket: int, seconds: float, mechanism: str, door: str
) -> dict[str, Any]:
    with JsonProcess("the attacker", _attacker(mechanism, door, seconds)) as attacker:
        attacker.reply(20.0)  # that it is ready
        found = _measure(app, socket, seconds)
        told: Reply = attacker.reply(seconds + 30.0)
    if not told["answered"]:
        raise RowFailedError(f"no attempt by {mechanism} was answered")
    return {
        **found,
        "offered_per_s": told["begun"] / seconds,
        "answered_per_s": told["answered"] / seconds,
        "attacker_cores": told["cpu_s"] / seconds,
    }


def _attacker(mechanism: str, door: str, seconds: float) -> list[str]:
    """The one in C leaves most of two cores to the app; without a compiler fewer are offered."""
    program = reference.compiled(_SOURCE)
    if program is None:
        return [
            sys.executable, str(PEERS / "wrong_keys.py"), mechanism, door,
            "--rate", str(_ATTEMPTS_PER_S), "--seconds", str(seconds),
        ]  # fmt: skip
    return [
        str(program), "go", f"port={urlsplit(door).port}", f"mechanism={mechanism}",
        f"rate={_ATTEMPTS_PER_S}", f"seconds={seconds}", f"hold_ms={_HOLD_MS}",
    ]  # fmt: skip


def _row(plan: Plan, alone: dict[str, Any], under: dict[str, dict[str, Any]]) -> Row:
    slowest = min(each["per_s"] for each in under.values())
    p99 = max(each["interval_p99_ms"] or 0.0 for each in under.values())
    ratio = slowest / alone["per_s"]
    notes = [
        f"{name}: {found['offered_per_s']:,.0f} attempts/s offered with "
        f"{found['attacker_cores']:.2f} of a core, {found['answered_per_s']:,.0f} answered; "
        f"{found['per_s']:,.0f} msg/s; display p99 {found['interval_p99_ms']:.1f} ms, longest "
        f"{found['interval_max_ms']:.0f} (alone {alone['interval_p99_ms']:.1f}); memory "
        f"{found['grown_bytes'] / 2**20:+.0f} MiB"
        for name, found in under.items()
    ]
    return Row(
        "locks-flood",
        slowest,
        "msg/s",
        alone["per_s"],
        "the same traffic alone",
        Spread.of([ratio]),
        f"≥ {_LEAST_SHARE}, p99 ≤ {_MOST_P99_MS:.0f} ms",
        plan.judged(ratio >= _LEAST_SHARE and p99 <= _MOST_P99_MS),
        {"alone": alone, **{name.lower(): found for name, found in under.items()}},
        tuple(notes),
    )


TOPIC = Topic("locks-flood", ("locks-flood",), run)
