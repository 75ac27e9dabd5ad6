"""Sockets that wait for each other."""

from __future__ import annotations

from typing import Any

from tests.doctor_rig import (
    ADDRESS,
    BIND,
    NOW,
    S,
    case,
    only,
    peer,
    peers,
    scene,
    seen,
    told,
    view,
    words,
)
from zmqscope.core.diagnosis import cycles
from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.diagnosis.observation import Observation
from zmqscope.core.types import Endpoint, Role, Turn

LATE = NOW - 9 * S


def asks(socket_id: int = 1, name: str = "asks", **more: Any) -> Observation:
    more.setdefault("turn", Turn.AWAITS_REPLY)
    return seen(
        f"req:{ADDRESS},name={name}", view(peers=1), socket_id=socket_id, turn_since_ns=LATE, **more
    )


def answers(turn: Turn = Turn.AWAITS_REQUEST, **more: Any) -> Observation:
    return seen(
        f"rep:@{ADDRESS},name=answers", view(BIND, peers=1), socket_id=2, turn=turn,
        turn_since_ns=LATE, **more,
    )  # fmt: skip


def test_both_sides_wait() -> None:
    found = only(cycles.deadlock(case(asks(), answers())))
    assert found.text == "deadlock: “asks” and “answers” wait for each other"
    assert "“asks” waits for a reply" in found.why
    assert "“answers” waits for a request" in found.why


def test_all_of_a_ring_are_named() -> None:
    found = only(cycles.deadlock(case(asks(), answers(), asks(3, "also"))))
    for name in ("“asks”", "“answers”", "“also”"):
        assert name in found.text


def test_it_takes_the_place_of_the_wait() -> None:
    (found,) = told(asks(), answers())
    assert found.rule is Rule.DEADLOCK


def test_one_that_holds_the_request_is_no_deadlock() -> None:
    assert cycles.deadlock(case(asks(), answers(Turn.HOLDS_REQUEST))) == []


def test_a_message_on_its_way_is_no_deadlock() -> None:
    fresh = asks()
    assert [f.rule for f in told(fresh, answers(), after_s=0.0)] == [Rule.DEADLOCK]
    young = seen(
        f"req:{ADDRESS}", view(peers=1), turn=Turn.AWAITS_REPLY, turn_since_ns=NOW - S // 1_000
    )
    assert told(young, answers(), after_s=1.0) == []


def test_somebody_else_may_have_the_request() -> None:
    other = view(Endpoint(Role.CONNECT, "tcp://10.0.0.1:1"), peers=1)
    both = seen(
        f"req:{ADDRESS},tcp://10.0.0.1:1", view(peers=1), other, turn=Turn.AWAITS_REPLY,
        turn_since_ns=LATE,
    )  # fmt: skip
    assert cycles.deadlock(case(both, answers())) == []


def test_a_process_that_waits_for_us() -> None:
    theirs = peers(peer(1, pid=77))
    door = seen(
        "rep:@tcp://127.0.0.1:9,name=answers", view(Endpoint(Role.BIND, "tcp://127.0.0.1:9"),
        peers=1), socket_id=2, turn=Turn.HOLDS_REQUEST, turn_since_ns=LATE, peers=theirs,
    )  # fmt: skip
    found = only(cycles.deadlock(case(asks(peers=theirs), door)))
    assert "python (77) and this app wait for each other" in found.text
    assert "If it answers only once" in words(found)


def test_another_process_has_nothing_to_do_with_it() -> None:
    door = seen(
        "rep:@tcp://127.0.0.1:9", view(Endpoint(Role.BIND, "tcp://127.0.0.1:9"), peers=1),
        socket_id=2, turn=Turn.HOLDS_REQUEST, turn_since_ns=LATE, peers=peers(peer(1, pid=78)),
    )  # fmt: skip
    assert cycles.deadlock(case(asks(peers=peers(peer(1, pid=77))), door)) == []


def test_partners_are_found_from_both_ends() -> None:
    client, server = asks(), answers()
    everybody = scene(client, server)
    assert cycles.own_partners(everybody, client) == [server]
    assert cycles.own_partners(everybody, server) == [client]
