"""The measured run: simple values for scripts, and a reason when they cannot be written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.batches import batch_of
from zmqscope.bootstrap.report import build_report, process_started_s, write_report
from zmqscope.bootstrap.workbench import Workbench
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.diagnosis.finding import Finding, Rule
from zmqscope.core.diagnosis.history import FindingHistory
from zmqscope.core.peers import Peer, PeerId, PeerState, ProcessInfo, SocketPeers
from zmqscope.core.types import (
    Direction,
    Endpoint,
    EndpointState,
    EndpointStatus,
    Problem,
    Role,
    Severity,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
)
from zmqscope.models.formats import Formats

S = 1_000_000_000
TEXT = '{"a": [1, 2, 3], "b": "long enough to be told"}'
PACKED = zlib.compress(TEXT.encode())


def finding(endpoint: Endpoint | None, rule: Rule) -> Finding:
    return Finding(
        SocketId(3), rule, Severity.WARNING, "It waits.", "Because.", (), endpoint, since_ns=4 * S
    )


@pytest.fixture
def workbench() -> Workbench:
    """What a report looks at, without a window."""
    bound = Endpoint(Role.BIND, "tcp://127.0.0.1:*")
    nobody = Endpoint(Role.CONNECT, "tcp://127.0.0.1:1")
    snapshot = SocketSnapshot(
        SocketId(3),
        SocketSpec(SocketType.DEALER, (bound, nobody), "both"),
        SocketState.RETRYING,
        (
            EndpointStatus(bound, "tcp://127.0.0.1:40001", EndpointState.LISTENING),
            EndpointStatus(nobody, nobody.address, EndpointState.RETRYING),
        ),
        problem=Problem("Nobody answers.", "Start it."),
    )
    findings = FindingHistory()
    findings.take((finding(bound, Rule.ADDRESS_IN_USE), finding(None, Rule.REQ_WAITS)), 5 * S)
    findings.take((finding(None, Rule.REQ_WAITS),), 9 * S)
    peer = Peer(
        PeerId(1),
        SocketId(3),
        bound,
        PeerState.READY,
        7 * S,
        "127.0.0.1:4711",
        types=(SocketType.DEALER, SocketType.ROUTER),
        identity=b"\x00k",
        process=ProcessInfo(12, "python", "python feed.py"),
    )
    controller = SimpleNamespace(
        snapshots={SocketId(3): snapshot},
        dropped_news=0,
        drain=SimpleNamespace(name="plain"),
        findings=findings,
        peers={SocketId(3): SocketPeers(SocketId(3), (peer,))},
    )
    ticker = SimpleNamespace(intervals_ms=lambda: [16.0, 17.0])
    store = CaptureStore()
    for direction, frames in (
        (Direction.RECEIVED, (b"peer", b"", b'{"px": 1.5}')),
        (Direction.SENT, (PACKED,)),
    ):
        store.append(batch_of([frames], socket_id=3, direction=direction, times_ns=[6 * S]))
    stand_in = SimpleNamespace(
        store=store, formats=Formats(), controller=controller, ticker=ticker, plot_ready_s=None
    )
    return cast("Workbench", stand_in)


def test_the_fields_that_scripts_rely_on(workbench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    assert write_report(path, workbench, time.time()) is None
    report = json.loads(path.read_text())
    assert {
        "version", "first_paint_ms", "plot_ready_ms", "interval_ms", "captured", "sockets",
        "ledger", "rss_mb", "drain", "findings", "peers", "last",
    } == set(report)  # fmt: skip
    assert set(report["interval_ms"]) == {"p50", "p99", "max"}
    assert set(report["captured"]) == {"messages", "frames", "bytes"}
    assert report["sockets"] == [
        {
            "name": "both",
            "type": "DEALER",
            "endpoints": ["@tcp://127.0.0.1:40001", "tcp://127.0.0.1:1"],
            "state": "retrying",
            "problem": "Nobody answers. Start it.",
            "received": {"messages": 1, "bytes": 15},
            "sent": {"messages": 1, "bytes": len(PACKED)},
        }
    ]
    assert report["plot_ready_ms"] is None
    past, current = report["findings"]
    assert (past["rule"], past["since"], past["until"]) == ("address-in-use", 4.0, 9.0)
    assert past["endpoint"] == "tcp://127.0.0.1:*"
    assert (current["rule"], current["until"], current["socket"]) == ("req-waits", None, "both")
    assert (current["text"], current["why"], current["severity"]) == (
        "It waits.", "Because.", "warning",
    )  # fmt: skip
    (peer,) = report["peers"]
    assert (peer["socket"], peer["address"]) == ("both", "127.0.0.1:4711")
    assert (peer["type"], peer["identity"], peer["mechanism"]) == ("DEALER/ROUTER", "006b", None)
    assert peer["process"] == {"pid": 12, "name": "python"}
    asked, packed = report["last"]
    assert asked == {
        "socket": "both", "direction": "received", "frames": [4, 0, 11], "topic": "peer",
        "summary": '{"px": 1.5}', "decoders": ["json"],
    }  # fmt: skip
    assert (packed["direction"], packed["decoders"]) == ("sent", ["zlib", "json"])
    assert packed["summary"] == TEXT


def test_the_last_messages_are_two_hundred_at_most(workbench: Workbench) -> None:
    many = [(b"%d" % number,) for number in range(300)]
    workbench.store.append(batch_of(many, socket_id=3, times_ns=[7 * S] * len(many)))
    last = build_report(workbench, None)["last"]
    assert [entry["summary"] for entry in last] == [str(number) for number in range(100, 300)]


def test_what_cannot_be_written_gives_a_reason(workbench: Workbench, tmp_path: Path) -> None:
    assert write_report(tmp_path, workbench, None) == "is a directory"
    assert write_report(tmp_path / "gone" / "r.json", workbench, None) is not None


def test_the_start_of_a_process_is_known_to_a_hundredth() -> None:
    code = "from zmqscope.bootstrap.report import process_started_s as s; print(s())"
    before = time.time()
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert before - 0.1 < float(found.stdout) < time.time()
    assert process_started_s() < before


def test_a_run_without_a_report_says_so_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "zmqscope", "--exit-after", "0.001", "--report", str(path)),
            *("--settings", str(tmp_path / "settings.ini")),
        ],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
    assert str(path) in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not path.exists()
