"""Names that the authenticator gave to peers that say nothing."""

from __future__ import annotations

from zmqscope.core.peers import PeerId
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import Endpoint, Role, SocketId
from zmqscope.engine.access.record import MOST_OF_A_SOCKET, AccessRecord
from zmqscope.engine.access.zap import ZapStatus
from zmqscope.engine.watch.peer_record import PeerRecord
from zmqscope.engine.watch.user_ids import UserIds, user_id_of

S = 1_000_000_000
NOW_NS = 1_000 * S


def peer(host: str = "127.0.0.1", pid: int | None = None) -> PeerRecord:
    endpoint = Endpoint(Role.BIND, "tcp://*:1")
    made = PeerRecord(PeerId(1), SocketId(1), endpoint, NOW_NS)
    if pid is None:
        made.remote = (host, 4711)
    made.pid = pid
    return made


def decision(
    user_id: str,
    address: str = "127.0.0.1",
    status: ZapStatus = ZapStatus.SUCCESS,
    age_s: int = 0,
    process: int | None = None,
) -> AccessRecord:
    time_ns = NOW_NS - age_s * S
    lock = Mechanism.PLAIN
    return AccessRecord(
        time_ns, SocketId(1), "default", lock, address, user_id, "", status, process=process
    )


def test_the_only_one_from_there() -> None:
    decisions = [decision("bob", "10.0.0.1"), decision("ann"), decision("eve", age_s=60)]
    assert user_id_of(peer(), decisions) == "ann"


def test_two_names_from_there_at_the_same_time() -> None:
    assert user_id_of(peer(), [decision("ann"), decision("bob")]) == ""
    assert user_id_of(peer(), [decision("ann"), decision("ann")]) == "ann"


def test_who_was_refused_does_not_count() -> None:
    assert user_id_of(peer(), [decision("eve", status=ZapStatus.REFUSED)]) == ""


def test_ipc_goes_by_process() -> None:
    decisions = [decision("ann", "", process=7), decision("bob", "", process=8)]
    assert user_id_of(peer(pid=8), decisions) == "bob"


def test_nothing_is_certain_in_a_crowd() -> None:
    assert user_id_of(peer(), [decision("ann")] * MOST_OF_A_SOCKET) == ""


def test_a_decision_that_is_noted_late_names_its_peer_all_the_same() -> None:
    decisions: list[AccessRecord] = []
    names, late = UserIds(lambda: decisions), peer()
    names.name(late)
    assert not names.name_late(NOW_NS)
    decisions.append(decision("ann"))
    assert names.name_late(NOW_NS)
    assert late.user_id == "ann"
    assert not names.name_late(NOW_NS)


def test_who_is_not_named_in_time_stays_nameless() -> None:
    decisions: list[AccessRecord] = []
    names, late = UserIds(lambda: decisions), peer()
    names.name(late)
    assert not names.name_late(NOW_NS + 4 * S)
    decisions.append(decision("ann"))
    assert not names.name_late(NOW_NS + 4 * S)
    assert late.user_id == ""
