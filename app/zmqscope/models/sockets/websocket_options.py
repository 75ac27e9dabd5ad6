"""Which options an endpoint over WebSocket makes worth showing beside it. Pure, any thread."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from zmqscope.core.types import Role
from zmqscope.models.sockets.spec_draft import EndpointDraft
from zmqscope.models.sockets.transport_choice import scheme_of

_SUBPROTOCOL = "zws_subprotocol"
_OF_BIND = ("wss_cert_pem", "wss_key_pem")
_OF_CONNECT = ("wss_trust_pem", "wss_trust_system", "wss_hostname")


def websocket_options(endpoints: Iterable[EndpointDraft]) -> tuple[str, ...]:
    """Names of the options, in the order in which a form shows them; empty without WebSocket."""
    used = {(scheme_of(endpoint.address), endpoint.role) for endpoint in endpoints}
    names: tuple[str, ...] = ()
    if ("wss", Role.BIND) in used:
        names += _OF_BIND
    if ("wss", Role.CONNECT) in used:
        names += _OF_CONNECT
    is_web = any(scheme in ("ws", "wss") for scheme, _ in used)
    return (*names, _SUBPROTOCOL) if is_web else ()


def websocket_note(endpoints: Iterable[EndpointDraft], named: Iterable[str]) -> str:
    """What is still missing; empty if nothing is.

    Args:
        endpoints: As typed.
        named: Names of the options that are set.
    """
    shown = websocket_options(endpoints)
    if set(_OF_BIND) <= set(shown) and not set(_OF_BIND) <= set(named):
        return QCoreApplication.translate(
            "WebSocketOptions", "A bound wss:// endpoint needs a certificate and its key."
        )
    return ""
