"""Fuzzes the ZMTP decoder and conversation with atheris, which is no dependency of the tests.

From the checkout, with atheris installed: ``PYTHONPATH=.:app python tests/fuzz/zmtp.py FOLDER
-max_total_time=600``. FOLDER keeps the corpus; it is begun with valid streams. pytest collects
nothing here: what a run has found becomes a test in ``tests/unit/core/zmtp``.
"""

from __future__ import annotations

import importlib
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

atheris: Any = importlib.import_module("atheris")

with atheris.instrument_imports(include=["zmqscope.core.zmtp"]):
    from tests.zmtp_rig import box, command, decode, greeting, ready
    from zmqscope.core.zmtp.conversation import Conversation, Side
    from zmqscope.core.zmtp.decoder import MAX_COMMAND, ZmtpDecoder
    from zmqscope.core.zmtp.events import Event, ProtocolFailed
    from zmqscope.core.zmtp.frames import MORE, encode_frame
    from zmqscope.core.zmtp.legacy import encode_frame_v1, encode_greeting_v2

MAX_BODY = 100
SIDES = tuple(Side)
PEERS = (None, -1, 0, 1, 2, 3, 4)


def fuzz_decoder(data: bytes) -> None:
    """One direction, cut anywhere: the same events as in one piece, little memory.

    Args:
        data: What is known of the peer, how many cuts, two bytes for each, then the stream.
    """
    peer_major = PEERS[data[0] % len(PEERS)]
    begin = 2 + 2 * (data[1] % 8)
    cuts = [int.from_bytes(data[at : at + 2], "big") % 2_048 for at in range(2, begin, 2)]
    stream = data[begin:]
    whole = decode(stream, (), MAX_BODY, peer_major)
    assert decode(stream, cuts, MAX_BODY, peer_major) == whole
    check(whole)
    decoder = ZmtpDecoder(MAX_BODY)
    decoder.receive_data(stream)
    check(list(decoder.events()))
    assert len(decoder._kept) <= MAX_COMMAND
    assert not decoder.has_failed or not len(decoder._inbox)


def fuzz_conversation(data: bytes) -> None:
    """Both directions, in any order.

    Args:
        data: Turns: a byte with the side and a length, then what is said.
    """
    conversation = Conversation(MAX_BODY)
    heard: dict[Side, list[Event]] = {side: [] for side in Side}
    while data:
        side, size = SIDES[data[0] & 1], (data[0] >> 1) + 1
        conversation.receive_data(side, data[1 : 1 + size])
        data = data[1 + size :]
        for said in conversation.events():
            heard[said.side].append(said.event)
        assert conversation.next_event() is None
        _ = conversation.stage, conversation.disagreement, conversation.subscriptions
    for events in heard.values():
        check(events)


def check(events: list[Event]) -> None:
    """A failure is the last event, and says what is wrong; places never go back."""
    assert not any(isinstance(event, ProtocolFailed) for event in events[:-1])
    places = [event.at for event in events if hasattr(event, "at")]
    assert places == sorted(places)


def fuzz(data: bytes) -> None:
    """One input; its first byte says what for."""
    if len(data) < 3:
        return
    if data[0] & 1:
        fuzz_conversation(data[1:])
    else:
        fuzz_decoder(data[1:])


def seeds() -> list[bytes]:
    """Valid streams, each alone and in a conversation with the next one."""
    curve = greeting(b"CURVE") + command(b"HELLO", bytes(194)) + command(b"INITIATE", bytes(248))
    traffic = encode_frame(MORE, b"a") + encode_frame(0, bytes(300)) + command(b"PING", b"\0\1c")
    plain = greeting(b"PLAIN") + command(b"HELLO", b"\x03bob\x06sesame")
    streams = [
        greeting() + ready(b"DEALER", b"me") + traffic + command(b"ERROR", b"\x02no"),
        greeting(minor=0) + ready(b"SUB") + command(b"SUBSCRIBE", b"A") + command(b"JOIN", b"g"),
        plain + command(b"INITIATE", b"\x01a\0\0\0\1b") + traffic,
        greeting(b"PLAIN", as_server=True) + command(b"WELCOME") + ready(b"REP") + traffic,
        curve + box(5) + box(300, 4),
        greeting(b"CURVE") + command(b"WELCOME", bytes(160)) + command(b"READY", bytes(24)),
        greeting(b"MINE") + command(b"ANY", b"token") + traffic,
        encode_greeting_v2(b"DEALER", b"me") + encode_frame(MORE, b"x"),
        encode_greeting_v2(b"ROUTER", major=3) + encode_frame(0, bytes(300)),
        encode_frame_v1(0, b"me") + encode_frame_v1(MORE, b"x") + encode_frame_v1(0, bytes(300)),
        b"\xff" + bytes(7) + b"\x01\x7f" + encode_frame_v1(0, b"x"),
    ]
    alone = [bytes([0, peer, 1, 0, 70]) + each for each in streams for peer in range(len(PEERS))]
    return alone + [b"\x01" + turns(*pair) for pair in pairwise([*streams, streams[0]])]


def turns(one: bytes, other: bytes) -> bytes:
    """Two streams as ``fuzz_conversation`` takes them, in turn."""
    parts = []
    for at in range(0, max(len(one), len(other)), 11):
        for side, stream in enumerate((one, other)):
            if piece := stream[at : at + 11]:
                parts.append(bytes([side | (len(piece) - 1) << 1]) + piece)
    return b"".join(parts)


def main() -> None:
    """Fill the folder if it is empty, then fuzz."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        for number, seed in enumerate(seeds()):
            (folder / f"seed-{number}").write_bytes(seed)
    atheris.Setup(sys.argv, fuzz)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
