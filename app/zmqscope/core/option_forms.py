"""What the bytes of an option's value must look like. Pure, any thread.

libzmq looks at little of this: a wrong value would only show later, as a connection that never
comes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import AddressValueError, IPv4Address, ip_address

from zmqscope.core.errors import EndpointError
from zmqscope.core.option_groups.option import OptionForm
from zmqscope.core.option_groups.websocket import SUBPROTOCOLS
from zmqscope.core.tcp_address import parse_host_port
from zmqscope.core.types import Problem, Role
from zmqscope.core.wording import quoted

_IPV4_BITS = 32
_MAX_PROPERTY_NAME = 255
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BITS = re.compile(r"[0-9]{1,2}")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_PEM = re.compile(r"\s*-----\s*BEGIN")


def form_problem(form: OptionForm, name: str, value: bytes) -> Problem | None:
    """Why a value does not have the form that its option needs; None if it has.

    No sentence shows what stands where the path of a key belongs: it may be the key.
    """
    check = _CHECKS.get(form)
    return check(name, value.decode("utf-8", "surrogateescape")) if check is not None else None


def _text(name: str, text: str) -> Problem | None:
    if _CONTROL.search(text):
        return Problem(f"{name} has a control character in it.", "Delete it.")
    return None


def _pem_path(name: str, text: str) -> Problem | None:
    if _PEM.match(text):
        return Problem(
            f"{name} has a key or certificate itself, but a spec is shown, copied and saved.",
            "Save it as a file, and type the path of that file.",
        )
    if _CONTROL.search(text):
        return Problem(
            f"{name} has a line break or another control character, which is no path.",
            "Type the path of a PEM file.",
        )
    if text.startswith("~"):
        return Problem(f"{name} begins with “~”, which is taken as it is.", "Type the whole path.")
    return None


def _host_port(name: str, text: str) -> Problem | None:
    hint = f"Type them as in {name}=127.0.0.1:1080."
    try:
        address = parse_host_port("tcp", text, Role.CONNECT)
    except EndpointError:
        return Problem(f"{name}={quoted(text)} is not a host and a port.", hint)
    return _host(name, address.host) if address.is_name else None


def _ipv4_range(name: str, text: str) -> Problem | None:
    # libzmq matches nothing with an IPv6 range on an IPv4 endpoint, nor the other way round, and
    # does not read a mask that is written as an address.
    address, slash, bits = text.partition("/")
    try:
        IPv4Address(address)
    except AddressValueError:
        valid = False
    else:
        valid = not slash or (_BITS.fullmatch(bits) is not None and int(bits) <= _IPV4_BITS)
    if valid:
        return None
    return Problem(
        f"{name}={quoted(text)} is not a range of IPv4 addresses.",
        "Type one such as 192.168.1.0/24, or a single address.",
    )


def _host(name: str, text: str) -> Problem | None:
    if _HOST.fullmatch(text) and ".." not in text:
        return None
    try:
        ip_address(text)
    except ValueError:
        return Problem(f"{name}={quoted(text)} is not a host name.", "Type it without a port.")
    return None


def _property(name: str, text: str) -> Problem | None:
    key, colon, value = text.partition(":")
    hint = "Type a name that begins with “X-”, a colon and a value, as in X-site:Ghent."
    if not colon or not value:
        return Problem(f"{name}={quoted(text)} is not a name and a value.", hint)
    if not key.startswith("X-") or not key[2:]:
        # zmq_setsockopt(3), ZMQ_METADATA: all other names are ZeroMQ's own.
        return Problem(f"{name}={quoted(text)} has a name that does not begin with “X-”.", hint)
    if not re.fullmatch(r"[A-Za-z0-9._+-]+", key):
        # RFC 23: name = 1*255(ALPHA | DIGIT | "-" | "_" | "." | "+").
        return Problem(
            f"{name}={quoted(text)} has a name with other characters than letters and digits.",
            "Type letters, digits, dots, hyphens and plus signs before the colon.",
        )
    if len(key) > _MAX_PROPERTY_NAME:
        return Problem(
            f"{name} has a name of {len(key)} bytes; {_MAX_PROPERTY_NAME} are allowed.",
            "Choose a shorter one.",
        )
    return None


def _subprotocols(name: str, text: str) -> Problem | None:
    words = text.split()
    unknown = next((word for word in words if word not in SUBPROTOCOLS), None)
    if unknown is not None:
        return Problem(
            f"{name} has {quoted(unknown)}, which is no subprotocol of ZeroMQ over WebSocket here.",
            f"Type {' or '.join(SUBPROTOCOLS)}, or both with a blank between them.",
        )
    if len(set(words)) < len(words):
        return Problem(f"{name} has a subprotocol twice.", "Delete one of them.")
    return None


_CHECKS: dict[OptionForm, Callable[[str, str], Problem | None]] = {
    OptionForm.TEXT: _text,
    OptionForm.PEM_PATH: _pem_path,
    OptionForm.HOST_PORT: _host_port,
    OptionForm.IPV4_RANGE: _ipv4_range,
    OptionForm.HOST: _host,
    OptionForm.PROPERTY: _property,
    OptionForm.SUBPROTOCOLS: _subprotocols,
}
