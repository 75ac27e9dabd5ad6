"""The transports that an endpoint's row offers, and what choosing one makes of its address. Pure.

Whether a type can use a transport is ``core.transports``' to say; here it is put to use.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.endpoints import parse_endpoint
from zmqscope.core.errors import EndpointError
from zmqscope.core.transports import ALL, mismatch, missing_here, transport_named
from zmqscope.core.types import Problem, Role, SocketType

_CONTEXT = "TransportChoice"
_WEB = ("ws", "wss")
_HOST_AND_PORT = ("tcp", *_WEB, "udp")
"""Transports between which host and port can be kept."""


class TransportChoice(NamedTuple):
    """A transport in the list.

    Attributes:
        scheme: What stands before ``://``.
        meaning: What it is for, in one sentence.
        problem: Why it cannot be chosen; None if it can.
    """

    scheme: str
    meaning: str
    problem: Problem | None


def transport_choices(kind: SocketType, role: Role) -> tuple[TransportChoice, ...]:
    """Every transport there is, those that cannot be used too, with the reason."""
    return tuple(
        TransportChoice(
            transport.scheme,
            transport.meaning,
            missing_here(transport.scheme) or mismatch(kind, transport.scheme, role),
        )
        for transport in ALL
    )


def best_role(kind: SocketType, role: Role) -> Role:
    """The other role where a type can do nothing in this one, as a DGRAM cannot connect."""
    other = Role.BIND if role is Role.CONNECT else Role.CONNECT
    if first_scheme(kind, role) or not first_scheme(kind, other):
        return role
    return other


def first_scheme(kind: SocketType, role: Role) -> str:
    """The first transport that a type can use in a role; empty if there is none."""
    choices = transport_choices(kind, role)
    return next((choice.scheme for choice in choices if choice.problem is None), "")


def scheme_of(address: str) -> str:
    """The transport that an address names, whatever follows; empty if none that is known."""
    scheme, separator, _ = address.strip().partition("://")
    return scheme if separator and transport_named(scheme) is not None else ""


def example_address(scheme: str, role: Role) -> str:
    """An address of a transport, to begin with; empty for an unknown one."""
    transport = transport_named(scheme)
    if transport is None:
        return ""
    return f"{scheme}://{transport.example[0 if role is Role.BIND else 1]}"


def placeholder_of(kind: SocketType, role: Role) -> str:
    """The example in an empty field."""
    return example_address(first_scheme(kind, role), role)


def with_scheme(address: str, scheme: str, role: Role) -> str:
    """An address over another transport.

    What was typed is kept where both transports write addresses alike; an example, and what makes
    no sense over the new transport, gives way to the new one's example.
    """
    old, rest = scheme_of(address), address.strip().partition("://")[2]
    is_typed = bool(rest) and not _is_example(address)
    if is_typed and old in _HOST_AND_PORT and scheme in _HOST_AND_PORT:
        if scheme not in _WEB:
            rest = rest.partition("/")[0]
        kept = f"{scheme}://{rest.rpartition(';')[2]}"
        if _is_good(kept, role):
            return kept
    return example_address(scheme, role)


def with_role(address: str, role: Role) -> str:
    """An address for another role: an example becomes that role's, anything else stays."""
    return example_address(scheme_of(address), role) if _is_example(address) else address


def _is_example(address: str) -> bool:
    scheme = scheme_of(address)
    return bool(scheme) and any(address.strip() == example_address(scheme, r) for r in Role)


def _is_good(address: str, role: Role) -> bool:
    try:
        parse_endpoint(address, role)
    except EndpointError:
        return False
    return True


def address_note(kind: SocketType, address: str, role: Role) -> str:
    """What one should know of an address of this kind; empty if there is nothing."""
    scheme, rest = scheme_of(address), address.strip().partition("://")[2]
    if scheme == "inproc" and kind.is_draft:
        return _tr("A {0} over inproc:// meets only sockets of this app.").format(kind.name)
    if scheme in _WEB and "/" not in rest:
        example = example_address(scheme, role)
        return _tr("A path may follow the port, as in {0}/feed.").format(example)
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
