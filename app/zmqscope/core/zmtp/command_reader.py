"""Commands as typed values: what each says, as far as it may be seen. Any thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zmqscope.core.zmtp import commands as named
from zmqscope.core.zmtp.commands import Metadata, read_error, read_metadata, read_ping
from zmqscope.core.zmtp.curve import (
    CurveHello,
    CurveInitiate,
    CurveReady,
    CurveWelcome,
    read_curve_hello,
    read_curve_initiate,
    read_curve_ready,
    read_curve_welcome,
)
from zmqscope.core.zmtp.greeting import Mechanism
from zmqscope.core.zmtp.plain import (
    PlainHello,
    PlainWelcome,
    read_plain_hello,
    read_plain_welcome,
)


@dataclass(frozen=True, slots=True)
class Ready:
    """READY with metadata in clear (NULL, PLAIN)."""

    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Initiate:
    """INITIATE with metadata in clear (PLAIN)."""

    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Refusal:
    """ERROR: the peer refuses the handshake, for a reason that it may give."""

    reason: bytes


@dataclass(frozen=True, slots=True)
class Ping:
    """PING.

    Attributes:
        ttl_ds: Time to live in tenths of a second, 0 for none.
        context: To be echoed.
    """

    ttl_ds: int
    context: bytes


@dataclass(frozen=True, slots=True)
class Pong:
    """PONG with what it echoes."""

    context: bytes


@dataclass(frozen=True, slots=True)
class Subscribe:
    """SUBSCRIBE to what begins with a prefix."""

    prefix: bytes


@dataclass(frozen=True, slots=True)
class Cancel:
    """CANCEL one subscription to a prefix."""

    prefix: bytes


@dataclass(frozen=True, slots=True)
class Join:
    """JOIN a group."""

    group: bytes


@dataclass(frozen=True, slots=True)
class Leave:
    """LEAVE a group."""

    group: bytes


@dataclass(frozen=True, slots=True)
class OtherCommand:
    """A command that is not known here, or too long to be looked into.

    Attributes:
        name: Its name.
        length: Bytes of its data.
        data: The data; None if it was too long, or may hold a secret.
    """

    name: bytes
    length: int
    data: bytes | None


Command = (
    Ready
    | Initiate
    | Refusal
    | Ping
    | Pong
    | Subscribe
    | Cancel
    | Join
    | Leave
    | PlainHello
    | PlainWelcome
    | CurveHello
    | CurveWelcome
    | CurveInitiate
    | CurveReady
    | OtherCommand
)

_Reader = Callable[[bytes], Command]


def _ping(data: bytes) -> Ping:
    heartbeat = read_ping(data)
    return Ping(heartbeat.ttl_ds, heartbeat.context)


_TRAFFIC: dict[bytes, _Reader] = {
    named.PING: _ping,
    named.PONG: Pong,
    named.SUBSCRIBE: Subscribe,
    named.CANCEL: Cancel,
    named.JOIN: Join,
    named.LEAVE: Leave,
    # A peer that has sent its READY may yet refuse the other one's (RFC 37, Socket-Type).
    named.ERROR: lambda data: Refusal(read_error(data)),
}
_HANDSHAKES: dict[Mechanism, dict[bytes, _Reader]] = {
    Mechanism.NULL: {
        named.READY: lambda data: Ready(read_metadata(data)),
        named.ERROR: lambda data: Refusal(read_error(data)),
    },
    Mechanism.PLAIN: {
        named.HELLO: read_plain_hello,
        named.WELCOME: read_plain_welcome,
        named.INITIATE: lambda data: Initiate(read_metadata(data)),
        named.READY: lambda data: Ready(read_metadata(data)),
        named.ERROR: lambda data: Refusal(read_error(data)),
    },
    Mechanism.CURVE: {
        named.HELLO: read_curve_hello,
        named.WELCOME: read_curve_welcome,
        named.INITIATE: read_curve_initiate,
        named.READY: read_curve_ready,
        named.ERROR: lambda data: Refusal(read_error(data)),
    },
}
_LAST_OF_HANDSHAKE = (named.INITIATE, named.READY)


def ends_handshake(mechanism: Mechanism | None, name: bytes) -> bool:
    """Whether a command is the last one that its sender has to send before messages.

    Of mechanisms that are not known here (None, GSSAPI) only that they begin with a command is
    known (RFC 37, Formal Grammar).
    """
    return mechanism not in _HANDSHAKES or name in _LAST_OF_HANDSHAKE


def read_command(
    mechanism: Mechanism | None, name: bytes, data: bytes, *, in_handshake: bool
) -> Command:
    """A command as a value.

    Args:
        mechanism: Of the connection; None if it is not known here.
        name: Of the command.
        data: All of it.
        in_handshake: Whether its sender has not ended its part of the handshake yet.

    Raises:
        ZmtpError: The data is not as it must be.
    """
    if in_handshake and mechanism in _HANDSHAKES:
        reader = _HANDSHAKES[mechanism].get(name)
    else:
        reader = _TRAFFIC.get(name)
    if reader is not None:
        return reader(data)
    # In a handshake, or with a mechanism of somebody's own, any command may carry a password.
    is_secret = in_handshake or mechanism not in _HANDSHAKES or name == named.HELLO
    return OtherCommand(name, len(data), None if is_secret else data)
