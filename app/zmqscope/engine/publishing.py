"""Which libzmq type a socket is opened as, and whether it learns who subscribes. Pure."""

from __future__ import annotations

from zmqscope.core.types import SocketSpec, SocketType


def opened_as(spec: SocketSpec) -> SocketType:
    """The libzmq type: never a draft one (see ``SocketType``), and XPUB for what publishes.

    A PUB is an XPUB that cannot be read (pub.cpp), so that peers see no difference but the name.
    Only ZMQ_CONFLATE does nothing on an XPUB (options.cpp): with it, a PUB stays one.
    """
    twin = spec.type.twin
    if twin is SocketType.PUB and not dict(spec.options).get("conflate"):
        return SocketType.XPUB
    return twin


def is_told_all(spec: SocketSpec) -> bool:
    """Whether libzmq hands up each subscription and each end of one (ZMQ_XPUB_VERBOSER)."""
    told = True
    for name, value in spec.options:
        if name == "xpub_verbose":
            told = False  # whatever its value, it turns the ends of some off (xpub.cpp)
        elif name == "xpub_verboser":
            told = bool(value)
    return told
