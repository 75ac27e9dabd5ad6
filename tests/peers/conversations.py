"""What a peer says to open a conversation, in bytes: ZMTP 3.1 (RFC 37) and ZWS 2.0 (RFC 45)."""

from __future__ import annotations

ZMTP_MORE, ZMTP_LONG, ZMTP_COMMAND = 1, 2, 4
ZWS_MORE, ZWS_COMMAND = 1, 2
FINAL, BINARY, CONTINUATION, TEXT, CLOSE, PING, PONG = 0x80, 0x2, 0x0, 0x1, 0x8, 0x9, 0xA

GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
"""With the NULL mechanism, as a client."""

_KEY = b"\x37\xfa\x21\x3d"


def command(name: bytes, data: bytes = b"") -> bytes:
    """The body of a command."""
    return bytes([len(name)]) + name + data


def ready(kind: str) -> bytes:
    """The body of a READY."""
    name, value = b"Socket-Type", kind.encode()
    return command(b"READY", bytes([len(name)]) + name + len(value).to_bytes(4) + value)


def zmtp(flags: int, body: bytes, claimed: int | None = None) -> bytes:
    """A ZMTP frame.

    Args:
        flags: Without the one for a long frame.
        body: What is there of it.
        claimed: How long it says that it is, up to 2^64 - 1; as long as it is if None.
    """
    if claimed is None and len(body) < 256:
        return bytes([flags, len(body)]) + body
    size = len(body) if claimed is None else claimed
    return bytes([flags | ZMTP_LONG]) + size.to_bytes(8) + body


def websocket(first: int, payload: bytes, claimed: int | None = None) -> bytes:
    """A WebSocket frame as a client sends it, masked (RFC 6455).

    Args:
        first: FINAL or not, and the kind.
        payload: What is there of it.
        claimed: How long it says that it is; as long as it is if None.
    """
    size = len(payload) if claimed is None else claimed
    if claimed is not None or size > 0xFFFF:
        head = b"\xff" + size.to_bytes(8)
    elif size > 125:
        head = b"\xfe" + size.to_bytes(2)
    else:
        head = bytes([0x80 | size])
    stretched = _KEY * (len(payload) // 4 + 1)
    masked = bytes(a ^ b for a, b in zip(payload, stretched, strict=False))
    return bytes([first]) + head + _KEY + masked


def zws(flags: int, body: bytes, claimed: int | None = None) -> bytes:
    """A ZWS message in one frame."""
    return websocket(FINAL | BINARY, bytes([flags]) + body, claimed)


def upgrade(host: str, path: str = "/", subprotocol: str = "ZWS2.0/NULL") -> bytes:
    """A request for a WebSocket."""
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Sec-WebSocket-Protocol: {subprotocol}",
        "Sec-WebSocket-Version: 13",
    )
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"
