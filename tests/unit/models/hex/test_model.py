"""Lines of a hex dump."""

from __future__ import annotations

from zmqscope.models.hex.model import HexModel

ALL = bytes(range(256))


def test_lines() -> None:
    model = HexModel(b"hello world, this is hex", 16)
    assert model.line_count == 2
    assert model.line(0) == (
        "0000",
        "68 65 6c 6c 6f 20 77 6f 72 6c 64 2c 20 74 68 69",
        "hello world, thi",
    )
    assert model.line(1) == ("0010", "73 20 69 73 20 68 65 78", "s is hex")


def test_an_empty_frame_has_no_line() -> None:
    assert HexModel(b"").line_count == 0
    assert HexModel(b"").dump() == ""


def test_what_is_not_ascii_is_a_dot() -> None:
    model = HexModel(ALL)
    characters = "".join(model.line(index).characters for index in range(16))
    assert len(characters) == 256
    assert characters.isprintable()
    assert characters[0x41] == "A"
    assert set(characters[:0x20] + characters[0x7F:]) == {"."}


def test_offsets_get_as_many_digits_as_the_last_needs() -> None:
    assert HexModel(bytes(0x10000)).offset_digits == 4
    assert HexModel(bytes(0x10001)).offset_digits == 6


def test_as_many_bytes_as_fit() -> None:
    model = HexModel(ALL)
    for count in (16, 12, 8, 4):
        needed = model.digits_column + count * 4 + 1
        assert model.fit(needed) == count
    assert model.fit(1) == 4


def test_a_dump_has_every_byte() -> None:
    model = HexModel(ALL, 12)
    lines = model.dump().split("\n")
    width = model.characters_column
    assert bytes.fromhex("".join(line[6:width] for line in lines)) == ALL
    assert model.dump(13, 14) == lines[1]
