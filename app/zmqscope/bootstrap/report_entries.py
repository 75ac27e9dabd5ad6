"""Findings, peers and messages as plain values, for a measured run's report. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zmqscope.core.capture.store import CaptureStore, RowView
from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.peers import Peer, ProcessInfo
from zmqscope.core.types import Direction, SocketId, SocketSnapshot
from zmqscope.models.messages.row_reader import RowReader

_NS = 1_000_000_000
_LAST_ROWS = 200
_HEAD_BYTES = 64 * 1024
_MAX_FRAMES = 1_000
Snapshots = Mapping[SocketId, SocketSnapshot]


def finding_entry(finding: Finding, snapshots: Snapshots) -> dict[str, Any]:
    """What the doctor found; times in seconds since the epoch, ``until`` null while it lasts."""
    return {
        "socket": _name(finding.socket_id, snapshots),
        "rule": finding.rule.value,
        "severity": finding.severity.name.lower(),
        "text": finding.text,
        "why": finding.why,
        "endpoint": finding.endpoint.address if finding.endpoint is not None else None,
        "since": finding.since_ns / _NS,
        "until": finding.until_ns / _NS if finding.until_ns else None,
    }


def peer_entry(peer: Peer, snapshots: Snapshots) -> dict[str, Any]:
    """A peer as it is at the end; what is not known is null."""
    return {
        "socket": _name(peer.socket_id, snapshots),
        "endpoint": peer.endpoint.address,
        "address": peer.address or None,
        "state": peer.state.value,
        "mechanism": peer.mechanism or None,
        "version": peer.version or None,
        "type": "/".join(kind.name for kind in peer.types) or None,
        "identity": _identity(peer.identity),
        "user": peer.user_id or None,
        "since": peer.since_ns / _NS,
        "reconnects": peer.reconnects,
        "process": _process(peer.process),
    }


def last_messages(
    store: CaptureStore, reader: RowReader, snapshots: Snapshots
) -> list[dict[str, Any]]:
    """The newest rows, oldest first, with what they were read as."""
    stop = int(store.end_row)
    views = store.rows(max(0, stop - _LAST_ROWS), stop, _HEAD_BYTES, _MAX_FRAMES)
    return [_message_entry(view, reader, snapshots) for view in views]


def _message_entry(view: RowView, reader: RowReader, snapshots: Snapshots) -> dict[str, Any]:
    snapshot = snapshots.get(view.socket_id)
    texts = reader.read_all(view, snapshot.spec.type if snapshot is not None else None)
    return {
        "socket": _name(view.socket_id, snapshots),
        "direction": "sent" if view.direction is Direction.SENT else "received",
        "frames": list(view.frame_sizes),
        "topic": texts.topic,
        "summary": texts.preview,
        "decoders": list(texts.sources),
    }


def _name(socket_id: SocketId, snapshots: Snapshots) -> str | None:
    snapshot = snapshots.get(socket_id)
    return snapshot.name if snapshot is not None else None


def _identity(identity: bytes | None) -> str | None:
    """As text where it is text, else as hex digits."""
    if identity is None:
        return None
    try:
        text = identity.decode()
    except UnicodeDecodeError:
        return identity.hex()
    return text if text.isprintable() else identity.hex()


def _process(process: ProcessInfo | None) -> dict[str, Any] | None:
    if process is None:
        return None
    # Not its command line: people put passwords there, in ways that nobody can recognise.
    return {"pid": process.pid, "name": process.name}
