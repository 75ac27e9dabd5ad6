"""What the send kernel does when libzmq refuses a frame, which no real peer can be asked for."""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Callable, Iterator

import pytest
import zmq

from tests.kernel_rig import load_kernels
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.library import build_key, cache_folder, read_object
from zmqscope.core.kernels.linker import Linker, processor
from zmqscope.core.load import CounterSpec, LoadPlan
from zmqscope.core.types import SocketId, SocketType
from zmqscope.engine.bursts import BurstBounds, BurstResult, Outlet
from zmqscope.engine.libzmq import functions
from zmqscope.engine.native_bursts import NativeBursts

FOREVER_NS = 10**12
PLAN = LoadPlan((b"-" * 8, b"b", b"c"), counter=CounterSpec(0, 0))


class FakeLibzmq:
    """Takes frames but for one, and remembers all."""

    def __init__(self) -> None:
        self.calls: list[tuple[bytes, bool]] = []
        self.refused = 4
        self.errno = errno.EAGAIN
        self._send = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
        )(self._on_send)
        self._errno = ctypes.CFUNCTYPE(ctypes.c_int)(lambda: self.errno)

    def _on_send(self, _socket: int, data: int, size: int, flags: int) -> int:
        assert flags & zmq.DONTWAIT
        self.calls.append((ctypes.string_at(data, size), bool(flags & zmq.SNDMORE)))
        return -1 if len(self.calls) == self.refused + 1 else size

    def functions(self) -> dict[str, int]:
        return {
            "zmq_send": ctypes.cast(self._send, ctypes.c_void_p).value or 0,
            "zmq_errno": ctypes.cast(self._errno, ctypes.c_void_p).value or 0,
        }


@pytest.fixture
def libzmq() -> FakeLibzmq:
    return FakeLibzmq()


@pytest.fixture
def kernel(libzmq: FakeLibzmq) -> Iterator[Callable[..., int]]:
    """The kernel, linked to the fake; whatever is linked later gets the real one again."""
    load_kernels()
    code = read_object(cache_folder() / build_key(processor()), "send")
    assert code is not None
    linker = Linker({**functions(), **libzmq.functions()})
    try:
        yield linker.link(code)
    finally:
        Linker(functions())


def burst(
    kernel: Callable[..., int], store: CaptureStore, kind: SocketType, messages: int = 5
) -> BurstResult:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    outlet = Outlet(context.socket(zmq.PUSH), SocketId(1), kind)
    bounds = BurstBounds(0, messages, FOREVER_NS)
    try:
        return NativeBursts(store, 0, kernel).burst(outlet, PLAN, bounds)
    finally:
        context.destroy(linger=0)


@pytest.mark.parametrize("kind", [SocketType.PUSH, SocketType.DEALER])
def test_a_message_cut_off_is_ended_so_that_the_next_one_is_not_dropped(
    libzmq: FakeLibzmq, kernel: Callable[..., int], kind: SocketType
) -> None:
    store = CaptureStore(4_000_000)
    result = burst(kernel, store, kind)
    assert (result.sent, result.errno, store.end_row) == (1, errno.EAGAIN, 1)
    assert libzmq.calls[3:] == [((1).to_bytes(8), True), (b"b", True), (b"c", False)]


def test_others_send_nothing_more(libzmq: FakeLibzmq, kernel: Callable[..., int]) -> None:
    store = CaptureStore(4_000_000)
    result = burst(kernel, store, SocketType.PAIR)
    assert (result.sent, store.end_row) == (1, 1)
    assert libzmq.calls[3:] == [((1).to_bytes(8), True), (b"b", True)]


def test_nothing_follows_a_first_frame_that_is_refused(
    libzmq: FakeLibzmq, kernel: Callable[..., int]
) -> None:
    libzmq.refused, libzmq.errno = 3, errno.EHOSTUNREACH
    result = burst(kernel, CaptureStore(4_000_000), SocketType.PUSH)
    assert (result.sent, result.errno) == (1, errno.EHOSTUNREACH)
    assert libzmq.calls[3:] == [((1).to_bytes(8), True)]
