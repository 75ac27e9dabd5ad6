"""Connections that are cut, that nobody can bind, or that a PAIR has one too many of."""

from __future__ import annotations

import errno

import pytest

from tests.doctor_rig import (
    ADDRESS,
    BIND,
    CONNECT,
    NOW,
    S,
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
from zmqscope.core.diagnosis import connection
from zmqscope.core.diagnosis.attempts import Attempts
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.diagnosis.observation import Departed, Sending
from zmqscope.core.peers import ProcessInfo
from zmqscope.core.types import EndpointState, Role, Severity, SocketId


def lost(role: Role = Role.CONNECT, *, comes_back: bool = True, times: int = 1) -> Attempts:
    """Cut two seconds ago; it came back a tenth of a second later, or not at all."""
    attempts = Attempts(role)
    attempts.note_success(NOW - 90 * S)
    for number in reversed(range(times)):
        at_ns = NOW - (2 + number) * S
        attempts.note_loss(at_ns, S)
        if comes_back:
            attempts.note_retry(was_reached=True, now_ns=at_ns)
            attempts.note_success(at_ns + S // 10)
    return attempts


@pytest.mark.parametrize(
    ("owner", "word"),
    [("redis (12)", "redis (12) is bound there"), ("", "which one, the system does not tell")],
)
def test_an_address_in_use_names_who_has_it(owner: str, word: str) -> None:
    at = view(BIND, state=EndpointState.FAILED, failed_with=errno.EADDRINUSE, owner=owner)
    found = only(connection.address_in_use(case(seen(f"pull:@{ADDRESS}", at)), at))
    assert word in found.why
    assert found.severity is Severity.ERROR


def test_an_own_socket_that_has_the_address_is_named() -> None:
    at = view(BIND, state=EndpointState.FAILED, failed_with=errno.EADDRINUSE)
    other = seen(f"pull:@{ADDRESS},name=first", view(BIND), socket_id=2)
    found = only(connection.address_in_use(case(seen(f"pull:@{ADDRESS}", at), other), at))
    assert "“first” of this app" in found.why


def test_a_second_pair_is_seen_where_it_is_bound() -> None:
    at = view(BIND, peers=1, surplus=1)
    (found,) = told(seen(f"pair:@{ADDRESS}", at))
    assert found.rule is Rule.SECOND_PAIR
    assert "first peer only" in found.why


def test_a_second_pair_of_this_app_learns_it_too() -> None:
    at = view(peers=1)
    first = peer(own_socket=SocketId(3))
    server = seen(f"pair:@{ADDRESS}", view(BIND, peers=1, surplus=1), socket_id=2,
                  peers=peers(first))  # fmt: skip
    found = only(connection.second_pair(case(seen(f"pair:{ADDRESS}", at), server), at))
    assert found.rule is Rule.SECOND_PAIR
    the_first = seen(f"pair:{ADDRESS}", at, socket_id=3)
    assert connection.second_pair(case(the_first, server), at) is None


# ---- cut connections ------------------------------------------------------------------------


def test_our_own_limit_may_have_cut_it() -> None:
    at = view(BIND, lost(Role.BIND), peers=1)
    (found,) = told(seen(f"pull:@{ADDRESS},maxmsgsize=1000", at), after_s=1.0)
    assert found.rule is Rule.MESSAGE_TOO_LARGE
    assert "1,000 bytes" in found.why
    assert "closed it itself" in found.why
    assert found.fixes[0].value >= 16_000


def test_a_connect_with_a_limit_is_given_up() -> None:
    at = view(attempts=lost(comes_back=False))
    (found,) = told(seen(f"sub:{ADDRESS},maxmsgsize=1000", at), after_s=2.0)
    assert (found.rule, found.severity) == (Rule.MESSAGE_TOO_LARGE, Severity.ERROR)
    assert "given the connection up" in found.why


def test_a_peer_that_leaves_for_good_is_no_matter_of_size() -> None:
    at = view(BIND, lost(Role.BIND, comes_back=False))
    assert told(seen(f"pull:@{ADDRESS},maxmsgsize=1000", at), after_s=2.0) == []


def test_their_limit_is_guessed_by_our_largest_message() -> None:
    at = view(attempts=lost(), peers=1)
    large = NOW - 2 * S - S // 2
    sending = Sending(sent_ns=large, largest_ns=large, largest_bytes=5_000, last_bytes=5_000)
    (found,) = told(seen(f"push:{ADDRESS}", at, sending=sending), after_s=1.0)
    assert found.rule is Rule.MESSAGE_TOO_LARGE
    assert "5,000 bytes" in found.why


@pytest.mark.parametrize(("size", "ago_s"), [(100, 2.5), (5_000, 30.0)])
def test_a_small_or_an_old_message_is_not_blamed(size: int, ago_s: float) -> None:
    at = view(attempts=lost(), peers=1)
    when = NOW - int(ago_s * S)
    sending = Sending(sent_ns=when, largest_ns=when, largest_bytes=size)
    assert told(seen(f"push:{ADDRESS}", at, sending=sending), after_s=1.0) == []


@pytest.mark.parametrize(
    ("is_stopped", "word"), [(True, "is stopped, so it was dropped"), (False, "probably")]
)
def test_heartbeats_tell_of_a_process_that_is_still_there(is_stopped: bool, word: str) -> None:
    at = view(BIND, lost(Role.BIND, comes_back=False))
    gone = Departed(ProcessInfo(7, "python", is_stopped=is_stopped), BIND, NOW)
    socket = seen(f"pull:@{ADDRESS},heartbeat_ivl=500", at, departed=(gone,))
    (found,) = told(socket, after_s=2.0)
    assert found.rule is Rule.HEARTBEAT_LOST
    assert word in found.why


def test_a_peer_that_ends_is_no_lost_heartbeat() -> None:
    at = view(BIND, lost(Role.BIND, comes_back=False))
    assert told(seen(f"pull:@{ADDRESS},heartbeat_ivl=500", at), after_s=2.0) == []


def test_a_connect_that_hangs_again_lost_its_heartbeat() -> None:
    attempts = lost(comes_back=False)
    attempts.note_connection()
    at = view(attempts=attempts, waiting=1, waiting_since_ns=NOW - S)
    (found,) = told(seen(f"push:{ADDRESS},heartbeat_ivl=500", at), after_s=100.0)
    assert found.rule is Rule.HEARTBEAT_LOST, "as long as it hangs, and no guess beside it"


def test_flapping_takes_three_losses() -> None:
    for times in (2, 3):
        at = view(attempts=lost(times=times), peers=1)
        rules = [f.rule for f in told(seen(f"push:{ADDRESS}", at), after_s=1.0)]
        assert rules == ([Rule.FLAPPING] if times == 3 else [])


def test_flapping_names_what_the_options_allow() -> None:
    at = view(attempts=lost(times=4), peers=1)
    options = "maxmsgsize=10,heartbeat_ivl=100"
    socket = seen(f"push:{ADDRESS},{options}", at, sending=Sending(sent_ns=1))
    found = only(connection.flapping(case(socket), at))
    for word in ("restarted", "maxmsgsize", "heartbeats", "4 times", "does not take"):
        assert word in words(found)
    assert kinds(found)[1] is FixKind.PROBE
    assert found.endpoint == CONNECT


def test_clients_of_a_server_come_and_go() -> None:
    at = view(BIND, lost(Role.BIND, times=20), peers=1)
    assert told(seen(f"rep:@{ADDRESS}", at), after_s=1.0) == []
