"""Names are looked up off the loop's thread."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from zmqscope.core.types import Endpoint, Role, SocketId
from zmqscope.engine.resolver import NameAnswer, Resolver

HERE = Endpoint(Role.CONNECT, "tcp://localhost:1")


@pytest.fixture
def resolver() -> Iterator[Resolver]:
    made = Resolver()
    yield made
    made.close(timeout_s=5)


def wait(resolver: Resolver) -> NameAnswer:
    while True:
        for answer in resolver.answers():
            return answer


def test_known_name(resolver: Resolver) -> None:
    assert resolver.ask(SocketId(1), HERE, "localhost")
    assert resolver.is_waiting
    answer = wait(resolver)
    assert answer.addresses & {"127.0.0.1", "::1"}
    assert not resolver.is_waiting


@pytest.mark.parametrize("name", ["no-such-host.invalid", "a" * 300, "x..y"])
def test_unknown_and_impossible_names(resolver: Resolver, name: str) -> None:
    resolver.ask(SocketId(1), HERE, name)
    answer = wait(resolver)
    assert answer.addresses == frozenset()
    assert answer.reason
