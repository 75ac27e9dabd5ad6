"""Frames that break the rules, each in its own way."""

from __future__ import annotations

from tests.peers import conversations as say


def bad_zmtp(kind: str) -> list[bytes]:
    """Over ZMTP (RFC 37), from a peer that says it is of a type."""

    def command(name: bytes, data: bytes = b"") -> bytes:
        return say.zmtp(say.ZMTP_COMMAND, say.command(name, data))

    groups = b"".join(command(b"JOIN", b"g%d" % number) for number in range(2_000))
    return [
        *(bytes([flags, 3]) + b"abc" for flags in (0x08, 0x10, 0x80, 0xFF)),
        say.zmtp(say.ZMTP_COMMAND, b""),
        say.zmtp(say.ZMTP_COMMAND, b"\xffshort"),
        say.zmtp(say.ZMTP_COMMAND | say.ZMTP_MORE, say.ready(kind)),
        command(b"READY", b"\x0bSocket-Type\xff\xff\xff\xffx"),
        command(b"READY", b"\x0bSocket-Type\x00\x00\x00\x03FOO"),
        command(b"READY", b"\x00" * 300),
        command(b"ERROR", b"\x03bad"),
        command(b"ERROR", b"\xffbad"),
        command(b"PING", b"\0\0"),
        command(b"PING", b"\0"),
        command(b"PING", b"\0\0" + b"c" * 200),
        command(b"PONG", b"c" * 60_000),
        command(b"HELLO", b"\x04user\xff"),
        command(b"INITIATE", b"\x0bSocket-Type\x00\x00\x00\x04PUSH"),
        command(b"UNKNOWN", b"?" * 70_000),
        command(b"SUBSCRIBE", b"s" * 300) + command(b"CANCEL", b"never"),
        command(b"JOIN", b"g" * 300) + command(b"LEAVE", b"never"),
        groups,
        say.zmtp(say.ZMTP_MORE, b"") * 2_000,
        say.zmtp(say.ZMTP_COMMAND, say.ready(kind)) * 3,
    ]


def bad_zws(kind: str) -> list[bytes]:
    """Over ZWS 2.0 (RFC 45, RFC 6455), from a peer that says it is of a type."""
    final = say.FINAL
    return [
        b"\x82\x04\0abc",  # not masked
        say.websocket(final | say.TEXT, b"\0text"),
        say.websocket(final | say.TEXT, b"\xff\xfe"),
        say.websocket(final | say.BINARY, b""),
        say.websocket(final | say.CONTINUATION, b"\0first"),
        say.websocket(final | 0x3, b"\0reserved"),
        say.websocket(final | 0x70 | say.BINARY, b"\0bits"),
        say.websocket(say.PING, b"a fragment"),
        say.websocket(final | say.PING, b"p" * 126),
        say.websocket(final | say.PONG, b"p" * 125),
        say.websocket(final | say.CLOSE, b"\x03"),
        say.websocket(final | say.CLOSE, b"\xff\xff\xff"),
        say.websocket(final | say.CLOSE, b"\x03\xe8" + b"bye"),
        say.websocket(say.BINARY, b"\0frag") + say.websocket(final | say.BINARY, b"\0ment"),
        say.websocket(say.BINARY, b"") + say.websocket(final | say.CONTINUATION, b""),
        say.websocket(say.BINARY, b"\0a") + say.websocket(say.CONTINUATION, b"b" * 500) * 200,
        b"\x82\xff" + b"\x80" + bytes(7) + b"\0\0\0\0",  # a length with the highest bit
        *(say.websocket(final | say.BINARY, bytes([flags, 97])) for flags in (4, 8, 0x80, 0xFF)),
        say.zws(say.ZWS_COMMAND, b""),
        say.zws(say.ZWS_COMMAND, b"\xffshort"),
        say.zws(say.ZWS_COMMAND | say.ZWS_MORE, say.ready(kind)),
        say.zws(say.ZWS_COMMAND, say.command(b"READY", b"\x0bSocket-Type\xff\xff\xff\xff")),
        say.zws(say.ZWS_COMMAND, say.command(b"PING", b"\0\0" + b"c" * 200)),
        say.zws(say.ZWS_COMMAND, b"\x07UNKNOWN" + b"?" * 70_000),
        say.zws(say.ZWS_MORE, b"") * 2_000,
        say.zws(say.ZWS_COMMAND, say.ready(kind)) * 3,
    ]
