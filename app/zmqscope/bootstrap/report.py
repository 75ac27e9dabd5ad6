"""The measured run: what ``--report`` writes. GUI thread."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil

from zmqscope import __version__
from zmqscope.bootstrap.report_entries import finding_entry, last_messages, peer_entry
from zmqscope.core.capture.counters import Totals
from zmqscope.core.capture.store import LedgerCounts
from zmqscope.core.types import Role, SocketId, SocketSnapshot
from zmqscope.models.messages.row_reader import RowReader

if TYPE_CHECKING:
    from zmqscope.bootstrap.workbench import Workbench


def write_report(path: Path, workbench: Workbench, first_painted_s: float | None) -> str | None:
    """Write the report.

    Args:
        path: Where to.
        workbench: What was measured.
        first_painted_s: When the window was first painted, seconds since the epoch.

    Returns:
        Why it could not be written, or None.
    """
    text = json.dumps(build_report(workbench, first_painted_s), indent=2) + "\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        return (error.strerror or str(error)).lower()
    return None


def build_report(workbench: Workbench, first_painted_s: float | None) -> dict[str, Any]:
    """The report as plain values.

    Intervals are those between ticks at full pace; a ledger entry that cannot be known is null.
    """
    process = psutil.Process()
    started_s = process_started_s()
    store, controller = workbench.store, workbench.controller
    total = store.counters.total
    return {
        "version": __version__,
        "first_paint_ms": _since(started_s, first_painted_s),
        "plot_ready_ms": _since(started_s, workbench.plot_ready_s),
        "interval_ms": _intervals(workbench.ticker.intervals_ms()),
        "captured": _totals(total, with_frames=True),
        "sockets": [
            _socket(
                snapshot, store.counters.of(socket_id).received, store.counters.of(socket_id).sent
            )
            for socket_id, snapshot in _ordered(controller.snapshots)
        ],
        "ledger": _ledger(store.ledger(), controller.dropped_news),
        "findings": [
            finding_entry(finding, controller.snapshots)
            for finding in (*controller.findings.past, *controller.findings.current)
        ],
        "peers": [
            peer_entry(peer, controller.snapshots)
            for _, peers in sorted(controller.peers.items())
            for peer in peers.peers
        ],
        "last": last_messages(
            store, RowReader(workbench.formats, store.message), controller.snapshots
        ),
        "rss_mb": round(process.memory_info().rss / 2**20, 1),
        "drain": controller.drain.name,
    }


def _ledger(ledger: LedgerCounts, dropped_news: int) -> dict[str, Any]:
    return {
        "captured": ledger.captured,
        "missing_on_wire": None,
        "dropped_in_queues": ledger.refused,
        "news_dropped": dropped_news,
        "no_longer_in_memory": ledger.evicted,
        "cleared": ledger.cleared,
        "memory_bytes": ledger.memory_bytes,
        "budget_bytes": ledger.budget_bytes,
    }


def _ordered(snapshots: dict[SocketId, SocketSnapshot]) -> list[tuple[SocketId, SocketSnapshot]]:
    return sorted(snapshots.items())


def _socket(snapshot: SocketSnapshot, received: Totals, sent: Totals) -> dict[str, Any]:
    return {
        "name": snapshot.name,
        "type": snapshot.spec.type.name,
        # As in a socket spec, with the real ports: what a script connects to.
        "endpoints": [
            f"{'@' if status.endpoint.role is Role.BIND else ''}{status.actual}"
            for status in snapshot.endpoints
        ],
        "state": snapshot.state.value,
        "problem": snapshot.problem.sentence() if snapshot.problem else None,
        "received": _totals(received),
        "sent": _totals(sent),
    }


def _totals(totals: Totals, with_frames: bool = False) -> dict[str, int]:
    figures = {"messages": totals.messages, "bytes": totals.bytes}
    if with_frames:
        figures["frames"] = totals.frames
    return figures


def _intervals(intervals_ms: list[float]) -> dict[str, float | None]:
    if not intervals_ms:
        return {"p50": None, "p99": None, "max": None}
    p50, p99, highest = np.percentile(intervals_ms, [50, 99, 100])
    return {"p50": round(p50, 2), "p99": round(p99, 2), "max": round(highest, 2)}


def process_started_s() -> float:
    """When this process started, seconds since the epoch, to a hundredth.

    On Linux psutil adds whole seconds of boot time, so it is worked out from the uptime (proc(5)).
    """
    try:
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        uptime_s = float(Path("/proc/uptime").read_text().split()[0])
        return time.time() - uptime_s + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return psutil.Process().create_time()


def _since(started_s: float, moment_s: float | None) -> float | None:
    return None if moment_s is None else round((moment_s - started_s) * 1000, 1)
