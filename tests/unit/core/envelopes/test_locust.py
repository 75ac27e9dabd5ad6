"""Messages as Locust's ``locust/rpc/protocol.py`` packs them."""

from __future__ import annotations

import msgpack
import pytest

from tests.envelope_rig import Sample, labels, outline, see
from zmqscope.core.envelopes.locust import Locust
from zmqscope.core.types import SocketType

NODE = "box_" + "0a1b2c3d" * 4
SHORT = "(box_0a1b2c…)"


def packed(kind: str, data: object, node: object = NODE) -> bytes:
    return bytes(msgpack.packb((kind, data, node)))


def to_master(kind: str, data: object, summary: str) -> Sample:
    return Sample(SocketType.ROUTER, (NODE.encode(), packed(kind, data)), summary, 1)


def to_worker(kind: str, data: object, summary: str) -> Sample:
    return Sample(SocketType.DEALER, (packed(kind, data),), summary)


STATS: dict[str, object] = {
    "stats": [],
    "stats_total": {"name": "Aggregated", "num_requests": 1_200, "num_failures": 3},
    "errors": {},
    "user_count": 20,
}

SAMPLES = (
    to_master("client_ready", "2.47.0", f'client_ready "2.47.0" {SHORT}'),
    to_master(
        "heartbeat",
        {"state": "running", "current_cpu_usage": 3.2, "current_memory_usage": 1 << 26},
        f"heartbeat running cpu 3 % {SHORT}",
    ),
    to_master("stats", STATS, f"stats 1,200 requests, 3 failures 20 users {SHORT}"),
    to_master(
        "spawning_complete",
        {"user_classes_count": {"A": 3, "B": 4}, "user_count": 7},
        f"spawning_complete 7 users {SHORT}",
    ),
    to_master(
        "exception",
        {"msg": "no such host", "traceback": "Traceback…"},
        f'exception "no such host" {SHORT}',
    ),
    to_master("logs", {"worker_id": NODE, "logs": ["a", "b"]}, f"logs 2 lines {SHORT}"),
    to_master("quit", None, f"quit {SHORT}"),
    to_master("test_message", {"a": 1}, f"test_message 1 field {SHORT}"),
    to_worker("ack", {"index": 0}, f"ack worker 0 {SHORT}"),
    to_worker(
        "spawn",
        {"timestamp": 1.5, "user_classes_count": {"A": 3, "B": 4}, "host": None},
        f"spawn 7 users {SHORT}",
    ),
    to_worker("stop", None, f"stop {SHORT}"),
    to_worker("reconnect", None, f"reconnect {SHORT}"),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.summary[:30])
def test_each_message_has_a_line(sample: Sample) -> None:
    sighting = see(Locust(), sample)
    assert sighting.summary == sample.summary
    assert sighting.confidence >= 0.8
    assert sighting.frames[-1].decoder == "msgpack"


def test_frames_are_named() -> None:
    assert labels(see(Locust(), SAMPLES[0])) == ["node id", "message"]
    assert labels(see(Locust(), SAMPLES[-1])) == ["message"]


def test_statistics_that_are_cut_still_tell_what_they_are() -> None:
    entries = [{"name": f"/page/{number}", "response_times": {}} for number in range(90)]
    sample = to_master("stats", {**STATS, "stats": entries}, "")
    sighting = see(Locust(), sample)
    assert sighting.summary == f"stats {SHORT}"
    assert sighting.confidence >= 0.9


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x93",
        packed("stats", {}, None),
        packed("stats", {}, 5),
        packed("hello", {}, "somebody"),
        packed("stats", {"count": 1}, "node-1"),
        packed("", {}, NODE),
        bytes(msgpack.packb(("stats", {}))),
        bytes(msgpack.packb((1, 2, NODE))),
        bytes(msgpack.packb(["a", "b", "c"])),
    ],
)
def test_other_messages_are_left_alone(frame: bytes) -> None:
    for frames in ((frame,), (b"id", frame)):
        assert Locust().see(outline(frames, SocketType.ROUTER)) is None


def test_a_node_of_another_name_is_known_by_its_routing_id() -> None:
    frame = packed("quit", None, "node-1")
    assert Locust().see(outline((frame,), SocketType.DEALER)) is None
    assert Locust().see(outline((b"node-2", frame), SocketType.ROUTER, 1)) is None
    assert Locust().see(outline((b"node-1", frame), SocketType.ROUTER, 1)) is not None


def test_fields_of_which_only_the_beginning_is_here_are_not_counted_as_all() -> None:
    frame = packed("client_stopped", {f"k{at}": "x" * 30 for at in range(40)})
    sample = Sample(SocketType.ROUTER, (NODE.encode(), frame), "")
    assert " or more fields " in see(Locust(), sample).summary
