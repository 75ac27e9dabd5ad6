"""Messages as Salt's ``salt/channel`` and ``salt/transport/zeromq.py`` make them."""

from __future__ import annotations

import hashlib

import msgpack
import pytest

from tests.envelope_rig import Sample, labels, outline, see
from zmqscope.core.envelopes.salt import Salt
from zmqscope.core.types import SocketType

LOAD = bytes(range(256)) * 4
SIGNATURE = b"\x5a" * 256
MINION = hashlib.sha1(b"minion-1").hexdigest().encode()


def published(payload: dict[object, object], summary: str, *target: bytes) -> Sample:
    frames = (*target, msgpack.packb(payload))
    return Sample(SocketType.SUB, frames, summary, 1 if target else 0)


def asked(payload: dict[object, object], summary: str) -> Sample:
    return Sample(SocketType.ROUTER, (b"\0id", b"", msgpack.packb(payload)), summary, 2)


SAMPLES = (
    published({"enc": "aes", "load": LOAD[:96]}, "aes load 96 bytes"),
    published({"enc": "aes", "load": LOAD[:96], "sig": SIGNATURE}, "aes load 96 bytes signed"),
    published({"enc": "aes", "load": LOAD}, "aes load 1,024 bytes"),
    published({"enc": "aes", "load": LOAD[:96]}, "aes load 96 bytes to broadcast", b"broadcast"),
    published({"enc": "aes", "load": LOAD[:96]}, "aes load 96 bytes to syndic", b"syndic"),
    published(
        {"enc": "aes", "load": LOAD[:96], "sig": SIGNATURE},
        f"aes load 96 bytes to minion {MINION[:8].decode()}… signed",
        MINION,
    ),
    asked({"enc": "aes", "load": LOAD[:96], "version": 2}, "aes load 96 bytes version 2"),
    asked(
        {"enc": "aes", "load": LOAD[:96], "version": 3, "id": "minion-1"},
        "aes load 96 bytes from minion-1 version 3",
    ),
    asked(
        {"enc": "clear", "load": {"cmd": "_auth", "id": "minion-1", "nonce": "x"}, "version": 2},
        "clear _auth from minion-1 version 2",
    ),
    asked({"enc": "clear", "load": {"ret": True}}, "clear answer accepted"),
    asked({"enc": "clear", "load": {"ret": False}}, "clear answer refused"),
    asked({"enc": "clear", "load": {"ret": "full"}}, 'clear answer "full"'),
    asked({"enc": "clear", "load": LOAD[:40], "sig": SIGNATURE}, "clear load 40 bytes signed"),
    asked(
        {"enc": "pub", "pub_key": "-----BEGIN", "publish_port": 4505, "aes": LOAD},
        "pub key exchange",
    ),
    # Older ones have bytes where newer ones have text.
    published({b"enc": b"aes", b"load": LOAD[:96]}, "aes load 96 bytes"),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.summary)
def test_each_message_has_a_line(sample: Sample) -> None:
    sighting = see(Salt(), sample)
    assert sighting.summary == sample.summary
    assert sighting.frames[-1].decoder == "msgpack"
    assert bool(sighting.notes) == sample.summary.startswith("aes")


def test_frames_are_named() -> None:
    assert labels(see(Salt(), SAMPLES[3])) == ["target", "payload"]
    assert labels(see(Salt(), SAMPLES[8])) == ["routing id", "delimiter", "payload"]


@pytest.mark.parametrize(
    "payload",
    [
        {"enc": "rot13", "load": b""},
        {"enc": "aes"},
        {"enc": "aes", "load": {"a": 1}},
        {"enc": 5, "load": b""},
        {"encoding": "aes", "load": b""},
        {"load": b"enc"},
        {"enc": "clear"},
        {"enc": "pub"},
        ["enc", "aes"],
    ],
)
def test_other_messages_are_left_alone(payload: object) -> None:
    assert Salt().see(outline((msgpack.packb(payload),), SocketType.SUB)) is None


def test_a_map_with_many_fields_of_its_own_is_less_sure() -> None:
    payload = msgpack.packb({"enc": "aes", "load": b"x", "camera": 1})
    sighting = Salt().see(outline((payload,), SocketType.SUB))
    assert sighting is not None
    assert sighting.confidence < 0.8


def test_the_beginning_of_a_load_in_clear_is_told() -> None:
    load = {"cmd": "_auth", "id": "minion-1", "nonce": "x", "pub": "-----BEGIN" * 90}
    frames = (b"\0id", b"", msgpack.packb({"enc": "clear", "load": load, "version": 3}))
    sighting = Salt().see(outline(frames, SocketType.ROUTER, 2))
    assert sighting is not None
    assert sighting.summary == "clear _auth from minion-1"


@pytest.mark.parametrize("size", [20, 200, 1_000, 70_000])
def test_a_load_that_is_packed_as_a_text_is_counted_in_bytes(size: int) -> None:
    # As Salt 3008 packs it: bytes that are no UTF-8, with the type of a text.
    load = (b"\xf0\x9f\x98\x80" * size)[:size]
    frame = msgpack.packb({"enc": "aes", "load": load, "version": 3}, use_bin_type=False)
    for head in (512, 100_000):
        sighting = Salt().see(outline((frame,), SocketType.DEALER, head=head))
        assert sighting is not None
        assert sighting.summary.startswith(f"aes load {size:,} bytes")
