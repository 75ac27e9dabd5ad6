"""Titanic's three services as RFC 9 has them, over Majordomo."""

from __future__ import annotations

import pytest

from tests.envelope_cases import RECEIVED, SENT, Case, check_case, outline_of, samples, seen
from zmqscope.core.envelopes.known import KnownEnvelopes
from zmqscope.core.envelopes.majordomo import Majordomo
from zmqscope.core.envelopes.titanic import Titanic
from zmqscope.core.types import Direction
from zmqscope.core.types import SocketType as T

UUID = b"5F0C3A1E9B7D4C2A8E6F1B0D9C8A7E5F"
ID = b"\0\x80\0\0\x41"

CASES = (
    Case(
        (b"MDPC01", b"titanic.request", b"echo", b"hello"),
        T.REQ,
        'titanic.request echo "hello"',
        SENT,
        ("protocol", "service", "target service", "body"),
    ),
    Case(
        (ID, b"", b"MDPC01", b"titanic.request", b"echo", b"hello"),
        T.ROUTER,
        'titanic.request echo "hello"',
    ),
    Case(
        (b"MDPC01", b"titanic.request", b"200", UUID),
        T.REQ,
        f"titanic.request → 200 OK {UUID.decode()}",
        labels=("protocol", "service", "status", "request's UUID"),
    ),
    Case((b"MDPC01", b"titanic.reply", UUID), T.REQ, f"titanic.reply {UUID.decode()}", SENT),
    Case((b"MDPC01", b"titanic.reply", b"300"), T.REQ, "titanic.reply → 300 PENDING"),
    Case((b"MDPC01", b"titanic.reply", b"200", b"hello"), T.REQ, 'titanic.reply → 200 OK "hello"'),
    Case(
        (b"MDPC01", b"titanic.reply", b"400 no such request"),
        T.REQ,
        'titanic.reply → "400 no such request"',
    ),
    Case((b"MDPC01", b"titanic.close", UUID), T.REQ, f"titanic.close {UUID.decode()}", SENT),
    Case((b"MDPC01", b"titanic.close", b"200"), T.PAIR, "titanic.close → 200 OK"),
    Case((b"MDPC01", b"titanic.other", b"x"), T.REQ, ""),
    Case((b"MDPW01", b"\1", b"titanic.request"), T.DEALER, ""),
)

SAMPLES = samples(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_summaries(case: Case) -> None:
    check_case(Titanic(), case)


def test_it_wins_over_majordomo_and_leaves_the_rest_to_it() -> None:
    known = KnownEnvelopes((Titanic(), Majordomo()))
    for frames, kind, direction in SAMPLES:
        sighting = known.see(outline_of(frames, kind, direction))
        assert sighting is not None
        assert sighting.envelope == "titanic"
    ready = known.see(outline_of((b"", b"MDPW01", b"\1", b"titanic.request"), T.DEALER, SENT))
    assert ready is not None
    assert (ready.envelope, ready.summary) == ("majordomo", "READY titanic.request")


@pytest.mark.parametrize(
    ("frames", "direction"),
    [
        ((b"MDPC01", b"titanic.reply", b"17"), SENT),
        ((b"MDPC01", b"titanic.reply", b"202"), RECEIVED),
    ],
)
def test_what_is_wrong_is_said(frames: tuple[bytes, ...], direction: Direction) -> None:
    (note,) = seen(Titanic(), Case(frames, T.REQ, "x", direction)).notes
    assert note.is_bad
