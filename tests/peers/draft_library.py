"""Makes a library that ctypes can load of the binary in npm's ``zeromq``.

That binary holds a whole libzmq, with draft types and ws://, and exports its functions. It cannot
be loaded outside of Node.js only because it needs Node.js's functions, which nothing calls here. In
a copy they are marked *weak*: the loader may leave them out (System V ABI, ELF symbol table).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path

from tests.peers import nodejs

_COPY = nodejs.PACKAGES.parent / "libzmq-draft.so"
_FIND = "require('zeromq'); Object.keys(require.cache).find((name) => name.endsWith('addon.node'))"

_SECTIONS_AT = 0x28  # e_shoff; e_shentsize and e_shnum are at 0x3A
_DYNSYM = 11
_SYMBOL = struct.Struct("<IBBHQQ")  # name, info, other, section, value, size
_SECTION = struct.Struct("<IIQQQQIIQQ")
_GLOBAL = 1
_WEAK = 2


def path() -> Path:
    """The library, made when it is not there yet.

    Raises:
        AssertionError: Node.js or the package is missing, or the binary is not what we know.
    """
    if not _COPY.exists():
        image = bytearray(Path(nodejs.evaluate(_FIND)).read_bytes())
        assert image[:6] == b"\x7fELF\x02\x01", "npm's zeromq brings no 64-bit ELF for this system"
        for offset in _nodes_own(image):
            image[offset + 4] = _WEAK << 4 | image[offset + 4] & 0xF
        unfinished = _COPY.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(image)
        unfinished.replace(_COPY)
    return _COPY


def _nodes_own(image: bytearray) -> Iterator[int]:
    """Where the symbols are that the binary expects of Node.js."""
    (table,) = struct.unpack_from("<Q", image, _SECTIONS_AT)
    size, count = struct.unpack_from("<HH", image, 0x3A)
    sections = [_SECTION.unpack_from(image, table + index * size) for index in range(count)]
    for section in sections:
        if section[1] != _DYNSYM:
            continue
        names = sections[section[6]][4]
        for offset in range(section[4], section[4] + section[5], _SYMBOL.size):
            name, info, _, home, _, _ = _SYMBOL.unpack_from(image, offset)
            is_wanted = home == 0 and info >> 4 == _GLOBAL
            if is_wanted and image.startswith((b"napi_", b"node_api_", b"uv_"), names + name):
                yield offset
