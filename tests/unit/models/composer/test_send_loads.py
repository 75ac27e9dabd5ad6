from dataclasses import replace

import pytest

from tests.composer_rig import ComposerRig
from zmqscope.core.load import LoadEnd, LoadPlan
from zmqscope.core.types import JobId, Problem, SocketId, SocketType
from zmqscope.models.composer.send_loads import SendLoads

PLAN = LoadPlan((b"tick",), 1_000.0)
CLOSED = Problem("The socket was closed.", "Reopen it and start again.")


@pytest.fixture
def rig() -> ComposerRig:
    return ComposerRig()


def start(rig: ComposerRig, loads: SendLoads, socket_id: SocketId | None = None) -> JobId:
    socket_id = socket_id or rig.open(SocketType.PUSH)
    return loads.start(rig.recorder.snapshots[socket_id], PLAN, "tick")


def test_a_load_runs_and_is_stopped_and_its_result_stays(rig: ComposerRig) -> None:
    loads = SendLoads(rig.controller)
    job_id = start(rig, loads)
    assert rig.recorder.loads[0][2] is PLAN
    rig.report_load(sent=500, seconds=0.5, rate_per_s=1_000.0)
    (line,) = loads.lines
    assert line.counts() == "1 k/s · 500 sent"
    assert loads.newest_on(line.snapshot.socket_id) == line
    loads.stop(job_id)
    assert rig.recorder.stopped == [job_id]
    assert loads.lines[0].is_stopping
    rig.report_load(sent=600, seconds=0.6, end=LoadEnd.STOPPED)
    assert loads.lines[0].title() == "push 1 · stopped"
    loads.stop(job_id)
    assert loads.lines == ()
    assert rig.recorder.stopped == [job_id]


def test_the_next_load_takes_the_place_of_the_result(rig: ComposerRig) -> None:
    loads = SendLoads(rig.controller)
    start(rig, loads)
    rig.report_load(end=LoadEnd.COMPLETE)
    again = start(rig, loads, SocketId(1))
    assert [line.snapshot.job_id for line in loads.lines] == [again]


def test_several_sockets_send_at_once(rig: ComposerRig) -> None:
    loads = SendLoads(rig.controller)
    first, second = start(rig, loads), start(rig, loads)
    assert [line.snapshot.job_id for line in loads.lines] == [first, second]
    loads.stop(first)
    assert [line.is_stopping for line in loads.lines] == [True, False]
    assert loads.newest_on(None) is None


def test_results_are_not_kept_for_ever(rig: ComposerRig) -> None:
    loads = SendLoads(rig.controller)
    for _ in range(30):
        start(rig, loads)
        rig.report_load(end=LoadEnd.FAILED, problem=CLOSED)
    assert len(loads.lines) == 20


def test_names_follow_and_removed_sockets_take_their_loads_along(rig: ComposerRig) -> None:
    loads = SendLoads(rig.controller)
    start(rig, loads)
    kept = start(rig, loads)
    first = rig.recorder.snapshots[SocketId(1)]
    rig.show(replace(first, spec=replace(first.spec, name="ticks")))
    assert loads.lines[0].title() == "ticks · 1 k/s"
    rig.remove(SocketId(1))
    assert [line.snapshot.job_id for line in loads.lines] == [kept]


def test_a_stranger_is_ignored(rig: ComposerRig) -> None:
    loads, other = SendLoads(rig.controller), SendLoads(rig.controller)
    start(rig, loads)
    rig.report_load(sent=1)
    assert other.lines == ()
    other.stop(JobId(99))
    assert rig.recorder.stopped == []
