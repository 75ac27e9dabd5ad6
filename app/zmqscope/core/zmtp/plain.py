"""The handshake of PLAIN (RFC 24), without the password. Any thread."""

from __future__ import annotations

from dataclasses import dataclass

from zmqscope.core.zmtp.errors import ZmtpError


@dataclass(frozen=True, slots=True)
class PlainHello:
    """The client says who it is.

    Attributes:
        username: Its name.
        has_password: Whether the password is not empty. The password itself is kept nowhere.
    """

    username: bytes
    has_password: bool


@dataclass(frozen=True, slots=True)
class PlainWelcome:
    """The server lets the client in."""


def read_plain_hello(data: bytes) -> PlainHello:
    """What may be shown of a HELLO.

    Raises:
        ZmtpError: User name and password do not fill the data. The sentence quotes nothing of it.
    """
    name_end = 1 + data[0] if data else 0
    if not 0 < name_end < len(data) or name_end + 1 + data[name_end] != len(data):
        raise ZmtpError("A HELLO of PLAIN does not hold a user name and a password.")
    return PlainHello(bytes(data[1:name_end]), data[name_end] > 0)


def read_plain_welcome(data: bytes) -> PlainWelcome | PlainHello:
    """A WELCOME, which has no data; or a HELLO by that name.

    Clients with libzmq 4.3.0 and 4.3.1 send their user name and password so
    (https://github.com/zeromq/libzmq/issues/3500).

    Raises:
        ZmtpError: There is something else in it. The sentence quotes nothing of it.
    """
    return read_plain_hello(data) if data else PlainWelcome()
