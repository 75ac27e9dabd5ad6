"""The rate of one direction."""

from __future__ import annotations

from tests.doctor_rig import NOW, S
from zmqscope.engine.doctor.flow_memory import FlowMemory


def test_a_rate_needs_two_looks() -> None:
    memory = FlowMemory()
    memory.measure(1_000, NOW)
    assert memory.per_s == 0.0
    memory.measure(3_000, NOW + S)
    assert memory.per_s == 0.0
    memory.measure(5_000, NOW + 2 * S)
    assert memory.per_s == 2_000.0


def test_after_a_calm_it_begins_anew() -> None:
    memory = FlowMemory()
    memory.measure(0, NOW)
    memory.measure(4_000, NOW + 2 * S)
    memory.measure(4_010, NOW + 60 * S)
    assert memory.per_s == 0.0
