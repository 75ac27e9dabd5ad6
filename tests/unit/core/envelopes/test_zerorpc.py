"""Events as zerorpc-python's ``zerorpc/events.py`` packs them."""

from __future__ import annotations

import msgpack
import pytest

from tests.envelope_rig import Sample, labels, outline, see
from zmqscope.core.envelopes.zerorpc import ZeroRpc
from zmqscope.core.types import SocketType

CALL = b"0ac3f7d1e5b24c8f"


def event(name: str, args: object, *, answers: bytes | None = None, v: int = 3) -> bytes:
    header: dict[str, object] = {"message_id": b"ffee0011", "v": v}
    if answers is None:
        header["message_id"] = CALL
    else:
        header["response_to"] = answers
    return bytes(msgpack.packb((header, name, args)))


def call(name: str, args: object, summary: str) -> Sample:
    return Sample(SocketType.ROUTER, (b"\0id", b"", event(name, args)), summary, 2)


def answer(name: str, args: object, summary: str) -> Sample:
    return Sample(SocketType.DEALER, (b"", event(name, args, answers=CALL)), summary, 1)


SAMPLES = (
    call("hello", ("x",), 'hello("x") #0ac3f7d…'),
    call("add", (1, 2.5, [3], {"a": None}), "add(1, 2.5, [3], {a=null}) #0ac3f7d…"),
    call("_zerorpc_list", (), "_zerorpc_list() #0ac3f7d…"),
    answer("OK", ("Hello, x",), 'OK "Hello, x" #0ac3f7d…'),
    answer("OK", (None,), "OK null #0ac3f7d…"),
    answer(
        "ERR",
        ("NameError", "name 'x' is not defined", "Traceback…"),
        "ERR NameError: name 'x' is not defined #0ac3f7d…",
    ),
    answer("STREAM", 5, "STREAM 5 #0ac3f7d…"),
    answer("STREAM_DONE", None, "STREAM_DONE #0ac3f7d…"),
    answer("_zpc_hb", (0,), "heartbeat #0ac3f7d…"),
    answer("_zpc_more", (99,), "more 99 #0ac3f7d…"),
    # PUSH to PULL and PUB to SUB carry calls as well, without a frame before them.
    Sample(SocketType.PULL, (event("log", ("line",)),), 'log("line") #0ac3f7d…'),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.summary[:30])
def test_each_event_has_a_line(sample: Sample) -> None:
    sighting = see(ZeroRpc(), sample)
    assert sighting.summary == sample.summary
    assert sighting.frames[-1].decoder == "msgpack"
    assert bool(sighting.notes) == (sample.kind is SocketType.DEALER)


def test_frames_are_named() -> None:
    assert labels(see(ZeroRpc(), SAMPLES[0])) == ["routing id", "delimiter", "event"]
    assert labels(see(ZeroRpc(), SAMPLES[3])) == ["delimiter", "event"]
    assert labels(see(ZeroRpc(), SAMPLES[-1])) == ["event"]


def test_arguments_that_are_cut_end_in_an_ellipsis() -> None:
    assert see(ZeroRpc(), call("put", ("a", "x" * 5_000), "")).summary == 'put("a", …) #0ac3f7d…'
    many = see(ZeroRpc(), call("put", tuple(range(50)), ""))
    assert many.summary == "put(0, 1, 2, 3, 4, 5, …) #0ac3f7d…"
    none = see(ZeroRpc(), call("put", ("x" * 5_000,), ""), head=45)
    assert none.summary == "put(…) #0ac3f7d…"


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x93",
        bytes(msgpack.packb(({"message_id": b"1"}, 5, ()))),
        bytes(msgpack.packb(({"id": b"1"}, "name", ()))),
        bytes(msgpack.packb(({"message_id": b"1"}, "name"))),
        bytes(msgpack.packb(("message_id", "name", ()))),
        b"\x93\x81\xaamessage_id",
    ],
)
def test_other_messages_are_left_alone(frame: bytes) -> None:
    assert ZeroRpc().see(outline((b"", frame), SocketType.DEALER, 1)) is None


def test_a_frame_before_it_is_empty_or_it_is_none() -> None:
    assert ZeroRpc().see(outline((b"topic", event("a", ())), SocketType.SUB, 1)) is None


def test_quotes_of_a_message_stay_in_it() -> None:
    sighting = see(ZeroRpc(), answer("ERR", ("KeyError", 'no "x"', ""), ""))
    assert sighting.summary == 'ERR KeyError: no \\"x\\" #0ac3f7d…'
