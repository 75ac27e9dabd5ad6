"""Paranoid Pirate: one byte is little to go by (RFC 6)."""

from __future__ import annotations

import pytest

from tests.envelope_cases import SENT, Case, check_case, outline_of, samples
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.envelopes.known import KnownEnvelopes
from zmqscope.core.envelopes.paranoid_pirate import ParanoidPirate
from zmqscope.core.types import SocketType as T

GUIDE_ID = b"7A1C-04F2"

CASES = (
    Case((GUIDE_ID, b"\1"), T.ROUTER, "READY", labels=("routing id", "command")),
    Case((GUIDE_ID, b"\2"), T.ROUTER, "HEARTBEAT", SENT),
    # The same byte without the Guide's routing id may be anything: it is never shown.
    Case((b"\0\x80\0\0\x41", b"\1"), T.ROUTER, ""),
    Case((b"\2",), T.DEALER, ""),
    Case((b"\1",), T.XPUB, ""),
    Case((b"\1",), T.PULL, ""),
    Case((GUIDE_ID, b"\3"), T.ROUTER, ""),
    Case((GUIDE_ID, b"", b"\1"), T.ROUTER, ""),
    Case((GUIDE_ID,), T.ROUTER, ""),
)

SAMPLES = samples(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_summaries(case: Case) -> None:
    check_case(ParanoidPirate(), case)


def test_what_may_be_anything_is_not_shown() -> None:
    known = KnownEnvelopes((ParanoidPirate(),))
    assert known.see(outline_of((b"\2",), T.DEALER)) is None
    assert known.see(outline_of((GUIDE_ID, b"\2"), T.ROUTER)) is not None


def test_a_command_is_one_byte() -> None:
    assert ParanoidPirate().decode(1, b"\1").type == "READY"
    with pytest.raises(DecodeError):
        ParanoidPirate().decode(1, b"\3")
