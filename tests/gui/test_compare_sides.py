"""Which two messages are compared, and which stay."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.compare_rig import CompareRig, state
from zmqscope.models.compare.sides import Mode


@pytest.fixture
def rig(qtbot: QtBot) -> CompareRig:
    return CompareRig(qtbot)


def test_the_message_before_on_the_same_topic(rig: CompareRig) -> None:
    rig.put(b"robot", state())
    rig.put(b"other", state(seq=7))
    rig.show(b"robot", state(seq=2, imu={"accel": [0.1, 9.8]}))
    assert rig.lines() == [
        "1 topic | 5 B | 5 B | equal",
        "2 json | 58 B | 57 B | 2",
        "seq | 1 | 2 | +1",
        "imu.accel[1] | 9.81 | 9.8 | −0.01",
    ]
    assert "2 changes" in rig.words()
    assert rig.panel.head.before.text.startswith("#1 · ")
    assert rig.panel.head.after.text.startswith("#3 · 2.0 ms later · ") or (
        rig.panel.head.after.text.startswith("#3 · 2 ms later · ")
    )


def test_routing_ids_count_as_topic(rig: CompareRig) -> None:
    rig.put(b"\x00peer1", b"", b"A", socket_id=2)
    rig.put(b"\x00peer2", b"", b"B", socket_id=2)
    rig.show(b"\x00peer1", b"", b"C", socket_id=2)
    assert rig.panel.head.before.text.startswith("#1 ")
    assert rig.lines()[-1] == "line 1 | A | C"


def test_frames_are_counted_from_the_body(rig: CompareRig) -> None:
    rig.put(b"\x00peer1", b"", state(), socket_id=2)
    first = int(rig.store.end_row) - 1
    row = rig.put(b"\x00peer2", b"hop", b"", state(seq=3), b"more", socket_id=2)
    rig.panel.compare_rows(row, first)
    rig.finish()
    found = {(line.kind.value, line.label) for line in rig.panel.model.rows if line.is_frame}
    assert ("added", "5 text") in found
    assert any(line.path == "json.seq" for line in rig.panel.model.rows)


def test_a_pinned_message_stays(rig: CompareRig) -> None:
    rig.show(b"a", state())
    rig.trigger("pin")
    rig.store.clear()
    rig.show(b"b", state(seq=5))
    assert "seq | 1 | 5 | +4" in rig.lines()
    rig.trigger("swap")
    assert "seq | 5 | 1 | −4" in rig.lines()
    rig.trigger("swap")
    rig.trigger("previous")
    assert "not in memory" in rig.words()
    rig.trigger("pinned")
    assert "seq | 1 | 5 | +4" in rig.lines()


def test_the_message_before_stays_when_it_leaves_memory(rig: CompareRig) -> None:
    rig.put(b"t", state())
    rig.show(b"t", state(seq=2))
    rig.store.clear()
    rig.refresh()
    rig.trigger("only_changes")
    assert "seq | 1 | 2 | +1" in rig.lines()


def test_two_rows(rig: CompareRig) -> None:
    one, two = rig.put(b"a", state()), rig.put(b"b", state(seq=9))
    rig.panel.compare_rows(two, one)
    rig.finish()
    assert rig.mode() is Mode.TWO
    assert "seq | 1 | 9 | +8" in rig.lines()
    rig.store.clear()
    rig.panel.compare_rows(one, two)
    assert "no longer in memory" in rig.words()
    # Another message in the inspector takes over again.
    rig.show(b"a", state())
    assert rig.mode() is Mode.PREVIOUS
    rig.panel.say_select_two()


def test_following_a_topic(rig: CompareRig) -> None:
    rig.put(b"t", state())
    rig.show(b"t", state(seq=2))
    rig.put(b"t", state(seq=5))
    rig.refresh()
    assert "seq | 1 | 2 | +1" in rig.lines()
    rig.trigger("follow")
    assert "seq | 2 | 5 | +3" in rig.lines()
    rig.panel.view.go_to(2)
    rig.put(b"other", state())
    rig.put(b"t", state(seq=9))
    rig.refresh()
    assert "seq | 5 | 9 | +4" in rig.lines()
    # The reader's line stays the reader's.
    current = rig.panel.view.current
    assert current is not None
    assert current.label == "seq"
    rig.trigger("follow")
    assert "seq | 1 | 2 | +1" in rig.lines()
