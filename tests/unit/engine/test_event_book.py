"""The log of events: what happens again counts up in its line."""

from __future__ import annotations

import threading

import pytest
import zmq

from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import Notice, Severity, SocketId
from zmqscope.engine.event_book import MAX_OPEN, EventBook
from zmqscope.engine.monitor import MonitorEvent

MS = 1_000_000
S = 1_000 * MS
ONE = SocketId(1)
INFO, WARNING = Severity.INFO, Severity.WARNING
WHERE = "tcp://127.0.0.1:5556"


class Rig:
    """A book with a clock that stands, and everything that it told."""

    def __init__(self) -> None:
        self.now_ns = 1_000 * S
        self.put: list[EventLine] = []
        self.lines: dict[int, EventLine] = {}
        self.notices: list[Notice] = []
        self.wake_ups = 0
        self.book = EventBook(self._take, self.notices.append, self._wake, lambda: self.now_ns)

    def _take(self, line: EventLine) -> None:
        self.put.append(line)
        self.lines[line.number] = line

    def _wake(self) -> None:
        self.wake_ups += 1

    def later(self, ns: int) -> None:
        self.now_ns += ns
        self.book.flush()

    def flap(self, times: int, every_ns: int = S, address: str = WHERE, others: int = 0) -> None:
        for _ in range(times):
            self.book.peer(ONE, True, INFO, "A peer came.", "", address, others + 1)
            self.later(every_ns // 2)
            self.book.peer(ONE, False, WARNING, "A peer left.", "", address, others)
            self.later(every_ns - every_ns // 2)

    def shown(self) -> list[EventLine]:
        return [line for line in self.lines.values() if line.count]


@pytest.fixture
def rig() -> Rig:
    return Rig()


def saw(rig: Rig, kind: zmq.Event, value: int = 0, times: int = 1) -> None:
    for _ in range(times):
        rig.book.saw(ONE, MonitorEvent(kind, value, WHERE))


# ---- the same again ----------------------------------------------------------------------------


def test_the_same_again_counts_up_in_its_line(rig: Rig) -> None:
    for _ in range(3):
        rig.book.tell(ONE, EventKind.NOTICE, WARNING, "Lost.", "Wait.", WHERE)
        rig.later(S)
    (line,) = rig.shown()
    assert (line.text, line.hint, line.address) == ("Lost.", "Wait.", WHERE)
    assert line.count == 3
    assert line.last_ns - line.first_ns == 2 * S
    assert (line.kind, line.severity, line.socket_id) == (EventKind.NOTICE, WARNING, ONE)


@pytest.mark.parametrize(
    "other",
    [
        (SocketId(2), EventKind.NOTICE, WARNING, "Lost.", "Wait.", WHERE),
        (ONE, EventKind.FINDING, WARNING, "Lost.", "Wait.", WHERE),
        (ONE, EventKind.NOTICE, INFO, "Lost.", "Wait.", WHERE),
        (ONE, EventKind.NOTICE, WARNING, "Found.", "Wait.", WHERE),
        (ONE, EventKind.NOTICE, WARNING, "Lost.", "", WHERE),
        (ONE, EventKind.NOTICE, WARNING, "Lost.", "Wait.", "tcp://127.0.0.1:5557"),
    ],
)
def test_whatever_differs_has_another_line(
    rig: Rig, other: tuple[SocketId, EventKind, Severity, str, str, str]
) -> None:
    rig.book.tell(ONE, EventKind.NOTICE, WARNING, "Lost.", "Wait.", WHERE)
    rig.book.tell(*other)
    rig.later(S)
    assert [line.count for line in rig.shown()] == [1, 1]


def test_after_a_pause_it_is_news_again(rig: Rig) -> None:
    for pause in (29 * S, 31 * S, S):
        rig.book.tell(None, EventKind.NOTICE, INFO, "Saved.")
        rig.later(pause)
    assert [line.count for line in rig.shown()] == [2, 1]


# ---- how often it is told ----------------------------------------------------------------------


def test_told_at_once_then_ten_times_a_second_and_the_last_count_arrives(rig: Rig) -> None:
    rig.book.tell(ONE, EventKind.NOTICE, INFO, "Again.")
    rig.book.flush()
    assert len(rig.put) == 1
    for _ in range(999):
        rig.book.tell(ONE, EventKind.NOTICE, INFO, "Again.")
        rig.later(MS)
    assert len(rig.put) <= 11
    assert 0 < rig.book.wait_ms(500) <= 100
    rig.later(rig.book.wait_ms(500) * MS)
    assert rig.put[-1].count == 1_000
    assert rig.book.wait_ms(500) == 500
    assert rig.wake_ups == len(rig.put)


def test_many_lines_take_turns(rig: Rig) -> None:
    for _ in range(20):
        for number in range(400):
            rig.book.tell(ONE, EventKind.ACCESS, INFO, f"peer {number}")
        rig.later(100 * MS)
    assert len(rig.put) <= 20 * 150
    assert len(rig.lines) == 400
    for _ in range(3):
        rig.later(100 * MS)
    assert {line.count for line in rig.shown()} == {20}


def test_everything_is_told_at_the_end(rig: Rig) -> None:
    rig.book.flush()
    for number in range(1_000):
        rig.book.tell(ONE, EventKind.NOTICE, INFO, f"event {number}")
    rig.book.flush_all()
    assert len(rig.lines) == 1_000
    assert rig.book.wait_ms(500) == 500


def test_open_lines_are_bounded_and_none_is_lost(rig: Rig) -> None:
    count = 3 * MAX_OPEN
    for number in range(count):
        rig.book.tell(ONE, EventKind.NOTICE, INFO, f"event {number}")
        rig.now_ns += MS
    assert len(rig.book._open) <= MAX_OPEN
    rig.book.flush_all()
    assert len(rig.lines) == count


def test_quiet_lines_are_closed_by_themselves(rig: Rig) -> None:
    for number in range(500):
        rig.book.tell(ONE, EventKind.NOTICE, INFO, f"event {number}")
    for _ in range(10):
        rig.later(6 * S)
        rig.book.tell(ONE, EventKind.NOTICE, INFO, "goes on")
    assert len(rig.book._open) == 1


def test_another_thread_can_tell(rig: Rig) -> None:
    def tell() -> None:
        for _ in range(1_000):
            rig.book.tell_from_outside(ONE, EventKind.ACCESS, WARNING, "Refused.", "", WHERE)

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rig.later(S)
    (line,) = rig.shown()
    assert (line.kind, line.count) == (EventKind.ACCESS, 2_000)


def test_a_notice_names_its_line(rig: Rig) -> None:
    number = rig.book.tell(ONE, EventKind.NOTICE, INFO, "Bound.")
    rig.book.notice(ONE, INFO, "Bound.", "", number)
    assert rig.notices == [Notice(rig.now_ns, ONE, INFO, "Bound.")]
    assert rig.notices[0].line == number


# ---- peers -------------------------------------------------------------------------------------


def test_a_peer_that_comes_and_goes_becomes_one_line(rig: Rig) -> None:
    rig.flap(214)
    (line,) = rig.shown()
    assert line.text == f"A peer comes and goes at {WHERE}."
    assert line.hint == "It is gone now."
    assert line.count == 214
    assert line.kind is EventKind.PEER
    assert line.severity is WARNING
    assert line.first_ns == 1_000 * S
    assert line.number == 1
    rig.book.peer(ONE, True, INFO, "A peer came.", "", WHERE, 1)
    rig.later(S)
    assert rig.shown()[0].hint == "It is there now."


def test_once_or_twice_is_told_as_it_is(rig: Rig) -> None:
    rig.flap(2)
    assert [(line.text, line.count) for line in rig.shown()] == [
        ("A peer came.", 2),
        ("A peer left.", 2),
    ]


def test_rare_comings_and_goings_stay_lines_of_their_own(rig: Rig) -> None:
    rig.flap(10, every_ns=120 * S)
    assert all("comes and goes" not in line.text for line in rig.shown())


def test_after_a_quiet_time_a_peer_that_flapped_is_news_again(rig: Rig) -> None:
    rig.flap(10)
    rig.later(40 * S)
    rig.book.peer(ONE, True, INFO, "A peer came.", "", WHERE)
    rig.later(S)
    assert [line.text for line in rig.shown()][-1] == "A peer came."


def test_many_peers_are_called_so(rig: Rig) -> None:
    for peers in range(1, 6):
        rig.book.peer(ONE, True, INFO, "A peer came.", "", WHERE, peers)
    rig.later(S)
    (line,) = rig.shown()
    assert (line.text, line.count) == ("A peer came.", 5)
    rig.book.peer(ONE, False, INFO, "A peer left.", "", WHERE, 4)
    rig.flap(5, others=4)
    (line,) = rig.shown()
    assert line.text == f"Peers come and go at {WHERE}."
    assert line.count == 10
    assert line.hint == "4 are there now."


def test_flaps_of_endpoints_and_sockets_are_kept_apart(rig: Rig) -> None:
    rig.flap(5)
    rig.flap(5, address="tcp://127.0.0.1:5557")
    assert [line.count for line in rig.shown()] == [5, 5]


# ---- raw events --------------------------------------------------------------------------------


def test_raw_events_count_up_whatever_their_descriptor(rig: Rig) -> None:
    for descriptor in range(100):
        saw(rig, zmq.Event.DISCONNECTED, descriptor)
    rig.later(S)
    (line,) = rig.shown()
    assert (line.kind, line.severity, line.count) == (EventKind.MONITOR, INFO, 100)
    assert (line.text, line.address) == ("A connection has ended.", WHERE)
    assert line.hint == "DISCONNECTED"


def test_raw_failures_are_told_apart_by_their_reason(rig: Rig) -> None:
    saw(rig, zmq.Event.HANDSHAKE_FAILED_PROTOCOL, 0x11000001, times=3)
    saw(rig, zmq.Event.HANDSHAKE_FAILED_PROTOCOL, 0x11000002)
    rig.later(S)
    assert [line.count for line in rig.shown()] == [3, 1]
    assert {line.severity for line in rig.shown()} == {WARNING}


def test_a_retry_tells_its_newest_interval_in_one_line(rig: Rig) -> None:
    for interval in (100, 187, 142):
        saw(rig, zmq.Event.CONNECT_RETRIED, interval)
    rig.later(S)
    (line,) = rig.shown()
    assert line.count == 3
    assert "142 ms" in line.text


def test_raw_events_of_a_link_have_the_users_address(rig: Rig) -> None:
    rig.book.saw(ONE, MonitorEvent(zmq.Event.LISTENING, 5, "ipc:///private/7"), "ws://*:5560")
    rig.later(S)
    assert rig.shown()[0].address == "ws://*:5560"
