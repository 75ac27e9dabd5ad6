"""A message under inspection: names of frames, choices, paths, remarks."""

from __future__ import annotations

import gzip
import json
import zlib

import msgpack

from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.payload import DecodeOptions, DecoderChoice
from zmqscope.core.types import Direction, Message, RowId, SocketId, SocketType
from zmqscope.models.formats import Formats
from zmqscope.models.inspector.frame_views import FrameView, ViewChoices, views_of
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.models.inspector.reading_words import (
    bytes_title,
    encoding_words,
    layers_tip,
    layers_words,
    percent,
    problem_words,
    source_words,
    unsure_words,
    why_words,
    without_layers,
)

FORMATS = Formats()
INSIDE = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
QUOTE = json.dumps({"px": 1.5, "name": "x"}).encode()


def inspect(
    *frames: bytes, kind: SocketType = SocketType.SUB, formats: Formats | None = None
) -> Inspected:
    message = Message(RowId(0), 0, SocketId(1), Direction.RECEIVED, frames)
    return Inspected(message, "quotes", kind, formats or Formats())


def test_frames_are_called_what_they_are() -> None:
    message = inspect(b"EUR", QUOTE, zlib.compress(QUOTE * 3), b"")
    assert message.title(0) == "1 topic · 3 B"
    assert message.title(1) == f"2 json · {len(QUOTE)} B"
    assert message.title(2).startswith("3 zlib")
    assert message.title(3) == "4 empty · 0 B"


def test_a_path_has_a_frame_number_only_where_it_needs_one() -> None:
    message = inspect(b"EUR", QUOTE, msgpack.packb({"a": [1]}))
    assert str(message.field_path(1, (Name("px"),))) == "json.px"
    assert str(message.field_path(2, (Name("a"), Index(0)))) == "frame3.msgpack.a[0]"


def test_words_about_a_guess_and_a_choice() -> None:
    message = inspect(b"EUR", zlib.compress(QUOTE * 40))
    message = inspect(b"EUR", zlib.compress(b'{"px": "' + b"y" * 400 + b'"}'))
    assert source_words(message, 1) == f"zlib {INSIDE} JSON"
    assert why_words(message, 1).startswith("guessed, ")
    found = message.found(1)
    assert layers_words(message.formats, found).startswith("zlib ")
    assert bytes_title(message.formats, found, packed=False) == "Unpacked by zlib"
    assert bytes_title(message.formats, found, packed=True) == "The frame’s own bytes"
    message.choose(1, DecoderChoice("msgpack"), for_topic=True)
    assert why_words(message, 1) == "chosen for topic EUR"
    assert message.sticks_to_topic(1)
    message.choose(1, None, for_topic=True)
    assert message.choice(1) is None
    message.choose(1, DecoderChoice("msgpack", ()), for_topic=False)
    assert why_words(message, 1) == "chosen for quotes"
    assert message.title(1).startswith("2 msgpack")


def test_short_words_where_there_is_no_room_for_long_ones() -> None:
    packed = gzip.compress(zlib.compress(QUOTE * 80))
    message = inspect(b"EUR", packed, "Zürich, Bahnhofplatz".encode("utf-16"), b"plain text")
    found = message.found(1)
    inner = len(zlib.compress(QUOTE * 80))
    words = f"gzip {len(packed)} B → zlib {inner} B → {len(QUOTE) * 80 / 1000:.1f} kB"
    assert layers_words(message.formats, found) == words
    assert f"→ {len(QUOTE) * 80:,} B" in layers_tip(message.formats, found)
    assert without_layers(source_words(message, 1)) == f"{INSIDE} JSON"
    assert without_layers("JSON") == "JSON"
    assert unsure_words(message, 1).startswith("≈ 9")
    message.choose(1, DecoderChoice("text"), for_topic=True)
    assert unsure_words(message, 1) == ""
    assert encoding_words(message.found(2)) == "UTF-16 LE"
    assert encoding_words(message.found(3)) == ""


def test_a_failure_is_a_sentence() -> None:
    message = inspect(b"EUR", b"\xc1")
    message.choose(1, DecoderChoice("msgpack", ()), for_topic=True)
    assert problem_words(message.formats, message.found(1)).startswith("Not MessagePack. ")
    message.choose(1, DecoderChoice("json", ("zstd",)), for_topic=True)
    assert problem_words(message.formats, message.found(1))


def test_bytes_that_nobody_knows() -> None:
    message = inspect(b"EUR", b"\xff\xfe\xfd\x00\x01\xfc\xc1")
    if not message.found(1).reading.decoder:
        assert source_words(message, 1) == "Bytes"
        assert why_words(message, 1) == "not recognised"
    assert source_words(inspect(b"EUR", b""), 1) == "Empty"


def test_percentages_never_claim_all() -> None:
    assert [percent(c) for c in (1.0, 0.5, 0.001)] == ["99 %", "50 %", "1 %"]


def test_views_and_choices() -> None:
    message = inspect(b"EUR", QUOTE, b"plain words", bytes(range(128, 140)))
    assert views_of(message, 1) == (
        FrameView.TREE,
        FrameView.JSON,
        FrameView.TEXT,
        FrameView.HEX,
    )
    assert views_of(message, 2)[0] is FrameView.TEXT
    choices = ViewChoices()
    assert choices.view_for(message, 1, asked=False).view is FrameView.TREE
    choices.choose(SocketId(1), FrameView.TREE)
    answer = choices.view_for(message, 2, asked=False)
    assert answer.view is FrameView.TEXT
    assert answer.excuse == "Shown as Text: this frame is not Tree."
    choices.choose(SocketId(1), FrameView.JSON)
    asked = choices.view_for(message, 2, asked=True)
    assert asked.view is FrameView.JSON
    assert FrameView.JSON in asked.offered
    choices.choose(SocketId(1), None)
    assert choices.view_for(message, 2, asked=False).view is FrameView.TEXT


def test_files_get_fitting_names() -> None:
    message = inspect(b"EUR", QUOTE, b"plain words", zlib.compress(QUOTE * 30))
    assert [message.file_suffix(index) for index in (1, 2)] == ["json", "txt"]
    message.choose(2, DecoderChoice("text", (), DecodeOptions(encoding="cp1252")), for_topic=True)
    assert message.file_suffix(2) == "txt"
