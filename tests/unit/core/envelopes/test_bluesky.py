"""Documents as Bluesky's ``callbacks/zmq.py`` sends them, pickled as it does by default."""

from __future__ import annotations

import json
import pickle
import pickletools

import pytest

from tests.envelope_rig import Sample, outline, see
from zmqscope.core.envelopes.bluesky import Bluesky
from zmqscope.core.types import SocketType

START = {"uid": "0f3c9a1e-0001", "time": 1.5, "plan_name": "count", "scan_id": 7, "num_points": 3}
EVENT = {
    "descriptor": "0f3c9a1e-0002",
    "seq_num": 3,
    "data": {"det": 1.25, "motor": 0.5},
    "timestamps": {"det": 1.5, "motor": 1.5},
    "uid": "0f3c9a1e-0003",
    "time": 1.5,
}
STOP = {"run_start": "0f3c9a1e-0001", "exit_status": "success", "num_events": {"primary": 3}}


def sent(name: str, document: bytes, summary: str, prefix: bytes = b"") -> Sample:
    return Sample(SocketType.SUB, (b" ".join([prefix, name.encode(), document]),), summary)


STARTED = 'start plan_name="count" scan_id=7 uid="0f3c9a1e-0001"'
HAPPENED = 'event seq_num=3 uid="0f3c9a1e-0003" descriptor="0f3c9a1e-0002"'
STOPPED = 'stop exit_status="success" run_start="0f3c9a1e-0001"'
BEAMLINE = b"beamline-4"

SAMPLES = (
    sent("start", pickle.dumps(START), STARTED),
    *(sent("start", pickle.dumps(START, protocol=number), STARTED) for number in (2, 3, 4, 5)),
    sent("event", pickle.dumps(EVENT), f"{HAPPENED} (beamline-4)", BEAMLINE),
    sent("stop", pickle.dumps(STOP, protocol=2), STOPPED),
    sent("stop", json.dumps(STOP).encode(), f"{STOPPED} (beamline-4)", BEAMLINE),
    sent("event", pickle.dumps({**EVENT, "seq_num": 70_000}), HAPPENED.replace("3", "70000", 1)),
)


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_document_has_a_line(sample: Sample) -> None:
    sighting = see(Bluesky(), sample)
    _, _, document = sample.frames[0].split(b" ", 2)
    (frame,) = sighting.frames
    assert sighting.summary == sample.summary
    assert sample.frames[0][frame.offset :] == document
    assert frame.decoder == ("json" if document.startswith(b"{") else "pickle")


def test_a_document_without_such_fields_has_its_size() -> None:
    assert see(Bluesky(), sent("datum", pickle.dumps({}), "")).summary == "datum 5 bytes"


def test_a_descriptor_in_json_is_known_by_its_beginning() -> None:
    document = {"configuration": {"det": {"data": {"det_note": "x" * 600}}}, "uid": "0f3c9a1e-0002"}
    sample = sent("descriptor", json.dumps(document).encode(), "")
    assert see(Bluesky(), sample).summary == "descriptor 678 bytes"
    assert see(Bluesky(), sample, head=1_000).summary == 'descriptor uid="0f3c9a1e-0002"'


def test_a_cut_text_is_shown_as_far_as_it_is_here() -> None:
    sample = sent("start", pickle.dumps({"uid": "x" * 900, "scan_id": 1}), "")
    assert see(Bluesky(), sample).summary.startswith('start uid="xxxx')


class Trap:
    """What a pickle can do to whoever loads it."""

    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return (exec, ("raise SystemExit('loaded')",))


def test_a_document_is_never_loaded() -> None:
    trap = pickle.dumps({"uid": Trap()})
    assert any(code.name == "REDUCE" for code, _, _ in pickletools.genops(trap))
    assert see(Bluesky(), sent("start", trap, "")).summary


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b" ",
        b"start",
        b" start ",
        b"please start the engine",
        b"a stop {not json}",
        b'a stop {"reason": "none"}',
        b" begin " + pickle.dumps(START),
        b"x" * 300 + b" start " + pickle.dumps(START),
        pickle.dumps(START),
    ],
)
def test_other_messages_are_left_alone(frame: bytes) -> None:
    assert Bluesky().see(outline((frame,), SocketType.SUB)) is None


def test_a_text_that_is_cut_ends_in_an_ellipsis() -> None:
    document = pickle.dumps({"plan_name": "count_of_all"}, 4)
    frame = b" start " + document
    head = frame.index(b"count_of_all") + 5
    sighting = Bluesky().see(outline((frame,), SocketType.SUB, head=head))
    assert sighting is not None
    assert sighting.summary == 'start plan_name="count…"'
