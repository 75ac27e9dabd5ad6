"""Says hello in ZMTP and listens; tells other protocols by their first bytes. Blocking."""

from __future__ import annotations

import time
from dataclasses import replace

from zmqscope.core.probe import Answer
from zmqscope.core.wording import printable
from zmqscope.core.zmtp.command_reader import Command, Ready, Refusal
from zmqscope.core.zmtp.commands import IDENTITY, SOCKET_TYPE, find
from zmqscope.core.zmtp.curve import CurveHello
from zmqscope.core.zmtp.decoder import ZmtpDecoder
from zmqscope.core.zmtp.events import (
    CommandReceived,
    Event,
    GreetingReceived,
    IdentityReceived,
    LegacyGreetingReceived,
    ProtocolFailed,
)
from zmqscope.core.zmtp.greeting import GREETING_BYTES, Greeting, encode_greeting
from zmqscope.core.zmtp.opening import Revision
from zmqscope.core.zmtp.plain import PlainHello
from zmqscope.engine.probe.heard import Heard
from zmqscope.engine.probe.line import Line

_UNASKED_S = 0.15
_ANSWER_S = 0.8
# Who is the server of a mechanism with roles waits for the other; a client speaks at once.
_HELLO_S = 0.25
_SIGNATURE_AND_MAJOR = 11
_LONGEST_NAME = 40
# Handshake and alert records (RFC 8446, section 5.1).
_TLS = (b"\x16\x03", b"\x15\x03")


def foreign(head: bytes) -> Heard | None:
    """Which other protocol these first bytes are of; None if they may be ZMTP."""
    if head.startswith(b"SSH-"):
        return Heard(Answer.SSH, _first_line(head), first_bytes=head[:256])
    if head.startswith(b"HTTP/"):
        return Heard(Answer.HTTP, _first_line(head), first_bytes=head[:256])
    if head.startswith(_TLS):
        return Heard(Answer.TLS, first_bytes=head[:256])
    if head[:1] == b"\xff" or not head or _may_be_zmtp_1(head):
        return None
    return Heard(Answer.OTHER, _first_line(head), first_bytes=head[:256])


def ask_zmtp(line: Line) -> Heard:
    """Exchange greetings, and hear what the peer says before it is let in.

    Nothing but our greeting is sent, so that no peer counts us as one of its own.
    """
    asking = _Asking(line)
    head = line.receive(_UNASKED_S)
    if head:
        found = foreign(head)
        if found is not None:
            return found
    elif line.ends:
        return Heard(Answer.CLOSES)
    # Only so much that the peer tells its mechanism first: ours has to be the same.
    ours = encode_greeting(Greeting(3, 1, b"NULL"))
    line.send(ours[:_SIGNATURE_AND_MAJOR])
    return asking.listen(head)


class _Asking:
    """One exchange."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._decoder = ZmtpDecoder(max_body=256)
        self._decoder.set_peer_major(3)
        self._heard = Heard(Answer.SILENT)
        self._is_done = False

    def listen(self, data: bytes) -> Heard:
        """Until the peer has introduced itself, or says no more."""
        until_s = time.monotonic() + _ANSWER_S
        came = data
        while True:
            if not came.startswith(b"\xff") and (found := foreign(came)) is not None:
                return found
            self._take(data)
            if self._heard.mechanism in ("PLAIN", "CURVE"):
                until_s = min(until_s, time.monotonic() + _HELLO_S)
            left_s = until_s - time.monotonic()
            if self._is_done or left_s <= 0:
                break
            data = self._line.receive(left_s)
            if not data:
                break
            came = (came + data)[:256]
        return self._conclude(came)

    def _take(self, data: bytes) -> None:
        self._decoder.receive_data(data)
        for event in self._decoder.events():
            self._note(event)

    def _note(self, event: Event) -> None:
        heard = self._heard
        match event:
            case GreetingReceived(greeting) if not _is_likely(greeting):
                self._is_done = True
            case GreetingReceived(greeting):
                name = printable(greeting.mechanism.decode("ascii", "backslashreplace"))
                self._heard = replace(
                    heard,
                    answer=Answer.ZMTP,
                    version=f"{greeting.major}.{greeting.minor}",
                    mechanism=name,
                    is_server=greeting.as_server or None,
                )
                mine = encode_greeting(Greeting(3, 1, greeting.mechanism))
                self._line.send(mine[_SIGNATURE_AND_MAJOR:])
            case LegacyGreetingReceived(Revision.V2, _, b""):
                self._is_done = True
            case LegacyGreetingReceived(revision, _, socket_type):
                self._heard = replace(
                    heard,
                    answer=Answer.ZMTP,
                    version=revision.value,
                    mechanism="NULL",
                    type_name=printable(socket_type.decode("ascii", "backslashreplace")),
                )
            case IdentityReceived(_, identity):
                self._heard = replace(self._heard, identity=identity)
                self._is_done = True
            case CommandReceived(_, _, command):
                self._note_command(command)
            case ProtocolFailed():
                self._is_done = True

    def _note_command(self, command: Command) -> None:
        if isinstance(command, Ready):
            self._heard = with_ready(self._heard, command)
        elif isinstance(command, Refusal):
            self._heard = replace(self._heard, refusal=command.reason)
        elif isinstance(command, PlainHello | CurveHello):
            # Whoever says HELLO is the client, also where it is bound.
            self._heard = replace(self._heard, is_server=False)
        self._is_done = True

    def _conclude(self, came: bytes) -> Heard:
        if self._heard.answer is Answer.ZMTP:
            # The greeting alone: a HELLO of PLAIN has a password in it.
            heard = replace(self._heard, first_bytes=came[:GREETING_BYTES])
            if heard.is_server is None and heard.mechanism in ("PLAIN", "CURVE"):
                # It waits for a HELLO.
                return replace(heard, is_server=True)
            return heard
        heard = replace(self._heard, first_bytes=came[:256])
        if came:
            return replace(heard, answer=Answer.OTHER, detail=_first_line(came))
        return replace(heard, answer=Answer.CLOSES if self._line.ends else Answer.SILENT)


def with_ready(heard: Heard, ready: Ready) -> Heard:
    """What a READY adds."""
    kind = find(ready.metadata, SOCKET_TYPE)
    known = (SOCKET_TYPE.lower(), IDENTITY.lower())
    return replace(
        heard,
        type_name=printable((kind or b"").decode("ascii", "backslashreplace")[:_LONGEST_NAME]),
        identity=find(ready.metadata, IDENTITY),
        metadata=tuple(pair for pair in ready.metadata if pair[0].lower() not in known),
    )


def _is_likely(greeting: Greeting) -> bool:
    """Whether a greeting is more than bytes that look like one: RFC 37 has names in capitals."""
    name = greeting.mechanism
    return greeting.major == 3 and name.isascii() and name.isupper()


def _may_be_zmtp_1(head: bytes) -> bool:
    """Whether it is the frame with the identity of ZMTP 1.0 (RFC 13), and nothing else."""
    length = head[0] if head else 0
    return 0 < length < 0xFF and len(head) >= 2 and head[1] == 0 and len(head) <= 1 + length


def _first_line(data: bytes) -> str:
    line = data.split(b"\n", 1)[0].strip(b"\r")[:120]
    return printable(line.decode("utf-8", "backslashreplace"))
