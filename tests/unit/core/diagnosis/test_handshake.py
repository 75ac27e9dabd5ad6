"""Handshakes that fail and say why."""

from __future__ import annotations

import pytest

from tests.doctor_rig import (
    ADDRESS,
    BIND,
    CONNECT,
    DROPPED,
    NOW,
    case,
    failing,
    kinds,
    only,
    over,
    seen,
    told,
    view,
    words,
)
from zmqscope.core.diagnosis import handshake
from zmqscope.core.diagnosis.attempts import Outcome
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.types import Severity, Turn

MISMATCH = (Outcome.PROTOCOL, handshake.MECHANISMS_DIFFER, 1)


def test_mechanisms_that_differ_end_it_for_good() -> None:
    at = view(attempts=over(DROPPED, MISMATCH))
    found = only(handshake.mechanisms_differ(case(seen(f"push:{ADDRESS}", at)), at))
    assert (found.rule, found.severity) == (Rule.MECHANISMS_DIFFER, Severity.ERROR)
    assert "NULL" in words(found)
    assert "will not try again" in words(found)
    assert kinds(found)[:2] == [FixKind.EDIT_LOCK, FixKind.RECONNECT]


def test_mechanisms_of_own_sockets_are_compared() -> None:
    door = seen(f"pull:@{ADDRESS},name=door,lock=plain-server", view(BIND), socket_id=2)
    at = view(attempts=failing(DROPPED))
    found = only(handshake.mechanisms_differ(case(seen(f"push:{ADDRESS}", at), door), at))
    assert "“door” there speaks PLAIN as server" in found.why
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("lock", "word"),
    [
        ("", "peers from this address"),
        (",lock=plain-client,user=ann,secret=session:a", "the password"),
    ],
)
def test_refusals_name_what_may_be_wrong(lock: str, word: str) -> None:
    at = view(attempts=over((Outcome.REFUSED, 400, 1)))
    found = only(handshake.credentials_refused(case(seen(f"push:{ADDRESS}{lock}", at)), at))
    assert word in found.why
    assert "ZAP 400" in found.text


def test_a_broken_authenticator_is_no_refusal() -> None:
    at = view(attempts=over((Outcome.REFUSED, 500, 1)))
    here = case(seen(f"push:{ADDRESS}", at))
    assert handshake.credentials_refused(here, at) is None
    assert only(handshake.authenticator_broken(here, at)).rule is Rule.AUTHENTICATOR_BROKEN


def test_a_silent_close_means_the_types() -> None:
    at = view(attempts=over((Outcome.CLOSED, 0, 1)))
    found = only(handshake.types_do_not_fit(case(seen(f"sub:{ADDRESS}", at)), at))
    assert "PUB or XPUB" in found.why
    assert kinds(found) == [FixKind.EDIT, FixKind.RECONNECT, FixKind.PROBE]


def test_a_silent_close_of_a_link_means_nothing() -> None:
    at = view(attempts=over((Outcome.CLOSED, 0, 1)), is_linked=True)
    assert handshake.types_do_not_fit(case(seen(f"sub:{ADDRESS}", at)), at) is None


def test_types_of_own_sockets_are_compared() -> None:
    door = seen(f"rep:@{ADDRESS},name=door", view(BIND), socket_id=2)
    at = view(attempts=failing(DROPPED))
    found = only(handshake.types_do_not_fit(case(seen(f"sub:{ADDRESS}", at), door), at))
    assert "is a REP, and this is a SUB" in found.text
    assert "“door”" in found.why


def test_garbage_is_told_with_its_code() -> None:
    at = view(attempts=over((Outcome.PROTOCOL, 0x10000001, 1)))
    found = only(handshake.protocol_broken(case(seen(f"sub:{ADDRESS}", at)), at))
    assert "0x10000001" in found.text


@pytest.mark.parametrize(
    ("option", "word"),
    [
        (",reconnect_ivl=-1", "reconnect_ivl"),
        (",reconnect_stop=1", "reconnect_stop"),
        ("", "never"),
    ],
)
def test_given_up_says_who_wanted_it_so(option: str, word: str) -> None:
    attempts = failing()
    attempts.note_success(NOW - 10)
    attempts.note_loss(NOW - 5, 5)
    at = view(attempts=attempts)
    found = only(handshake.given_up(case(seen(f"push:{ADDRESS}{option}", at)), at))
    assert found.severity is Severity.ERROR
    assert word in found.why
    assert found.endpoint == CONNECT


def test_a_req_that_is_given_up_may_have_got_a_bare_reply() -> None:
    attempts = failing()
    attempts.note_success(NOW - 10)
    attempts.note_loss(NOW - 5, 5)
    socket = seen(f"req:{ADDRESS}", view(attempts=attempts), turn=Turn.AWAITS_REPLY)
    (found,) = told(socket)
    assert found.rule is Rule.GIVEN_UP
    assert "without an empty frame" in found.why


def test_the_telling_event_takes_the_place_of_the_guess() -> None:
    at = view(attempts=over(DROPPED, MISMATCH))
    assert [f.rule for f in told(seen(f"push:{ADDRESS}", at))] == [Rule.MECHANISMS_DIFFER]
