"""Messages as Monero's ``docs/ZMQ.md`` and ``src/rpc/zmq_pub.cpp`` write them."""

from __future__ import annotations

import json

import pytest

from tests.envelope_rig import Sample, outline, see
from zmqscope.core.envelopes.monero import Monero
from zmqscope.core.types import SocketType

ID = "ab12" * 16


def message(topic: str, body: object, summary: str) -> Sample:
    text = json.dumps(body, separators=(",", ":"))
    return Sample(SocketType.SUB, (f"{topic}:{text}".encode(),), summary)


def transaction(fee: int = 30_600_000) -> dict[str, object]:
    return {"id": ID, "blob_size": 1_527, "weight": 1_527, "fee": fee}


SAMPLES = (
    message(
        "json-minimal-txpool_add",
        [transaction()],
        "txpool_add minimal 1 transaction ab12ab12ab12… weight 1,527 fee 0.0000306 XMR",
    ),
    message("json-minimal-txpool_add", [], "txpool_add minimal 0 transactions"),
    message(
        "json-minimal-txpool_add",
        [transaction(2 * 10**12)] * 3,
        "txpool_add minimal 3 transactions ab12ab12ab12… weight 1,527 fee 2 XMR",
    ),
    message(
        "json-minimal-chain_main",
        {"first_height": 3_210_000, "first_prev_id": ID, "ids": [ID]},
        "chain_main minimal height 3,210,000 ab12ab12ab12…",
    ),
    message(
        "json-minimal-chain_main",
        {"first_height": 3_210_000, "first_prev_id": ID, "ids": [ID, "cd34" * 16]},
        "chain_main minimal height 3,210,000 2 blocks cd34cd34cd34…",
    ),
    message(
        "json-full-miner_data",
        {"major_version": 16, "height": 5, "prev_id": ID, "difficulty": "0x4b2c", "tx_backlog": []},
        "miner_data full height 5 difficulty 19,244",
    ),
    message("json-full-chain_main", [{"major_version": 16}], "chain_main full 1 block"),
    message(
        "json-full-chain_main",
        [{"miner_tx": {"inputs": [{"gen": {"height": 3_210_000}}]}}, {}],
        "chain_main full height 3,210,000 2 blocks",
    ),
    message("json-full-txpool_add", [{"version": 2}], "txpool_add full 1 transaction"),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.summary[:30])
def test_each_event_has_a_line(sample: Sample) -> None:
    sighting = see(Monero(), sample)
    assert sighting.summary == sample.summary
    (name,) = sighting.frames
    assert name.decoder == "json"
    assert json.loads(sample.frames[0][name.offset :]) is not None


def test_a_table_has_only_the_first_transactions() -> None:
    cut = message("json-minimal-txpool_add", [transaction()] * 90, "")
    assert see(Monero(), cut).summary.startswith("txpool_add minimal 5 or more transactions ab12")
    full = message("json-full-txpool_add", [{"version": 2, "extra": list(range(900))}], "")
    assert see(Monero(), full).summary == "txpool_add full 1 or more transactions"


@pytest.mark.parametrize(
    "frames",
    [
        (b"json-minimal-txpool_add",),
        (b"json-minimal-txpool_add:",),
        (b"json-minimal-txpool_add:5",),
        (b"json-brief-txpool_add:[]",),
        (b"json-minimal-txpool_add:[]", b""),
        (b"json-",),
        (b"{}",),
        (),
    ],
)
def test_other_messages_are_left_alone(frames: tuple[bytes, ...]) -> None:
    assert Monero().see(outline(frames)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 5_000,
        b'[{"id":5,"fee":-1,"weight":"x"}]',
        b'{"ids":[[]],"first_height":1e400}',
        b'{"height":' + b"9" * 400 + b"}",
        b'[{"miner_tx":{"inputs":[]}}]',
        b'[{"miner_tx":{"inputs":{"0":1}}}]',
        b'[{"miner_tx":{"inputs":[{"gen":{"height":"x"}}]}}]',
        b'{"difficulty":"0xzz"}',
        b'{"difficulty":' + b'"0x' + b"f" * 400 + b'"}',
        b"{",
        b"[\xff\xfe",
    ],
)
def test_odd_bodies_have_a_shorter_line(body: bytes) -> None:
    sample = Sample(SocketType.SUB, (b"json-minimal-chain_main:" + body,), "")
    for head in (512, 100_000):
        assert see(Monero(), sample, head=head).summary.startswith("chain_main minimal")
