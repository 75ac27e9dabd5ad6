"""Asks whoever said nothing to a ZMTP greeting: is it TLS, or HTTP, or nothing. Blocking."""

from __future__ import annotations

import ssl
from dataclasses import replace

from zmqscope.core.probe import Answer
from zmqscope.engine.probe.greeting import foreign
from zmqscope.engine.probe.heard import Heard
from zmqscope.engine.probe.line import Line, Place, UnreachedError

_PATIENCE_S = 0.5


def ask_stranger(place: Place, deadline_s: float, heard: Heard) -> Heard:
    """Who it may be, if it is not ZMTP.

    Args:
        place: Where it is.
        deadline_s: When patience ends, monotonic.
        heard: What it said so far: nothing.
    """
    for ask in (_ask_tls, _ask_http):
        try:
            with Line.to(place, deadline_s) as line:
                found = ask(line, place)
        except UnreachedError:
            return heard
        if found is not None:
            return found
    return heard


def _ask_tls(line: Line, place: Place) -> Heard | None:
    """Say hello in TLS: a server answers with a record, an HTTP server with a complaint."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Only who it is is asked, and nothing else is said; whom to trust is asked where one connects.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=place.host or "localhost")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        line.send(outgoing.read())
    head = line.gather(_PATIENCE_S, lambda data: len(data) >= 2)
    found = foreign(head) if head else None
    return found if found is not None and found.answer in (Answer.TLS, Answer.HTTP) else None


def _ask_http(line: Line, place: Place) -> Heard | None:
    host = f"[{place.host}]" if ":" in place.host else place.host.lstrip("\0")
    request = f"GET {place.path or '/'} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    line.send(request.encode("ascii", "replace"))
    head = line.gather(_PATIENCE_S, lambda data: b"\n" in data or len(data) > 1024)
    found = foreign(head) if head else None
    if found is None or found.answer is not Answer.HTTP:
        return None
    return replace(found, first_bytes=head[:256])
