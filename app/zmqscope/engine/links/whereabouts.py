"""Where the peer of a link is, as far as this machine can know. The links' thread."""

from __future__ import annotations

from typing import NamedTuple

from zmqscope.engine.links.plan import GatePlan
from zmqscope.engine.links.wire import Wire
from zmqscope.engine.watch.descriptors import HostPort, ends_of, shown_address


class Whereabouts(NamedTuple):
    """As in ``PeerFacts``."""

    address: str
    local: HostPort | None = None
    remote: HostPort | None = None
    pid: int | None = None


def whereabouts(plan: GatePlan, outer: Wire) -> Whereabouts:
    """Who is at both ends; behind a proxy nobody of this machine knows."""
    if plan.proxy is not None:
        return Whereabouts(shown_address((plan.host, plan.port)))
    ends = ends_of(outer.fileno())
    if ends is None:
        return Whereabouts("")
    if ends.remote is not None:
        shown = shown_address(ends.remote)
    else:
        shown = f"pid {ends.pid}" if ends.pid is not None else ""
    return Whereabouts(shown, ends.local, ends.remote, ends.pid)
