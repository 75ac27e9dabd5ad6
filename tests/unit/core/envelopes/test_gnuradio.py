"""GNU Radio: messages its library serialised, and headers as tag_headers.cc writes them."""

from __future__ import annotations

import pytest

from tests.envelope_cases import Case, check_case, outline_of, samples, seen
from tests.envelope_rig import fields
from zmqscope.core.decode.decoded import DecodeError, Numbers, Tree
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import NodeKind
from zmqscope.core.envelopes.gnuradio import GnuRadio
from zmqscope.core.types import SocketType as T

# As pmt::serialize of GNU Radio 3.10.5 wrote them.
DICT = bytes.fromhex("09070200046761696e030000001e090702000466726571044197d7840000000006")
PDU = bytes.fromhex("07060a00000000030100010203")
PDU_META = bytes.fromhex("0709070200036c656e0300000003060a00000000030100010203")
SYMBOL = bytes.fromhex("02000568656c6c6f")
PAIR = bytes.fromhex("0703000000010300000002")
LIST = bytes.fromhex("07030000000107020002623206")
COMPLEX = bytes.fromhex("0a0a0000000201003f8000004000000040400000c0800000")
FREQ, BURST = bytes.fromhex("0200077278") + b"_freq", bytes.fromhex("020005") + b"burst"
ITEMS = bytes(32)


def header(offset: int, *tags: tuple[int, bytes, bytes], order: str = "little") -> bytes:
    def number(value: int, width: int) -> bytes:
        return value.to_bytes(width, "little" if order == "little" else "big")

    made = number(0x5FF0, 2) + b"\1" + number(offset, 8) + number(len(tags), 8)
    for at, key, value in tags:
        made += number(at, 8) + key + value + b"\6"
    return made


TAGGED = header(100, (104, FREQ, bytes.fromhex("044197d78400000000")), (110, BURST, b"\0"))

CASES = (
    Case(
        (header(13_592) + ITEMS,),
        T.PULL,
        "from item 13,592, no tags, 32 bytes of items",
        labels=("tags and items",),
    ),
    Case(
        (TAGGED + ITEMS,),
        T.PULL,
        "from item 100, 2 tags: rx_freq=100000000 burst=true, 32 bytes of items",
    ),
    Case(
        (b"key", header(1) + ITEMS),
        T.SUB,
        "from item 1, no tags, 32 bytes of items",
        labels=("key", "tags and items"),
    ),
    Case((header(7, order="big"),), T.PULL, "from item 7, no tags, 0 bytes of items"),
    Case((DICT,), T.PULL, "message {gain=30 freq=100000000}", labels=("PMT",)),
    Case((PDU,), T.SUB, "PDU 3 bytes"),
    Case((PDU_META,), T.PULL, "PDU {len=3} 3 bytes"),
    Case((PDU[:4] + b"\0\0\x10\0\1\0" + bytes(4_096),), T.PULL, "PDU 4,096 bytes"),
    Case((SYMBOL,), T.PULL, "message hello"),
    Case((COMPLEX,), T.PULL, "message c32 × 2"),
    Case((PAIR,), T.PULL, "message (1 . 2)"),
    Case((LIST,), T.PULL, "message (1 b2)"),
    # Too little to go by, or nothing at all.
    Case((b"\0",), T.PULL, ""),
    Case((b"\3\0\0\0\1",), T.PULL, ""),
    Case((b"\6",), T.PULL, ""),
    Case((b"\7\0\1",), T.PULL, ""),
    Case((b"\7\6\3\0\0\0\1",), T.PULL, ""),
    Case((SYMBOL + b"x",), T.PULL, ""),
    Case((PDU[:-1],), T.PULL, ""),
    Case((b"\xf0\x5f\1",), T.PULL, ""),
    Case((b"\xf0\x5f\1" + b"\xff" * 40,), T.PULL, ""),
    Case((ITEMS,), T.PULL, ""),
    Case((b"",), T.PULL, ""),
)

SAMPLES = samples(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_summaries(case: Case) -> None:
    check_case(GnuRadio(), case)


def test_tags_are_read_field_by_field() -> None:
    decoded = GnuRadio().decode(0, TAGGED + ITEMS)
    found = fields(decoded)
    assert found["offset"].value == 100
    assert found["list[0].offset"].value == 104
    assert found["list[0].value"].value == 1e8
    assert found["list[1].key"].value == "burst"
    assert found["list[1].srcid"].kind is NodeKind.NULL
    assert found["items"].value == ITEMS
    assert f"skip {len(TAGGED)} bytes" in decoded.notes[0]


def test_tags_that_end_too_early_end_in_a_sentence() -> None:
    body = GnuRadio().decode(0, TAGGED[:-2]).bodies[0]
    assert isinstance(body, Tree)
    assert list(children_of(body.root))[-1].kind is NodeKind.ERROR
    with pytest.raises(DecodeError):
        GnuRadio().decode(0, TAGGED[:10])


def test_the_data_of_a_message_can_be_looked_at_as_numbers() -> None:
    assert GnuRadio().decode(0, PDU).bodies[1] == Numbers("|u1", (3,), 10)
    assert GnuRadio().decode(0, COMPLEX).bodies[1] == Numbers(">f4", (2, 2), 8)
    assert len(GnuRadio().decode(0, DICT).bodies) == 1


def test_cut_tags_are_told_as_far_as_they_are_here() -> None:
    many = header(0, *((at, FREQ, b"\0") for at in range(100)))
    sighting = GnuRadio().see(outline_of((many,), T.PULL, is_cut=True))
    assert sighting is not None
    assert sighting.summary.startswith("from item 0, 100 tags: rx_freq=true")
    assert seen(GnuRadio(), Case((many,), T.PULL, "x")).summary.endswith("0 bytes of items")
