"""Knocks that wait for an answer, and answers that are remembered."""

from __future__ import annotations

import pytest

from tests.unit.engine.access.rig import DOOR, HERE, by_key, by_password
from zmqscope.core.security.access import KnockId, Verdict
from zmqscope.core.security.access_rules import AccessRequest
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import SocketId
from zmqscope.engine.access.knocks import (
    MOST_AT_A_DOOR,
    MOST_OPEN,
    VERDICT_NS,
    Knocks,
    OpenKnock,
    Waits,
    credential_of,
)
from zmqscope.engine.access.zap import ReturnTo, ZapRequest

NULL = AccessRequest(Mechanism.NULL, HERE)
FROM_LINK = AccessRequest(Mechanism.NULL, HERE, is_own=True)


def request(seen: AccessRequest, door: SocketId = DOOR, route: bytes = b"r") -> ZapRequest:
    return ZapRequest(ReturnTo(route, b"1"), door, "default", seen)


def knock(
    knocks: Knocks, seen: AccessRequest, door: SocketId = DOOR, now_ns: int = 0
) -> OpenKnock | None:
    asked = request(seen, door)
    return knocks.add(credential_of(asked, bytes), asked, seen.address, now_ns)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (by_key("k"), by_key("k", "10.0.0.1"), True),
        (by_key("k"), by_key("l"), False),
        (by_password("ann", b"1"), by_password("ann", b"1"), True),
        (by_password("ann", b"1"), by_password("ann", b"2"), False),
        (NULL, AccessRequest(Mechanism.NULL, "10.0.0.1"), False),
        (NULL, NULL, True),
        (FROM_LINK, FROM_LINK, False),  # whoever it is, it is nobody's like
    ],
)
def test_two_tries_of_the_same_peer(
    one: AccessRequest, other: AccessRequest, is_same: bool
) -> None:
    first, second = (credential_of(request(seen), bytes) for seen in (one, other))
    assert (first == second) is is_same
    assert credential_of(request(one), bytes) != credential_of(request(one, SocketId(8)), bytes)


def test_a_crowd_at_one_door_leaves_room_at_others() -> None:
    knocks = Knocks()
    for number in range(MOST_AT_A_DOOR):
        assert knock(knocks, by_key(str(number))) is not None
    assert knock(knocks, by_key("one more")) is None
    for number in range(MOST_OPEN - MOST_AT_A_DOOR):
        assert knock(knocks, by_key(str(number)), SocketId(8)) is not None
    assert knock(knocks, by_key("one more"), SocketId(9)) is None
    assert len(knocks) == MOST_OPEN
    knocks.close(next(iter(knocks)))
    assert knock(knocks, by_key("one more")) is not None


def test_a_peer_that_tries_again_is_heard_of_last() -> None:
    knocks = Knocks()
    first, second = knock(knocks, by_key("a")), knock(knocks, by_key("b"))
    assert first is not None
    assert second is not None
    again = knocks.again(first.credential, request(by_key("a")), 10**12)
    assert again is first
    assert first.knock.tries == 2
    assert knocks.quiet(10**12) is second
    assert knocks.again(credential_of(request(by_key("c")), bytes), request(by_key("c")), 0) is None


def test_the_oldest_of_too_many_requests_makes_way() -> None:
    found = knock(Knocks(), by_key("a"))
    assert found is not None
    assert found.held.maxlen is not None
    for number in range(found.held.maxlen - 1):
        assert found.hold(ReturnTo(b"%d" % number, b"")) is None
    oldest = found.hold(ReturnTo(b"last", b""))
    assert oldest is not None
    assert oldest.route == b"r"


def test_an_answer_holds_for_a_while() -> None:
    knocks = Knocks()
    credential = credential_of(request(NULL), bytes)
    knocks.remember(credential, Verdict.REFUSE, 0)
    assert knocks.verdict(credential, VERDICT_NS - 1) is Verdict.REFUSE
    assert knocks.verdict(credential, VERDICT_NS) is None
    knocks.remember(credential, Verdict.LET_IN, 0)
    assert knocks.forget(DOOR) == []
    assert knocks.verdict(credential, 1) is None


def test_a_closed_knock_is_found_no_more() -> None:
    knocks = Knocks()
    found = knock(knocks, NULL)
    assert found is not None
    assert knocks.find(found.knock.knock_id) is found
    assert not knocks.close(found).is_open
    assert knocks.find(found.knock.knock_id) is None
    assert knocks.find(KnockId(-1)) is None


def test_only_so_many_are_left_hanging_at_a_time() -> None:
    waits = Waits(most=2)
    assert [waits.may_wait(now_ns) for now_ns in (0, 1, 2)] == [True, True, False]
    assert waits.may_wait(30_000_000_000)
