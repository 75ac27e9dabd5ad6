"""Those who come to a bound endpoint and do not get in."""

from __future__ import annotations

import errno

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
    seen,
    told,
    view,
    words,
)
from zmqscope.core.diagnosis import doors, handshake
from zmqscope.core.diagnosis.attempts import Attempts, Outcome
from zmqscope.core.diagnosis.case import EndpointCheck
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.diagnosis.observation import EndpointView
from zmqscope.core.security.access import Knock, KnockId
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import Role, Severity, SocketId


def door(*failures: tuple[Outcome, int, int]) -> EndpointView:
    return view(BIND, failing(*failures, role=Role.BIND))


@pytest.mark.parametrize(
    ("check", "failure", "rule"),
    [
        (doors.clients_with_wrong_key, (Outcome.PROTOCOL, handshake.WRONG_KEY, 1),
         Rule.WRONG_SERVER_KEY),
        (doors.clients_of_another_mechanism, (Outcome.PROTOCOL, handshake.MECHANISMS_DIFFER, 1),
         Rule.MECHANISMS_DIFFER),
        (doors.clients_refused, (Outcome.REFUSED, 400, 1), Rule.CREDENTIALS_REFUSED),
        (doors.authenticator_failed, (Outcome.REFUSED, 500, 1), Rule.AUTHENTICATOR_BROKEN),
        (doors.authenticator_waits, (Outcome.REFUSED, 300, 1), Rule.AUTHENTICATOR_SILENT),
        (doors.without_authenticator, (Outcome.NO_DETAIL, errno.EFAULT, 1), Rule.NO_AUTHENTICATOR),
        (doors.clients_of_another_type, (Outcome.CLOSED, 0, 1), Rule.TYPES_DO_NOT_FIT),
        (doors.protocol_broken_at_door, (Outcome.PROTOCOL, 0x10000001, 1), Rule.PROTOCOL_BROKEN),
        (doors.strangers, (Outcome.NO_DETAIL, errno.EPIPE, 1), Rule.STRANGERS),
    ],
)  # fmt: skip
def test_each_failure_has_its_rule(
    check: EndpointCheck, failure: tuple[Outcome, int, int], rule: Rule
) -> None:
    at = door(failure)
    socket = seen(f"pull:@{ADDRESS},lock=plain-server", at)
    assert only(check(case(socket), at)).rule is rule
    assert [f.rule for f in told(socket, after_s=1.0)] == [rule]


def test_what_happened_once_is_forgotten() -> None:
    at = door((Outcome.CLOSED, 0, 1))
    socket = seen(f"pull:@{ADDRESS}", at)
    assert told(socket, after_s=30.0)
    assert not told(socket, after_s=61.0)


def test_it_is_forgotten_sooner_once_a_peer_is_in() -> None:
    attempts = failing((Outcome.CLOSED, 0, 1), role=Role.BIND)
    attempts.note_success(NOW + S)
    socket = seen(f"pull:@{ADDRESS}", view(BIND, attempts, peers=1))
    assert told(socket, after_s=4.0)
    assert not told(socket, after_s=6.0)


def test_a_socket_of_this_app_has_its_own_finding() -> None:
    at = door((Outcome.CLOSED, 0, 1))
    server = seen(f"pull:@{ADDRESS}", at)
    client = seen(f"sub:{ADDRESS}", view(attempts=failing((Outcome.CLOSED, 0, 1))), socket_id=2)
    assert doors.clients_of_another_type(case(server, client), at) is None


def test_strangers_name_everybody_who_looks_the_same() -> None:
    at = view(BIND, waiting=2, waiting_since_ns=NOW - 9 * S)
    found = only(doors.strangers(case(seen(f"pull:@{ADDRESS}", at)), at))
    assert found.severity is Severity.INFO
    for word in ("HTTP", "port scan", "older than 4.0", "2 connections"):
        assert word in found.why


def test_a_handshake_under_way_is_no_stranger() -> None:
    at = view(BIND, waiting=1, waiting_since_ns=NOW)
    assert told(seen(f"pull:@{ADDRESS}", at), after_s=1.0) == []


def test_old_peers_are_no_strangers() -> None:
    at = view(BIND, failing((Outcome.NO_DETAIL, errno.EPIPE, 1), role=Role.BIND), old_peers=1)
    (found,) = told(seen(f"pull:@{ADDRESS}", at), after_s=1.0)
    assert found.rule is Rule.OLD_ZMTP


def test_streams_have_no_handshake() -> None:
    at = view(BIND, failing((Outcome.CLOSED, 0, 3), role=Role.BIND), waiting=1)
    assert told(seen(f"stream:@{ADDRESS}", at)) == []


def knock(mechanism: Mechanism, **more: object) -> Knock:
    given = {"user": "", "key": "", "address": "10.0.0.7", "is_open": True, **more}
    return Knock(
        KnockId(7), SocketId(1), "default", mechanism, str(given["address"]), b"",
        str(given["user"]), str(given["key"]), NOW, is_open=bool(given["is_open"]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("waiting", "word"),
    [
        (knock(Mechanism.CURVE, key="abcdefghijkl"), "the key abcdefgh…"),
        (knock(Mechanism.PLAIN, user="ann\x00"), "the user “ann·”"),
        (knock(Mechanism.NULL), "a peer from 10.0.0.7"),
    ],
)
def test_knocks_ask_the_user(waiting: Knock, word: str) -> None:
    found = only(doors.knocking(case(seen(f"pull:@{ADDRESS}", knocks=(waiting, waiting)))))
    assert word in found.text
    assert "1 other" in found.why
    assert kinds(found)[:3] == [FixKind.LET_IN, FixKind.LET_IN_ALWAYS, FixKind.REFUSE]
    assert found.fixes[0].value == 7


def test_what_is_proved_of_whoever_knocks() -> None:
    def why(*waiting: Knock) -> str:
        return only(doors.knocking(case(seen(f"pull:@{ADDRESS}", knocks=waiting)))).why

    key = "k" * 40
    # A full stop may be the last letter of a key.
    assert f"It has proved to own the key “{key}”." in why(knock(Mechanism.CURVE, key=key))
    forged = knock(Mechanism.PLAIN, user="bob” from 10.0.0.1. Trust “me")
    found = only(doors.knocking(case(seen(f"pull:@{ADDRESS}", knocks=(forged,)))))
    assert words(found).count("”") == 2  # of the name, and of the list
    assert "Neither its name nor its password is checked." in why(forged)
    assert "1 other waits too." in why(forged, forged)
    assert "9 others wait too. To refuse them all, let in only those listed." in why(*[forged] * 10)
    assert "whoever has the same address" in why(knock(Mechanism.NULL))
    assert "the same address" not in why(knock(Mechanism.NULL, address=""))


def test_an_answered_knock_is_over() -> None:
    waiting = knock(Mechanism.NULL, is_open=False)
    assert doors.knocking(case(seen(f"pull:@{ADDRESS}", knocks=(waiting,)))) == []


def test_who_knocks_is_no_stranger() -> None:
    at = view(BIND, Attempts(Role.BIND), waiting=1, waiting_since_ns=NOW - 9 * S)
    (found,) = told(seen(f"pull:@{ADDRESS}", at, knocks=(knock(Mechanism.NULL),)))
    assert found.rule is Rule.KNOCKING
    assert "knocks" in words(found)
