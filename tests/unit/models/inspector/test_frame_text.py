"""How frames are judged, and that nothing of them is lost or cut in silence."""

from __future__ import annotations

import gc

import pytest

from zmqscope.models.inspector.frame_text import (
    FIRST_CHARS,
    MAX_JSON_BYTES,
    FrameForm,
    FrameReading,
)


def whole(frame: bytes, form: FrameForm) -> tuple[str, list[str]]:
    text = FrameReading(frame).text(form)
    parts = []
    while not text.at_end:
        parts.append(text.read(1000))
    assert text.bytes_read == len(frame)
    return "".join(parts), text.notes()


@pytest.mark.parametrize(
    ("frame", "form"),
    [
        (b'{"a": 1}', FrameForm.JSON),
        (b" [1, 2]", FrameForm.JSON),
        (b'{"a": 1', FrameForm.TEXT),
        (b"42", FrameForm.TEXT),
        (b"EURUSD", FrameForm.TEXT),
        (b"", FrameForm.TEXT),
        (b"\x00\x01\x02", FrameForm.HEX),
        (b"\xff\xfe", FrameForm.HEX),
        (b'{"a": "' + b"\xff" + b'"}', FrameForm.HEX),
    ],
)
def test_a_frame_is_shown_as_what_it_is(frame: bytes, form: FrameForm) -> None:
    assert FrameReading(frame).natural is form


def test_a_problem_with_json_names_the_place() -> None:
    problem = FrameReading(b'{"a": 1,\n "b" 2}').json_problem
    assert problem.startswith("Not JSON. ")
    assert "line 2, column 6" in problem
    assert "byte 1 " in FrameReading(b"[\xff]").json_problem.lower()
    assert "empty" in FrameReading(b"").json_problem


def test_deep_nesting_gives_a_sentence() -> None:
    reading = FrameReading(b"[" * 100_000 + b"]" * 100_000)
    assert "nested too deeply" in reading.json_problem
    assert reading.natural is FrameForm.TEXT


def test_huge_frames_are_not_parsed() -> None:
    reading = FrameReading(b"[" + b" " * MAX_JSON_BYTES + b"]")
    assert "8.0 MB" in reading.json_problem
    assert reading.natural is FrameForm.TEXT


def test_parsing_leaves_the_garbage_collector_as_it_was() -> None:
    assert gc.isenabled()
    assert not FrameReading(b"[1]").json_problem
    assert gc.isenabled()


def test_invalid_utf_8_stands_as_escapes_with_a_note() -> None:
    text, notes = whole(b"ab\xff\x80c", FrameForm.TEXT)
    assert text == r"ab\xff\x80c"
    assert "byte 2 (0x2)" in notes[0]


def test_controls_and_bidi_characters_become_signs() -> None:
    text, notes = whole("a\x1bb\u202ec\td\ne\u2028f\ufdd0".encode(), FrameForm.TEXT)
    assert text == "a␛b⟨U+202E⟩c\td\ne⟨U+2028⟩f⟨U+FDD0⟩"
    assert len(notes) == 1


def test_cr_lf_is_a_line_end_and_a_lone_cr_is_not() -> None:
    assert whole(b"a\r\nb", FrameForm.TEXT) == ("a\nb", ["Lines end in CR LF."])
    assert whole(b"a\rb", FrameForm.TEXT)[0] == "a␍b"
    # The two may be parted by the end of a piece.
    long = b"x" * (64 * 1024 - 1) + b"\r\n" + b"y"
    assert whole(long, FrameForm.TEXT)[0].replace("\n", "").endswith("xy")


def test_characters_cut_by_a_piece_stay_whole() -> None:
    frame = b"x" * (64 * 1024 - 1) + "€ü".encode() + b"\xff"
    text, notes = whole(frame, FrameForm.TEXT)
    assert text.replace("\n", "").endswith("x€ü\\xff")
    assert f"{64 * 1024 + 4:,}" in notes[0]


def test_long_lines_are_broken_and_nothing_is_lost() -> None:
    text, notes = whole(b"x" * 100_000, FrameForm.TEXT)
    assert text.replace("\n", "") == "x" * 100_000
    assert max(map(len, text.split("\n"))) <= 16_384
    assert "broken" in notes[0]


def test_only_the_beginning_is_read_at_first() -> None:
    text = FrameReading(b"a line of more than a few characters\n" * 200_000).text(FrameForm.TEXT)
    first = text.read_first()
    assert FIRST_CHARS * 0.8 < len(first) < FIRST_CHARS * 1.2
    assert not text.at_end
    assert text.bytes_read == len(first)


def test_json_keeps_numbers_and_repeated_keys_as_they_came() -> None:
    text, notes = whole(
        b'{"a":1.10,"a":123456789012345678901234567890,"b":[],"c":{},"d":[1,{"e":null}]}',
        FrameForm.JSON,
    )
    assert text == (
        '{\n  "a": 1.10,\n  "a": 123456789012345678901234567890,\n  "b": [],\n  "c": {},\n'
        '  "d": [\n    1,\n    {\n      "e": null\n    }\n  ]\n}'
    )
    assert notes == []


def test_json_with_text_beyond_ascii_counts_bytes() -> None:
    text, notes = whole('{"ü":"a\u202eb"}'.encode(), FrameForm.JSON)
    assert text == '{\n  "ü": "a⟨U+202E⟩b"\n}'
    assert len(notes) == 1


def test_what_is_no_json_is_shown_as_it_stands() -> None:
    assert whole(b"{oops", FrameForm.JSON)[0] == "{oops"
