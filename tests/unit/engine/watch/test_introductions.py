"""When messages are taken one by one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import cast

import pytest

from zmqscope.core.types import SocketType
from zmqscope.engine.watch.introductions import Introductions
from zmqscope.engine.watch.peer_book import PeerBook


@dataclass
class Crowd:
    """What is looked at of a book."""

    unintroduced: int = 1
    arrivals: int = 1
    kind: SocketType = SocketType.PULL

    def book(self) -> PeerBook:
        return cast("PeerBook", self)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_only_while_there_is_something_to_learn(clock: list[float]) -> None:
    of = Introductions()
    assert not of.is_due(Crowd(0).book(), clock[0])
    assert not of.is_due(Crowd(kind=SocketType.PUSH).book(), clock[0])
    assert of.is_due(Crowd().book(), clock[0])


def test_less_and_less_often_while_nothing_is_learned(clock: list[float]) -> None:
    of, crowd = Introductions(), Crowd().book()
    waited = []
    for _ in range(10):
        assert of.is_due(crowd, clock[0])
        of.note(learned=False)
        began_s = clock[0]
        while not of.is_due(crowd, clock[0]):
            clock[0] += 0.01
        waited.append(clock[0] - began_s)
    assert waited[0] == pytest.approx(0.1, abs=0.02)
    assert waited == sorted(waited)
    assert waited[-1] == pytest.approx(4.0, abs=0.02)
    of.note(learned=True)
    assert not of.is_due(crowd, clock[0] + 0.04)
    assert of.is_due(crowd, clock[0] + 0.05)


def test_a_new_peer_may_introduce_itself_at_once(clock: list[float]) -> None:
    of, crowd = Introductions(), Crowd()
    for _ in range(10):
        of.note(learned=False)
    of.is_due(crowd.book(), clock[0])
    of.note(learned=False)
    assert not of.is_due(crowd.book(), clock[0])
    crowd.arrivals += 1
    assert of.is_due(crowd.book(), clock[0])


def test_how_many() -> None:
    of = Introductions()
    assert [of.how_many(Crowd(n).book()) for n in (1, 30, 1_000)] == [8, 30, 64]
