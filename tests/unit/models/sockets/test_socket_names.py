"""Names of sockets: as they are now, and of those that are gone as they were."""

from __future__ import annotations

from tests.gui.socket_rig import snapshot_of
from zmqscope.core.types import SocketId, SocketSnapshot, SocketType
from zmqscope.models.sockets.socket_names import SocketNames

ONE = SocketId(1)


def test_a_name_is_the_one_of_now() -> None:
    snapshots = {ONE: snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1")}
    names = SocketNames(lambda: snapshots)
    assert names.name(ONE) == "quotes"
    snapshots[ONE] = snapshot_of(1, SocketType.SUB, "prices", "tcp://a:1")
    assert names.name(ONE) == "prices"


def test_of_a_socket_that_is_gone_the_last_name_is_kept() -> None:
    snapshots: dict[SocketId, SocketSnapshot] = {}
    names = SocketNames(lambda: snapshots)
    assert names.name(ONE) == "removed socket"
    snapshots[ONE] = snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1")
    names.name(ONE)
    snapshots.clear()
    assert names.name(ONE) == "quotes"


def test_nobody_has_no_name() -> None:
    assert SocketNames(dict).name(None) == ""


def test_only_a_thousand_names_are_kept() -> None:
    snapshots = {
        SocketId(n): snapshot_of(n, SocketType.SUB, f"s{n}", "tcp://a:1") for n in range(1, 1_002)
    }
    names = SocketNames(lambda: snapshots)
    for socket_id in snapshots:
        names.name(socket_id)
    snapshots.clear()
    assert names.name(ONE) == "removed socket"
    assert names.name(SocketId(2)) == "s2"
