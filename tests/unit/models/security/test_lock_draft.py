from __future__ import annotations

import pytest

from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.core.spec import format_spec, parse_spec
from zmqscope.core.types import SocketSpec, SocketType
from zmqscope.models.security.lock_draft import (
    LockChoice,
    LockDraft,
    LockField,
    check_lock,
    choice_of,
    draft_of_lock,
    lock_of,
)
from zmqscope.models.security.lock_fit import unfit
from zmqscope.models.sockets.spec_draft import (
    Part,
    SpecDraft,
    check_draft,
    draft_of,
    lock_problems,
    lock_reasons,
)

KEY = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
PAIR = SecretRef(SecretPlace.FILE, "/home/me/server.key_secret")
PASSWORD = SecretRef(SecretPlace.KEYRING, "ann-1")
LOCKS = (
    NO_LOCK,
    Lock(Mechanism.NULL, is_server=True, access="lab"),
    Lock(Mechanism.PLAIN, user="ann", secret=PASSWORD),
    Lock(Mechanism.PLAIN, user="ann"),
    Lock(Mechanism.PLAIN, is_server=True),
    Lock(Mechanism.CURVE, server_key=KEY),
    Lock(Mechanism.CURVE, server_key="file:/home/me/server.key", secret=PAIR),
    Lock(Mechanism.CURVE, is_server=True, secret=PAIR, access="lab"),
)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_comes_back_from_its_draft(lock: Lock) -> None:
    draft = draft_of_lock(lock)
    assert lock_of(draft) == lock
    assert check_lock(draft).complete
    assert choice_of(lock) is draft.choice


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_survives_the_form_and_the_line(lock: Lock) -> None:
    spec = parse_spec("sub:tcp://a:1,name=x")
    locked = SocketSpec(spec.type, spec.endpoints, "x", (b"",), lock=lock)
    check = check_draft(draft_of(locked))
    assert check.complete
    assert check.spec == locked
    assert parse_spec(format_spec(check.spec)) == locked


def test_what_a_choice_has_no_use_for_is_kept_but_left_out() -> None:
    draft = LockDraft(LockChoice.NONE, "ann", PASSWORD, KEY, PAIR, "lab")
    assert lock_of(draft) == NO_LOCK
    assert lock_of(LockDraft(LockChoice.PLAIN_SERVER, "ann", PASSWORD, KEY, PAIR, "lab")) == Lock(
        Mechanism.PLAIN, is_server=True, access="lab"
    )


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (LockDraft(LockChoice.PLAIN_CLIENT), "the user’s name"),
        (LockDraft(LockChoice.CURVE_CLIENT), "the server’s public key"),
        (LockDraft(LockChoice.CURVE_SERVER), "a key pair"),
    ],
)
def test_an_empty_field_is_missing_not_wrong(draft: LockDraft, words: str) -> None:
    check = check_lock(draft)
    assert check.problems == {}
    assert words in check.missing
    assert not check.complete


def test_missing_letters_are_counted() -> None:
    check = check_lock(LockDraft(LockChoice.CURVE_CLIENT, server_key=KEY[:37]))
    assert "3 letters are missing" in check.problems[LockField.SERVER_KEY].text


def test_hex_is_understood() -> None:
    check = check_lock(LockDraft(LockChoice.CURVE_CLIENT, server_key="00" * 32))
    assert check.complete
    assert check.lock.server_key == "0" * 40


def test_a_name_that_plain_cannot_carry_is_wrong() -> None:
    long = check_lock(LockDraft(LockChoice.PLAIN_CLIENT, "ä" * 128))
    assert "256 bytes" in long.problems[LockField.USER].text
    half = check_lock(LockDraft(LockChoice.PLAIN_CLIENT, "\ud800"))
    assert "half a character" in half.problems[LockField.USER].text


def test_a_place_that_is_none_is_wrong() -> None:
    bad = SecretRef(SecretPlace.FILE, "not/absolute")
    check = check_lock(LockDraft(LockChoice.PLAIN_CLIENT, "ann", bad))
    assert LockField.SECRET in check.problems


def test_an_incomplete_lock_keeps_the_socket_from_opening() -> None:
    draft = draft_of(parse_spec("sub:tcp://a:1"))
    check = check_draft(
        SpecDraft(draft.type, "", draft.endpoints, lock=LockDraft(LockChoice.CURVE_SERVER))
    )
    assert not check.complete
    assert check.problems == {}
    assert check.missing


# ---- types and transports -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "choice", "words"),
    [
        ("stream:@tcp://*:1", LockChoice.PLAIN_SERVER, "STREAM"),
        ("dgram:@udp://*:1", LockChoice.ACCESS, "DGRAM"),
        ("client:tcp://a:1", LockChoice.CURVE_CLIENT, "CLIENT"),
        ("pair:inproc://x", LockChoice.CURVE_SERVER, "inproc"),
    ],
)
def test_a_lock_that_cannot_be_had_is_a_sentence(line: str, choice: LockChoice, words: str) -> None:
    spec = parse_spec(line)
    problem = unfit(spec, choice)
    assert problem is not None
    assert words in problem.text
    assert "lock=" not in problem.sentence()
    assert lock_reasons(draft_of(spec))[choice] == problem.text
    assert unfit(spec, LockChoice.NONE) is None


def test_the_reason_is_told_for_what_is_chosen() -> None:
    draft = draft_of(parse_spec("stream:@tcp://*:1"))
    locked = SpecDraft(
        SocketType.STREAM, "", draft.endpoints, lock=LockDraft(LockChoice.PLAIN_SERVER)
    )
    check = check_draft(locked)
    assert (Part.LOCK, LockField.CHOICE.value) in check.problems
    assert LockField.CHOICE in lock_problems(check)
    assert not check.complete


def test_a_type_that_can_have_all_has_no_reasons() -> None:
    assert lock_reasons(draft_of(parse_spec("rep:@tcp://*:1"))) == {}
