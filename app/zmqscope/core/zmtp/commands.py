"""Bodies of command frames: a name, then data that depends on it. Any thread.

Functions named ``encode_…`` make the body; it is framed with ``frames.COMMAND``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zmqscope.core.zmtp.errors import ZmtpError

READY, ERROR = b"READY", b"ERROR"
HELLO, WELCOME, INITIATE, MESSAGE = b"HELLO", b"WELCOME", b"INITIATE", b"MESSAGE"
PING, PONG = b"PING", b"PONG"
SUBSCRIBE, CANCEL = b"SUBSCRIBE", b"CANCEL"
JOIN, LEAVE = b"JOIN", b"LEAVE"

SOCKET_TYPE, IDENTITY, RESOURCE = "Socket-Type", "Identity", "Resource"
"""Names of metadata that RFC 37 defines."""

MAX_CONTEXT_BYTES = 16
"""Of a PING."""

Metadata = tuple[tuple[str, bytes], ...]
"""Names and values, in the order in which they came."""

# libzmq's PLAIN server (seen in 4.3.5) means "\x05ERROR", which C reads as the byte 0x5E and
# "RROR". A name of 94 bytes that begins so is nobody's.
_MISSPELT_ERROR = b"^RROR"

_MAX_NAME_BYTES = 255
_MAX_VALUE_BYTES = (1 << 31) - 1
_TTL_BYTES = 2


# ---- names and data ----------------------------------------------------------------------------


def split_command(body: bytes) -> tuple[bytes, bytes]:
    """Name and data of a command.

    Raises:
        ZmtpError: The name is empty or longer than the body.
    """
    if not body:
        raise ZmtpError("A command is empty: it has no name.")
    end = 1 + body[0]
    if end == 1:
        raise ZmtpError("A command has an empty name.")
    if end > len(body):
        if bytes(body[: len(_MISSPELT_ERROR)]) == _MISSPELT_ERROR:
            return ERROR, bytes(body[len(_MISSPELT_ERROR) :])
        raise ZmtpError(f"A command of {len(body)} bytes claims a name of {end - 1} bytes.")
    return bytes(body[1:end]), bytes(body[end:])


def encode_command(name: bytes, data: bytes = b"") -> bytes:
    """The body of a command.

    Raises:
        ZmtpError: The name is empty or longer than 255 bytes.
    """
    if not 1 <= len(name) <= _MAX_NAME_BYTES:
        raise ZmtpError(f"A command cannot have a name of {len(name)} bytes.")
    return bytes([len(name)]) + name + data


# ---- metadata ----------------------------------------------------------------------------------


def read_metadata(data: bytes) -> Metadata:
    """Properties as a READY or INITIATE in clear carries them.

    Args:
        data: Of the command; nothing follows the last property.

    Returns:
        Names as they were written (their case does not count, see ``find``) and values, in order. A
        byte in a name that is not ASCII becomes the character of that number.

    Raises:
        ZmtpError: A name is empty, or a property is longer than what is there.
    """
    found: list[tuple[str, bytes]] = []
    at, end = 0, len(data)
    while at < end:
        name_end = at + 1 + data[at]
        value_at = name_end + 4
        if name_end == at + 1:
            raise ZmtpError("A metadata property has an empty name.")
        if value_at > end:
            raise ZmtpError("The metadata ends in the middle of a property.")
        value_end = value_at + int.from_bytes(data[name_end:value_at], "big")
        if value_end > end:
            raise ZmtpError(
                f"A metadata property claims {value_end - value_at} bytes, "
                f"{end - value_at} are there."
            )
        name = bytes(data[at + 1 : name_end]).decode("latin-1")
        found.append((name, bytes(data[value_at:value_end])))
        at = value_end
    return tuple(found)


def write_metadata(pairs: Iterable[tuple[str, bytes]]) -> bytes:
    """Properties as ``read_metadata`` reads them.

    Raises:
        ZmtpError: A name is empty, longer than 255 bytes or not written in single bytes; a value is
            longer than 2^31 - 1.
    """
    parts: list[bytes] = []
    for name, value in pairs:
        try:
            written = name.encode("latin-1")
        except UnicodeEncodeError:
            raise ZmtpError(f"A metadata property cannot be named {name!r}.") from None
        if not 1 <= len(written) <= _MAX_NAME_BYTES:
            raise ZmtpError(f"A metadata property cannot have a name of {len(written)} bytes.")
        if len(value) > _MAX_VALUE_BYTES:
            raise ZmtpError(f"A metadata property cannot have a value of {len(value)} bytes.")
        parts += [bytes([len(written)]), written, len(value).to_bytes(4, "big"), value]
    return b"".join(parts)


def find(metadata: Metadata, name: str) -> bytes | None:
    """The value of the first property of this name, in whatever case; None if there is none."""
    wanted = name.lower()
    return next((value for key, value in metadata if key.lower() == wanted), None)


# ---- the handshake -----------------------------------------------------------------------------


def encode_ready(pairs: Iterable[tuple[str, bytes]]) -> bytes:
    """READY with metadata in clear, as NULL and PLAIN send it."""
    return encode_command(READY, write_metadata(pairs))


def encode_initiate(pairs: Iterable[tuple[str, bytes]]) -> bytes:
    """INITIATE with metadata in clear, as PLAIN sends it."""
    return encode_command(INITIATE, write_metadata(pairs))


def encode_error(reason: bytes) -> bytes:
    """ERROR.

    Raises:
        ZmtpError: The reason is longer than 255 bytes.
    """
    return encode_command(ERROR, _short_string(reason, "reason"))


def read_error(data: bytes) -> bytes:
    """The reason of an ERROR.

    Raises:
        ZmtpError: It is longer than the data.
    """
    if not data:
        raise ZmtpError("An ERROR has no reason, not even an empty one.")
    if 1 + data[0] > len(data):
        raise ZmtpError(f"An ERROR claims a reason of {data[0]} bytes, {len(data) - 1} are there.")
    return bytes(data[1 : 1 + data[0]])


def encode_plain_hello(username: bytes, password: bytes) -> bytes:
    """HELLO of PLAIN.

    Raises:
        ZmtpError: One of them is longer than 255 bytes.
    """
    data = _short_string(username, "user name") + _short_string(password, "password")
    return encode_command(HELLO, data)


def _short_string(text: bytes, what: str) -> bytes:
    if len(text) > _MAX_NAME_BYTES:
        raise ZmtpError(f"A {what} cannot have {len(text)} bytes; 255 are the most.")
    return bytes([len(text)]) + text


# ---- heartbeats --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a PING carries.

    Attributes:
        ttl_ds: After how long without traffic the receiver may hang up, in tenths of a second; 0 if
            it need not.
        context: To be echoed. RFC 37 allows 16 bytes; whatever came is here.
    """

    ttl_ds: int
    context: bytes


def encode_ping(ttl_ds: int, context: bytes = b"") -> bytes:
    """PING.

    Args:
        ttl_ds: Tenths of a second, at most 65,535.
        context: At most 16 bytes.

    Raises:
        ZmtpError: One of them is out of range.
    """
    if not 0 <= ttl_ds < 1 << (8 * _TTL_BYTES):
        raise ZmtpError(f"A PING cannot have a time to live of {ttl_ds} tenths of a second.")
    return encode_command(PING, ttl_ds.to_bytes(_TTL_BYTES, "big") + _context(context))


def read_ping(data: bytes) -> Heartbeat:
    """What a PING carries.

    Raises:
        ZmtpError: It has no time to live.
    """
    if len(data) < _TTL_BYTES:
        raise ZmtpError(f"A PING has {len(data)} bytes of data; its time to live alone has two.")
    return Heartbeat(int.from_bytes(data[:_TTL_BYTES], "big"), bytes(data[_TTL_BYTES:]))


def encode_pong(context: bytes = b"") -> bytes:
    """PONG.

    Raises:
        ZmtpError: The context is longer than 16 bytes.
    """
    return encode_command(PONG, _context(context))


def answer_ping(data: bytes) -> bytes:
    """The PONG to a PING with this data; of a context too long, libzmq echoes 16 bytes as well.

    Raises:
        ZmtpError: The PING has no time to live.
    """
    return encode_pong(read_ping(data).context[:MAX_CONTEXT_BYTES])


def _context(context: bytes) -> bytes:
    if len(context) > MAX_CONTEXT_BYTES:
        raise ZmtpError(f"A heartbeat's context cannot have {len(context)} bytes; 16 are the most.")
    return context


# ---- subscriptions and groups ------------------------------------------------------------------


def encode_subscribe(prefix: bytes) -> bytes:
    """SUBSCRIBE to messages that begin so."""
    return encode_command(SUBSCRIBE, prefix)


def encode_cancel(prefix: bytes) -> bytes:
    """CANCEL one subscription to this prefix."""
    return encode_command(CANCEL, prefix)


def encode_join(group: bytes) -> bytes:
    """JOIN a group.

    Raises:
        ZmtpError: The group is longer than 255 bytes or holds a zero byte.
    """
    return encode_command(JOIN, check_group(group))


def encode_leave(group: bytes) -> bytes:
    """LEAVE a group.

    Raises:
        ZmtpError: The group is longer than 255 bytes or holds a zero byte.
    """
    return encode_command(LEAVE, check_group(group))


def check_group(group: bytes) -> bytes:
    """The group itself.

    Raises:
        ZmtpError: It is longer than 255 bytes or holds a zero byte (RFC 37, Radio-Dish).
    """
    if len(group) > _MAX_NAME_BYTES:
        raise ZmtpError(f"A group cannot have {len(group)} bytes; 255 are the most.")
    if b"\0" in group:
        raise ZmtpError("A group cannot hold a zero byte.")
    return group
