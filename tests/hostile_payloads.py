"""Everything that strangers may send to harm whoever looks at it: named, made on demand.

Nothing here does harm unless somebody runs, loads, fetches or believes it.
"""

from __future__ import annotations

from functools import partial
from random import Random

from tests.hostile_formats import BSON, CBOR, MSGPACK, PROTOBUF
from tests.hostile_packed import IMAGES, LAYERS
from tests.hostile_parts import DEEP, MB, Maker
from tests.hostile_schemas import ARROW, AVRO, CAPNP, PICKLE
from tests.hostile_tricks import TRICKS

HUGE = 200 * MB
ELSEWHERE = "http://127.0.0.1:9/hostile"
"""Where payloads say that something is to be had: nobody may ask there."""

_HTML = (
    f'<img src="{ELSEWHERE}.png"><img src="file:///etc/hostname"><b>bold</b>'
    f'<link rel=stylesheet href="{ELSEWHERE}.css"><script>alert(1)</script>'
    f'<table width=9999999><tr><td>&#x202e;</table><a href="{ELSEWHERE}">link</a>'
)
_SVG = (
    '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="100" height="100"><text y="20">&x;</text>'
    f'<image width="9" height="9" xlink:href="{ELSEWHERE}.png"/>'
    '<image width="9" height="9" xlink:href="file:///etc/hostname"/>'
    f'<use xlink:href="{ELSEWHERE}.svg#a"/><style>@import url({ELSEWHERE}.css);</style>'
    "<script>alert(1)</script></svg>"
)
_ANSI = (
    "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m\x1b]8;;"
    + ELSEWHERE
    + "\x1b\\link\x1b]8;;\x1b\\\a\b\x7f\x9b31m"
)
_BIDI = "user\u202egpj.exe\u2066admin\u2069\u200b\u200e\u061c\ufeff\u2028next\u2029\u00ad"


def _laughs(kind: str) -> bytes:
    entities = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
    body = "<svg width='9' height='9'><text>&l11;</text></svg>" if kind == "svg" else "<a>&l11;</a>"
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{entities}]>{body}'.encode()


def _json(text: str) -> bytes:
    """A text inside fields, keys and lists of an otherwise harmless JSON."""
    escaped = "".join(f"\\u{ord(char):04x}" if ord(char) < 0x20 else char for char in text)
    escaped = escaped.replace('"', '\\"')
    return f'{{"{escaped}": "{escaped}", "list": ["{escaped}"]}}'.encode()


def _patterned(size: int, piece: bytes) -> bytes:
    return piece * (size // len(piece))


JSON: dict[str, Maker] = {
    "json lists, deep": lambda: b"[" * DEEP + b"]" * DEEP,
    "json lists, deep and open": lambda: b"[" * DEEP,
    "json lists, 5 M deep": lambda: b"[" * (5 * MB) + b"]" * (5 * MB),
    "json objects, deep": lambda: b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "json deep behind much": lambda: b'{"a":1,"b":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "json 1 M keys": lambda: b"{" + b",".join(b'"%d":1' % at for at in range(MB)) + b"}",
    "json 5 M equal keys": lambda: b"{" + b'"a":1,' * (5 * MB) + b'"a":1}',
    "json 10 M digits": lambda: b'{"a":' + b"9" * (10 * MB) + b"}",
    "json 10 M digits behind the point": lambda: b'{"a":0.' + b"9" * (10 * MB) + b"}",
    "json 1e999999999": lambda: b'{"a":1e999999999,"b":-1e-999999999}',
    "json 200 MB of numbers": lambda: b"[" + b"1," * (HUGE // 2) + b"1]",
    "json 200 MB of lists": lambda: b"[" + b"[]," * (HUGE // 3) + b"1]",
    "json 200 MB of text": lambda: b'{"a":"' + b"x" * HUGE + b'"}',
    "json 100 MB key": lambda: b'{"' + b"k" * (HUGE // 2) + b'":1}',
    "json 100 MB of blanks": lambda: b"{" + b" " * (HUGE // 2) + b'"a":1}',
    "json 20 M escapes": lambda: b'{"a":"' + b"\\u0041" * (10 * MB) + b'"}',
    "json backslashes without end": lambda: b'{"a":"' + b"\\" * (50 * MB),
    "json lone surrogates": lambda: b'{"\\ud800":"\\udfff","a":["\\ud83d"]}',
    "json wrong UTF-8": lambda: b'{"a":"\xff\xfe\xed\xa0\x80"}',
    "json 1 M lines": lambda: b'{"a":1}\n' * MB,
    "json words that are none": lambda: b'{"a":NaN,"b":Infinity,"c":undefined}',
    "json comments without end": lambda: b"{/*" + b"*" * (5 * MB),
    "json of HTML": lambda: _json(_HTML),
    "json of terminal controls": lambda: _json(_ANSI),
    "json of bidi controls": lambda: _json(_BIDI),
    "json of NUL": lambda: b'{"a\\u0000b":"\\u0000","c":[null]}',
    "json of __proto__": lambda: b'{"__proto__":{"__class__":1},"":{"":{"":1}},"a.b[0]":1}',
}

TEXT: dict[str, Maker] = {
    "text of 200 MB in one line": lambda: b"x" * HUGE,
    "text of 200 MB, one word a line": lambda: b"word\n" * (HUGE // 5),
    "text of 100 MB of line ends": lambda: b"\n" * (HUGE // 2),
    "text of 50 MB of CR": lambda: b"\r" * (50 * MB),
    "text of 200 MB of wrong UTF-8": lambda: b"\xff" * HUGE,
    "text of 100 MB cut characters": lambda: b"\xf0\x9f\x98" * (HUGE // 6),
    "text of 200 MB UTF-16": lambda: b"\xff\xfe" + b"x\0" * (HUGE // 2),
    "text of 200 MB UTF-16 without a mark": lambda: b"x\0" * (HUGE // 2),
    "text of UTF-16 surrogates": lambda: b"\xff\xfe" + b"\0\xd8" * (5 * MB),
    "text of 100 MB UTF-32": lambda: b"\xff\xfe\0\0" + b"x\0\0\0" * (HUGE // 8),
    "text of UTF-32 beyond": lambda: b"\xff\xfe\0\0" + b"\xff\xff\xff\x7f" * MB,
    "text of 20 MB of accents": lambda: "e\u0301".encode() + "\u0301".encode() * (10 * MB),
    "text of 100 MB of emoji": lambda: _patterned(HUGE // 2, "👩‍👩‍👧‍👦".encode()),
    "text of 100 MB of odd lines": lambda: _patterned(HUGE // 2, "a\u2028b\x85c\x0bd".encode()),
    "text of tabs": lambda: b"\t" * (20 * MB),
    "HTML": _HTML.encode,
    "HTML of 50 MB": lambda: _patterned(50 * MB, _HTML.encode()),
    "terminal controls": _ANSI.encode,
    "terminal controls, 20 MB": lambda: _patterned(20 * MB, _ANSI.encode()),
    "bidi controls": _BIDI.encode,
    "bidi controls, 20 MB": lambda: _patterned(20 * MB, _BIDI.encode()),
    "bidi embeddings, deep": lambda: "\u202e".encode() * DEEP + b"text",
    "XML billion laughs": lambda: _laughs("xml"),
    "XML, deep": lambda: b"<a>" * DEEP,
    "rich text by its first word": lambda: b"<qt><img src='file:///etc/hostname'>" + b"x" * 99,
    "a path": lambda: b"file:///etc/passwd",
    "format words": lambda: b"%s%n%x {0} {0.__class__} ${HOME} $(touch hostile) `touch hostile`",
    "CSV formula": lambda: b'=cmd|"/c touch hostile"!A1\n+1\n-1\n@SUM(1)',
}

SVG: dict[str, Maker] = {
    "SVG with references": _SVG.encode,
    "SVG of a million by a million": lambda: (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="1000000" height="1000000"/>'
    ),
    "SVG billion laughs": lambda: _laughs("svg"),
    "SVG of groups, deep": lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * DEEP,
    "SVG without end": lambda: b"<svg " + b"a" * (20 * MB),
}


def _noise(seed: int) -> bytes:
    return Random(seed).randbytes(MB)


def _tail(first: int) -> bytes:
    """A first byte, then what makes most lengths as large as can be."""
    return bytes([first]) + b"\xff" * 8 + bytes(range(256)) * 8


NOISE: dict[str, Maker] = {
    "nothing but zeros, 200 MB": lambda: bytes(HUGE),
    "one byte": lambda: b"\xc1",
    "nothing": lambda: b"",
    "ones, 20 MB": lambda: b"\xff" * (20 * MB),
    "numbers that are none, 100 MB": lambda: b"\0\0\xc0\x7f" * (HUGE // 8),
    "numbers beyond, 20 MB": lambda: b"\xff\xff\xff\xff\xff\xff\xef\x7f" * (20 * MB // 8),
    "noise of 50 MB": lambda: b"".join(_noise(seed) for seed in range(50)),
    **{f"all beginnings {first:#04x}": partial(_tail, first) for first in range(0, 256, 5)},
}  # fmt: skip

GROUPS: dict[str, dict[str, Maker]] = {
    "json": JSON,
    "text": TEXT,
    "svg": SVG,
    "noise": NOISE,
    "msgpack": MSGPACK,
    "cbor": CBOR,
    "bson": BSON,
    "protobuf": PROTOBUF,
    "avro": AVRO,
    "arrow": ARROW,
    "capnp": CAPNP,
    "pickle": PICKLE,
    "layers": LAYERS,
    "images": IMAGES,
    "tricks": TRICKS,
}
"""By what they pretend to be."""

PAYLOADS: dict[str, Maker] = {
    name: make for group in GROUPS.values() for name, make in group.items()
}
"""All of them."""
