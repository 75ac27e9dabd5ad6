"""Sockets that wait."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doctor_rig import (
    ADDRESS,
    BIND,
    NOW,
    S,
    case,
    failing,
    kinds,
    only,
    peer,
    peers,
    seen,
    told,
    view,
    words,
)
from zmqscope.core.diagnosis import stalls
from zmqscope.core.diagnosis.attempts import Outcome
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.diagnosis.observation import Observation, Refusal, Sending
from zmqscope.core.types import Endpoint, Role, Turn


def req(options: str = "", waited_s: float = 6.2, peers_: int = 1, **more: Any) -> Observation:
    since_ns = NOW - int(waited_s * S)
    at = view(peers=peers_)
    return seen(
        f"req:{ADDRESS}{options}", at, turn=Turn.AWAITS_REPLY, turn_since_ns=since_ns, **more
    )


def test_req_waits_in_the_words_of_the_design() -> None:
    found = only(stalls.req_waits(case(req())))
    assert found.text == "waiting 6.2 s for a reply"
    for part in (
        "REQ sent one request and the peer is connected, but nothing came back",
        "It cannot send again until a reply arrives",
    ):
        assert part in found.why
    assert kinds(found)[:2] == [FixKind.RELAX_REQ, FixKind.RECONNECT]


def test_req_has_five_seconds() -> None:
    assert told(req(waited_s=0.0), after_s=4.5) == []
    assert [f.rule for f in told(req(waited_s=0.0), after_s=5.5)] == [Rule.REQ_WAITS]


def test_a_relaxed_req_may_send() -> None:
    found = only(stalls.req_waits(case(req(",req_relaxed=1,req_correlate=1"))))
    assert "cannot send" not in found.why
    assert FixKind.RELAX_REQ not in kinds(found)


def test_a_peer_that_came_later_has_no_request() -> None:
    inproc = Endpoint(Role.CONNECT, "inproc://a")
    waits = seen(
        "req:inproc://a",
        view(inproc, peers=1),
        turn=Turn.AWAITS_REPLY,
        turn_since_ns=NOW - 7 * S,
        peers_since_ns=NOW - S,
    )
    assert "connected since" in only(stalls.req_waits(case(waits))).why


def test_a_first_peer_that_came_later_got_what_was_queued() -> None:
    found = only(stalls.req_waits(case(req(peers_since_ns=NOW - S))))
    assert "cannot send again" in found.why


def test_a_request_without_a_peer_is_lost() -> None:
    found = only(stalls.req_waits(case(req(peers_=0))))
    assert "no peer is connected now" in found.why


def test_where_nobody_listens_that_is_the_finding() -> None:
    at = view(attempts=failing((Outcome.UNREACHED, 0, 9)))
    waits = seen(f"req:{ADDRESS}", at, turn=Turn.AWAITS_REPLY, turn_since_ns=NOW - 9 * S)
    assert [f.rule for f in told(waits)] == [Rule.NOBODY_LISTENS]


def test_a_rep_of_this_app_that_holds_the_request_has_the_finding() -> None:
    server = seen(f"rep:@{ADDRESS}", view(BIND, peers=1), socket_id=2, turn=Turn.HOLDS_REQUEST)
    assert stalls.req_waits(case(req(), server)) == []


def rep(turn: Turn, **more: Any) -> Observation:
    more.setdefault("turn_since_ns", NOW - 7 * S)
    return seen(f"rep:@{ADDRESS}", view(BIND, peers=2), turn=turn, **more)


def test_rep_holds_a_request() -> None:
    (found,) = told(rep(Turn.HOLDS_REQUEST), after_s=1.0)
    assert found.rule is Rule.REP_HOLDS_REQUEST
    assert "1 other peer cannot be served" in found.why
    assert kinds(found)[0] is FixKind.COMPOSE


@pytest.mark.parametrize("turn", [Turn.AWAITS_REQUEST, Turn.HOLDS_REQUEST])
def test_out_of_turn_lasts_until_the_turn_comes(turn: Turn) -> None:
    sending = Sending(out_of_turn=Refusal(NOW, NOW - S, 2, 1))
    found = stalls.out_of_turn(case(rep(turn, sending=sending)))
    assert bool(found) is (turn is Turn.AWAITS_REQUEST)


def test_out_of_turn_gives_way_to_the_wait_itself() -> None:
    sending = Sending(sent_ns=NOW - 9 * S, out_of_turn=Refusal(NOW, NOW - S, 2, 1))
    rules = [f.rule for f in told(req(waited_s=0.0, sending=sending), after_s=2.0)]
    assert rules == [Rule.OUT_OF_TURN]
    rules = [f.rule for f in told(req(waited_s=9.0, sending=sending), after_s=2.0)]
    assert rules == [Rule.REQ_WAITS]


# ---- nobody, or too many messages -----------------------------------------------------------


@pytest.mark.parametrize(
    ("sending", "word"),
    [
        (Sending(alone=3, alone_since_ns=NOW), "3 messages wait"),
        (Sending(alone=1, alone_since_ns=NOW), "1 message waits"),
        (Sending(full=Refusal(NOW + S, NOW, 1, 0)), "are refused"),
        (Sending(is_stuck=True), "are refused"),
    ],
)
def test_nobody_connected_says_what_becomes_of_messages(sending: Sending, word: str) -> None:
    (found,) = told(seen(f"push:@{ADDRESS}", view(BIND), sending=sending), after_s=3.0)
    assert found.rule is Rule.NOBODY_CONNECTED
    assert word in found.why
    assert "PULL" in found.why


def test_a_bound_push_that_sends_nothing_is_well() -> None:
    assert told(seen(f"push:@{ADDRESS}", view(BIND))) == []


def test_what_is_known_of_the_endpoint_says_more() -> None:
    at = view(attempts=failing((Outcome.UNREACHED, 0, 9)))
    sending = Sending(alone=3, alone_since_ns=NOW)
    (found,) = told(seen(f"push:{ADDRESS}", at, sending=sending))
    assert found.rule is Rule.NOBODY_LISTENS


def test_a_socket_without_endpoints_is_told_so() -> None:
    sending = Sending(full=Refusal(NOW, NOW, 1, 0))
    (found,) = told(seen("push:", sending=sending), after_s=1.0)
    assert "no endpoint" in found.text


def test_datagrams_have_no_peers() -> None:
    assert told(seen("dgram:@udp://127.0.0.1:5000", sending=Sending(alone=2))) == []


def test_the_mark_is_named_and_who_is_slow() -> None:
    slow = peers(peer(1, unsent_bytes=10), peer(2, pid=7, unsent_bytes=9_000))
    sending = Sending(full=Refusal(NOW, NOW - S, 4, 2))
    socket = seen(f"push:@{ADDRESS},sndhwm=50", view(BIND, peers=2), peers=slow, sending=sending)
    found = only(stalls.high_water_mark(case(socket)))
    assert "50 messages" in found.text
    assert "python (7)" in found.why
    assert found.fixes[0].value == 10_000


def test_a_mark_that_was_reached_long_ago_is_forgotten() -> None:
    sending = Sending(full=Refusal(NOW, NOW, 4, 2))
    socket = seen(f"push:@{ADDRESS}", view(BIND, peers=2), sending=sending)
    assert told(socket, after_s=1.0)
    assert told(socket, after_s=16.0) == []


def test_a_stopped_peer_explains_what_stands_still() -> None:
    stopped = peers(peer(1, pid=7, is_stopped=True))
    (found,) = told(req(waited_s=9.0, peers=stopped), after_s=2.0)
    assert found.rule is Rule.PEER_STOPPED
    assert "kill -CONT 7" in words(found)
