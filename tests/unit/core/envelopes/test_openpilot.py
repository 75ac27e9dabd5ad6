"""openpilot's events, as pycapnp 2.2.4 wrote them with log.capnp's layout of struct Event."""

from __future__ import annotations

import pytest

from tests.envelope_cases import Case, check_case, samples
from tests.envelope_rig import fields
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.envelopes.openpilot import Openpilot
from zmqscope.core.envelopes.openpilot_events import event_name
from zmqscope.core.types import SocketType as T

BODY = "000000000000010001000700000000000000010000003200000068656c6c6f000000"
HEAD = "00000000070000000000000002000100141a99be1c000000"
CAR_STATE = bytes.fromhex(f"{HEAD}150000000000{BODY}")
SELFDRIVE = bytes.fromhex(f"{HEAD}800000000000{BODY}")
NOT_VALID = bytes.fromhex(f"{HEAD}490001000000{BODY}")
TWO_SEGMENTS = b"\1\0\0\0\7\0\0\0\1\0\0\0\0\0\0\0" + CAR_STATE[8:] + bytes(8)

CASES = (
    Case((CAR_STATE,), T.SUB, "carState at 123.457 s", labels=("event",)),
    Case((SELFDRIVE,), T.SUB, "selfdriveState at 123.457 s"),
    Case((NOT_VALID,), T.SUB, "modelV2 at 123.457 s not valid"),
    Case((TWO_SEGMENTS,), T.SUB, "carState at 123.457 s"),
    Case((CAR_STATE[:-8],), T.SUB, ""),
    Case((CAR_STATE + bytes(8),), T.SUB, ""),
    Case((CAR_STATE[:8] + b"\0\0\0\0\3\0\1\0" + CAR_STATE[16:],), T.SUB, ""),
    Case((CAR_STATE[:27] + b"\1" + CAR_STATE[28:],), T.SUB, ""),
    Case((bytes(64),), T.SUB, ""),
    Case((CAR_STATE, b"x"), T.SUB, ""),
)

SAMPLES = samples(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_summaries(case: Case) -> None:
    check_case(Openpilot(), case)


def test_what_all_events_have_is_read() -> None:
    found = fields(Openpilot().decode(0, NOT_VALID))
    assert found["logMonoTime"].value == 123_456_789_012
    assert found["which"].value == "modelV2"
    assert found["valid"].value is False
    assert found["modelV2.word0"].value == 7
    assert found["modelV2.pointer0"].value == "hello"
    assert fields(Openpilot().decode(0, CAR_STATE))["valid"].value is True
    with pytest.raises(DecodeError):
        Openpilot().decode(0, CAR_STATE[:30])
    with pytest.raises(DecodeError):
        Openpilot().decode(0, bytes(8))


def test_newer_events_have_a_number() -> None:
    assert event_name(0) == "initData"
    assert event_name(149) == "driverMonitoringState"
    assert event_name(150) == "event 150"
