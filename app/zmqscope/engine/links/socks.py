"""SOCKS 5, the client's side: asks a proxy to connect to somebody. The links' thread.

A generator such as those of ``opening``. Sources: RFC 1928 (SOCKS 5), RFC 1929 (user names).
"""

from __future__ import annotations

from collections.abc import Generator
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from zmqscope.core.wording import quoted
from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.opening import Awaited, send_all
from zmqscope.engine.links.wire import Wire

IS_IT_SOCKS = (
    "Check that socks_proxy is the address of a SOCKS5 proxy; one for HTTP cannot be used."
)

_VERSION, _USER_VERSION = 5, 1
_ANYBODY, _USER, _NOBODY = 0, 2, 0xFF
_CONNECT = 1
_IPV4, _NAME, _IPV6 = 1, 3, 4
_ADDRESS_BYTES = {_IPV4: 4, _IPV6: 16}
_PORT_BYTES = 2
_MOST_NAME_BYTES = 255

_AS_THE_PROXY_SEES_IT = "The proxy looks names up and connects: check the address from its side."
# RFC 1928, section 6.
_REFUSALS = {
    1: ("general failure", "The proxy’s own log may say more."),
    2: ("not allowed by its rules", "Ask whoever runs the proxy, or choose another one."),
    3: ("network unreachable", _AS_THE_PROXY_SEES_IT),
    4: ("host unreachable", _AS_THE_PROXY_SEES_IT),
    5: ("connection refused", "Check that the other program runs, and that the address is right."),
    6: ("time to live expired", _AS_THE_PROXY_SEES_IT),
    7: ("it knows no such command", "It does not connect to anybody: choose another proxy."),
    8: (
        "it knows no such kind of address",
        "Type a host name, or an IP address of the other version.",
    ),
}


class ProxyFailedError(LinkFailedError):
    """A proxy did not let us through.

    Args:
        text: What it did.
        hint: What to do.
    """

    def __init__(self, text: str, hint: str) -> None:
        super().__init__(text)
        self.hint = hint


def ask_proxy(wire: Wire, user: bytes, host: str, port: int) -> Generator[Awaited, None, None]:
    """Have a proxy connect to somebody; afterwards the wire leads there.

    Nothing is read beyond the proxy's own words.

    Args:
        wire: Connected to the proxy.
        user: A user name, or nothing.
        host: A name, which the proxy looks up, or an IP address without brackets.
        port: Where to.

    Raises:
        ProxyFailedError: It will not, or is no such proxy.
    """
    try:
        yield from _introduce(wire, user)
        yield from send_all(wire, bytearray(_request(host, port)))
        yield from _take_answer(wire)
    except (ConnectionResetError, BrokenPipeError):
        # It closed with our words unread: which of the two was first is all that differs.
        raise _closed() from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProxyFailedError(f"broke off ({reason})", IS_IT_SOCKS) from None


# ---- who we are --------------------------------------------------------------------------------


def _introduce(wire: Wire, user: bytes) -> Generator[Awaited, None, None]:
    offered = (_ANYBODY, _USER) if user else (_ANYBODY,)
    yield from send_all(wire, bytearray((_VERSION, len(offered), *offered)))
    head = yield from _receive(wire, 2)
    if head[0] != _VERSION:
        spoken = "speaks HTTP, not SOCKS5" if head == b"HT" else "does not speak SOCKS5"
        raise ProxyFailedError(spoken, IS_IT_SOCKS)
    if head[1] == _NOBODY:
        raise _unknown_here(user)
    if head[1] not in offered:
        raise ProxyFailedError(f"chose the authentication {head[1]}, unasked", IS_IT_SOCKS)
    if head[1] == _USER:
        yield from _name_user(wire, user)


def _unknown_here(user: bytes) -> ProxyFailedError:
    if user:
        return ProxyFailedError(
            "demands more than a user name",
            "Let it ask for no password: ZeroMQ sends none to a proxy.",
        )
    return ProxyFailedError(
        "demands a user name or another authentication",
        "Set socks_username=, if the proxy asks for no password.",
    )


def _name_user(wire: Wire, user: bytes) -> Generator[Awaited, None, None]:
    """RFC 1929, with an empty password."""
    yield from send_all(wire, bytearray((_USER_VERSION, len(user), *user, 0)))
    answer = yield from _receive(wire, 2)
    if answer[0] != _USER_VERSION:
        raise ProxyFailedError("does not speak SOCKS5", IS_IT_SOCKS)
    if answer[1]:
        name = quoted(user.decode("utf-8", "backslashreplace"))
        raise ProxyFailedError(
            f"refused the user name {name} without a password", "Check socks_username=."
        )


# ---- where to ----------------------------------------------------------------------------------


def _request(host: str, port: int) -> bytes:
    return bytes((_VERSION, _CONNECT, 0)) + _address(host) + port.to_bytes(_PORT_BYTES)


def _address(host: str) -> bytes:
    for kind, read in ((_IPV4, IPv4Address), (_IPV6, IPv6Address)):
        try:
            return bytes((kind,)) + read(host).packed
        except AddressValueError:
            continue
    name = host.encode()[:_MOST_NAME_BYTES]
    return bytes((_NAME, len(name))) + name


def _take_answer(wire: Wire) -> Generator[Awaited, None, None]:
    # A refusal may be all that comes: some proxies send no address behind it.
    version, answer = yield from _receive(wire, 2)
    if version != _VERSION:
        raise ProxyFailedError("does not speak SOCKS5", IS_IT_SOCKS)
    if answer:
        unknown = (f"failure {answer}, which RFC 1928 does not know", _AS_THE_PROXY_SEES_IT)
        text, hint = _REFUSALS.get(answer, unknown)
        raise ProxyFailedError(f"answered: {text}", hint)
    _, kind = yield from _receive(wire, 2)
    if kind == _NAME:
        (size,) = yield from _receive(wire, 1)
    elif kind in _ADDRESS_BYTES:
        size = _ADDRESS_BYTES[kind]
    else:
        raise ProxyFailedError("does not speak SOCKS5", IS_IT_SOCKS)
    yield from _receive(wire, size + _PORT_BYTES)


def _receive(wire: Wire, size: int) -> Generator[Awaited, None, bytes]:
    """So many bytes, and none that follow them."""
    came = bytearray(size)
    done = 0
    while done < size:
        count = wire.receive_into(memoryview(came)[done:])
        if count is None:
            yield wire, wire.receive_needs
            continue
        if count == 0:
            raise _closed()
        done += count
    return bytes(came)


def _closed() -> ProxyFailedError:
    return ProxyFailedError("closed the connection without an answer", IS_IT_SOCKS)
