"""Who is next at a door where many wait."""

from __future__ import annotations

import pytest

from zmqscope.engine.access.waiting_room import WaitingRoom


def request(host: str, number: int) -> list[bytes]:
    return [b"route", b"", b"1.0", str(number).encode(), b"domain", host.encode(), b"", b"PLAIN"]


def numbers(room: WaitingRoom, count: int) -> list[int]:
    return [int(room.take()[3]) for _ in range(count)]


def test_few_are_taken_in_order() -> None:
    room = WaitingRoom()
    assert not room
    for number in range(5):
        room.put(request("10.0.0.1", number))
    assert len(room) == 5
    assert numbers(room, 5) == [0, 1, 2, 3, 4]
    assert not room
    with pytest.raises(KeyError):
        room.take()


def test_of_many_the_newest_is_next() -> None:
    room = WaitingRoom()
    for number in range(100):
        room.put(request("10.0.0.1", number))
    assert numbers(room, 36) == list(range(99, 63, -1))
    assert numbers(room, 64) == list(range(64))


def test_the_host_of_a_flood_does_not_hold_up_others() -> None:
    room = WaitingRoom()
    for number in range(1_000):
        room.put(request("10.0.0.1", number))
    room.put(request("10.0.0.2", 1_000))
    assert 1_000 in numbers(room, 2)


def test_what_is_no_request_waits_like_any() -> None:
    room = WaitingRoom()
    room.put([b"route"])
    assert room.take() == [b"route"]


def test_it_is_bounded() -> None:
    room = WaitingRoom(most_of_a_host=10, most_hosts=3)
    for host in range(5):
        for number in range(20):
            room.put(request(f"10.0.0.{host}", number))
    assert len(room) == 30
    taken = [room.take() for _ in range(30)]
    assert {frames[5] for frames in taken} == {b"10.0.0.0", b"10.0.0.1", b"10.0.0.4"}
    assert min(int(frames[3]) for frames in taken) == 10
