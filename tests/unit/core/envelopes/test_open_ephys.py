"""Open Ephys packets, built as the plugin's documentation and source have them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.envelope_cases import SENT, Case, check_case, samples
from tests.envelope_rig import fields
from zmqscope.core.decode.decoded import DecodeError, Numbers
from zmqscope.core.envelopes.open_ephys import OpenEphys
from zmqscope.core.types import SocketType as T

SAMPLES_F32 = np.arange(1_024, dtype="<f4").tobytes()
TTL_ON = bytes((2, 1)) + (0b100).to_bytes(8, "little")


def header(kind: str, number: int, facts: dict[str, object], size: int) -> bytes:
    content = "spike" if kind == "spike" else "content"
    fact = {"message_num": number, "type": kind, content: facts, "data_size": size, "timestamp": 5}
    # JUCE writes JSON over several lines.
    return json.dumps(fact, indent=2).encode()


DATA = header(
    "data",
    12,
    {
        **{"stream": "Rhythm", "channel_num": 3, "num_samples": 1_024},
        **{"sample_num": 30_720, "sample_rate": 30_000.0},
    },
    4_096,
)
TTL = header("event", 13, {"stream": "Rhythm", "source_node": 100, "type": 3, "sample_num": 99}, 10)
TEXT = header("event", 14, {"stream": "", "source_node": 1, "type": 5, "sample_num": 100}, 5)
SPIKE = header(
    "spike",
    15,
    {
        **{"stream": "Rhythm", "source_node": 105, "electrode": "Electrode 1"},
        **{"sample_num": 4_000, "num_channels": 4, "num_samples": 40, "sorted_id": 2},
        "threshold": [1.0, 1.0, 1.0, 1.0],
    },
    640,
)
OLD = json.dumps(
    {
        **{"message_no": 7, "type": "data", "data_size": 8},
        "content": {
            **{"n_channels": 2, "n_samples": 1, "n_real_samples": 1},
            **{"sample_rate": 30_000, "timestamp": 5},
        },
    }
).encode()
BEAT = json.dumps({"application": "Plotter", "uuid": "a-b", "type": "heartbeat"}).encode()

CASES = (
    Case(
        (b"DATA\0", DATA, SAMPLES_F32),
        T.SUB,
        "DATA #12 Rhythm channel 3 1,024 samples from 30,720 at 30,000 Hz",
        labels=("envelope", "header", "samples"),
    ),
    Case((b"EVENT\0", TTL, TTL_ON), T.SUB, "EVENT #13 Rhythm TTL line 2 on at 99"),
    Case((b"EVENT", TEXT, b"hi\0"), T.SUB, 'EVENT #14 "" message hi at 100'),
    Case(
        (b"EVENT\0", SPIKE, bytes(640)),
        T.SUB,
        'SPIKE #15 Rhythm "Electrode 1" 4 × 40 at 4,000 unit 2',
        labels=("envelope", "header", "waveform"),
    ),
    Case((b"EVENT\0", TTL), T.SUB, "EVENT #13 Rhythm TTL at 99"),
    Case((b"DATA\0", OLD, bytes(8)), T.SUB, "DATA #7 2 channels × 1 sample from 5 at 30,000 Hz"),
    Case((BEAT,), T.REQ, 'heartbeat of "Plotter"', SENT),
    Case((b"\0\1\2\3\4", b"", BEAT), T.ROUTER, 'heartbeat of "Plotter"'),
    Case((b"DATA", b"{}", b"x"), T.SUB, ""),
    Case((b"DATA", b"no json", b"x"), T.SUB, ""),
    Case((b'{"type": "heartbeat"}',), T.REQ, ""),
    Case((BEAT,), T.PULL, ""),
)

SAMPLES = samples(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_summaries(case: Case) -> None:
    check_case(OpenEphys(), case)


def test_samples_are_an_array_of_numbers() -> None:
    (body,) = OpenEphys().decode(2, SAMPLES_F32).bodies
    assert body == Numbers("<f4", (1_024,))
    with pytest.raises(DecodeError):
        OpenEphys().decode(2, b"12345")
    with pytest.raises(DecodeError):
        OpenEphys().decode(2, b"")


def test_a_ttl_event_is_read_field_by_field() -> None:
    found = fields(OpenEphys().decode(2, TTL_ON))
    assert found["line"].value == 2
    assert found["state"].value is True
    # Counted as the line is: from 0.
    assert found["word"].note == "High: 2"
