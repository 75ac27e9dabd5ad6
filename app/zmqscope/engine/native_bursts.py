"""The native way of a load into a socket: a kernel without the GIL. Loop thread."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels import layout as at
from zmqscope.core.kernels import send_order as to
from zmqscope.core.load import CounterFormat, LoadPlan
from zmqscope.core.types import Direction
from zmqscope.engine.bursts import BurstBounds, BurstResult, Outlet, PlainBursts
from zmqscope.engine.native_pass import NativePass
from zmqscope.engine.sender import SKIPS_THE_REST

_FORMATS = {
    CounterFormat.BIG_ENDIAN: to.BIG_ENDIAN,
    CounterFormat.LITTLE_ENDIAN: to.LITTLE_ENDIAN,
    CounterFormat.DECIMAL: to.DECIMAL,
}
_POLL_ITEM = np.dtype(
    [("socket", np.int64), ("fd", np.int32), ("events", np.int16), ("revents", np.int16)]
)
"""zmq_pollitem_t (zmq.h), but on Windows, where there are no kernels."""

_POLLOUT = 2


class NativeBursts:
    """Calls the send kernel and does between its calls what a kernel cannot.

    Args:
        store: Where sent messages are captured.
        offset_ns: Capture clock minus monotonic clock, in ns.
        kernel: ``kernels.send.send``.
    """

    burst_ns = 8_000_000

    def __init__(self, store: CaptureStore, offset_ns: int, kernel: Callable[..., int]) -> None:
        self._store = store
        self._kernel = kernel
        self._pass = NativePass(store, offset_ns, Direction.SENT)
        self._plain = PlainBursts(store, offset_ns)
        self._order = np.zeros(to.ORDER_SIZE, np.int64)
        self._plan: LoadPlan | None = None
        self._message = np.zeros(0, np.uint8)
        self._lengths = np.zeros(0, np.int64)

    def burst(self, outlet: Outlet, plan: LoadPlan, bounds: BurstBounds) -> BurstResult:
        """See ``Bursts.burst``."""
        order, work = self._order, self._pass
        message, lengths = self._arrays_of(plan)
        self._begin(outlet, plan, bounds)
        with self._store.writing() as writer:
            fits = writer.is_ordinary(len(message), len(lengths))
            if fits:
                work.run(
                    writer,
                    lambda segment: self._kernel(
                        work.sources, segment, work.topics, work.state, order, message, lengths
                    ),
                    work.move_on,
                )
        work.let_go()
        if not fits:
            return self._plain.burst(outlet, plan, bounds)
        return BurstResult(
            int(order[to.SENT]),
            int(work.sources[0, at.ERRNO]),
            int(order[to.WAITS]),
            int(order[to.WAITED_NS]),
        )

    def _arrays_of(self, plan: LoadPlan) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Frames without gaps, and their lengths; made once for a plan that is sent on and on."""
        if plan is not self._plan:
            self._plan = plan
            self._message = np.frombuffer(bytearray().join(plan.frames), np.uint8)
            self._lengths = np.fromiter(map(len, plan.frames), np.int64, len(plan.frames))
        return self._message, self._lengths

    def _begin(self, outlet: Outlet, plan: LoadPlan, bounds: BurstBounds) -> None:
        self._pass.begin(1, bounds.total_ns)
        source = self._pass.sources[0]
        source[at.HANDLE] = outlet.socket.underlying
        source[at.SOCKET_ID] = outlet.socket_id
        source[at.RULE] = outlet.topic_rule
        order = self._order
        order[:] = 0
        order[to.WANTED] = bounds.messages
        order[to.MAY_WAIT] = bounds.may_wait
        order[to.SKIPS_THE_REST] = outlet.type in SKIPS_THE_REST
        item = order[to.POLL_ITEM :].view(_POLL_ITEM)
        item["socket"], item["events"] = outlet.socket.underlying, _POLLOUT
        _write_counter(order, plan, bounds.first)


def _write_counter(order: NDArray[np.int64], plan: LoadPlan, first: int) -> None:
    counter = plan.counter
    order[to.COUNTER_AT] = -1
    if counter is None:
        return
    order[to.COUNTER_AT] = sum(map(len, plan.frames[: counter.frame])) + counter.offset
    order[to.COUNTER_FORMAT] = _FORMATS[counter.format]
    order[to.COUNTER_WIDTH] = counter.width
    unsigned = order.view(np.uint64)
    unsigned[to.COUNTER_NEXT] = (counter.start + first) % counter.limit
    unsigned[to.COUNTER_LIMIT] = counter.limit % 2**64
