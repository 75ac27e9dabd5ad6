"""Clone's commands as RFC 12 writes them."""

from __future__ import annotations

import pytest

from tests.envelope_cases import SENT, Case, check_case, samples, seen
from tests.envelope_rig import fields
from zmqscope.core.decode.decoded import DecodeError, Tree
from zmqscope.core.decode.field_path import Name
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import Span
from zmqscope.core.envelopes.clone import Clone
from zmqscope.core.types import SocketType as T

ID = b"\0\x80\0\0\x41"
UUID = bytes(range(16))


def sequence(number: int) -> bytes:
    return number.to_bytes(8)


CASES = (
    Case((b"ICANHAZ?", b"/client/"), T.DEALER, "ICANHAZ? /client/", SENT, ("command", "subtree")),
    Case((ID, b"ICANHAZ?", b""), T.ROUTER, "ICANHAZ? everything"),
    Case((b"ICANHAZ?",), T.DEALER, "ICANHAZ? everything", SENT),  # the Guide's third model
    Case(
        (ID, b"/client/4821", sequence(17), b"", b"", b"3412"),
        T.ROUTER,
        'KVSYNC /client/4821 = "3412" #17',
        SENT,
        ("routing id", "key", "sequence", "uuid", "properties", "value"),
    ),
    Case((b"KTHXBAI", sequence(1_204), b"", b"", b"/client/"), T.DEALER, "KTHXBAI #1,204 /client/"),
    Case(
        (b"/client/4821", sequence(18), UUID, b"ttl=30\n", b"3412"),
        T.SUB,
        'KVPUB /client/4821 = "3412" #18 ttl=30',
    ),
    Case((b"/client/4821", sequence(19), UUID, b"", b""), T.SUB, "KVPUB /client/4821 deleted #19"),
    Case(
        (b"/client/4821", sequence(0), UUID, b"ttl=30\n", b"\0\1\2"),
        T.PUB,
        "KVSET /client/4821 = 3 bytes #0 ttl=30",
        SENT,
    ),
    Case((b"HUGZ", sequence(0), b"", b"", b""), T.SUB, "HUGZ"),
    Case((b"HUGZ", b"00000000", b"", b"", b""), T.SUB, "HUGZ"),
    Case((b"/a", b"1234567", UUID, b"", b"x"), T.SUB, ""),
    Case((b"/a", b"\xff" * 8, UUID, b"", b"x"), T.SUB, ""),
    Case((b"/a", sequence(1), UUID, b"no properties", b"x"), T.SUB, ""),
    Case((b"\0\1", sequence(1), UUID, b"", b"x"), T.SUB, ""),
    Case((b"a", b"b", b"c", b"d", b"e"), T.SUB, ""),
)

SAMPLES = samples(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_summaries(case: Case) -> None:
    check_case(Clone(), case)


def test_without_a_uuid_it_is_less_sure() -> None:
    with_uuid, without = seen(Clone(), CASES[5]), seen(Clone(), CASES[3])
    assert with_uuid.confidence > without.confidence >= 0.5


def test_frames_are_read_by_what_they_look_like() -> None:
    assert fields(Clone().decode(1, sequence(17)))["sequence"].value == 17
    assert fields(Clone().decode(2, UUID))["uuid"].text.startswith("00010203-")
    found = fields(Clone().decode(3, b"ttl=100\n"))  # eight bytes, too
    assert found["ttl"].value == "100"
    assert found["ttl"].key_span == Span(0, 3)
    assert found["ttl"].span == Span(4, 7)
    two = fields(Clone().decode(3, b"ttl=30\nowner=x=y\n"))
    assert two["owner"].value == "x=y"
    with pytest.raises(DecodeError):
        Clone().decode(3, b"?")


def test_properties_that_come_twice_have_paths_of_their_own_and_none_is_left_out() -> None:
    frame = b"ttl=1\nttl=2\n" + b"".join(b"p%d=\n" % at for at in range(1_500))
    decoded = Clone().decode(3, frame)
    (body,) = decoded.bodies
    assert isinstance(body, Tree)
    found = {child.step: child.value for child in children_of(body.root)}
    assert (found[Name("ttl")], found[Name("ttl", 2)]) == ("1", "2")
    assert Name("p1499") in found


def test_properties_that_are_left_out_of_a_summary_end_in_an_ellipsis() -> None:
    properties = b"a=1\nb=2\nc=3\nd=4\n"
    sighting = seen(Clone(), Case((b"k", sequence(1), UUID, properties, b"v"), T.SUB, ""))
    assert sighting.summary == 'KVPUB k = "v" #1 a=1 b=2 c=3 …'
