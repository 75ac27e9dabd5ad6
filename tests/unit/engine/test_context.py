"""The guard against running out of file descriptors, at which libzmq aborts the process."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator

import pytest
import zmq

from tests.rig import EngineRig
from zmqscope.core.errors import UserError
from zmqscope.core.transports import LibraryTransports
from zmqscope.core.types import Endpoint, EndpointState, Role, SocketState
from zmqscope.engine import commands as cmd
from zmqscope.engine.context import (
    GUARDED_THREAD,
    ORDINARY_THREAD,
    check_room_for_socket,
    library_transports,
    make_context,
    raise_descriptor_limit,
    spare_descriptors,
)

if sys.platform == "win32":
    pytest.skip("no such limit here", allow_module_level=True)

import resource

LeaveOnly = Callable[[int], None]


@pytest.fixture
def leave_only() -> Iterator[LeaveOnly]:
    """Lowers the limit so that about so many descriptors are left, until the test ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    def lower(spare: int) -> None:
        used = len(os.listdir("/dev/fd")) - 1
        resource.setrlimit(resource.RLIMIT_NOFILE, (used + spare, hard))

    yield lower
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_limit_is_raised_as_far_as_allowed() -> None:
    limit = raise_descriptor_limit()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    assert limit >= min(65_536, hard if hard > 0 else 65_536)
    spare = spare_descriptors()
    assert spare is not None
    assert 0 < spare < limit


def test_a_context_notes_the_transports_of_its_libzmq(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LibraryTransports, "present", frozenset({"norm"}))
    make_context().term()
    assert LibraryTransports.present == library_transports()
    assert ("tipc" in LibraryTransports.present) is zmq.has("tipc")


def test_there_is_an_io_thread_for_doors_that_strangers_knock_at() -> None:
    context = make_context()
    assert context.get(zmq.IO_THREADS) == 2
    assert (ORDINARY_THREAD, GUARDED_THREAD) == (1, 2)
    context.term()


@pytest.mark.parametrize(
    ("built_with", "present"),
    [((), ()), (("pgm", "norm"), ("pgm", "epgm", "norm")), (("vsock",), ("vsock",))],
)
def test_epgm_comes_with_pgm(
    monkeypatch: pytest.MonkeyPatch, built_with: tuple[str, ...], present: tuple[str, ...]
) -> None:
    monkeypatch.setattr(zmq, "has", lambda capability: capability in built_with)
    assert library_transports() == frozenset(present)


def test_a_new_socket_is_refused_while_there_is_still_time(leave_only: LeaveOnly) -> None:
    check_room_for_socket()
    leave_only(30)
    with pytest.raises(UserError, match="file descriptors are left"):
        check_room_for_socket()


def test_none_left_is_known_though_they_cannot_be_counted(leave_only: LeaveOnly) -> None:
    leave_only(10)
    taken = []
    try:
        with contextlib.suppress(OSError):
            while True:
                taken.append(os.dup(2))
        spare = spare_descriptors()
    finally:
        for descriptor in taken:
            os.close(descriptor)
    assert spare is not None
    assert spare <= 0


def test_sockets_and_endpoints_fail_with_a_sentence_and_the_rest_goes_on(
    rig: EngineRig, leave_only: LeaveOnly
) -> None:
    pull = rig.open("pull:@tcp://127.0.0.1:*")
    leave_only(40)
    refused = rig.open("pull:@tcp://127.0.0.1:*")
    assert rig.snapshots[refused].state is SocketState.FAILED
    for role, address in ((Role.BIND, "tcp://*:*"), (Role.CONNECT, "tcp://127.0.0.1:1")):
        rig.change(cmd.AddEndpoint(pull, Endpoint(role, address)))
    listening, *failed = rig.snapshots[pull].endpoints
    assert listening.state is EndpointState.LISTENING
    for status in failed:
        assert status.state is EndpointState.FAILED
        assert status.problem is not None
        assert "file descriptors" in status.problem.text
