"""What an engine is made of. Frozen; made by whoever starts it."""

from __future__ import annotations

from dataclasses import dataclass, field

import zmq

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.diagnosis.patience import Patience
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.engine.control import ControlQueue
from zmqscope.engine.drain import Drain
from zmqscope.engine.outbox import Outbox


@dataclass(frozen=True, slots=True)
class EngineParts:
    """What a loop is made of; everything but the context is used by the loop's thread only.

    Attributes:
        context: The shared context; terminated by whoever made it.
        control: Where commands come from.
        store: Where rows go.
        clock: The capture clock.
        drain: How rows get there.
        kernels: Compiled loops, as far as they are ready.
        outbox: Where everything else is told.
        secrets: Secrets that are kept in memory.
        patience: How long the doctor waits before it speaks.
    """

    context: zmq.Context[zmq.Socket[bytes]]
    control: ControlQueue
    store: CaptureStore
    clock: CaptureClock
    drain: Drain
    kernels: KernelSet
    outbox: Outbox
    secrets: SessionSecrets = field(default_factory=SessionSecrets)
    patience: Patience = field(default_factory=Patience)
