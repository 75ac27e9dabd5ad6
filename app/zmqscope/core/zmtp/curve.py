"""What can be seen of CURVE (RFC 26): one public key, nonces, and the sizes of boxes. Any thread.

Everything else is encrypted, and stays so.
"""

from __future__ import annotations

from dataclasses import dataclass

from zmqscope.core.zmtp.errors import ZmtpError

BOX_OVERHEAD_BYTES = 33
"""What a frame's body holds beside its payload: name 8, nonce 8, authenticator 16, flags 1."""

BOX_HEAD = b"\x07MESSAGE"
BOX_HEAD_BYTES = 16
"""Name and nonce."""

_HELLO_BYTES, _WELCOME_BYTES = 194, 160
_LEAST_INITIATE_BYTES, _LEAST_READY_BYTES = 248, 24
_KEY = slice(74, 106)
_HELLO_NONCE = slice(106, 114)
_COOKIE_BYTES, _LONG_NONCE_BYTES, _SHORT_NONCE_BYTES = 96, 16, 8
_AUTHENTICATOR_BYTES = 16
_KEY_AND_VOUCH_BYTES = 128


@dataclass(frozen=True, slots=True)
class CurveHello:
    """The client begins.

    Attributes:
        version: Of CurveZMQ, major and minor.
        transient_key: The client's public key for this connection, 32 bytes. Its permanent one is
            never in clear.
        nonce: Short nonce.
    """

    version: tuple[int, int]
    transient_key: bytes
    nonce: int


@dataclass(frozen=True, slots=True)
class CurveWelcome:
    """The server answers with its transient key and a cookie, both in a box.

    Attributes:
        nonce: Long nonce, 16 bytes.
    """

    nonce: bytes


@dataclass(frozen=True, slots=True)
class CurveInitiate:
    """The client returns the cookie and shows its permanent key and metadata, in a box.

    Attributes:
        nonce: Short nonce.
        metadata_bytes: Length of the metadata.
    """

    nonce: int
    metadata_bytes: int


@dataclass(frozen=True, slots=True)
class CurveReady:
    """The server shows its metadata, in a box.

    Attributes:
        nonce: Short nonce.
        metadata_bytes: Length of the metadata.
    """

    nonce: int
    metadata_bytes: int


def read_curve_hello(data: bytes) -> CurveHello:
    """A HELLO, from its data.

    Raises:
        ZmtpError: It has not the one length that it must have.
    """
    _check_size("HELLO", data, _HELLO_BYTES)
    nonce = int.from_bytes(data[_HELLO_NONCE], "big")
    return CurveHello((data[0], data[1]), bytes(data[_KEY]), nonce)


def read_curve_welcome(data: bytes) -> CurveWelcome:
    """A WELCOME, from its data.

    Raises:
        ZmtpError: It has not the one length that it must have.
    """
    _check_size("WELCOME", data, _WELCOME_BYTES)
    return CurveWelcome(bytes(data[:_LONG_NONCE_BYTES]))


def read_curve_initiate(data: bytes) -> CurveInitiate:
    """An INITIATE, from its data.

    Raises:
        ZmtpError: It is too short.
    """
    _check_least("INITIATE", data, _LEAST_INITIATE_BYTES)
    nonce = int.from_bytes(data[_COOKIE_BYTES : _COOKIE_BYTES + _SHORT_NONCE_BYTES], "big")
    box_bytes = len(data) - _COOKIE_BYTES - _SHORT_NONCE_BYTES
    return CurveInitiate(nonce, box_bytes - _AUTHENTICATOR_BYTES - _KEY_AND_VOUCH_BYTES)


def read_curve_ready(data: bytes) -> CurveReady:
    """A READY, from its data.

    Raises:
        ZmtpError: It is too short.
    """
    _check_least("READY", data, _LEAST_READY_BYTES)
    nonce = int.from_bytes(data[:_SHORT_NONCE_BYTES], "big")
    return CurveReady(nonce, len(data) - _SHORT_NONCE_BYTES - _AUTHENTICATOR_BYTES)


def read_box(head: bytes, length: int) -> tuple[int, int]:
    """Nonce, and length of the payload, of a MESSAGE.

    Args:
        head: The first 16 bytes of the frame's body, or all of it if it is shorter.
        length: Of the body, in bytes.

    Raises:
        ZmtpError: It is no MESSAGE, or too short for one.
    """
    if not head.startswith(BOX_HEAD):
        raise ZmtpError("A frame is not encrypted, though the connection uses CURVE.")
    if length < BOX_OVERHEAD_BYTES:
        raise ZmtpError(f"A MESSAGE of CURVE has {length} bytes; {BOX_OVERHEAD_BYTES} are needed.")
    nonce = int.from_bytes(head[len(BOX_HEAD) : BOX_HEAD_BYTES], "big")
    return nonce, length - BOX_OVERHEAD_BYTES


def _check_size(name: str, data: bytes, wanted: int) -> None:
    if len(data) != wanted:
        raise ZmtpError(f"A {name} of CURVE has {len(data)} bytes of data; {wanted} are needed.")


def _check_least(name: str, data: bytes, least: int) -> None:
    if len(data) < least:
        raise ZmtpError(f"A {name} of CURVE has {len(data)} bytes of data; {least} are needed.")
