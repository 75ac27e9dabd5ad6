"""Messages as vLLM's ``vllm/distributed/kv_events.py`` packs them, older and newer.

What real publishers sent is in ``test_recorded.py``.
"""

from __future__ import annotations

import struct

import msgpack
import pytest

from tests.envelope_rig import Sample, fields, labels, outline, see
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.envelopes.builtin import builtin_envelopes
from zmqscope.core.envelopes.known import KnownEnvelopes
from zmqscope.core.envelopes.vllm import Vllm
from zmqscope.core.types import SocketType


def stored(blocks: int, tokens: int) -> dict[str, object]:
    return {
        "type": "BlockStored",
        "block_hashes": list(range(blocks)),
        "parent_block_hash": None,
        "token_ids": list(range(tokens)),
        "block_size": 16,
        "lora_id": None,
        "medium": "GPU",
    }


def removed(*hashes: object) -> dict[str, object]:
    return {"type": "BlockRemoved", "block_hashes": list(hashes), "medium": "GPU"}


CLEARED: dict[str, object] = {"type": "AllBlocksCleared"}


def new(*events: dict[str, object]) -> bytes:
    """A batch of maps, as of 2026."""
    return bytes(msgpack.packb([1_790_000_000.5, list(events), 0]))


def mapped(*events: dict[str, object]) -> bytes:
    """The same as a map itself, as packers write it that know no ``array_like``."""
    batch = {"ts": 1_790_000_000.5, "events": list(events), "data_parallel_rank": 0}
    return bytes(msgpack.packb(batch))


def old(*events: dict[str, object]) -> bytes:
    """A batch of arrays (msgspec's ``array_like``), as of 2025."""
    return bytes(msgpack.packb([1_750_000_000.5, [list(each.values()) for each in events]]))


def message(batch: bytes, number: int, summary: str, topic: bytes = b"kv-events") -> Sample:
    frames = (topic, struct.pack(">Q", number), batch)
    return Sample(SocketType.SUB, frames, summary, 1)


BOTH = (stored(2, 32), removed(7), removed(8, 9), CLEARED)
WORDS = "BlockStored (2 blocks, 32 tokens), BlockRemoved ×2 (3 blocks), AllBlocksCleared · #5"

SAMPLES = (
    message(new(*BOTH), 5, WORDS),
    message(old(*BOTH), 5, WORDS),
    message(mapped(*BOTH), 5, WORDS),
    message(new(*BOTH), 5, WORDS, b""),
    message(new(removed(b"\x01" * 32)), 6_000, "BlockRemoved (1 block) · #6,000"),
    message(old(CLEARED), 0, "AllBlocksCleared · #0"),
    Sample(
        SocketType.REQ,
        (struct.pack(">Q", 7), new(CLEARED)),
        "AllBlocksCleared · #7",
    ),
    Sample(
        SocketType.ROUTER,
        (b"\0id", b"", struct.pack(">Q", 7), old(CLEARED)),
        "AllBlocksCleared · #7",
        2,
    ),
    Sample(SocketType.DEALER, (b"", b"\xff" * 8, b""), "end of replay", 1),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.summary[:40])
def test_each_message_has_a_line(sample: Sample) -> None:
    assert see(Vllm(), sample).summary == sample.summary


def test_frames_are_named() -> None:
    assert labels(see(Vllm(), SAMPLES[0])) == ["topic", "sequence", "events"]
    assert labels(see(Vllm(), SAMPLES[6])) == ["sequence", "events"]
    assert labels(see(Vllm(), SAMPLES[7])) == ["routing id", "delimiter", "sequence", "events"]


def test_the_topic_of_a_replayed_batch_is_behind_the_delimiter() -> None:
    batch = (struct.pack(">Q", 7), new(CLEARED))
    ids = ["routing id", "delimiter"]
    for topic in (b"kv-events", b""):
        for many in (0, 1):
            frames = (*(b"\0id",) * many, b"", topic, *batch)
            kind = SocketType.ROUTER if many else SocketType.DEALER
            found = see(Vllm(), Sample(kind, frames, "", many + 1))
            assert labels(found) == [*ids[1 - many :], "topic", "sequence", "events"]
    asked = Sample(SocketType.REQ, (b"kv-events", *batch), "")
    assert labels(see(Vllm(), asked)) == ["topic", "sequence", "events"]


def test_a_long_batch_is_counted_as_far_as_it_is_here() -> None:
    for pack in (new, old, mapped):
        several = message(pack(*[stored(2, 16)] * 40), 1, "")
        assert " more · #1" in see(Vllm(), several).summary
        long = message(pack(stored(500, 8_000)), 1, "")
        assert see(Vllm(), long).summary == "BlockStored (500 blocks) · #1"


def test_a_request_for_a_replay_is_eight_bytes_that_may_be_anything() -> None:
    frames = (b"\0id", b"", struct.pack(">Q", 40))
    request = outline(frames, SocketType.ROUTER, 2)
    sighting = Vllm().see(request)
    assert sighting is not None
    assert sighting.summary == "replay from #40"
    assert KnownEnvelopes(builtin_envelopes()).see(request) is None


def test_the_sequence_number_is_read() -> None:
    assert fields(Vllm().decode(1, struct.pack(">Q", 300)))[""].value == 300
    assert fields(Vllm().decode(1, b"\xff" * 8))[""].note == "the end of a replay"
    with pytest.raises(DecodeError):
        Vllm().decode(1, b"1234567")


@pytest.mark.parametrize(
    "frames",
    [
        (b"t", struct.pack(">Q", 1), b""),
        (b"t", struct.pack(">Q", 1), b"\x92\xcb"),
        (b"t", struct.pack(">Q", 1), bytes(msgpack.packb([1.5, [["Stored", 1]]]))),
        (b"t", struct.pack(">Q", 1), bytes(msgpack.packb([1.5, 2.5]))),
        (b"t", struct.pack(">Q", 1), bytes(msgpack.packb([1, []]))),
        (b"t", struct.pack(">Q", 1), bytes(msgpack.packb({"ts": 1.5, "data": []}))),
        (b"t", struct.pack(">Q", 1), bytes(msgpack.packb({"ts": 1, "events": []}))),
        (b"t", struct.pack(">I", 1), new(CLEARED)),
        (b"t", struct.pack(">Q", 1), b"\x92\xcb" + bytes(8) + b"\xdd\xff\xff\xff\xff\x91\xa1x"),
        (struct.pack(">Q", 1),),
        (),
    ],
)
def test_other_messages_are_left_alone(frames: tuple[bytes, ...]) -> None:
    assert Vllm().see(outline(frames, SocketType.SUB)) is None


def test_a_batch_without_events_is_not_shown_as_sure() -> None:
    sighting = Vllm().see(outline((b"t", struct.pack(">Q", 1), new()), SocketType.SUB, 1))
    assert sighting is not None
    assert sighting.confidence < 0.8
