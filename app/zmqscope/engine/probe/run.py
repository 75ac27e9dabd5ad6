"""One probe from the first connection to the last word. Blocking, for a thread of its own."""

from __future__ import annotations

import ssl
import time
from dataclasses import replace

from zmqscope.core.probe import Answer, Fate, ProbePlan, ProbeResult
from zmqscope.core.security.lock import Mechanism
from zmqscope.engine.probe.greeting import ask_zmtp
from zmqscope.engine.probe.heard import Heard, Trial
from zmqscope.engine.probe.line import Line, Place, UnreachedError, read_place
from zmqscope.engine.probe.strangers import ask_stranger
from zmqscope.engine.probe.trial import PrepareSocket, try_lock
from zmqscope.engine.probe.websocket import ask_websocket
from zmqscope.engine.probe.words import describe, unreached
from zmqscope.engine.watch.processes import find_port_owner

_MAY_BE_WEB = (Answer.HTTP, Answer.SILENT, Answer.CLOSES)
_NOT_TRIED = Trial(Fate.NOT_TRIED)


def run_probe(
    plan: ProbePlan,
    prepare: PrepareSocket | None = None,
    tls: ssl.SSLContext | None = None,
    tls_name: str = "",
) -> ProbeResult:
    """Ask who answers at an endpoint; takes at most ``plan.timeout_s`` and a little.

    Args:
        plan: What to ask.
        prepare: Sets the plan's lock on a libzmq socket; without it a lock is not tried.
        tls: What a wss endpoint is trusted by; None for the system's authorities.
        tls_name: The name in its certificate; empty for the host.

    Raises:
        EndpointError: It is no endpoint, or none that can be probed.
    """
    began_s = time.monotonic()
    deadline_s = began_s + plan.timeout_s
    place = read_place(plan.address)
    try:
        heard = _hear(place, deadline_s, tls, tls_name or place.host)
        trial = _try(plan, place, deadline_s, heard, prepare)
        result = describe(plan, heard, trial)
    except UnreachedError as error:
        result = unreached(plan, place, error)
    took_s = time.monotonic() - began_s
    return replace(result, local_owner=_owner(place, result), took_s=took_s)


def _owner(place: Place, result: ProbeResult) -> str:
    """Who listens, if it is this machine and may be seen."""
    if not (place.is_local and place.port) or result.answer is Answer.REFUSED:
        return ""
    found = find_port_owner(place.port)
    return "" if found is None else f"{found.name} ({found.pid})"


def _hear(place: Place, deadline_s: float, tls: ssl.SSLContext | None, tls_name: str) -> Heard:
    with Line.to(place, deadline_s) as line:
        if place.scheme in ("ws", "wss"):
            context = (tls or ssl.create_default_context()) if place.scheme == "wss" else None
            heard = ask_websocket(line, place, context, tls_name)
        else:
            heard = ask_zmtp(line)
    if place.scheme == "ws":
        return _or_tls(place, deadline_s, heard)
    if place.scheme == "wss":
        return heard
    if heard.answer not in (Answer.SILENT, Answer.CLOSES) or heard.first_bytes:
        return _or_websocket(place, deadline_s, heard)
    return _or_websocket(place, deadline_s, ask_stranger(place, deadline_s, heard))


def _or_tls(place: Place, deadline_s: float, heard: Heard) -> Heard:
    """Whoever hangs up at a request in clear may want TLS first."""
    if heard.answer not in (Answer.SILENT, Answer.CLOSES) or heard.first_bytes:
        return heard
    found = ask_stranger(place, deadline_s, heard)
    return found if found.answer is Answer.TLS else heard


def _or_websocket(place: Place, deadline_s: float, heard: Heard) -> Heard:
    """Whoever does not speak ZMTP may speak ZeroMQ over WebSocket, and was come to by tcp://."""
    if heard.answer not in _MAY_BE_WEB or place.scheme != "tcp":
        return heard
    try:
        with Line.to(place, deadline_s) as line:
            found = ask_websocket(line, replace(place, scheme="ws", path="/"), None, "")
    except UnreachedError:
        return heard
    if found.answer is not Answer.ZMTP:
        return heard
    return replace(heard, answer=Answer.HTTP, is_websocket=True)


def _try(
    plan: ProbePlan,
    place: Place,
    deadline_s: float,
    heard: Heard,
    prepare: PrepareSocket | None,
) -> Trial:
    lock = plan.lock
    is_wanted = (
        prepare is not None
        and plan.tries_lock
        and heard.answer is Answer.ZMTP
        and place.scheme in ("tcp", "ipc")
        and lock.mechanism is not Mechanism.NULL
        and not lock.is_server
        and heard.mechanism == lock.mechanism.value
        and heard.is_server is not False
    )
    if prepare is None or not is_wanted:
        return _NOT_TRIED
    with Line.to(place, deadline_s) as line:
        return try_lock(plan, line.connection, deadline_s, prepare)
