"""Loads: shares, blocking, ends and what is told; with a clock and bursts of the test's own."""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from typing import cast

import pytest
import zmq

from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.load import LoadEnd, LoadPlan, LoadSnapshot
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import JobId, Problem, Severity, SocketId
from zmqscope.engine.bursts import BurstBounds, BurstResult, Outlet
from zmqscope.engine.jobs.load import LoadParts, Loads
from zmqscope.engine.sockets import ManagedSocket

MS = 1_000_000
S = 1_000 * MS
A, B = JobId(1), JobId(2)
ONE, TWO = SocketId(1), SocketId(2)


class FakeHandle:
    """Stands for a libzmq socket that is asked whether it has news."""

    def __init__(self) -> None:
        self.asked = 0

    def get(self, option: int) -> int:
        assert option == zmq.EVENTS
        self.asked += 1
        return 0


class FakeSocket:
    def __init__(self, spec: str) -> None:
        self.spec = parse_spec(spec)
        self.socket: FakeHandle | None = FakeHandle()
        self.topic_rule = TopicRule.NEVER
        self.is_opening = False


@dataclass
class FakeBursts:
    """Takes time for each message and refuses what it is told to refuse."""

    desk: Desk
    burst_ns: int = 4 * MS
    each_ns: int = 1_000
    room: int = 1 << 60
    errno: int = errno.EAGAIN
    calls: list[tuple[SocketId, BurstBounds]] = field(default_factory=list)

    def burst(self, outlet: Outlet, plan: LoadPlan, bounds: BurstBounds) -> BurstResult:
        self.calls.append((outlet.socket_id, bounds))
        wanted = min(bounds.messages, max(1, bounds.total_ns // self.each_ns))
        sent = min(wanted, self.room)
        self.room -= sent
        self.desk.now_ns += sent * self.each_ns
        return BurstResult(sent, self.errno if sent < wanted else 0)


class Desk:
    """Loads with everything around them."""

    def __init__(self) -> None:
        self.now_ns = 7 * S
        self.sockets = {
            ONE: FakeSocket("push:tcp://127.0.0.1:5556"),
            TWO: FakeSocket("pub:tcp://127.0.0.1:5557"),
        }
        self.peers = 1
        self.told: list[LoadSnapshot] = []
        self.notices: list[tuple[SocketId | None, Severity, str, str]] = []
        self.bursts = FakeBursts(self)
        self.loads = Loads(
            LoadParts(
                self.bursts,
                lambda socket_id: cast("ManagedSocket | None", self.sockets.get(socket_id)),
                lambda _: self.peers,
                self.told.append,
                lambda *notice: self.notices.append(notice),
                lambda: self.now_ns,
            )
        )

    def start(self, rate: float | None, count: int | None = None, job: JobId = A) -> None:
        socket_id = ONE if job == A else TWO
        self.loads.start(job, socket_id, LoadPlan((b"0123456789",), rate, count))

    def run_for(self, ns: int) -> None:
        """As the loop does: wait, then send what is due."""
        end_ns = self.now_ns + ns
        while self.now_ns < end_ns:
            self.now_ns += self.loads.wait_ms(500) * MS or 10_000
            self.loads.run_due()

    @property
    def last(self) -> LoadSnapshot:
        return self.told[-1]


@pytest.fixture
def desk() -> Desk:
    return Desk()


# ---- pace -----------------------------------------------------------------------------------


def test_without_loads_there_is_nothing_to_wait_for(desk: Desk) -> None:
    assert desk.loads.wait_ms(500) == 500
    assert not desk.loads.run_due()


@pytest.mark.parametrize("rate", [20.0, 1_000.0, 100_000.0])
def test_a_paced_load_keeps_its_rate(desk: Desk, rate: float) -> None:
    desk.start(rate)
    desk.run_for(3 * S)
    desk.loads.stop(A)
    assert desk.last.sent == pytest.approx(3 * rate, rel=0.01, abs=1.5)
    assert desk.last.mean_per_s == pytest.approx(rate, rel=0.01, abs=0.5)
    assert desk.last.sent_bytes == 10 * desk.last.sent
    assert desk.last.end is LoadEnd.STOPPED


def test_the_loop_sleeps_between_bursts(desk: Desk) -> None:
    desk.start(100_000.0)
    desk.run_for(S)
    assert len(desk.bursts.calls) <= 1_001


def test_flat_out_never_sleeps_and_each_step_is_bounded(desk: Desk) -> None:
    desk.start(None)
    began_ns = desk.now_ns
    assert desk.loads.run_due()
    assert desk.now_ns - began_ns <= desk.bursts.burst_ns
    assert desk.loads.wait_ms(500) == 0


def test_the_first_message_of_each_burst_continues_the_count(desk: Desk) -> None:
    desk.start(None, 10_000)
    desk.run_for(20 * MS)
    firsts = [bounds.first for _, bounds in desk.bursts.calls]
    assert firsts == [0, 4_000, 8_000]
    assert desk.bursts.calls[-1][1].messages == 2_000
    assert (desk.last.sent, desk.last.end) == (10_000, LoadEnd.COMPLETE)
    assert desk.loads.wait_ms(500) == 500


def test_several_loads_get_fair_shares(desk: Desk) -> None:
    desk.start(None)
    desk.start(None, job=B)
    desk.run_for(100 * MS)
    desk.loads.stop_all()
    sent = {snapshot.job_id: snapshot.sent for snapshot in desk.told if snapshot.end}
    assert sent[A] == pytest.approx(sent[B], rel=0.05)
    assert {socket_id for socket_id, _ in desk.bursts.calls[:2]} == {ONE, TWO}


def test_a_paced_load_keeps_its_rate_beside_one_that_is_flat_out(desk: Desk) -> None:
    desk.start(50_000.0)
    desk.start(None, job=B)
    desk.run_for(2 * S)
    desk.loads.stop(A)
    assert desk.last.mean_per_s == pytest.approx(50_000, rel=0.01)


# ---- blocking -------------------------------------------------------------------------------


def test_a_blocked_load_does_not_spin_and_says_why_after_a_while(desk: Desk) -> None:
    desk.bursts.room = 3
    desk.start(None)
    desk.run_for(2 * S)
    assert len(desk.bursts.calls) <= 2 * S / (5 * MS)
    assert (desk.last.sent, desk.last.blocked_times) == (3, 1)
    assert desk.last.blocked_s == pytest.approx(2.0, abs=0.3)
    assert desk.last.running
    assert desk.last.problem is not None
    assert "high-water mark" in desk.last.problem.text
    desk.peers = 0
    desk.run_for(S)
    assert desk.last.problem is not None
    assert "no peer is connected" in desk.last.problem.text


def test_it_goes_on_when_there_is_room_again(desk: Desk) -> None:
    desk.bursts.room = 0
    desk.start(1_000.0)
    desk.run_for(S)
    handle = desk.sockets[ONE].socket
    assert handle is not None
    assert handle.asked > 100  # or libzmq would not look whether there is room
    desk.bursts.room = 1 << 60
    desk.run_for(S)
    desk.loads.stop(A)
    assert desk.last.problem is None
    assert desk.last.given_up == pytest.approx(900, abs=20)
    assert desk.last.sent == pytest.approx(1_100, abs=20)
    assert desk.last.blocked_s == pytest.approx(1.0, abs=0.02)


def test_only_a_burst_to_many_peers_alike_may_wait(desk: Desk) -> None:
    desk.start(None)
    desk.loads.run_due()
    desk.sockets[TWO].spec = parse_spec("router:tcp://127.0.0.1:5557")
    desk.loads.start(B, TWO, LoadPlan((b"id", b"body")))
    desk.run_for(20 * MS)
    may_wait = {socket_id: bounds.may_wait for socket_id, bounds in desk.bursts.calls}
    assert may_wait == {ONE: True, TWO: False}


# ---- ends -----------------------------------------------------------------------------------


def test_stop_takes_effect_at_once(desk: Desk) -> None:
    desk.start(None)
    desk.loads.run_due()
    desk.loads.stop(A)
    calls = len(desk.bursts.calls)
    assert not desk.loads.run_due()
    desk.loads.stop(A)
    assert len(desk.bursts.calls) == calls
    assert [snapshot.end for snapshot in desk.told] == [None, LoadEnd.STOPPED]
    assert desk.notices == [
        (ONE, Severity.INFO, "Load sent: 4,000 messages in 0.0 s, 1,000,000/s.", "")
    ]


def test_a_failure_ends_it_with_the_reason(desk: Desk) -> None:
    desk.bursts.room, desk.bursts.errno = 5, errno.EHOSTUNREACH
    desk.start(None)
    desk.loads.run_due()
    assert (desk.last.sent, desk.last.end) == (5, LoadEnd.FAILED)
    assert desk.last.problem is not None
    assert "routing id" in desk.last.problem.text
    (notice,) = desk.notices
    assert notice[1] is Severity.ERROR
    assert notice[2].startswith("Load sent: 5 messages in 0.0 s")
    assert notice[3] == desk.last.problem.hint


def test_a_signal_in_between_is_no_failure(desk: Desk) -> None:
    desk.bursts.room, desk.bursts.errno = 5, errno.EINTR
    desk.start(None, 8)
    desk.loads.run_due()
    desk.bursts.room = 100
    desk.loads.run_due()
    assert (desk.last.sent, desk.last.end) == (8, LoadEnd.COMPLETE)


def test_a_closed_socket_ends_its_loads_and_no_others(desk: Desk) -> None:
    desk.start(None)
    desk.start(None, job=B)
    closed = Problem("The socket was closed.", "Reopen it and start again.")
    desk.loads.stop_for(ONE, closed)
    assert (desk.last.job_id, desk.last.end, desk.last.problem) == (A, LoadEnd.FAILED, closed)
    assert desk.loads.run_due()


def test_a_socket_that_was_closed_behind_its_back_ends_it(desk: Desk) -> None:
    desk.start(None)
    desk.sockets[ONE].socket = None
    desk.loads.run_due()
    assert desk.last.problem == Problem("The socket was closed.", "Reopen it and start again.")
    assert desk.bursts.calls == []


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("req:tcp://127.0.0.1:5556", "takes turns"),
        ("pull:tcp://127.0.0.1:5556", "only receives"),
        ("router:tcp://127.0.0.1:5556", "routing id as first frame"),
    ],
)
def test_what_cannot_be_sent_never_starts(desk: Desk, spec: str, words: str) -> None:
    desk.sockets[ONE].spec = parse_spec(spec)
    desk.start(None)
    assert desk.last.end is LoadEnd.FAILED
    assert desk.last.problem is not None
    assert words in desk.last.problem.text
    assert desk.notices[0][2].startswith("No load was sent. ")
    assert desk.loads.wait_ms(500) == 500


def test_an_unknown_socket_and_a_closed_one(desk: Desk) -> None:
    desk.loads.start(A, SocketId(9), LoadPlan((b"x",)))
    assert desk.last.problem == Problem("This socket is gone.", "Open a new one.")
    desk.sockets[ONE].socket = None
    desk.start(None)
    assert desk.last.problem == Problem("The socket was closed.", "Reopen it and start again.")


# ---- telling --------------------------------------------------------------------------------


def test_it_tells_how_it_goes_five_times_a_second(desk: Desk) -> None:
    desk.start(1_000.0)
    desk.run_for(4 * S)
    assert 18 <= len(desk.told) <= 21
    assert desk.last.rate_per_s == pytest.approx(1_000, rel=0.01)
    assert desk.last.asked_per_s == 1_000.0


def test_the_rate_is_that_of_the_last_second(desk: Desk) -> None:
    desk.start(1_000.0)
    desk.run_for(3 * S)
    desk.bursts.room = 0
    desk.run_for(3 * S)
    assert desk.last.rate_per_s == 0.0
    assert desk.last.mean_per_s == pytest.approx(500, rel=0.05)


def test_messages_to_nobody_are_sent_and_said_to_be_dropped(desk: Desk) -> None:
    desk.peers = 0
    desk.start(100.0, job=B)
    desk.run_for(S)
    assert desk.last.problem is not None
    assert desk.last.problem.text == "Dropped: nobody is connected."
    desk.peers = 1
    desk.run_for(S)
    assert desk.last.problem is None
