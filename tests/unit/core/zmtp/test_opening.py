"""Which ZMTP a direction speaks: RFC 37, Backwards Interoperability."""

from __future__ import annotations

import pytest

from tests.zmtp_rig import greeting
from zmqscope.core.zmtp.greeting import Greeting
from zmqscope.core.zmtp.legacy import encode_frame_v1, encode_greeting_v2
from zmqscope.core.zmtp.opening import UNVERSIONED, Opening, Revision, read_major, read_opening

SIGNATURE = b"\xff" + bytes(7) + b"\x01\x7f"
V2 = encode_greeting_v2(b"DEALER", b"id")
DOWN_TO_V2 = encode_greeting_v2(b"ROUTER", b"", major=3)
V1_LONG = b"\xff" + bytes(7) + b"\x05\x00name"


@pytest.mark.parametrize(
    ("head", "major"),
    [
        (b"", None),
        (b"\x01", UNVERSIONED),
        (b"GET / HTTP/1.1", UNVERSIONED),
        (b"\xff", None),
        (SIGNATURE[:9], None),
        (SIGNATURE, None),
        (SIGNATURE + b"\x01", 1),
        (SIGNATURE + b"\x03", 3),
        (V1_LONG, UNVERSIONED),
    ],
)
def test_the_major_version(head: bytes, major: int | None) -> None:
    assert read_major(head) == major


def test_version_3() -> None:
    whole = greeting()
    opening = Opening(Revision.V3, 64, 3, Greeting(3, 1, b"NULL"))
    assert read_opening(whole) == read_opening(whole + b"more", 3) == opening
    assert read_opening(whole, 9) == opening
    for cut in range(64):
        assert read_opening(whole[:cut]) is None
        assert read_opening(whole[:cut], 3) is None
    later = SIGNATURE + b"\x09\x09" + whole[12:]
    assert read_opening(later) == Opening(Revision.V3, 64, 9, Greeting(9, 9, b"NULL"))


@pytest.mark.parametrize("major", [1, 2])
def test_version_2(major: int) -> None:
    data = encode_greeting_v2(b"DEALER", b"id", major)
    opening = Opening(Revision.V2, 12, major, socket_type=b"DEALER")
    assert read_opening(data) == read_opening(data[:12], 3) == opening
    assert read_opening(data[:11]) is None


def test_version_3_goes_down_to_2() -> None:
    opening = Opening(Revision.V2, 12, 3, socket_type=b"ROUTER")
    assert read_opening(DOWN_TO_V2[:12], 1) == opening
    # Without knowledge of the other direction one more byte is needed.
    assert read_opening(DOWN_TO_V2[:12]) is None
    assert read_opening(DOWN_TO_V2) == opening


def test_a_greeting_without_mechanism_is_one_between_peers_of_3() -> None:
    assert read_opening(greeting(b""), 3) == Opening(Revision.V3, 64, 3, Greeting(3, 1, b""))


def test_version_1() -> None:
    unversioned = Opening(Revision.V1, 0, UNVERSIONED)
    assert read_opening(encode_frame_v1(0, b"")) == unversioned
    assert read_opening(V1_LONG) == unversioned
    assert read_opening(V1_LONG[:9]) is None
    # What a newer peer has said by then is the beginning of its identity's frame.
    assert read_opening(SIGNATURE, UNVERSIONED) == unversioned
    assert read_opening(b"\xff", UNVERSIONED) == unversioned
    assert read_opening(b"", UNVERSIONED) is None


def test_revision_0_is_framed_as_1_0_behind_a_greeting() -> None:
    data = SIGNATURE + b"\x00\x63"
    assert read_opening(data) == Opening(Revision.V1, 12, 0, socket_type=b"")
    assert read_opening(SIGNATURE + b"\x03\x05", 0) == Opening(
        Revision.V1, 12, 3, socket_type=b"DEALER"
    )
