"""The greeting of ZMTP 3.x: 64 bytes that each peer sends first. Any thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from zmqscope.core.zmtp.errors import ZmtpError

GREETING_BYTES = 64

SIGNATURE_BYTES = 10
"""0xFF, eight bytes without meaning, 0x7F; then comes the major version."""

_MECHANISM_AT, _MECHANISM_BYTES = 12, 20
_AS_SERVER_AT = 32
_SIGNATURE = b"\xff" + bytes(8) + b"\x7f"


class Mechanism(Enum):
    """Security mechanisms that have an RFC: 23 (NULL), 24, 25 and 26 (CURVE), 38."""

    NULL = b"NULL"
    PLAIN = b"PLAIN"
    CURVE = b"CURVE"
    GSSAPI = b"GSSAPI"


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a peer says of itself before the handshake.

    Attributes:
        major: Version, 3 or more.
        minor: Version.
        mechanism: Its name without the padding, at most 20 bytes; any name, known or not.
        as_server: Whether it is the server of the security handshake.
    """

    major: int
    minor: int
    mechanism: bytes
    as_server: bool = False

    @property
    def known_mechanism(self) -> Mechanism | None:
        """The mechanism; None if its name is none of the known ones."""
        return known_mechanism(self.mechanism)


def known_mechanism(name: bytes) -> Mechanism | None:
    """The mechanism of this name; None if there is none."""
    return next((known for known in Mechanism if known.value == name), None)


def encode_greeting(greeting: Greeting) -> bytes:
    """A greeting as 64 bytes.

    Raises:
        ZmtpError: A version is not one byte or less than 3, or the mechanism's name is longer than
            20 bytes or ends with a zero.
    """
    if not (3 <= greeting.major <= 255 and 0 <= greeting.minor <= 255):
        raise ZmtpError(f"A greeting cannot say version {greeting.major}.{greeting.minor}.")
    name = greeting.mechanism
    if len(name) > _MECHANISM_BYTES or name.endswith(b"\0"):
        raise ZmtpError(f"A greeting cannot name the mechanism {name!r}.")
    head = (
        _SIGNATURE + bytes([greeting.major, greeting.minor]) + name.ljust(_MECHANISM_BYTES, b"\0")
    )
    return (head + bytes([greeting.as_server])).ljust(GREETING_BYTES, b"\0")


def is_signature(head: bytes | bytearray) -> bool:
    """Whether these first ten bytes are the signature of ZMTP 2.0 or later.

    Only the first byte and the lowest bit of the tenth count (RFC 37, Detecting ZMTP 1.0 and 2.0
    Peers): what is between them is the length of an identity to a peer of ZMTP 1.0.
    """
    return head[0] == 0xFF and bool(head[SIGNATURE_BYTES - 1] & 1)


def parse_greeting(data: bytes) -> Greeting:
    """A greeting from its 64 bytes.

    Padding and filler are not looked at, as the RFC demands.

    Raises:
        ZmtpError: It is not 64 bytes long, has no signature, or is older than ZMTP 3.0.
    """
    if len(data) != GREETING_BYTES:
        raise ZmtpError(f"A greeting has {GREETING_BYTES} bytes, this one has {len(data)}.")
    if not is_signature(data):
        raise ZmtpError("The greeting does not begin with the signature of ZMTP.")
    major, minor = data[SIGNATURE_BYTES], data[SIGNATURE_BYTES + 1]
    if major < 3:
        raise ZmtpError(f"The greeting is of revision {major}, older than ZMTP 3.0.")
    name = bytes(data[_MECHANISM_AT : _MECHANISM_AT + _MECHANISM_BYTES]).rstrip(b"\0")
    return Greeting(major, minor, name, data[_AS_SERVER_AT] == 1)
