"""What an endpoint's history makes of events, in the orders in which libzmq tells them."""

from __future__ import annotations

import errno

from tests.doctor_rig import S
from zmqscope.core.diagnosis.attempts import Attempts, Outcome
from zmqscope.core.types import Role

MISMATCH = 0x11000002


def connecting() -> Attempts:
    return Attempts(Role.CONNECT)


def bound() -> Attempts:
    return Attempts(Role.BIND)


def test_nobody_listens_is_counted_by_retries() -> None:
    a = connecting()
    for round_ in range(3):
        a.note_dialling(round_ * S)
        a.note_undialled(round_ * S)
        a.note_retry(was_reached=False, now_ns=round_ * S)
    tally = a.failed(Outcome.UNREACHED)
    assert tally is not None
    assert (tally.count, tally.first_ns, tally.last_ns) == (3, 0, 2 * S)
    assert not a.is_given_up(100 * S)


def test_a_failure_and_the_end_of_its_connection_count_once() -> None:
    a = connecting()
    a.note_connection()
    a.note_failure(Outcome.NO_DETAIL, errno.EPIPE, S)
    a.note_closed(S)
    a.note_retry(was_reached=True, now_ns=S)
    assert a.failed(Outcome.CLOSED) is None
    tally = a.failed(Outcome.NO_DETAIL, (errno.EPIPE,))
    assert tally is not None
    assert tally.count == 1


def test_ends_that_come_out_of_order_are_still_paired() -> None:
    a = bound()
    a.note_failure(Outcome.PROTOCOL, MISMATCH, S)
    a.note_failure(Outcome.PROTOCOL, MISMATCH, S)
    a.note_closed(S + 1)
    a.note_closed(S + 2)
    assert a.failed(Outcome.CLOSED) is None
    a.note_closed(S + 3)
    assert a.failed(Outcome.CLOSED) is not None


def test_a_failure_without_an_end_does_not_excuse_a_later_one() -> None:
    a = bound()
    a.note_failure(Outcome.NO_DETAIL, errno.EFAULT, S)
    a.note_closed(10 * S)
    assert a.failed(Outcome.CLOSED) is not None


def test_given_up_is_an_end_without_a_word_of_another_try() -> None:
    a = connecting()
    a.note_connection()
    a.note_closed(S)
    assert a.may_be_given_up
    assert not a.is_given_up(S + 1)
    assert a.is_given_up(2 * S)
    a.note_retry(was_reached=True, now_ns=2 * S)
    assert not a.is_given_up(9 * S)


def test_a_lost_connection_may_be_given_up_too() -> None:
    a = connecting()
    a.note_success(S)
    a.note_loss(2 * S, lived_ns=S)
    assert a.is_given_up(3 * S)
    assert a.given_up_ns == 2 * S
    a.note_connection()
    assert not a.is_given_up(9 * S)


def test_a_bind_is_never_given_up() -> None:
    a = bound()
    a.note_closed(S)
    assert not a.is_given_up(9 * S)


def test_success_clears_a_connect_and_not_a_bind() -> None:
    for attempts, is_cleared in ((connecting(), True), (bound(), False)):
        attempts.note_failure(Outcome.REFUSED, 400, S)
        attempts.note_success(2 * S)
        assert attempts.has_failures is not is_cleared
        assert attempts.successes == 1


def test_counts_begin_again_after_a_long_pause() -> None:
    a = bound()
    a.note_failure(Outcome.CLOSED, 0, S)
    a.note_failure(Outcome.CLOSED, 0, 500 * S)
    tally = a.failed(Outcome.CLOSED)
    assert tally is not None
    assert (tally.count, tally.first_ns) == (1, 500 * S)


def test_values_come_in_the_order_in_which_they_were_last_seen() -> None:
    a = bound()
    for at, code in enumerate((500, 400, 500)):
        a.note_failure(Outcome.REFUSED, code, at * S)
    assert a.values(Outcome.REFUSED) == [400, 500]
    both = a.failed(Outcome.REFUSED)
    assert both is not None
    assert (both.count, both.first_ns, both.last_ns) == (3, 0, 2 * S)


def test_dialling_lasts_until_there_is_an_answer() -> None:
    a = connecting()
    a.note_dialling(S)
    a.note_dialling(5 * S)
    assert a.dialling_since_ns == S
    a.note_connection()
    assert a.dialling_since_ns == 0


def test_nothing_grows_with_the_number_of_strangers() -> None:
    a = bound()
    for number in range(10_000):
        a.note_failure(Outcome.PROTOCOL, number, number)
        a.note_loss(number, 1)
    assert len(a.values(Outcome.PROTOCOL)) <= 32
    assert len(a.losses) <= 32
    assert a.losses_since(9_990) == 10
