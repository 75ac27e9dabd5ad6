"""Frames of any encoding as text, piece by piece; and from what is shown to its bytes and back."""

from __future__ import annotations

import os
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zmqscope.core.decode.encodings import ENCODINGS
from zmqscope.models.inspector.frame_text import FrameForm, FrameReading
from zmqscope.models.inspector.line_guard import LineGuard
from zmqscope.models.inspector.text_pieces import PIECE_BYTES, TextPieces
from zmqscope.models.inspector.text_places import units

NAMES = [encoding.name for encoding in ENCODINGS]


def shown(pieces: TextPieces) -> str:
    parts = []
    while not pieces.at_end:
        parts.append(pieces.next_piece())
    return "".join(parts)


def first_invalid(data: bytes, name: str) -> int | None:
    try:
        data.decode(name)
    except UnicodeDecodeError as error:
        return error.start
    return None


@pytest.mark.parametrize("name", NAMES)
def test_all_encodings_over_many_pieces(name: str) -> None:
    text = "".join(f"line {n} of it\r\n" for n in range(12_000))
    data = text.encode(name)
    assert len(data) > 2 * PIECE_BYTES
    pieces = TextPieces(data, name)
    assert shown(pieces) == text.replace("\r\n", "\n")
    assert pieces.has_crlf
    assert pieces.first_invalid is None
    assert pieces.position == len(data)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("data", [os.urandom(150_000), b"\xff" * 150_000, b"\x81\x30" * 75_000])
def test_invalid_bytes_stay_visible_in_all_encodings(name: str, data: bytes) -> None:
    pieces = TextPieces(data, name)
    text = shown(pieces)
    assert pieces.first_invalid == first_invalid(data, name)
    assert ("\\x" in text) or pieces.first_invalid is None
    assert pieces.position == len(data)


@pytest.mark.parametrize("name", ["utf-8", "utf-16-le", "cp932", "gb18030", "euc_jp", "cp1251"])
def test_characters_cut_by_a_piece_stay_whole(name: str) -> None:
    letter = "ж" if name == "cp1251" else "語"
    for shift in range(4):
        text = "x" * shift + letter * (PIECE_BYTES // 2 + 50)
        pieces = TextPieces(text.encode(name), name)
        assert shown(pieces).replace("\n", "") == text
        assert pieces.first_invalid is None


@pytest.mark.parametrize("name", NAMES)
def test_pieces_give_what_the_whole_gives(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Pieces of seven bytes end everywhere: inside characters, escape sequences, and CR LF.
    monkeypatch.setattr("zmqscope.models.inspector.text_pieces.PIECE_BYTES", 7)
    picked = random.Random(name)
    odd = b"\x81\x30A\xff\x8f\x1b$B(\xe4\xb8\xad\xd8\0\xdc\r\n"
    for turn in range(300):
        data = (picked.randbytes(60), bytes(picked.choices(odd, k=60)))[turn % 2]
        pieces = TextPieces(data, name)
        text = shown(pieces)
        assert pieces.first_invalid == first_invalid(data, name)
        if name != "iso2022_jp":
            whole = data.decode(name, "backslashreplace").replace("\r\n", "\n")
            assert text == LineGuard().feed(whole)


def test_an_escape_sequence_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"x" * (PIECE_BYTES - 12) + b"\x1b$" + b"\x1b(\x1b$" * 20
    text = FrameReading(data, "iso2022_jp").text(FrameForm.TEXT)
    assert text.read(1_000_000)
    assert text.bytes_read == len(data)
    places = [0, 100, PIECE_BYTES - 1_000]
    assert [text.bytes_between(place, place + 1)[0] for place in places] == places


def test_a_mark_is_not_shown() -> None:
    pieces = TextPieces("\ufeffabc".encode("utf-16-le"), "utf-16-le", 2)
    assert shown(pieces) == "abc"
    reading = FrameReading("\ufeffabc".encode(), "utf-8", 3)
    assert reading.text(FrameForm.TEXT).read(100) == "abc"


def test_the_note_names_the_encoding() -> None:
    text = FrameReading(b"abc\x81\n", "cp1252").text(FrameForm.TEXT)
    assert text.read(100) == "abc\\x81\n"
    assert "Not all of it is Western (Windows-1252), first at byte 3" in text.notes()[0]


@pytest.mark.parametrize("name", ["utf-8", "utf-16-le", "utf-32-be", "gb18030", "cp1251"])
@pytest.mark.parametrize("filler", [b"x", b"line of text\n", b"\xff", b"\xd0\xb6\xe4\xb8\xad"])
def test_200_mb_open_at_once(name: str, filler: bytes) -> None:
    data = filler * (200_000_000 // len(filler))
    text = FrameReading(data, name).text(FrameForm.TEXT)
    began = time.thread_time()
    assert text.read_first()
    assert time.thread_time() - began < 1.0
    assert text.bytes_read < 5_000_000


# ---- places -------------------------------------------------------------------------------------


def reference(data: bytes) -> list[tuple[int, str]]:
    """Each character of plain UTF-8 with the offset of its first byte."""
    found, at = [], 0
    for char in data.decode():
        found.append((at, char))
        at += len(char.encode())
    return found


def test_places_of_plain_text() -> None:
    data = "ab€d\n𝄞f".encode()
    pieces = TextPieces(data)
    text = shown(pieces)
    place = 0
    for offset, char in reference(data):
        assert pieces.places.byte_at(place) == offset
        assert pieces.places.unit_at(offset) == place
        place += units(char)
    assert pieces.places.byte_at(place) == len(data)
    assert pieces.places.unit_at(len(data)) == place == units(text)


def test_places_where_more_or_less_is_shown_than_came() -> None:
    data = b"a\r\nb\xffc\x1bd\xe2\x80\xaee"
    pieces = TextPieces(data)
    assert shown(pieces) == "a\nb\\xffc␛d⟨U+202E⟩e"
    at = pieces.places.byte_at
    assert [at(n) for n in range(4)] == [0, 1, 3, 4]
    # All of an escape stands for its one byte.
    assert {at(n) for n in range(3, 7)} == {4}
    assert [at(7), at(8), at(9)] == [5, 6, 7]
    assert {at(n) for n in range(10, 18)} == {8}
    assert at(18) == 11
    assert pieces.places.unit_at(9) == 10


def test_places_in_later_pieces_and_broken_lines() -> None:
    data = ("x" * 40_000 + "€" * 30_000 + "\r\n" + "語" * 30_000).encode()
    pieces = TextPieces(data)
    text = shown(pieces)
    for place in (0, 16_383, 16_384, 16_385, 39_999, 45_000, 65_000, 80_000, len(text) - 1):
        offset = pieces.places.byte_at(place)
        if text[place] != "\n":
            assert data[offset:].decode()[0] == text[place]
            assert pieces.places.unit_at(offset) in (place, place - 1)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["a", "é", "€", "𝄞", "\r\n", "\n", "\t", "\x1b", "\u202e", "\r"]),
        max_size=40,
    ),
    st.sampled_from(["utf-8", "utf-16-le", "gb18030"]),
)
def test_places_go_both_ways(chars: list[str], name: str) -> None:
    text = "".join(chars)
    data = text.encode(name)
    pieces = TextPieces(data, name)
    whole = shown(pieces)
    before = -1
    for place in range(units(whole)):
        offset = pieces.places.byte_at(place)
        assert before <= offset < len(data)
        assert pieces.places.unit_at(offset) <= place
        # Never inside a character.
        assert text.startswith(data[:offset].decode(name))
        before = offset


def test_places_and_bytes_of_what_was_given_out() -> None:
    plain = FrameReading(b"a\xffb").text(FrameForm.TEXT)
    assert plain.places_between(2, 3) is None
    plain.read(100)
    assert plain.places_between(2, 3) == (5, 6)
    assert plain.places_between(1, 1) == (1, 5)
    assert plain.places_between(2, 4) is None
    assert plain.bytes_between(5, 6) == (2, 3)
    # A place inside of a sign is the byte that it stands for.
    assert plain.bytes_between(3, 3) == (1, 2)


def test_a_character_without_a_selection_is_all_of_its_bytes() -> None:
    text = FrameReading("x語\U0001f600\u202ey".encode()).text(FrameForm.TEXT)
    shown = text.read(100)
    assert text.bytes_between(1, 1) == (1, 4)
    assert text.bytes_between(2, 2) == (4, 8)
    sign = units(shown[:3])
    assert text.bytes_between(sign, sign) == (8, 11)
    assert text.places_between(9, 9) == (4, sign + len("⟨U+202E⟩"))
    assert text.places_between(5, 5) == (2, 4)
    assert text.places_between(2, 2) == (1, 2)


@pytest.mark.parametrize("name", NAMES)
def test_a_text_can_be_begun_around_any_byte(name: str) -> None:
    line = "語 abc ж\n" if name in ("utf-8", "utf-16-le", "utf-16-be", "gb18030") else "abc xyz\n"
    data = (line * 3_000).encode(name)
    for byte in range(len(data) // 2, len(data) // 2 + 6):
        text = FrameReading(data, name).text(FrameForm.TEXT).around(byte)
        assert text is not None
        assert 0 < text.start < byte
        assert not text.is_from_beginning
        shown = text.read(10_000)
        assert shown.startswith(line.rstrip("\n")), name
        places = text.places_between(byte, byte)
        assert places is not None
        assert text.bytes_between(*places)[0] <= byte < text.bytes_between(*places)[1]
    near = FrameReading(data, name).text(FrameForm.TEXT).around(10)
    assert near is not None
    assert near.is_from_beginning
