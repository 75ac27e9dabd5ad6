"""Which process has a TCP connection or listener, by Linux's tables (man 5 proc). Any thread."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from zmqscope.engine.watch.descriptors import HostPort

Pair = tuple[HostPort, HostPort]
"""Local and remote end, as the process that is looked for has them."""

PROC = Path("/proc")
_LISTEN = "0A"
_MOST_LINES = 200_000


@dataclass(frozen=True, slots=True)
class TcpRow:
    """A connection or listener.

    Attributes:
        inode: Of its socket.
        uid: Whose it is.
    """

    inode: int
    uid: int


def find_rows(pairs: Collection[Pair], proc: Path = PROC) -> dict[Pair, TcpRow]:
    """The rows of connections, for those that are of this machine."""
    wanted = {(_as_hex(local), _as_hex(remote)): (local, remote) for local, remote in pairs}
    wanted |= {(_as_hex(a, True), _as_hex(b, True)): (a, b) for a, b in pairs}
    found: dict[Pair, TcpRow] = {}
    for local, remote, _, row in _lines(proc):
        pair = wanted.get((local, remote))
        if pair is not None and row.inode:
            found[pair] = row
            if len(found) == len(pairs):
                break
    return found


def find_listener(port: int, proc: Path = PROC) -> TcpRow | None:
    """The row of whoever listens at a port, at any address."""
    end = f":{port:04X}"
    for local, _, state, row in _lines(proc):
        if state == _LISTEN and local.endswith(end) and row.inode:
            return row
    return None


def inodes_of(pid: int, proc: Path = PROC) -> set[int] | None:
    """The inodes of a process's sockets; None if it may not be looked into, or is gone."""
    folder = proc / str(pid) / "fd"
    found = set[int]()
    try:
        for name in os.listdir(folder):
            try:
                target = os.readlink(folder / name)
            except FileNotFoundError:
                continue  # closed meanwhile
            if target.startswith("socket:["):
                found.add(int(target[len("socket:[") : -1]))
    except OSError:
        return None
    return found


def _lines(proc: Path) -> Iterator[tuple[str, str, str, TcpRow]]:
    for name in ("tcp", "tcp6"):
        try:
            with (proc / "net" / name).open("r", encoding="ascii") as lines:
                next(lines, None)
                for number, line in enumerate(lines):
                    if number > _MOST_LINES:
                        break
                    fields = line.split(None, 10)
                    if len(fields) >= 10:
                        row = TcpRow(int(fields[9]), int(fields[7]))
                        yield fields[1], fields[2], fields[3], row
        except (OSError, ValueError):
            continue


def _as_hex(end: HostPort, mapped: bool = False) -> str:
    """An address as the tables have it: words of the machine's own byte order."""
    host, port = end[0].partition("%")[0], end[1]
    try:
        if ":" in host:
            packed = socket.inet_pton(socket.AF_INET6, host)
        else:
            packed = socket.inet_pton(socket.AF_INET, host)
            if mapped:
                packed = bytes(10) + b"\xff\xff" + packed
    except OSError:
        return ""
    words = struct.unpack(f"={len(packed) // 4}I", packed)
    return "".join(f"{word:08X}" for word in words) + f":{port:04X}"
