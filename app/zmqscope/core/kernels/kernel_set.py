"""The kernels that are ready, for whoever can use them. No numba; any thread.

Slots are filled once, by the thread that loads kernels, and looked at by their users before each
pass or slice: until then, and where there are no kernels, the plain twins do the work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class KernelState(Enum):
    """How far the kernels are."""

    WAITING = "waiting"
    LOADING = "loading"
    COMPILING = "compiling"
    READY = "ready"
    UNAVAILABLE = "unavailable"


@dataclass(slots=True)
class KernelSet:
    """Compiled functions, each None until it is ready.

    Attributes:
        drain: ``drain.drain``.
        send: ``send.send``.
        search: ``search.search``.
        frames: ``frames.frames``.
        transcode: ``transcode.transcode``.
        state: How far loading is.
        reason: Why there are none, for the user, where there are none.
    """

    drain: Callable[..., int] | None = None
    send: Callable[..., int] | None = None
    search: Callable[..., int] | None = None
    frames: Callable[..., int] | None = None
    transcode: Callable[..., int] | None = None
    state: KernelState = KernelState.WAITING
    reason: str = ""
