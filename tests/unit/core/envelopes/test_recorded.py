"""Messages that real programs sent, recorded once: what the app says of each.

They ran on the loopback interface and sent to plain pyzmq sockets: vLLM 0.9.2 and 0.33.0 and SGLang
0.5.23 (their publishers of KV events alone), the gr-zeromq blocks of GNU Radio 3.10.5.1 (Debian
12), Bluesky 1.15.1 with ophyd's simulated devices, monerod 0.18.0.0 and bitcoind of Bitcoin SV
1.0.13 in their regression test modes, a master and a minion of Salt 3008.5, Pupil Labs'
pupil-core-network-client 1.0.0a5. Frames are hex in ``tests/recorded_messages.json``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.decoder_checks import check_envelope
from tests.envelope_cases import RECEIVED, SENT, outline_of
from tests.envelope_rig import labels
from zmqscope.core.decode.builtin import builtin_decoders, builtin_layers
from zmqscope.core.decode.payload import Payload
from zmqscope.core.decode.registry import Registry
from zmqscope.core.envelopes.builtin import builtin_envelopes
from zmqscope.core.envelopes.known import SHOWN_CONFIDENCE, KnownEnvelopes
from zmqscope.core.types import SocketType as T

FILE = Path(__file__).parents[3] / "recorded_messages.json"
FRAMES = {
    name: tuple(bytes.fromhex(frame) for frame in frames)
    for name, frames in json.loads(FILE.read_text()).items()
}
ENVELOPES = {envelope.name: envelope for envelope in builtin_envelopes()}
KNOWN = KnownEnvelopes(ENVELOPES.values())
REGISTRY = Registry(builtin_decoders(), builtin_layers())


class Known(NamedTuple):
    """What must be said of a message.

    Attributes:
        name: Program, version and what it is, as the file has it.
        kind: The type of the socket that got it.
        envelope: Whose it is.
        summary: What a table says, which has the beginnings of its frames.
        whole: What the inspector says, if that is another line.
        labels: Names of its frames, if they matter.
    """

    name: str
    kind: T
    envelope: str
    summary: str
    whole: str = ""
    labels: tuple[str, ...] = ()


MESSAGES = (
    Known(
        "vLLM 0.9.2: events as arrays",
        T.SUB,
        "vllm",
        "BlockStored (2 blocks, 32 tokens), BlockRemoved (1 block), AllBlocksCleared · #0",
        labels=("topic", "sequence", "events"),
    ),
    Known(
        "vLLM 0.9.2: no events, replayed",
        T.DEALER,
        "vllm",
        "no events · #3",
        labels=("delimiter", "sequence", "events"),
    ),
    Known(
        "vLLM 0.9.2: end of replay",
        T.DEALER,
        "vllm",
        "end of replay",
        labels=("delimiter", "sequence", "nothing"),
    ),
    Known(
        "vLLM 0.33.0: events as maps",
        T.SUB,
        "vllm",
        "BlockStored (2 blocks, 32 tokens), BlockRemoved (1 block), AllBlocksCleared · #0",
        labels=("topic", "sequence", "events"),
    ),
    Known(
        "vLLM 0.33.0: no events, replayed",
        T.DEALER,
        "vllm",
        "no events · #3",
        labels=("delimiter", "topic", "sequence", "events"),
    ),
    Known(
        "vLLM 0.33.0: end of replay",
        T.DEALER,
        "vllm",
        "end of replay",
        labels=("delimiter", "topic", "sequence", "nothing"),
    ),
    Known(
        "SGLang 0.5.23: events as maps",
        T.SUB,
        "vllm",
        "BlockStored (2 blocks, 32 tokens), BlockRemoved (1 block), AllBlocksCleared · #0",
        labels=("topic", "sequence", "events"),
    ),
    Known(
        "GNU Radio 3.10.5.1: PUB, tags and key",
        T.SUB,
        "gnuradio",
        "from item 0, 3 tags: rx_freq=100000000 burst=true rx_time=[1700000000 0.25], "
        "128 bytes of items",
        labels=("key", "tags and items"),
    ),
    Known(
        "GNU Radio 3.10.5.1: REP, tags",
        T.REQ,
        "gnuradio",
        "from item 0, 3 tags: rx_freq=100000000 burst=true rx_time=[1700000000 0.25], 64 "
        "bytes of items",
        labels=("tags and items",),
    ),
    Known(
        "GNU Radio 3.10.5.1: REP, no tags yet",
        T.REQ,
        "gnuradio",
        "from item 16, no tags, 64 bytes of items",
    ),
    Known(
        "GNU Radio 3.10.5.1: message pdu", T.SUB, "gnuradio", "PDU {chan=7 freq=433920000} 5 bytes"
    ),
    Known("GNU Radio 3.10.5.1: message pdu_c32", T.SUB, "gnuradio", "PDU c32 × 3"),
    Known("GNU Radio 3.10.5.1: message dict", T.SUB, "gnuradio", "message {chan=7 freq=433920000}"),
    Known("GNU Radio 3.10.5.1: message pair", T.SUB, "gnuradio", "message (freq . 100000000)"),
    Known("GNU Radio 3.10.5.1: message list", T.SUB, "gnuradio", "message (a 2.5 false)"),
    Known("GNU Radio 3.10.5.1: message tuple", T.SUB, "gnuradio", "message [a 2]"),
    Known("GNU Radio 3.10.5.1: message vec", T.SUB, "gnuradio", "message [9 9 9]"),
    Known("GNU Radio 3.10.5.1: message f64", T.SUB, "gnuradio", "message f64 × 2"),
    Known("GNU Radio 3.10.5.1: message sym", T.SUB, "gnuradio", "message hello"),
    Known(
        "Bluesky 1.15.1: start, pickled",
        T.SUB,
        "bluesky",
        'start plan_name="count" scan_id=1 uid="575cb083-8a24-4b7f-a4f5-3cc04408c431" (bl-7)',
        labels=("prefix, name and document",),
    ),
    Known(
        "Bluesky 1.15.1: event, pickled",
        T.SUB,
        "bluesky",
        'event seq_num=1 uid="e458e1bd-8518-42e2-ac05-8f012cfef1b0" '
        'descriptor="c70a262b-ddb9-451d-803f-92ed4c6a91c0"',
    ),
    Known(
        "Bluesky 1.15.1: descriptor, JSON",
        T.SUB,
        "bluesky",
        "descriptor 1,137 bytes",
        whole=(
            'descriptor name="primary" uid="2dfeef5f-c969-423c-a40a-46db6a16cce5" '
            'run_start="3d78b216-24d3-47e0-bd79-d0c648ae7a6f"'
        ),
    ),
    Known(
        "Bluesky 1.15.1: stop, JSON",
        T.SUB,
        "bluesky",
        'stop exit_status="success" uid="4e8da8d4-b5b9-4347-b4c8-1e18bf10f469" '
        'run_start="3d78b216-24d3-47e0-bd79-d0c648ae7a6f"',
    ),
    Known("Monero 0.18.0.0: miner data", T.SUB, "monero", "miner_data full height 2 difficulty 1"),
    Known(
        "Monero 0.18.0.0: block, full",
        T.SUB,
        "monero",
        "chain_main full height 1 1 or more blocks",
        whole="chain_main full height 1 1 block",
    ),
    Known("Monero 0.18.0.0: block", T.SUB, "monero", "chain_main minimal height 1 62e4fb84cbd7…"),
    Known(
        "Bitcoin SV 1.0.13: hashtx",
        T.SUB,
        "bitcoin",
        "hashtx bb9b3fd7452959eec49f9930ce808d5cbb16445dc0692e74d0c0028bd4158d1c #1",
        labels=("topic", "hash", "counter"),
    ),
    Known(
        "Bitcoin SV 1.0.13: rawtx",
        T.SUB,
        "bitcoin",
        "rawtx 1 input, 225 bytes #103",
        labels=("topic", "transaction", "counter"),
    ),
    Known(
        "Bitcoin SV 1.0.13: rawblock",
        T.SUB,
        "bitcoin",
        "rawblock 5ec9793c3e1a4ad66b62978942ba99a652c77382a1497e82297cae0621e60df4 169 bytes #0",
        labels=("topic", "block", "counter"),
    ),
    Known(
        "Bitcoin SV 1.0.13: hashblock2",
        T.SUB,
        "bitcoin",
        "hashblock2 f40de62106ae7c29827e49a18273c752a699ba428997626bd64a1a3e3c79c95e #0",
    ),
    Known(
        "Bitcoin SV 1.0.13: rawtx2",
        T.SUB,
        "bitcoin",
        "rawtx2 1 input, 88 bytes #0",
        labels=("topic", "transaction", "counter"),
    ),
    Known(
        "Bitcoin SV 1.0.13: removedfrommempoolblock",
        T.SUB,
        "bitcoin",
        "removedfrommempoolblock "
        "c5e8e25641ee81337454b1e75485ea7b78b30bba09081ffa66d218d91e4c09ce included-in-block #0",
        labels=("topic", "event", "counter"),
    ),
    Known(
        "Bitcoin SV 1.0.13: invalidtx",
        T.SUB,
        "bitcoin",
        "invalidtx 1f315bcc86dbb47d0504ca621c0c63eef359495a299f4442607ca2681f84cfe4 "
        "missing inputs #0",
    ),
    Known(
        "Salt 3008.5: a minion introduces itself",
        T.ROUTER,
        "salt",
        "clear _auth from minion-1",
        whole="clear _auth from minion-1 version 3",
        labels=("routing id", "delimiter", "payload"),
    ),
    Known(
        "Salt 3008.5: a minion asks",
        T.ROUTER,
        "salt",
        "aes load 496 bytes",
        whole="aes load 496 bytes from minion-1 version 3",
    ),
    Known("Salt 3008.5: a job", T.SUB, "salt", "aes load 160 bytes signed"),
    Known(
        "Pupil client 1.0.0a5: a notification",
        T.REP,
        "pupil",
        'notify.start_eye_plugin name="Detector2DPlugin" args={gain=2}',
        labels=("topic", "payload"),
    ),
    Known(
        "Pupil client 1.0.0a5: an annotation",
        T.REP,
        "pupil",
        'annotation label="trigger" duration=0.5 timestamp=123.26154932375357',
    ),
    Known("Pupil client 1.0.0a5: a port", T.REP, "pupil", "asks for SUB_PORT", labels=("request",)),
)
PLAIN = {
    "GNU Radio 3.10.5.1: items alone": T.REQ,
    "GNU Radio 3.10.5.1: a REQ source asks": T.REP,
    "GNU Radio 3.10.5.1: message source asks": T.REP,
    "GNU Radio 3.10.5.1: message long": T.SUB,
    "GNU Radio 3.10.5.1: message nil": T.SUB,
    "Salt 3008.5: an encrypted answer": T.ROUTER,
    "Pupil client 1.0.0a5: a recording": T.REP,
}
"""Nothing in these is their program's own."""


def test_all_that_was_recorded_is_looked_at() -> None:
    assert {message.name for message in MESSAGES} | set(PLAIN) == set(FRAMES)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_the_line_of_a_recorded_message(message: Known) -> None:
    frames = FRAMES[message.name]
    for is_cut in (True, False):
        view = outline_of(frames, message.kind, is_cut=is_cut)
        sighting = KNOWN.see(view)
        assert sighting is not None
        line = message.summary if is_cut else message.whole or message.summary
        assert (sighting.envelope, sighting.summary) == (message.envelope, line)
        assert check_envelope(ENVELOPES[message.envelope], view, frames)
        if message.labels:
            assert tuple(labels(sighting)) == message.labels


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_its_frames_are_read_as_the_envelope_says(message: Known) -> None:
    frames = FRAMES[message.name]
    sighting = KNOWN.see(outline_of(frames, message.kind))
    assert sighting is not None
    for index, (frame, found) in enumerate(zip(frames, sighting.frames, strict=True)):
        if found.decoder == message.envelope:
            assert ENVELOPES[message.envelope].decode(index, frame).bodies
        elif found.decoder and frame:
            reading = REGISTRY.read(Payload(frame[found.offset :]), None, found.decoder)
            assert reading.decoded is not None
            assert reading.decoder == found.decoder


@pytest.mark.parametrize("name", FRAMES)
def test_nobody_else_takes_it_for_its_own(name: str) -> None:
    owners = {message.name: message.envelope for message in MESSAGES}
    kinds = {message.name: message.kind for message in MESSAGES} | PLAIN
    for kind in (kinds[name], T.SUB, T.PULL, T.DEALER, T.ROUTER, T.PAIR, None):
        for direction in (RECEIVED, SENT):
            for is_cut in (True, False):
                view = outline_of(FRAMES[name], kind, direction, is_cut=is_cut)
                for other, envelope in ENVELOPES.items():
                    sighting = envelope.see(view)
                    if sighting is not None and other != owners.get(name):
                        assert sighting.confidence < SHOWN_CONFIDENCE, (other, kind)
