"""Asking for processes, and giving the answers to those who waited."""

from __future__ import annotations

from typing import cast

from zmqscope.core.peers import PeerId, ProcessInfo
from zmqscope.core.types import Endpoint, Role, SocketId
from zmqscope.engine.watch.peer_record import PeerRecord
from zmqscope.engine.watch.process_desk import ProcessDesk
from zmqscope.engine.watch.processes import Key, Processes

HERE, THERE = ("127.0.0.1", 1), ("127.0.0.1", 2)
INFO = ProcessInfo(7, "peer")


class Oracle:
    """Answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[Key] = []
        self.ready: dict[Key, ProcessInfo | None] = {}
        self.changed: dict[int, ProcessInfo] = {}
        self.watched = frozenset[int]()

    def ask(self, key: Key) -> None:
        self.asked.append(key)

    def answers(self) -> tuple[dict[Key, ProcessInfo | None], dict[int, ProcessInfo]]:
        ready, changed = self.ready, self.changed
        self.ready, self.changed = {}, {}
        return ready, changed

    def watch(self, pids: frozenset[int]) -> None:
        self.watched = pids


class Stage:
    def __init__(self) -> None:
        self.oracle = Oracle()
        self.found: list[PeerRecord] = []
        self.desk = ProcessDesk(cast("Processes", self.oracle), self.found.append)

    def record(self, number: int = 1) -> PeerRecord:
        endpoint = Endpoint(Role.BIND, "tcp://*:1")
        made = PeerRecord(PeerId(number), SocketId(1), endpoint, 0)
        made.local, made.remote = HERE, THERE
        return made


def test_a_connection_is_asked_for_as_its_other_end_has_it() -> None:
    stage = Stage()
    record = stage.record()
    stage.desk.located(record)
    assert stage.oracle.asked == [(THERE, HERE)]
    assert stage.desk.is_waiting
    stage.oracle.ready = {(THERE, HERE): INFO}
    stage.desk.look(1.0)
    assert record.process == INFO
    assert stage.found == [record]
    assert not stage.desk.is_waiting
    assert stage.oracle.watched == {7}


def test_by_pid_and_not_for_other_machines() -> None:
    stage = Stage()
    ipc, remote, unknown = stage.record(), stage.record(), stage.record()
    ipc.pid = 9
    remote.local, remote.remote = ("10.0.0.1", 1), ("10.0.0.2", 2)
    unknown.local = unknown.remote = None
    for each in (ipc, remote, unknown):
        stage.desk.located(each)
    assert stage.oracle.asked == [9]


def test_one_that_was_not_found_is_asked_for_once_more() -> None:
    stage = Stage()
    stage.desk.located(stage.record())
    for _ in range(3):
        stage.oracle.ready = {(THERE, HERE): None}
        stage.desk.look(1.0)
    assert stage.oracle.asked == [(THERE, HERE)] * 2
    assert not stage.desk.is_waiting


def test_one_that_has_gone_waits_no_more() -> None:
    stage = Stage()
    record = stage.record()
    stage.desk.located(record)
    stage.desk.gone(record)
    assert not stage.desk.is_waiting
    stage.oracle.ready = {(THERE, HERE): INFO}
    stage.desk.look(1.0)
    assert record.process is None
    assert not stage.found


def test_changes_reach_all_of_a_process() -> None:
    stage = Stage()
    records = [stage.record(number) for number in (1, 2)]
    for record in records:
        stage.desk.located(record)
    stage.oracle.ready = {(THERE, HERE): INFO}
    stage.desk.look(1.0)
    stopped = ProcessInfo(7, "peer", is_stopped=True)
    stage.oracle.changed = {7: stopped}
    stage.desk.look(2.0)
    assert [record.process for record in records] == [stopped, stopped]
    for record in records:
        stage.desk.gone(record)
    stage.desk.look(4.0)
    assert stage.oracle.watched == frozenset()
