"""Majordomo's commands as RFC 7, RFC 18 and RFC 8 write them."""

from __future__ import annotations

import pytest

from tests.envelope_cases import SENT, Case, check_case, samples, seen
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.envelopes.majordomo import Majordomo
from zmqscope.core.types import SocketType as T

ID, CLIENT_ID = b"\0\x80\0\0\x41", b"\0\x80\0\0\x42"

V1 = (
    Case((b"", b"MDPC01", b"echo", b"hello"), T.DEALER, 'request echo "hello"', SENT),
    Case((b"MDPC01", b"echo", b"hello"), T.REQ, 'request echo "hello"', SENT),
    Case((b"MDPC01", b"echo", b"hello"), T.REQ, 'reply echo "hello"'),
    Case(
        (ID, b"", b"MDPC01", b"echo", b"hello"),
        T.ROUTER,
        'request echo "hello"',
        labels=("routing id", "delimiter", "protocol", "service", "body"),
    ),
    Case((ID, b"", b"MDPC01", b"echo", b"\1\2"), T.ROUTER, "reply echo 2 bytes", SENT),
    Case((b"MDPC01", b"echo", b"a", b"b", b"c"), T.PAIR, 'echo "a" + 2 frames'),
    Case((b"MDPC01", b"mmi.service", b"echo"), T.REQ, 'request mmi.service "echo"', SENT),
    Case((b"MDPC01", b"mmi.service", b"200"), T.REQ, "reply mmi.service 200 found"),
    Case((b"MDPC01", b"mmi.service", b"404"), T.REQ, "reply mmi.service 404 not found"),
    Case((b"MDPC01", b"mmi.other", b"501"), T.REQ, "reply mmi.other 501 not implemented"),
    Case((b"", b"MDPW01", b"\1", b"echo"), T.DEALER, "READY echo", SENT),
    Case(
        (ID, b"", b"MDPW01", b"\2", CLIENT_ID, b"", b"hello"),
        T.ROUTER,
        'REQUEST "hello"',
        SENT,
        (
            *("routing id", "delimiter", "protocol", "command"),
            *("client address", "delimiter", "body"),
        ),
    ),
    Case((b"", b"MDPW01", b"\3", CLIENT_ID, b"", b"hello"), T.DEALER, 'REPLY "hello"', SENT),
    Case((b"", b"MDPW01", b"\4"), T.DEALER, "HEARTBEAT"),
    Case((ID, b"", b"MDPW01", b"\5"), T.ROUTER, "DISCONNECT"),
    Case((b"", b"MDPW01", b"\x09"), T.DEALER, "command 9"),
)

V2 = (
    Case((b"MDPC02", b"\1", b"echo", b"hello"), T.DEALER, 'request echo "hello"', SENT),
    Case((b"MDPC02", b"\2", b"echo", b"he"), T.DEALER, 'partial echo "he"'),
    Case((b"MDPC02", b"\3", b"echo", b"llo"), T.DEALER, 'final echo "llo"'),
    Case((ID, b"MDPC02", b"\1", b"echo", b"hello"), T.ROUTER, 'request echo "hello"'),
    Case((b"MDPW02", b"\1", b"echo"), T.DEALER, "READY echo", SENT),
    # The empty frame in the middle looks like the end of routing ids.
    Case((ID, b"MDPW02", b"\2", CLIENT_ID, b"", b"hi"), T.ROUTER, 'REQUEST "hi"', SENT),
    Case((b"MDPW02", b"\3", CLIENT_ID, b"", b"hi"), T.DEALER, 'PARTIAL "hi"', SENT),
    Case((b"MDPW02", b"\4", CLIENT_ID, b"", b"hi"), T.DEALER, 'FINAL "hi"', SENT),
    Case((b"MDPW02", b"\5"), T.DEALER, "HEARTBEAT"),
    Case((b"MDPW02", b"\6"), T.DEALER, "DISCONNECT"),
)

REFERENCE = (
    Case((b"", b"MDPC0X", b"\1", b"echo", b"hello"), T.DEALER, 'request echo "hello"', SENT),
    Case((b"", b"MDPC0X", b"\3", b"echo"), T.DEALER, "NAK echo"),
    Case((b"", b"MDPW0X", b"\3", CLIENT_ID, b"", b"hi"), T.DEALER, 'REPORT "hi"', SENT),
)

STRANGERS = (
    Case((b"MDPC01",), T.DEALER, ""),
    Case((b"MDPC03", b"echo", b"x"), T.DEALER, ""),
    Case((b"MDPW01", b"ready", b"x"), T.DEALER, ""),
    Case((b"MDPC02", b"\1"), T.DEALER, ""),
    Case((b"hello",), T.DEALER, ""),
    Case((b"",), T.REQ, ""),
)

SAMPLES = samples((*V1, *V2, *REFERENCE))


@pytest.mark.parametrize("case", [*V1, *V2, *REFERENCE, *STRANGERS], ids=str)
def test_summaries(case: Case) -> None:
    check_case(Majordomo(), case)


def test_the_body_is_what_a_reader_wants_to_see() -> None:
    bodies = [seen(Majordomo(), case).body for case in V1[:4]]
    assert bodies == [3, 2, 2, 4]


@pytest.mark.parametrize(
    ("frames", "note"),
    [
        ((b"", b"MDPW01", b"\1"), "READY names no service."),
        (
            (b"", b"MDPW01", b"\1", b"mmi.service"),
            "Names that begin with mmi. are the broker's own (RFC 8).",
        ),
        (
            (b"", b"MDPW01", b"\2", b"hello"),
            "Client address and empty frame before the body are missing.",
        ),
        ((b"", b"MDPC01", b"echo"), "There is no body (RFC 7)."),
    ],
)
def test_what_is_wrong_is_said(frames: tuple[bytes, ...], note: str) -> None:
    (found,) = seen(Majordomo(), Case(frames, T.DEALER, "x", SENT)).notes
    assert found.text == note
    assert found.is_bad


def test_odd_names_of_services_are_quoted() -> None:
    case = Case((b"MDPC01", b"two words", b"x"), T.REQ, 'request "two words" "x"', SENT)
    check_case(Majordomo(), case)
    case = Case((b"MDPC01", b"\xff\xfe", b"x"), T.REQ, 'request ⟨fffe⟩ "x"', SENT)
    check_case(Majordomo(), case)


def test_a_command_is_one_byte() -> None:
    assert Majordomo().decode(1, b"\4").type == "command 4"
    with pytest.raises(DecodeError):
        Majordomo().decode(1, b"")
