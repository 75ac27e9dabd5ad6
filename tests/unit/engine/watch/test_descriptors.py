"""What the system says of descriptors that are somebody else's."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from tests.link_rig import wire_over_tcp
from zmqscope.engine.watch.descriptors import (
    bytes_received,
    ends_of,
    hang_up,
    inode_of,
    own_name,
    queued_bytes,
    shown_address,
)

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux tells more")


def test_both_ends_of_tcp() -> None:
    with wire_over_tcp() as (near, far):
        ends = ends_of(near.fileno())
        assert ends is not None
        assert (ends.local, ends.remote) == (near.getsockname(), far.getsockname())
        assert ends.inode == os.fstat(near.fileno()).st_ino
        assert (ends.pid, ends.name) == (None, "")
        # The descriptor is as it was.
        far.sendall(b"x")
        assert near.recv(1) == b"x"


@LINUX
def test_a_number_that_changes_hands_while_it_is_asked() -> None:
    with wire_over_tcp() as (near, _), contextlib.ExitStack() as stack:
        pair = [stack.enter_context(each) for each in socket.socketpair(socket.AF_UNIX)]
        shared = os.dup(near.fileno())
        stack.callback(os.close, shared)
        is_over = threading.Event()

        def swap() -> None:
            while not is_over.is_set():
                os.dup2(pair[0].fileno(), shared)
                os.dup2(near.fileno(), shared)

        swapping = threading.Thread(target=swap)
        swapping.start()
        try:
            for _ in range(20_000):
                ends_of(shared)
        finally:
            is_over.set()
            swapping.join()


def test_ipv6_and_mapped_addresses() -> None:
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as listener:
        port = listener.getsockname()[1]
        for host, shown in (("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")):
            with socket.create_connection((host, port)) as far:
                near, _ = listener.accept()
                with near:
                    ends = ends_of(near.fileno())
                    assert ends is not None
                    assert ends.remote == (host, far.getsockname()[1])
                    assert shown_address((host, 5)) == f"{shown}:5"


@LINUX
def test_ipc_says_who_it_is() -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(Path(folder) / "a"))
        listener.listen()
        with socket.socket(socket.AF_UNIX) as far:
            far.bind("")
            far.connect(listener.getsockname())
            near, _ = listener.accept()
            with near:
                ends = ends_of(near.fileno())
                assert ends is not None
                assert (ends.pid, ends.uid) == (os.getpid(), os.getuid())
                assert ends.name == own_name(far.fileno()) != ""
                assert own_name(near.fileno()) == listener.getsockname()


def test_what_is_no_connection() -> None:
    read, write = os.pipe()
    assert ends_of(read) is None
    os.close(read)
    os.close(write)
    assert ends_of(read) is None
    assert inode_of(read) is None
    assert ends_of(-1) is None
    assert ends_of(1 << 40) is None
    assert not hang_up(read, 5)


@LINUX
def test_queues_and_bytes() -> None:
    with wire_over_tcp() as (near, far):
        inode = os.fstat(near.fileno()).st_ino
        assert queued_bytes(near.fileno(), inode) == (0, 0)
        assert bytes_received(near.fileno()) == 0
        far.sendall(bytes(77))
        near.recv(1, socket.MSG_PEEK)
        assert queued_bytes(near.fileno(), inode) == (0, 77)
        assert bytes_received(near.fileno()) == 77
        near.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while near.send(bytes(1 << 20)):
                pass
        unsent, _ = queued_bytes(near.fileno(), inode)
        assert unsent is not None
        assert unsent > 0
        # Another one has the number by now.
        assert queued_bytes(near.fileno(), inode + 1) == (None, None)


def test_a_connection_is_ended_for_its_owner() -> None:
    with wire_over_tcp() as (near, far):
        inode = os.fstat(near.fileno()).st_ino
        assert not hang_up(near.fileno(), inode + 1)
        assert hang_up(near.fileno(), inode)
        assert near.recv(1) == b""
        assert far.recv(1) == b""
        assert os.fstat(near.fileno()).st_ino == inode
