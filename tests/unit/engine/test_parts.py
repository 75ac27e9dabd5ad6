"""What a loop is made of, where nothing else is said."""

from __future__ import annotations

import zmq

from tests.rig import Socket
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.engine.control import ControlQueue
from zmqscope.engine.drain import PlainDrain
from zmqscope.engine.outbox import Outbox
from zmqscope.engine.parts import EngineParts


def test_two_loops_share_no_secrets() -> None:
    store, clock = CaptureStore(1 << 20), CaptureClock()
    context: zmq.Context[Socket]
    with zmq.Context() as context:

        def parts() -> EngineParts:
            return EngineParts(
                context,
                ControlQueue(),
                store,
                clock,
                PlainDrain(store, clock.offset_ns),
                KernelSet(),
                Outbox(lambda: None),
            )

        assert parts().secrets is not parts().secrets
