"""The native way from sockets into the store: a kernel without the GIL. Loop thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import zmq

from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.writing import StoreWriter
from zmqscope.core.kernels import layout as at
from zmqscope.core.types import Direction
from zmqscope.engine.drain import DrainResult, PassBounds, Source, clipped_lengths
from zmqscope.engine.libzmq import NativeMessage
from zmqscope.engine.native_pass import NativePass

# A pass waits so long for another message before it leaves. While a round over the sockets brings
# several, it naps instead and goes round again: so long may a message wait for its time stamp.
_WAIT_MS = 1
_NAP_MESSAGES = 2
_NAP_US = 150
_NAP_EACH_US = 20
_LONGEST_NAP_US = 1_000
# zmq_pollitem_t on 64-bit systems: the socket, then a descriptor of 32 bits (unused), the events
# that are waited for (ZMQ_POLLIN) and those that came, of 16 bits each (man zmq_poll).
_POLLIN = 1 << 32
_NOT_FAILURES = (0, zmq.EAGAIN, zmq.EFSM)


class NativeDrain:
    """Calls the drain kernel and does between its calls what a kernel cannot.

    Args:
        store: Where rows go.
        offset_ns: Capture clock minus monotonic clock, in ns.
        kernel: ``kernels.drain.drain``.
    """

    name = "native"
    pass_ns = 8_000_000

    def __init__(self, store: CaptureStore, offset_ns: int, kernel: Callable[..., int]) -> None:
        self._store = store
        self._offset_ns = offset_ns
        self._kernel = kernel
        self._message = NativeMessage()
        self._pass = NativePass(store, offset_ns, Direction.RECEIVED, self._message.address)
        self._sources: Sequence[Source] = ()
        self._poll_items = np.zeros((0, 2), np.int64)
        self._large: list[int] = []
        self._refused: list[int] = []

    def drain(self, sources: Sequence[Source], bounds: PassBounds) -> list[DrainResult]:
        """See ``Drain.drain``."""
        self._begin(sources, bounds)
        work = self._pass
        with self._store.writing() as writer:
            work.run(
                writer,
                lambda segment: self._kernel(work.sources, segment, work.topics, work.state),
                self._make_room,
            )
        work.let_go()
        self._sources = ()
        return [
            DrainResult(
                row[at.MESSAGES_TAKEN] + large,
                refused,
                bool(row[at.IS_EMPTY]),
                0 if row[at.ERRNO] in _NOT_FAILURES else row[at.ERRNO],
            )
            for row, large, refused in zip(
                work.sources.tolist(), self._large, self._refused, strict=True
            )
        ]

    def _begin(self, sources: Sequence[Source], bounds: PassBounds) -> None:
        work = self._pass
        work.begin(len(sources), bounds.total_ns)
        work.sources[:, at.HANDLE : at.RULE + 1] = [
            (source.socket.underlying, source.socket_id, source.topic_rule) for source in sources
        ]
        state = work.state
        state[at.EACH_NS] = bounds.each_ns
        state[at.MAX_MESSAGES] = bounds.messages
        state[at.MAX_BYTES] = bounds.bytes
        self._poll_items = np.full((len(sources), 2), _POLLIN, np.int64)
        self._poll_items[:, 0] = work.sources[:, at.HANDLE]
        state[at.WAIT_MS] = _WAIT_MS if bounds.may_linger else 0
        state[at.POLL_ITEMS] = self._poll_items.ctypes.data
        state[at.NAP_MESSAGES] = _NAP_MESSAGES
        state[at.NAP_US] = min(_LONGEST_NAP_US, _NAP_US + _NAP_EACH_US * len(sources))
        self._sources = sources
        self._large = [0] * len(sources)
        self._refused = [0] * len(sources)

    def _make_room(self, writer: StoreWriter) -> None:
        state = self._pass.state
        size, frames = int(state[at.PART_BYTES]), int(state[at.PART_FRAMES])
        if state[at.HAS_PENDING]:
            size, frames = size + len(self._message.view()), frames + 1
        if writer.is_ordinary(size, frames):
            self._pass.move_on(writer)
        else:
            self._finish_large(writer)

    def _finish_large(self, writer: StoreWriter) -> None:
        """Take the rest of a message that no ordinary segment can hold the plain way."""
        state, index = self._pass.state, int(self._pass.state[at.AT])
        source = self._sources[index]
        data, lengths = self._pass.part()
        pieces: list[memoryview] = [data.data] if len(data) else []
        pieces.append(self._message.view())
        sizes = [*lengths.tolist(), len(pieces[-1])]
        # A frame of pyzmq keeps its memory for as long as the view of it is held.
        more = self._message.has_more
        while more:
            frame = source.socket.recv(0, copy=False)
            more = frame.more
            pieces.append(frame.buffer)
            sizes.append(len(frame))
        batch = Batch(
            source.socket_id,
            Direction.RECEIVED,
            np.array([state[at.STAMP_NS] + self._offset_ns], np.int64),
            np.array([len(sizes)], np.uint32),
            clipped_lengths(sizes),
            pieces[0] if len(pieces) == 1 else b"".join(pieces),
            source.topic_rule,
        )
        self._refused[index] += self._store.append_within(writer, batch)
        self._large[index] += 1
        del pieces, data
        self._message.release()
        state[at.HAS_PENDING] = state[at.PART_BYTES] = state[at.PART_FRAMES] = 0
        state[at.IN_VISIT] += 1
        state[at.BYTES_IN_VISIT] += sum(sizes)
