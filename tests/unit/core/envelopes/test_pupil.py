"""Messages as Pupil's "Network API" and ``shared_modules/zmq_tools.py`` have them."""

from __future__ import annotations

import msgpack
import pytest

from tests.envelope_rig import Sample, labels, outline, see
from zmqscope.core.envelopes.pupil import Pupil
from zmqscope.core.types import SocketType


def message(topic: str, payload: dict[str, object], summary: str, *raw: bytes) -> Sample:
    return Sample(SocketType.SUB, (topic.encode(), msgpack.packb(payload), *raw), summary, 1)


PUPIL: dict[str, object] = {
    "id": 0,
    "topic": "pupil.0.2d",
    "method": "2d c++",
    "norm_pos": [0.5, 0.25],
    "diameter": 31.5,
    "timestamp": 535.125,
    "confidence": 0.98,
    "ellipse": {"center": [96.0, 96.0], "axes": [30.0, 31.5], "angle": 90.0},
}
GAZE: dict[str, object] = {
    "topic": "gaze.2d.01.",
    "norm_pos": [0.5, 0.5],
    "confidence": 0.5,
    "timestamp": 535.5,
    "base_data": [PUPIL] * 20,
}
FRAME: dict[str, object] = {
    "topic": "frame.world",
    "width": 1280,
    "height": 720,
    "index": 7,
    "timestamp": 1.5,
    "format": "bgr",
    "projection_matrix": [[1.0] * 3] * 3,
}

SAMPLES = (
    message(
        "pupil.0.2d",
        PUPIL,
        'pupil.0.2d id=0 method="2d c++" confidence=0.98 diameter=31.5 norm_pos=[0.5, 0.25]'
        " timestamp=535.125",
    ),
    message("gaze.2d.01.", GAZE, "gaze.2d.01. confidence=0.5 norm_pos=[0.5, 0.5] timestamp=535.5"),
    message(
        "frame.world",
        FRAME,
        'frame.world format="bgr" width=1280 height=720 index=7 timestamp=1.5 + 2,764 raw bytes',
        b"\0" * 2_764,
    ),
    message(
        "notify.recording.started",
        {"subject": "recording.started", "session_name": "s1", "topic": "notify.recording.started"},
        'notify.recording.started session_name="s1"',
    ),
    message(
        "remote_notify.start_plugin",
        {"subject": "start_plugin", "name": "Frame_Publisher", "args": {"format": "bgr"}},
        'remote_notify.start_plugin name="Frame_Publisher" args={format="bgr"}',
    ),
    message(
        "logging.warning",
        {"name": "world", "msg": "Low frame rate", "levelno": 30, "levelname": "WARNING"},
        "logging.warning world Low frame rate",
    ),
    message(
        "fixations",
        {"topic": "fixations", "id": 3, "duration": 120.5, "dispersion": 0.5, "base_data": []},
        "fixations id=3 duration=120.5 dispersion=0.5",
    ),
    message(
        "surfaces.screen",
        {"topic": "surfaces.screen", "name": "screen", "gaze_on_surfaces": [], "timestamp": 1.5},
        'surfaces.screen name="screen" gaze_on_surfaces=[] timestamp=1.5',
    ),
    Sample(SocketType.REP, (b"", b"SUB_PORT"), "asks for SUB_PORT", 1),
    Sample(SocketType.DEALER, (b"PUB_PORT",), "asks for PUB_PORT"),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.summary[:24])
def test_each_message_has_a_line(sample: Sample) -> None:
    sighting = see(Pupil(), sample)
    assert sighting.summary == sample.summary
    assert sighting.confidence >= 0.8


def test_frames_are_named() -> None:
    assert labels(see(Pupil(), SAMPLES[2])) == ["topic", "payload", "raw data 1"]
    assert labels(see(Pupil(), SAMPLES[-2])) == ["delimiter", "request"]
    several = message("frame.eye.0", FRAME, "", b"a", b"b")
    assert see(Pupil(), several).summary.endswith("+ 2 raw frames")


def test_a_notification_sent_to_the_remote_has_ids_before_it() -> None:
    payload = msgpack.packb({"subject": "recording.should_start"})
    frames = (b"\0id", b"", b"notify.recording.should_start", payload)
    sighting = see(Pupil(), Sample(SocketType.ROUTER, frames, "", 2))
    assert labels(sighting) == ["routing id", "delimiter", "topic", "payload"]
    assert sighting.body == 3


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        (b"notify.other", {"subject": "recording.started"}),
        (b"pupil.0", {"title": "A pupil of the school", "age": 9}),
        (b"gaze", {"norm_pos": 1}),
        (b"frames", {"count": 5}),
        (b"surface.a", {"area": 5}),
        (b"weather.gaze", PUPIL),
        (b"pupil\xff", PUPIL),
        (b"p" * 500, PUPIL),
        (b"logging.info", {"text": "x"}),
    ],
)
def test_other_messages_are_left_alone(topic: bytes, payload: dict[str, object]) -> None:
    frames = (topic, msgpack.packb(payload))
    assert Pupil().see(outline(frames, SocketType.SUB, 1)) is None


@pytest.mark.parametrize(
    "frames",
    [(b"pupil.0",), (b"pupil.0", b""), (b"pupil.0", b"{}"), (b"SUB_PORTS",), (b"",), ()],
)
def test_other_forms_are_left_alone(frames: tuple[bytes, ...]) -> None:
    assert Pupil().see(outline(frames, SocketType.SUB, min(1, len(frames)))) is None
