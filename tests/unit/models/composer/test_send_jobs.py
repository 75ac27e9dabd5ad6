from dataclasses import replace

import pytest

from tests.composer_rig import ComposerRig
from zmqscope.core.types import JobId, Problem, SocketType
from zmqscope.models.composer.send_jobs import SendJobs, interval_words

CLOSED = Problem("The socket was closed.", "Reopen it and start again.")


@pytest.fixture
def rig() -> ComposerRig:
    return ComposerRig()


def start(rig: ComposerRig, jobs: SendJobs, kind: SocketType, interval_s: float = 2.0) -> JobId:
    socket_id = rig.open(kind)
    snapshot = rig.recorder.snapshots[socket_id]
    return jobs.start(snapshot, (b"tick",), interval_s, "tick")


def test_a_job_runs_counts_and_is_stopped(rig: ComposerRig) -> None:
    jobs = SendJobs(rig.controller)
    job_id = start(rig, jobs, SocketType.PUB)
    assert rig.recorder.started[0][2:] == ((b"tick",), 2.0)
    rig.report_job(sent=1_231, refused=2, problem=Problem("Nobody is there.", "Wait."))
    (line,) = jobs.lines
    assert line.title() == "pub 1 · every 2.0 s"
    assert line.counts() == "1,231 sent, 2 refused"
    assert line.reason() == "Nobody is there. Wait."
    assert line.tone == "waiting"
    assert jobs.running_on(line.snapshot.socket_id) == (job_id,)
    jobs.stop(job_id)
    assert rig.recorder.stopped == [job_id]
    assert jobs.running_on(line.snapshot.socket_id) == ()
    rig.report_job(running=False, sent=1_232)
    assert jobs.lines == ()


def test_a_job_that_stops_by_itself_stays_with_its_reason(rig: ComposerRig) -> None:
    jobs = SendJobs(rig.controller)
    job_id = start(rig, jobs, SocketType.PUSH)
    rig.report_job(running=False, sent=3, problem=CLOSED)
    (line,) = jobs.lines
    assert line.title() == "push 1 · stopped"
    assert line.reason() == "The socket was closed. Reopen it and start again."
    assert line.tone == "broken"
    jobs.stop(job_id)
    assert jobs.lines == ()
    assert rig.recorder.stopped == []


def test_several_jobs_run_on_several_sockets(rig: ComposerRig) -> None:
    jobs = SendJobs(rig.controller)
    first = start(rig, jobs, SocketType.PUB)
    second = start(rig, jobs, SocketType.PUSH, 0.25)
    assert [line.snapshot.job_id for line in jobs.lines] == [first, second]
    jobs.stop(first)
    assert [line.is_stopping for line in jobs.lines] == [True, False]


def test_intervals_are_bounded(rig: ComposerRig) -> None:
    jobs = SendJobs(rig.controller)
    start(rig, jobs, SocketType.PUB, 0.0)
    start(rig, jobs, SocketType.PUB, 1e9)
    assert [call[3] for call in rig.recorder.started] == [0.001, 3_600.0]


def test_stopped_jobs_are_not_kept_for_ever(rig: ComposerRig) -> None:
    jobs = SendJobs(rig.controller)
    for _ in range(30):
        start(rig, jobs, SocketType.PUB)
        rig.report_job(running=False, problem=CLOSED)
    assert len(jobs.lines) == 20


def test_a_job_is_called_as_its_socket_is(rig: ComposerRig) -> None:
    jobs = SendJobs(rig.controller)
    start(rig, jobs, SocketType.PUB)
    (snapshot,) = rig.recorder.snapshots.values()
    rig.show(replace(snapshot, spec=replace(snapshot.spec, name="ticks\n")))
    assert jobs.lines[0].title() == "ticks␊ · every 2.0 s"


def test_a_removed_socket_takes_its_jobs_along(rig: ComposerRig) -> None:
    jobs = SendJobs(rig.controller)
    start(rig, jobs, SocketType.PUB)
    rig.report_job(running=False, problem=CLOSED)
    kept = start(rig, jobs, SocketType.PUSH)
    start_again = next(iter(rig.recorder.snapshots.values()))
    jobs.start(start_again, (b"tick",), 1.0, "tick")
    rig.remove(start_again.socket_id)
    rig.report_job(running=False, problem=CLOSED)
    assert [line.snapshot.job_id for line in jobs.lines] == [kept]


def test_a_stranger_is_ignored(rig: ComposerRig) -> None:
    jobs = SendJobs(rig.controller)
    start(rig, jobs, SocketType.PUB)
    other = SendJobs(rig.controller)
    rig.report_job(sent=1)
    assert other.lines == ()
    other.stop(JobId(99))
    assert rig.recorder.stopped == []


@pytest.mark.parametrize(
    ("interval_s", "words"),
    [(2.0, "2.0 s"), (0.25, "0.25 s"), (0.001, "0.001 s"), (3_600.0, "3600.0 s")],
)
def test_intervals_in_words(interval_s: float, words: str) -> None:
    assert interval_words(interval_s) == words
