"""Frames that the other side drops without a word."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doctor_rig import (
    ADDRESS,
    BIND,
    CONNECT,
    NOW,
    S,
    answer,
    case,
    kinds,
    only,
    peer,
    peers,
    seen,
    told,
    view,
    words,
)
from zmqscope.core.diagnosis import framing
from zmqscope.core.diagnosis.doctor import Doctor
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.diagnosis.observation import Flow, Observation, Refusal, Sending
from zmqscope.core.types import Severity, SocketType

BARE = Sending(bare=2, bare_ns=NOW)


def dealer(**more: Any) -> Observation:
    return seen(f"dealer:{ADDRESS}", view(peers=1), sending=BARE, **more)


def test_of_an_unknown_peer_nothing_is_said_but_asked() -> None:
    doctor = Doctor()
    assert told(dealer(), after_s=100.0, doctor=doctor) == []
    ((_, endpoint),) = doctor.questions(NOW + 100 * S)
    assert endpoint == CONNECT


@pytest.mark.parametrize("kind", ["REP", "ROUTER", "DEALER", ""])
def test_a_probe_tells_whether_it_is_a_rep(kind: str) -> None:
    at = view(peers=1, answer=answer(type_name=kind))
    found = told(seen(f"dealer:{ADDRESS}", at, sending=BARE), after_s=100.0)
    assert [each.severity for each in found] == [Severity.WARNING] * (kind == "REP")


def test_a_lock_hides_who_it_is() -> None:
    doctor = Doctor()
    lock = ",lock=plain-client,user=ann,secret=session:a"
    told(seen(f"dealer:{ADDRESS}{lock}", view(peers=1), sending=BARE), doctor=doctor)
    assert doctor.questions(NOW + 100 * S) == {}


def test_a_known_rep_drops_them() -> None:
    server = seen(f"rep:@{ADDRESS}", view(BIND, peers=1), socket_id=2)
    (found, *_) = told(dealer(), server, after_s=4.0)
    assert found.severity is Severity.WARNING
    assert "REP peer drops" in found.text


@pytest.mark.parametrize("kind", [SocketType.ROUTER, SocketType.DEALER])
def test_other_peers_take_them(kind: SocketType) -> None:
    known = peers(peer(types=(kind,), is_type_told=True))
    assert told(dealer(peers=known)) == []


def test_an_answer_shows_that_all_is_well() -> None:
    assert told(dealer(received=Flow(1, 1, 5, NOW + S))) == []


def test_a_req_does_not_take_a_bare_reply() -> None:
    sending = Sending(bare=1, bare_ns=NOW, bare_to=b"ann", bare_type=SocketType.REQ)
    socket = seen(f"router:@{ADDRESS}", view(BIND, peers=1), sending=sending)
    (found,) = told(socket, after_s=1.0)
    assert "“ann”" in found.why
    assert told(socket, after_s=31.0) == []


def test_a_dealer_takes_a_bare_reply() -> None:
    sending = Sending(bare=1, bare_ns=NOW, bare_to=b"ann", bare_type=SocketType.DEALER)
    assert told(seen(f"router:@{ADDRESS}", view(BIND, peers=1), sending=sending)) == []


@pytest.mark.parametrize(
    ("known", "word"),
    [
        ((), "first message"),
        ((peer(1, identity=b"ann"), peer(2, identity=b"\x00\x01")), "“ann”, 00 01"),
    ],
)
def test_an_unknown_routing_id_is_told_with_those_that_are_known(
    known: tuple[Any, ...], word: str
) -> None:
    sending = Sending(unknown_peer=Refusal(NOW, NOW, 1, 2, b"bob"))
    socket = seen(f"router:@{ADDRESS}", view(BIND, peers=2), sending=sending, peers=peers(*known))
    found = only(framing.unknown_routing_id(case(socket)))
    assert found.rule is Rule.UNKNOWN_ROUTING_ID
    assert "“bob”" in found.text
    assert word in found.why
    assert told(socket, after_s=16.0) == []


def test_conflate_with_several_frames() -> None:
    sent = seen(f"push:{ADDRESS},conflate=1", view(peers=1), sending=Sending(multipart=1))
    came = seen(f"pull:@{ADDRESS},conflate=1", view(BIND, peers=1), received=Flow(1, 2, 9, NOW))
    for socket in (sent, came):
        (found,) = told(socket, after_s=1.0)
        assert found.rule is Rule.CONFLATE_MULTIPART
        assert kinds(found)[0] is FixKind.TURN_CONFLATE_OFF


def test_conflate_shows_by_topics_that_nobody_wanted() -> None:
    received = Flow(9, 9, 90, NOW, (b"1.0842",))
    socket = seen(f"sub:{ADDRESS},topic=EUR,conflate=1", view(peers=1), received=received)
    (found,) = told(socket, after_s=1.0)
    assert "last frame alone" in words(found)


def test_conflate_with_single_frames_is_well() -> None:
    socket = seen(f"pull:@{ADDRESS},conflate=1", view(BIND, peers=1), received=Flow(5, 5, 9, NOW))
    assert told(socket) == []
