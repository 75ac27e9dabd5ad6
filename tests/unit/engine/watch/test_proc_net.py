"""Linux's tables of TCP connections."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from tests.link_rig import wire_over_tcp
from zmqscope.engine.watch.proc_net import TcpRow, find_listener, find_rows, inodes_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these tables")

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
LINE = "   0: {} {} {} 00000000:00000000 00:00000000 00000000  {}        0 {} 1 0 100 0 0 10 0"


def test_both_sides_of_a_connection() -> None:
    with wire_over_tcp() as (near, far):
        pair = (near.getsockname(), near.getpeername())
        other = (pair[1], pair[0])
        rows = find_rows([pair, other, (("127.0.0.1", 1), ("127.0.0.1", 2))])
        assert rows == {
            pair: TcpRow(os.fstat(near.fileno()).st_ino, os.getuid()),
            other: TcpRow(os.fstat(far.fileno()).st_ino, os.getuid()),
        }
        mine = inodes_of(os.getpid())
        assert mine is not None
        assert {row.inode for row in rows.values()} <= mine


@pytest.mark.parametrize("is_ipv6", [False, True])
def test_a_listener(is_ipv6: bool) -> None:
    # With both, so that nobody else has the port over IPv4.
    where = (("::" if is_ipv6 else "127.0.0.1"), 0)
    family = socket.AF_INET6 if is_ipv6 else socket.AF_INET
    with socket.create_server(where, family=family, dualstack_ipv6=is_ipv6) as listener:
        port = listener.getsockname()[1]
        assert find_listener(port) == TcpRow(os.fstat(listener.fileno()).st_ino, os.getuid())
    assert find_listener(port) is None


def test_an_ipv4_peer_of_an_ipv6_socket() -> None:
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as far:
            near, _ = listener.accept()
            with near:
                pair = (("127.0.0.1", port), far.getsockname())
                assert find_rows([pair])[pair].inode == os.fstat(near.fileno()).st_ino


def test_tables_that_are_strange_or_missing(tmp_path: Path) -> None:
    assert find_rows([(("127.0.0.1", 1), ("127.0.0.1", 2))], tmp_path) == {}
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(
        "\n".join((HEAD, "nonsense", LINE.format("0100007F:15B4", "0:0", "0A", 1000, 77)))
    )
    (tmp_path / "net" / "tcp6").write_bytes(b"\xff\xfe")
    assert find_listener(5556, tmp_path) == TcpRow(77, 1000)
    assert find_listener(5557, tmp_path) is None
    assert inodes_of(4711, tmp_path) is None
