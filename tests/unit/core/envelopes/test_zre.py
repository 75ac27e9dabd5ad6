"""ZRE: commands as pyre (zeromq-pyre 0.3.4) writes them, the rest as RFC 36 and Zyre do."""

from __future__ import annotations

import pytest

from tests.envelope_cases import SENT, Case, check_case, outline_of, samples, seen
from tests.envelope_rig import fields
from zmqscope.core.decode.decoded import DecodeError, Tree
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import NodeKind, Span
from zmqscope.core.envelopes.envelope import Note
from zmqscope.core.envelopes.zre import Zre
from zmqscope.core.types import SocketType as T

HELLO = bytes.fromhex(
    "aaa101020001157463703a2f2f3132372e302e302e313a3439313532000000020000000463686174000000036c6162"
    "02066e6f64652d610000000106582d524f4c450000000663616d657261"
)
WHISPER = (bytes.fromhex("aaa102020002"), b"hello", b"again")
SHOUT = (bytes.fromhex("aaa1030200030463686174"), b"hi all")
JOIN, LEAVE = bytes.fromhex("aaa104020004036c616203"), bytes.fromhex("aaa105020005036c616204")
PING, PING_OK = bytes.fromhex("aaa106020006"), bytes.fromhex("aaa107020007")
UUID = bytes(range(16))
ID = b"\1" + UUID
SAID = "00010203-0405-0607-0809-0a0b0c0d0e0f"
BEACON = b"ZRE\1" + UUID + b"\xc0\0"

CASES = (
    Case(
        (HELLO,),
        T.DEALER,
        "HELLO node-a at tcp://127.0.0.1:49152 in chat, lab #1",
        SENT,
        ("command",),
    ),
    Case(WHISPER, T.DEALER, 'WHISPER "hello" + 1 frame #2', SENT),
    Case((ID, *SHOUT), T.ROUTER, 'SHOUT chat "hi all" #3'),
    Case((ID, JOIN), T.ROUTER, "JOIN lab #4", labels=("routing id", "command")),
    Case((ID, LEAVE), T.ROUTER, "LEAVE lab #5"),
    Case((PING,), T.DEALER, "PING #6", SENT),
    Case((ID, PING_OK), T.ROUTER, "PING-OK #7"),
    # An empty frame of the content is no delimiter.
    Case((ID, WHISPER[0], b"a", b""), T.ROUTER, 'WHISPER "a" + 1 frame #2'),
    Case((bytes.fromhex("aaa10802000903") + b"lab\2me",), T.DEALER, "ELECT lab me #9", SENT),
    Case((bytes.fromhex("aaa10902000a03") + b"lab\2me",), T.DEALER, "LEADER lab me #10", SENT),
    Case((bytes.fromhex("aaa10a02000b"),), T.DEALER, "GOODBYE #11", SENT),
    Case(
        (b"192.168.1.2:5670", BEACON),
        T.DGRAM,
        f"beacon of {SAID} at port 49152",
        labels=("address", "beacon"),
    ),
    Case((b"1.2.3.4:1", BEACON[:20] + b"\0\0"), T.DGRAM, f"beacon of {SAID}, which leaves"),
    Case(
        (b"1.2.3.4:1", b"ZRE\3" + BEACON[4:] + bytes(32)),
        T.DGRAM,
        f"beacon of {SAID} at port 49152",
    ),
    Case((b"\xaa\xa1\x06\x01\0\6",), T.DEALER, ""),  # version 1
    Case((b"\xaa\xa1\x63\x02\0\6",), T.DEALER, ""),  # no such command
    Case((PING, b"more"), T.DEALER, ""),  # PING has no content
    Case((b"\xaa\xa1",), T.DEALER, ""),
    Case((b"ZRE\1" + bytes(17),), T.DGRAM, ""),
    Case((b"ZREAD ME, this is a text",), T.PULL, ""),
)

SAMPLES = samples(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_summaries(case: Case) -> None:
    check_case(Zre(), case)


def test_the_routing_id_names_the_node() -> None:
    assert seen(Zre(), CASES[3]).notes == (Note(f"Sent by node {SAID}."),)


def test_a_hello_is_read_field_by_field() -> None:
    found = fields(Zre().decode(0, HELLO))
    assert found["endpoint"].value == "tcp://127.0.0.1:49152"
    assert found["groups[0]"].value == "chat"
    assert found["groups[1]"].span == Span(40, 47)
    assert found["headers.X-ROLE"].value == "camera"
    assert found["headers.X-ROLE"].key_span == Span(59, 66)
    assert found["sequence"].value == 1
    assert found["command"].note == "HELLO"


def test_a_beacon_is_read_field_by_field() -> None:
    found = fields(Zre().decode(1, BEACON))
    assert found["uuid"].text == SAID
    assert found["port"].value == 49_152
    with pytest.raises(DecodeError):
        Zre().decode(1, BEACON[:10])


def test_headers_of_one_name_are_told_apart() -> None:
    twice = b"\1k\0\0\0\1a\1k\0\0\0\1b"
    frame = bytes.fromhex("aaa10102000100000000000000") + b"\0\0\0\2" + twice
    assert seen(Zre(), Case((frame,), T.DEALER, "x")).confidence == 0.97
    body = Zre().decode(0, frame).bodies[0]
    assert isinstance(body, Tree)
    headers = next(node for node in children_of(body.root) if node.type == "dictionary")
    assert [node.value for node in children_of(headers)] == ["a", "b"]
    assert len({node.step for node in children_of(headers)}) == 2


def test_lengths_that_lie_end_in_a_sentence() -> None:
    frame = HELLO[:28] + b"\xff\xff\xff\xff" + HELLO[32:]
    body = Zre().decode(0, frame).bodies[0]
    assert isinstance(body, Tree)
    last = list(children_of(body.root))[-1]
    assert (last.kind, last.text) == (NodeKind.ERROR, "The frame ends inside groups.")
    sighting = Zre().see(outline_of((frame,), T.DEALER))
    assert sighting is not None
    assert sighting.confidence == 0.7


def test_a_long_list_of_groups_is_read_to_the_end_of_the_frame_alone() -> None:
    many = 100_000
    frame = HELLO[:28] + many.to_bytes(4) + b"\0\0\0\0" * many
    body = Zre().decode(0, frame).bodies[0]
    assert isinstance(body, Tree)
    said = "groups claims 100,000 entries; more than 50,000 are not read."
    assert [node.text for node in children_of(body.root)][-1] == said
