"""The doorman: decides at once, holds what the user is asked, forgets nothing and nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.unit.engine.access.rig import DOOR, DoormanRig, by_key, by_password
from zmqscope.core.security.access import (
    AccessList,
    AccessMode,
    AllowedKey,
    AllowedUser,
    KnockId,
    Verdict,
)
from zmqscope.core.security.access_rules import AccessRequest
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.security.passwords import hash_password, is_password
from zmqscope.core.types import SocketId
from zmqscope.engine.access.knocks import MOST_AT_A_DOOR, VERDICT_NS
from zmqscope.engine.access.zap import ReturnTo, ZapFault, ZapStatus

KEY = "k" * 40
ASKING = AccessList(mode=AccessMode.ASK)
LISTED = AccessList(mode=AccessMode.LISTED, keys=(AllowedKey(KEY, "robot"),))
IN, OUT, LATER = ZapStatus.SUCCESS, ZapStatus.REFUSED, ZapStatus.TEMPORARY


@pytest.fixture
def rig() -> Iterator[DoormanRig]:
    made = DoormanRig()
    yield made
    made.checker.close()


def test_the_listed_come_in_by_their_names_and_others_do_not(rig: DoormanRig) -> None:
    rig.set_list(LISTED)
    rig.comes(b"a", by_key(KEY))
    rig.comes(b"b", by_key("o" * 40))
    assert rig.replies[b"a"] == (IN, "", "robot")
    assert rig.status(b"b") is OUT
    assert [record.status for record in rig.records] == [IN, OUT]
    assert rig.records[0].user_id == "robot"


def test_a_list_that_was_never_made_asks(rig: DoormanRig) -> None:
    rig.comes(b"a", by_key(KEY))
    assert rig.replies == {}
    assert len(rig.open_knocks()) == 1


def test_the_same_peer_keeps_its_number_and_counts_up(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    for route in (b"a", b"b", b"c"):
        rig.comes(route, by_key(KEY))
    (knock,) = rig.open_knocks()
    assert knock.tries == 3
    assert len(rig.records) == 1
    rig.doorman.answer(knock.knock_id, Verdict.LET_IN)
    assert {rig.status(route) for route in (b"a", b"b", b"c")} == {IN}
    assert rig.open_knocks() == []


def test_another_password_is_another_peer(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    rig.comes(b"a", by_password("bob", b"one"))
    rig.comes(b"b", by_password("bob", b"two"))
    first, second = rig.open_knocks()
    rig.doorman.answer(first.knock_id, Verdict.LET_IN)
    assert rig.status(b"a") is IN
    assert rig.status(b"b") is None
    rig.doorman.answer(second.knock_id, Verdict.REFUSE)
    assert rig.status(b"b") is OUT


@pytest.mark.parametrize(("verdict", "status"), [(Verdict.LET_IN, IN), (Verdict.REFUSE, OUT)])
def test_an_answer_holds_for_the_next_tries_for_a_while(
    rig: DoormanRig, verdict: Verdict, status: ZapStatus
) -> None:
    rig.set_list(ASKING)
    rig.comes(b"a", by_key(KEY))
    rig.left.add(b"a")
    rig.doorman.answer(rig.open_knocks()[0].knock_id, verdict)
    assert rig.records[1:] == []
    rig.comes(b"b", by_key(KEY))
    assert rig.status(b"b") is status
    rig.now_ns += VERDICT_NS
    rig.comes(b"c", by_key(KEY))
    assert rig.status(b"c") is None
    assert len(rig.open_knocks()) == 1


def test_an_answer_is_of_one_door(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    rig.comes(b"a", by_key(KEY))
    rig.doorman.answer(rig.open_knocks()[0].knock_id, Verdict.LET_IN)
    rig.comes(b"b", by_key(KEY), SocketId(8))
    assert rig.status(b"b") is None


def test_an_answer_to_nobody(rig: DoormanRig) -> None:
    rig.doorman.answer(KnockId(0), Verdict.LET_IN)
    assert rig.replies == {}


def test_what_is_denied_stays_out_whatever_was_answered(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    rig.comes(b"a", by_key(KEY))
    rig.doorman.answer(rig.open_knocks()[0].knock_id, Verdict.LET_IN)
    rig.set_list(AccessList(mode=AccessMode.ASK, deny=("127.0.0.1",)))
    rig.comes(b"b", by_key(KEY))
    assert rig.status(b"b") is OUT


def test_a_change_of_the_lists_answers_what_fits(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    rig.comes(b"a", by_key(KEY))
    rig.comes(b"b", by_key("o" * 40))
    keys = (AllowedKey(KEY),)
    rig.set_list(AccessList(mode=AccessMode.ASK, keys=keys))
    assert rig.status(b"a") is IN
    assert rig.status(b"b") is None
    rig.set_list(AccessList(mode=AccessMode.LISTED, keys=keys))
    assert rig.status(b"b") is OUT
    assert rig.open_knocks() == []


def wait_for_checks(rig: DoormanRig, count: int) -> None:
    waited = threading.Event()
    for _ in range(1_000):
        if len(rig.checked) >= count:
            return
        waited.wait(0.01)
    raise AssertionError("not checked")


def test_a_password_is_checked_elsewhere_and_remembered(rig: DoormanRig) -> None:
    kept = hash_password("right")
    rig.set_list(AccessList(mode=AccessMode.LISTED, users=(AllowedUser("ann", kept),)))
    rig.comes(b"a", by_password("ann", b"right"))
    assert rig.replies == {}
    wait_for_checks(rig, 1)
    rig.doorman.on_checked(rig.checked[0])
    assert rig.replies[b"a"] == (IN, "", "ann")
    rig.comes(b"b", by_password("ann", b"right"))
    rig.comes(b"c", by_password("ann", b"wrong"))
    assert rig.status(b"b") is IN
    assert rig.status(b"c") is OUT
    assert len(rig.checked) == 1


def test_the_user_was_changed_while_scrypt_was_at_work(rig: DoormanRig) -> None:
    kept = hash_password("right")
    rig.set_list(AccessList(mode=AccessMode.LISTED, users=(AllowedUser("ann", kept),)))
    rig.comes(b"a", by_password("ann", b"right"))
    wait_for_checks(rig, 1)
    rig.set_list(AccessList(mode=AccessMode.LISTED))
    rig.doorman.on_checked(rig.checked[0])
    assert rig.status(b"a") is OUT


def test_the_password_was_changed_while_scrypt_was_at_work(rig: DoormanRig) -> None:
    users = [(AllowedUser("ann", hash_password(text)),) for text in ("old", "new")]
    rig.set_list(AccessList(mode=AccessMode.LISTED, users=users[0]))
    rig.comes(b"a", by_password("ann", b"old"))
    wait_for_checks(rig, 1)
    rig.set_list(AccessList(mode=AccessMode.LISTED, users=users[1]))
    rig.doorman.on_checked(rig.checked[0])
    assert rig.replies == {}
    wait_for_checks(rig, 2)
    rig.doorman.on_checked(rig.checked[1])
    assert rig.status(b"a") is OUT


def test_who_was_let_in_by_password_can_go_on_the_list(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    rig.comes(b"a", by_password("bob", b"his own"))
    knock = rig.open_knocks()[0]
    rig.doorman.answer(knock.knock_id, Verdict.LET_IN)
    waited = threading.Event()
    while rig.knocks[knock.knock_id].password is None:
        assert not waited.wait(0.01)
    kept = rig.knocks[knock.knock_id].password
    assert kept is not None
    assert is_password(kept, "his own")
    assert "his own" not in repr(rig.knocks)


def test_too_many_passwords_are_put_off_and_then_refused(rig: DoormanRig) -> None:
    users = (AllowedUser("ann", hash_password("right")),)
    rig.set_list(AccessList(mode=AccessMode.LISTED, users=users))
    for number in range(700):
        rig.comes(str(number).encode(), by_password("ann", str(number).encode()))
    statuses = [status for status, _, _ in rig.replies.values()]
    assert statuses.count(LATER) == 500
    assert OUT in statuses


def test_too_many_knocks_are_put_off_and_then_refused(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    for number in range(MOST_AT_A_DOOR + 600):
        rig.comes(str(number).encode(), by_key(f"{number:040}"))
    assert len(rig.open_knocks()) == MOST_AT_A_DOOR
    statuses = [status for status, _, _ in rig.replies.values()]
    assert (statuses.count(LATER), statuses.count(OUT)) == (500, 100)
    rig.comes(b"elsewhere", by_key("e" * 40), SocketId(8))
    assert len(rig.open_knocks()) == MOST_AT_A_DOOR + 1
    rig.now_ns += 31_000_000_000
    rig.comes(b"later", by_key("l" * 40))
    assert rig.status(b"later") is LATER


def test_a_knock_that_has_been_quiet_for_long_makes_room(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    for number in range(MOST_AT_A_DOOR):
        rig.comes(str(number).encode(), by_key(f"{number:040}"))
    rig.now_ns += 121_000_000_000
    rig.comes(b"new", by_key("n" * 40))
    assert rig.status(b"new") is None
    keys = [knock.key for knock in rig.open_knocks()]
    assert "n" * 40 in keys
    assert f"{0:040}" not in keys


def test_requests_of_one_knock_do_not_add_up(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    for number in range(1_000):
        rig.comes(str(number).encode(), by_key(KEY))
    refused = len(rig.replies)
    # The oldest are left hanging, but not so many that descriptors run out.
    assert 1_000 - refused <= 16 + 500
    (knock,) = rig.open_knocks()
    rig.doorman.answer(knock.knock_id, Verdict.LET_IN)
    assert len(rig.replies) - refused == 16
    assert rig.status(b"999") is IN


def test_a_closed_door_has_no_knocks_and_no_answers(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    rig.comes(b"a", by_key(KEY))
    rig.doorman.answer(rig.open_knocks()[0].knock_id, Verdict.LET_IN)
    rig.comes(b"b", by_key("o" * 40))
    rig.doorman.forget(DOOR)
    assert rig.open_knocks() == []
    rig.doorman.expect(DOOR)
    rig.comes(b"c", by_key(KEY))
    assert rig.status(b"c") is None


def test_what_libzmq_asked_before_a_socket_was_closed_asks_nobody(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    rig.doorman.forget(DOOR)
    rig.comes(b"a", by_key(KEY))
    assert rig.knocks == {}
    assert rig.replies == {}
    rig.comes(b"b", by_key(KEY), SocketId(8))
    assert len(rig.open_knocks()) == 1


def test_faults_are_replied_to_where_that_is_possible(rig: DoormanRig) -> None:
    rig.doorman.on_request(ZapFault(ReturnTo(b"a", b"1"), ZapStatus.BROKEN, "why"))
    rig.doorman.on_request(ZapFault(None, ZapStatus.BROKEN, "why"))
    assert rig.replies == {b"a": (ZapStatus.BROKEN, "why", "")}
    assert rig.records == []


def test_where_a_knock_comes_from(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    rig.outer = "10.0.0.9"
    own = AccessRequest(Mechanism.CURVE, "localhost:0:0:1", key=KEY, is_own=True)
    ipc = AccessRequest(Mechanism.CURVE, "localhost:0:0:77", key="i" * 40)
    tcp = by_key("t" * 40, "::ffff:10.0.0.1")
    for route, seen in ((b"a", own), (b"b", ipc), (b"c", tcp)):
        rig.comes(route, seen)
    assert [knock.address for knock in rig.open_knocks()] == ["10.0.0.9", "", "10.0.0.1"]
    assert [record.process for record in rig.records] == [None, 77, None]


def by_link() -> AccessRequest:
    """A peer behind a link that shows nothing."""
    return AccessRequest(Mechanism.NULL, "localhost:0:0:1", is_own=True)


def test_peers_behind_links_are_told_apart_by_where_they_come_from(rig: DoormanRig) -> None:
    rig.set_list(ASKING)
    for route, outer in ((b"a", "10.0.0.1"), (b"b", "10.6.6.6"), (b"c", ""), (b"d", "")):
        rig.outer = outer
        rig.comes(route, by_link())
    first, *others = rig.open_knocks()
    assert [knock.address for knock in others] == ["10.6.6.6", "", ""]
    rig.doorman.answer(first.knock_id, Verdict.LET_IN)
    rig.doorman.answer(others[1].knock_id, Verdict.LET_IN)
    assert [rig.status(route) for route in (b"a", b"b", b"c", b"d")] == [IN, None, IN, None]
    for route, outer, status in (
        (b"e", "10.0.0.1", IN),
        (b"f", "10.6.6.7", None),
        (b"g", "", None),
    ):
        rig.outer = outer
        rig.comes(route, by_link())
        assert rig.status(route) is status


def test_whoever_may_be_no_links_peer_was_judged_by_nobody(rig: DoormanRig) -> None:
    rig.set_list(AccessList(mode=AccessMode.LISTED, allow=("10.0.0.0/8",)))
    rig.comes(b"a", by_link())
    rig.outer = None
    rig.comes(b"b", by_link())
    assert [rig.status(route) for route in (b"a", b"b")] == [IN, OUT]


@pytest.mark.parametrize("seen", [by_key(KEY), by_password("bob", b"x")], ids=["key", "user"])
def test_who_is_struck_off_the_list_is_asked_for_anew(rig: DoormanRig, seen: AccessRequest) -> None:
    rig.set_list(ASKING)
    rig.comes(b"a", seen)
    rig.doorman.answer(rig.open_knocks()[0].knock_id, Verdict.LET_IN)
    rig.comes(b"b", by_key("o" * 40))
    rig.doorman.answer(rig.open_knocks()[0].knock_id, Verdict.LET_IN)
    users = (AllowedUser("bob", hash_password("x")),)
    rig.set_list(AccessList(mode=AccessMode.ASK, keys=(AllowedKey(KEY),), users=users))
    rig.set_list(ASKING)
    rig.comes(b"c", seen)
    assert rig.status(b"c") is None
    rig.comes(b"d", by_key("o" * 40))
    assert rig.status(b"d") is IN
