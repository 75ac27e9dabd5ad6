"""What the table says a message means: summaries, previews, choices, and what is remembered."""

from __future__ import annotations

import json
import struct
import tracemalloc
import zlib
from random import Random

import lz4.frame
import msgpack
import pytest
import zstandard

from tests.batches import batch_of
from zmqscope.core.capture.store import CaptureStore, RowView
from zmqscope.core.decode.payload import DecodeOptions, DecoderChoice
from zmqscope.core.types import Direction, Message, RowId, SocketId, SocketType
from zmqscope.demo.robot import Notebook, Robot
from zmqscope.models.formats import Formats
from zmqscope.models.messages.message_text import HEAD_BYTES, MAX_FRAMES, NOTHING
from zmqscope.models.messages.row_reader import UNSURE_SIGN, RowReader

SOCKET = SocketId(3)


def view(*frames: bytes, row: int = 0, direction: Direction = Direction.RECEIVED) -> RowView:
    """A row as the store gives it to the table."""
    heads = frames[:MAX_FRAMES]
    return RowView(
        RowId(row),
        0,
        SOCKET,
        direction,
        len(frames),
        sum(map(len, frames)),
        tuple(frame[:HEAD_BYTES] for frame in heads),
        tuple(map(len, heads)),
    )


@pytest.fixture
def formats() -> Formats:
    return Formats()


@pytest.fixture
def reader(formats: Formats) -> RowReader:
    return RowReader(formats)


def test_text_and_json_read_as_they_were_sent(reader: RowReader) -> None:
    texts = reader.read(view(b"EURUSD", b'{"px":1.5}'), SocketType.SUB)
    assert (texts.topic, texts.preview, texts.sources) == ("EURUSD", '{"px":1.5}', ("json",))
    texts = reader.read(view("grüezi".encode(), row=1), SocketType.PULL)
    assert (texts.topic, texts.preview) == (NOTHING, "grüezi")


def test_a_map_shows_its_first_fields(reader: RowReader) -> None:
    packed = msgpack.packb({"book": "FX-1", "net": -250_000})
    texts = reader.read(view(b"positions", packed), SocketType.SUB)
    assert texts.preview == 'msgpack map(2) book="FX-1" net=-250000'
    assert texts.sources == ("msgpack",)


def test_what_is_packed_is_looked_into(reader: RowReader) -> None:
    packed = zlib.compress(json.dumps({"kind": "x", "n": list(range(500))}).encode())
    texts = reader.read(view(packed), SocketType.PULL)
    assert texts.preview.startswith('{"kind": "x"')
    assert texts.sources == ("zlib", "json")


def test_what_gives_nothing_out_before_its_end_is_fetched_whole(formats: Formats) -> None:
    noise = {"name": "noise", "data": [n * 7919 % 1_000_003 for n in range(400)]}
    packed = zstandard.compress(msgpack.packb(noise))
    assert len(packed) > HEAD_BYTES
    message = Message(RowId(0), 0, SOCKET, Direction.RECEIVED, (b"topic", packed))
    row = view(*message.frames)
    assert RowReader(formats).read(row, SocketType.SUB).sources == ("zstd",)
    reader = RowReader(formats, {0: message}.get)
    texts = reader.read(row, SocketType.SUB)
    assert texts.sources == ("zstd", "msgpack")
    assert texts.preview.startswith('msgpack map(2) name="noise" data=[0, 7919,')


def test_every_frame_of_a_message_is_shown(reader: RowReader) -> None:
    texts = reader.read(view(b"id", b"", b"a", b"", b'{"b": 1}'), SocketType.ROUTER)
    assert texts.topic == "id"
    assert texts.preview == 'a · (empty) · {"b": 1}'
    assert texts.sources == ("text", "json")


def test_a_protocol_is_summed_up(reader: RowReader) -> None:
    notebook = Notebook(Random(1))
    busy, asked = notebook.next_message(), notebook.next_message()
    assert reader.read(view(*busy), SocketType.SUB).preview == "status busy"
    texts = reader.read(view(*asked, row=1), SocketType.SUB)
    assert "1+1" in texts.preview
    assert texts.sources == ("jupyter",)
    assert texts.topic == asked[0].decode()
    # Without a topic, the protocol stands in its place.
    assert reader.read(view(*asked[1:], row=2), SocketType.PULL).topic == "Jupyter"


def test_a_report_names_what_is_in_each_frame(reader: RowReader) -> None:
    texts = reader.read_all(view(*Notebook(Random(1)).next_message()), SocketType.SUB)
    assert texts.sources[0] == "jupyter"
    assert "json" in texts.sources


def test_what_is_not_sure_is_marked(reader: RowReader) -> None:
    scan = Robot(Random(1)).scan(1.0)
    texts = reader.read(view(*scan), SocketType.SUB)
    assert texts.preview.startswith(f"{UNSURE_SIGN} float32 × 181")
    assert texts.confidence < 0.9
    block = view(b'{"n":181}', scan[1], row=1)
    preview = reader.read(block, SocketType.PULL).preview
    assert preview.startswith('{"n":181} · ≈ float32 × 181')


def test_unknown_bytes_stay_hex(reader: RowReader) -> None:
    texts = reader.read(view(bytes([0xFF, 0x00, 0x81])), SocketType.PULL)
    assert (texts.preview, texts.sources) == ("ff 00 81", ())


def test_a_choice_is_followed_and_what_was_remembered_is_forgotten(
    formats: Formats, reader: RowReader
) -> None:
    row = view(b"scan", struct.pack("<3f", 1, 2, 3))
    assert reader.read(row, SocketType.SUB).sources == ()
    options = DecodeOptions(dtype="<f4")
    formats.choices.choose(SOCKET, b"scan", 0, DecoderChoice("numbers", (), options))
    reader.forget()
    texts = reader.read(row, SocketType.SUB)
    assert texts.preview.startswith("float32 × 3")
    assert texts.sources == ("numbers",)
    other = view(b"other", struct.pack("<3f", 1, 2, 3), row=1)
    assert reader.read(other, SocketType.SUB).sources == ()


def test_what_is_in_sight_is_read_once(reader: RowReader) -> None:
    row = view(b"a")
    assert reader.read(row, SocketType.PULL) is reader.read(row, SocketType.PULL)


def test_subscriptions_and_empty_payloads_stay_what_they_are(reader: RowReader) -> None:
    texts = reader.read(view(b"\x01EUR"), SocketType.XPUB)
    assert (texts.topic, texts.preview, texts.sources) == ("subscribe EUR", NOTHING, ())
    texts = reader.read_all(view(b"\x01EUR"), SocketType.XPUB)
    assert texts.sources == ()
    texts = reader.read(view(b"id", b"", row=1), SocketType.ROUTER)
    assert (texts.topic, texts.preview) == ("id", "(empty)")


def test_foreign_text_stays_harmless(reader: RowReader) -> None:
    evil = "\x1b[2J\u202e<b>x</b>"
    for row, frames in enumerate(
        ((evil.encode(),), (msgpack.packb({evil: evil, "b": evil}),), (json.dumps(evil).encode(),))
    ):
        preview = reader.read(view(*frames, row=row), SocketType.PULL).preview
        assert "\x1b" not in preview
        assert "\u202e" not in preview


def test_a_long_head_says_that_it_goes_on(reader: RowReader) -> None:
    texts = reader.read(
        view(msgpack.packb({"name": "imu", "seq": 70_000, "note": "x" * 2_000})), SocketType.PULL
    )
    assert texts.sources == ("msgpack",)
    assert texts.preview.endswith("…")
    assert len(texts.preview) <= 405


def test_without_formats_all_is_text_or_hex() -> None:
    plain = RowReader()
    assert plain.read(view(msgpack.packb({"a": 1})), SocketType.PULL).preview == "81 a1 61 01"
    assert plain.read_all(view(b"x", row=1), SocketType.PULL).sources == ()


LARGE = 200_000_000


def huge(head: bytes, *more: bytes) -> RowView:
    """A row whose first frame has 200 MB, of which the table has the beginning."""
    small = view(head[:HEAD_BYTES], *more)
    sizes = (LARGE, *small.frame_sizes[1:])
    return small._replace(size=sum(sizes), frame_sizes=sizes)


@pytest.mark.parametrize(
    "head",
    [
        b'{"a": [' + b"1, " * 400,
        b"plain text " * 80,
        b"\x82\xa1a\x01\xa1b\xdd\x0b\xeb\xc2\x00" + b"\x07" * 600,
        b"\xa2\x61a\x01\x61b\x9a\x0b\xeb\xc2\x00" + b"\x07" * 600,
        zlib.compress(bytes(600)),
        zstandard.compress(Random(1).randbytes(2_000)),
        b"\x04\x22\x4d\x18\x40\x40\xc0" + b"\xff\xff\xff\x00" + bytes(600),
        struct.pack("<150f", *range(1, 151)),
        bytes(600),
    ],
    ids=["json", "text", "msgpack", "cbor", "zlib", "zstd", "lz4", "numbers", "zeros"],
)
def test_a_large_frame_is_read_by_its_beginning_alone(formats: Formats, head: bytes) -> None:
    asked: list[int] = []
    reader = RowReader(formats, asked.append)
    tracemalloc.start()
    try:
        for row, packed in enumerate((b"", zstandard.compress(Random(2).randbytes(1_000)))):
            texts = reader.read(huge(head, packed)._replace(row=RowId(row)), SocketType.PULL)
            assert len(texts.preview) <= 405
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # Neither the large frame nor a small one beside it is a reason to copy 200 MB.
    assert asked == []
    assert peak < 4_000_000


def test_the_store_gives_a_row_no_more_than_beginnings() -> None:
    store = CaptureStore()
    store.append(batch_of([(b"topic", bytes(16_000_000), b"end")]))
    tracemalloc.start()
    try:
        (row,) = store.row_views([0], HEAD_BYTES, MAX_FRAMES)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert row is not None
    assert [len(head) for head in row.heads] == [5, HEAD_BYTES, 3]
    assert peak < 100_000


def test_small_blocks_are_unpacked_whole(formats: Formats) -> None:
    order = {"name": "order", "lots": [n * 7919 % 1_000_003 for n in range(300)]}
    packed = lz4.frame.compress(msgpack.packb(order))
    assert HEAD_BYTES < len(packed) < 4_096
    message = Message(RowId(0), 0, SOCKET, Direction.RECEIVED, (packed,))
    asked: list[int] = []

    def whole(row: int) -> Message:
        asked.append(row)
        return message

    texts = RowReader(formats, whole).read(view(packed), SocketType.PULL)
    assert texts.sources == ("lz4", "msgpack")
    assert texts.preview.startswith('msgpack map(2) name="order" lots=[0, 7919,')
    assert asked == [0]


def test_what_there_is_no_time_for_is_read_at_the_next_refresh(reader: RowReader) -> None:
    row = view(b"imu", msgpack.packb({"seq": 1, "frame": "base_link"}))
    reader.begin_refresh(-1)
    texts = reader.read(row, SocketType.SUB)
    assert (texts.topic, texts.sources, reader.are_waiting) == ("imu", (), True)
    assert texts.preview.startswith("82 a3 73 65 71")
    reader.begin_refresh()
    assert reader.read(row, SocketType.SUB).sources == ("msgpack",)
    assert not reader.are_waiting


def test_a_password_is_hidden_also_where_there_is_no_time(reader: RowReader) -> None:
    frames = (b"1.0", b"7", b"", b"10.0.0.1", b"", b"PLAIN", b"mia", b"sesame")
    reader.begin_refresh(-1)
    texts = reader.read(view(*frames), SocketType.DEALER)
    assert "sesame" not in f"{texts}"
    assert texts.sources == ("zap",)


def test_what_is_chosen_to_be_unpacked_is_fetched_whole_as_well(formats: Formats) -> None:
    text = "".join(f"{at * 7919 % 100_003} " for at in range(3_000))
    packed = zstandard.compress(text.encode())
    assert 4_096 < len(packed) < 64 * 1024
    message = Message(RowId(0), 0, SOCKET, Direction.RECEIVED, (b"topic", packed))
    formats.choices.choose(SOCKET, b"topic", 0, DecoderChoice("text", ("zstd",)))
    texts = RowReader(formats, {0: message}.get).read(view(*message.frames), SocketType.SUB)
    assert texts.preview.startswith("0 7919 15838 ")
    assert texts.sources == ("zstd", "text")
