"""Where causes look the same from here, all are named."""

from __future__ import annotations

import errno

import pytest

from tests.doctor_rig import (
    ADDRESS,
    BIND,
    DROPPED,
    KEY,
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
from zmqscope.core import percent
from zmqscope.core.diagnosis import guesses
from zmqscope.core.diagnosis.attempts import Attempts, Outcome
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.types import Endpoint, EndpointState, Role

CURVE = f",lock=curve-client,server_key={percent.encode(KEY.encode())}"
PLAIN = ",lock=plain-client,user=ann,secret=session:a"


def test_curve_names_key_and_types() -> None:
    at = view(attempts=failing(DROPPED))
    found = only(guesses.wrong_server_key(case(seen(f"push:{ADDRESS}{CURVE}", at)), at))
    assert "Either the server key" in found.why
    assert "types do not fit (a PUSH talks with PULL)" in found.why
    assert FixKind.PROBE in kinds(found)


def test_curve_at_an_own_server_with_the_right_key_is_not_about_the_key() -> None:
    door = seen(f"pub:@{ADDRESS}", view(BIND), socket_id=2, public_key=KEY)
    at = view(attempts=failing(DROPPED))
    here = case(seen(f"push:{ADDRESS}{CURVE}", at), door)
    assert guesses.wrong_server_key(here, at) is None


def test_one_round_is_no_reason_to_speak() -> None:
    at = view(attempts=failing((Outcome.NO_DETAIL, errno.EPIPE, 1)))
    for lock in ("", CURVE, PLAIN):
        assert told(seen(f"push:{ADDRESS}{lock}", at)) == []


def test_plain_names_authenticator_types_and_mechanism() -> None:
    at = view(attempts=failing(DROPPED))
    found = only(guesses.no_authenticator(case(seen(f"push:{ADDRESS}{PLAIN}", at)), at))
    assert "no authenticator" in found.why
    assert "types do not fit" in found.why


def test_null_names_http_mechanism_and_type() -> None:
    at = view(attempts=failing((Outcome.NO_DETAIL, errno.ECONNRESET, 5)))
    found = only(guesses.closes_at_once(case(seen(f"push:{ADDRESS}", at)), at))
    for word in ("HTTP", "mechanism", "type"):
        assert word in found.why


def test_a_hanging_handshake_is_told_after_a_while() -> None:
    at = view(state=EndpointState.CONNECTING, waiting=1, waiting_since_ns=NOW - S)
    socket = seen(f"push:{ADDRESS}", at)
    assert told(socket, after_s=1.0) == []
    (found,) = told(socket, after_s=3.0)
    assert found.rule is Rule.SILENT_PEER
    assert "SSH" in found.why


def test_with_a_lock_the_authenticator_may_be_silent() -> None:
    at = view(state=EndpointState.CONNECTING, waiting=1, waiting_since_ns=NOW - 9 * S)
    found = only(guesses.silent_peer(case(seen(f"push:{ADDRESS}{PLAIN}", at)), at))
    assert found.rule is Rule.AUTHENTICATOR_SILENT
    assert "300" in found.why


def test_timeouts_of_libzmq_are_silence_too() -> None:
    at = view(attempts=failing((Outcome.NO_DETAIL, errno.EAGAIN, 5)))
    (found,) = told(seen(f"push:{ADDRESS},handshake_ivl=300", at))
    assert found.rule is Rule.SILENT_PEER


def test_nobody_listens_has_patience_with_a_program_that_starts() -> None:
    at = view(attempts=failing((Outcome.UNREACHED, 0, 1)))
    socket = seen(f"push:{ADDRESS}", at)
    assert told(socket, after_s=1.0) == []
    (found,) = told(socket, after_s=2.5)
    assert found.rule is Rule.NOBODY_LISTENS


def test_a_peer_that_has_gone_is_told_as_such() -> None:
    attempts = failing()
    attempts.note_success(NOW - 10 * S)
    attempts.note_loss(NOW - 5 * S, 5 * S)
    attempts.note_retry(was_reached=False, now_ns=NOW - 4 * S)
    at = view(attempts=attempts)
    found = only(guesses.nobody_listens(case(seen(f"push:{ADDRESS}", at)), at))
    assert "has gone" in found.why


def test_no_answer_at_all_is_another_sentence() -> None:
    attempts = Attempts(Role.CONNECT)
    attempts.note_dialling(NOW - 9 * S)
    at = view(attempts=attempts, state=EndpointState.CONNECTING)
    found = only(guesses.nobody_listens(case(seen(f"push:{ADDRESS}", at)), at))
    assert "does not answer" in found.text
    assert "firewall" in words(found)


@pytest.mark.parametrize("state", [EndpointState.CONNECTING, EndpointState.CONNECTED])
def test_inproc_waits_for_a_bind(state: EndpointState) -> None:
    at = view(Endpoint(Role.CONNECT, "inproc://a"), state=state)
    found = guesses.nobody_listens(case(seen("push:inproc://a", at)), at)
    assert (found is not None) is (state is EndpointState.CONNECTING)
