"""Bytes as text: every form reads back as the same bytes."""

from __future__ import annotations

import ast
import base64
import re

import pytest

from zmqscope.models.hex.copy import CopyForm, copy_text
from zmqscope.models.hex.offset import OffsetBase

ALL = bytes(range(256))


@pytest.mark.parametrize("data", [b"", b"a", b"\0", ALL, b"\"'\\\n\r\t"])
def test_they_read_back(data: bytes) -> None:
    assert bytes.fromhex(copy_text(data, CopyForm.HEX)) == data
    assert bytes.fromhex(copy_text(data, CopyForm.HEX_PLAIN)) == data
    assert ast.literal_eval(copy_text(data, CopyForm.PYTHON)) == data
    assert ast.literal_eval(f"b{copy_text(data, CopyForm.ESCAPED)}") == data
    assert base64.b64decode(copy_text(data, CopyForm.BASE64), validate=True) == data
    array = copy_text(data, CopyForm.C_ARRAY)
    assert bytes(int(byte, 16) for byte in re.findall(r"0x(\w\w)", array)) == data
    assert f"data[{len(data)}]" in array


def test_a_c_array_has_twelve_to_a_line() -> None:
    assert copy_text(bytes(13), CopyForm.C_ARRAY) == (
        "const uint8_t data[13] = {\n"
        "    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,\n"
        "    0x00\n};\n"
    )


def test_text_keeps_what_is_text() -> None:
    assert copy_text("kůň\n".encode() + b"\xff", CopyForm.TEXT) == "kůň\n\\xff"


def test_a_dump_says_where_its_bytes_are() -> None:
    lines = copy_text(ALL[0x20:0x35], CopyForm.DUMP, 0x20).split("\n")
    assert lines[0].startswith("0020  20 21 22")
    assert lines[1].startswith("0030  30 31 32 33 34 ")
    assert lines[1].endswith(" 01234")
    decimal = copy_text(ALL[:17], CopyForm.DUMP, 100, OffsetBase.DECIMAL).split("\n")
    assert [line[:5] for line in decimal] == ["0100 ", "0116 "]
