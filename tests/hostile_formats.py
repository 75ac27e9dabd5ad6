"""Hostile bytes of self-describing formats and Protobuf: claims, depths, what is none."""

from __future__ import annotations

import cbor2
import msgpack

from tests.hostile_parts import DEEP, MB, Maker, be, le, varint

# ---- MessagePack, CBOR, BSON --------------------------------------------------------------------

MSGPACK: dict[str, Maker] = {
    "msgpack array claims 4 G": lambda: b"\xdd\xff\xff\xff\xff" + b"\x01" * 100,
    "msgpack map claims 4 G": lambda: b"\xdf\xff\xff\xff\xff" + b"\xa1a\x01" * 100,
    "msgpack text claims 4 G": lambda: b"\x81\xa1a\xdb\xff\xff\xff\xffabc",
    "msgpack bytes claim 4 G": lambda: b"\x81\xa1a\xc6\xff\xff\xff\xffabc",
    "msgpack extension claims 4 G": lambda: b"\x81\xa1a\xc9\xff\xff\xff\xff\x05abc",
    "msgpack claims inside claims": lambda: b"\xdd\xff\xff\xff\xff" * 200_000,
    "msgpack arrays, deep": lambda: b"\x91" * DEEP + b"\xc0",
    "msgpack maps, deep": lambda: b"\x81\xa1a" * DEEP + b"\xc0",
    "msgpack key, deep": lambda: b"\x81" + b"\x91" * DEEP + b"\xc0\x01",
    "msgpack 30 M nil": lambda: b"\xdd" + be("I", 30 * MB) + b"\xc0" * (30 * MB),
    "msgpack 10 M equal keys": lambda: b"\xdf" + be("I", 10 * MB) + b"\xa1a\x01" * (10 * MB),
    "msgpack 50 MB key": lambda: b"\x81\xdb" + be("I", 50 * MB) + b"k" * (50 * MB) + b"\x01",
    "msgpack 50 MB of wrong UTF-8": lambda: b"\x91\xdb" + be("I", 50 * MB) + b"\xff" * (50 * MB),
    "msgpack times": lambda: (
        b"\x93\xc7\x0c\xff" + b"\xff" * 4 + b"\x7f" + b"\xff" * 7
        + b"\xd7\xff" + b"\xff" * 8 + b"\xd6\xff" + b"\xff" * 4
    ),
    "msgpack small maps": lambda: b"\xdd" + be("I", 5 * MB) + b"\x82\xa1a\x01\xa1b\x02" * (5 * MB),
    "msgpack never used byte": lambda: b"\x92\x01\xc1",
    "msgpack values without end": lambda: msgpack.packb({"a": [1.5]}) * MB,
}  # fmt: skip

CBOR: dict[str, Maker] = {
    "cbor array claims 2^64": lambda: b"\x9b" + b"\xff" * 8 + b"\x01" * 100,
    "cbor map claims 2^64": lambda: b"\xbb" + b"\xff" * 8 + b"\x61a\x01" * 100,
    "cbor text claims 2^63": lambda: b"\xa1\x61a\x7b\x7f" + b"\xff" * 7 + b"abc",
    "cbor bytes claim 2^64": lambda: b"\xa1\x61a\x5b" + b"\xff" * 8 + b"abc",
    "cbor claims inside claims": lambda: (b"\x9b" + b"\xff" * 8) * DEEP,
    "cbor arrays, deep": lambda: b"\x81" * DEEP + b"\xf6",
    "cbor arrays without lengths, deep": lambda: b"\x9f" * DEEP,
    "cbor tags, deep": lambda: b"\xc6" * DEEP + b"\x01",
    "cbor self-described, deep": lambda: b"\xd9\xd9\xf7" * DEEP + b"\x01",
    "cbor key, deep": lambda: b"\xa1" + b"\x81" * DEEP + b"\xf6\x01",
    "cbor 10 M empty chunks": lambda: b"\xa1\x61a\x7f" + b"\x60" * (10 * MB) + b"\xff",
    "cbor 10 M chunks of bytes": lambda: b"\xa1\x61a\x5f" + b"\x41x" * (10 * MB) + b"\xff",
    "cbor number of 20 MB": lambda: b"\xa1\x61a\xc2\x5a" + be("I", 20 * MB) + b"\xff" * (20 * MB),
    "cbor 10^(10^18)": lambda: b"\xa1\x61a\xc4\x82\x1b" + be("Q", 10**18) + b"\x01",
    "cbor 2^(10^18)": lambda: b"\xa1\x61a\xc5\x82\x1b" + be("Q", 10**18) + b"\x01",
    "cbor fraction by nothing": lambda: b"\xa1\x61a\xd8\x1e\x82\x01\x00",
    "cbor shared cycle": lambda: b"\xd8\x1c\x82\xd8\x1d\x00\xd8\x1d\x00",
    "cbor string references": lambda: b"\xd9\x01\x00\x82\x65aaaaa\xd8\x19\x1b" + b"\xff" * 8,
    "cbor regular expression": lambda: b"\xa1\x61a" + cbor2.dumps(cbor2.CBORTag(35, "(a+)+" * 9)),
    "cbor e-mail": lambda: b"\xa1\x61a" + cbor2.dumps(cbor2.CBORTag(36, "A: b\r\n" * DEEP)),
    "cbor set of maps": lambda: b"\xd9\x01\x02\x82\xa0\xa0",
    "cbor time too far": lambda: b"\x82\xc1\xfb\x7f\xf0" + b"\0" * 6 + b"\xc1\x1b" + b"\xff" * 8,
    "cbor 30 M null": lambda: b"\x9a" + be("I", 30 * MB) + b"\xf6" * (30 * MB),
    "cbor 10 M equal keys": lambda: b"\xbf" + b"\x61a\x01" * (10 * MB) + b"\xff",
    "cbor simple values": lambda: b"\x83\xf8\x18\xe0\xff",
}  # fmt: skip


def _bson_deep() -> bytes:
    data = b"\x05\0\0\0\0"
    # Each level would copy all of the inner ones: heads in front, ends behind.
    heads = [le("i", 5 + 8 * level) + b"\x03a\0" for level in range(DEEP, 0, -1)]
    return b"".join(heads) + data + b"\0" * DEEP


def _bson(kind: int, value: bytes) -> bytes:
    body = bytes([kind]) + b"a\0" + value + b"\0"
    return le("i", len(body) + 4) + body


BSON: dict[str, Maker] = {
    "bson documents, deep": _bson_deep,
    "bson claims 2 G": lambda: b"\xff\xff\xff\x7f\x10a\0\x01\0\0\0\0",
    "bson claims less than nothing": lambda: b"\x01\0\0\x80\x10a\0\x01\0\0\0\0",
    "bson text claims 2 G": lambda: _bson(2, b"\xff\xff\xff\x7fabc\0"),
    "bson bytes claim 2 G": lambda: _bson(5, b"\xff\xff\xff\x7f\x00abc"),
    "bson name without end": lambda: le("i", 20 * MB) + b"\x10" + b"a" * (20 * MB - 5),
    "bson code with scope": lambda: _bson(15, b"\xff\xff\xff\x7f\xff\xff\xff\x7f"),
    "bson regular expression": lambda: _bson(
        11, b"(a+)+$" * 1_000 + b"\0" + b"ilmsux" * 100 + b"\0"
    ),
    "bson date too far": lambda: _bson(9, b"\xff" * 7 + b"\x7f"),
    "bson decimal": lambda: _bson(19, b"\xff" * 15 + b"\x5f"),
    "bson 2 M fields": lambda: le("i", 14 * MB + 5) + b"\x10a\0\x01\0\0\0" * (7 * MB // 4) + b"\0",
    "bson 5 M nulls": lambda: le("i", 15 * MB + 5) + b"\x0aa\0" * (5 * MB) + b"\0",
    "bson unknown type": lambda: _bson(0x66, b"abc"),
}


# ---- Protobuf ---------------------------------------------------------


def _protobuf_deep() -> bytes:
    heads: list[bytes] = []
    size = 2
    for _ in range(DEEP):
        head = b"\x0a" + varint(size)
        heads.append(head)
        size += len(head)
    return b"".join(reversed(heads)) + b"\x08\x01"


PROTOBUF: dict[str, Maker] = {
    "protobuf claims 2^63": lambda: b"\x08\x01\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7fabc",
    "protobuf claims 2 G": lambda: b"\x08\x01\x12\xff\xff\xff\xff\x07abc",
    "protobuf messages, deep": _protobuf_deep,
    "protobuf groups, deep": lambda: b"\x0b" * DEEP,
    "protobuf groups, deep and closed": lambda: b"\x0b" * DEEP + b"\x0c" * DEEP,
    "protobuf number without end": lambda: b"\x08" + b"\x80" * (10 * MB),
    "protobuf 15 M fields": lambda: b"\x08\x01" * (15 * MB),
    "protobuf 10 M empty messages": lambda: b"\x0a\x00" * (10 * MB),
    "protobuf packed 30 MB": lambda: b"\x08\x01\x12" + varint(30 * MB) + b"\x01" * (30 * MB),
    "protobuf field 0": lambda: b"\x00\x01\x00\x01",
    "protobuf highest field": lambda: b"\xf8\xff\xff\xff\x0f\x01" * 1_000,
}
