"""Messages as Bitcoin Core's ``doc/zmq.md`` has them; blocks and transactions of the real chain."""

from __future__ import annotations

import hashlib
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.envelope_rig import Sample, fields, labels, outline, see
from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import Node, NodeKind
from zmqscope.core.envelopes.bitcoin import Bitcoin
from zmqscope.core.envelopes.bitcoin_transaction import coins_text
from zmqscope.core.types import SocketType

# The first block ever.
GENESIS_ID = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
GENESIS_TX = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
HEADER = bytes.fromhex(
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b2"
    "7ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c"
)
COINBASE = bytes.fromhex(
    "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ff"
    "ff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272"
    "696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000"
    "434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f3"
    "5504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000"
)
GENESIS = HEADER + b"\x01" + COINBASE

# BIP 143, "Native P2WPKH": two inputs, of which one has a witness.
WITNESSED = bytes.fromhex(
    "01000000000102fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f0000000049"
    "4830450221008b9d1dc26ba6a9cb62127b02742fa9d754cd3bebf337f7a55d114c8e5cdd30be022040529b19"
    "4ba3f9281a99f2b1c0a19c0489bc22ede944ccf4ecbab4cc618ef3ed01eeffffffef51e1b804cc89d182d279"
    "655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb206000000001976a91482"
    "80b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42dbee7e4dbe6a21b2"
    "d50ce2f0167faa815988ac000247304402203609e17b84f6a7d30c80bfa610b5b4542f32a8a0d5447a12fb13"
    "66d7f01cc44a0220573a954c4518331561406f90300e8f3358f51928d43c212a8caed02de67eebee0121025476"
    "c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee635711000000"
)

HASH = bytes(range(32))
SHOWN = HASH[::-1].hex()


def message(topic: bytes, body: bytes, counter: int, summary: str) -> Sample:
    return Sample(SocketType.SUB, (topic, body, struct.pack("<I", counter)), summary, 1)


SAMPLES = (
    message(b"hashtx", HASH, 7, f"hashtx {SHOWN} #7"),
    message(b"hashblock", HASH, 2**32 - 1, f"hashblock {SHOWN} #4,294,967,295"),
    message(b"rawtx", COINBASE, 0, "rawtx 1 input, 204 bytes #0"),
    message(b"rawtx", WITNESSED, 1, "rawtx 2 inputs, witness, 343 bytes #1"),
    message(b"rawblock", GENESIS, 12, f"rawblock {GENESIS_ID} 285 bytes #12"),
    message(b"sequence", HASH + b"C", 1, f"sequence block connected {SHOWN} #1"),
    message(b"sequence", HASH + b"D", 2, f"sequence block disconnected {SHOWN} #2"),
    message(
        b"sequence",
        HASH + b"A" + struct.pack("<Q", 9),
        3,
        f"sequence transaction added {SHOWN} mempool 9 #3",
    ),
    message(
        b"sequence",
        HASH + b"R" + struct.pack("<Q", 1 << 40),
        4,
        f"sequence transaction removed {SHOWN} mempool 1,099,511,627,776 #4",
    ),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.summary[:30])
def test_each_notification_has_a_line(sample: Sample) -> None:
    sighting = see(Bitcoin(), sample)
    assert sighting.summary == sample.summary
    assert labels(sighting)[::2] == ["topic", "counter"]
    assert sighting.body == 1
    for index in (1, 2):
        assert sighting.frames[index].decoder == "bitcoin"
        assert fields(Bitcoin().decode(index, sample.frames[index]))


@pytest.mark.parametrize(
    "frames",
    [
        (b"hashtx", HASH),
        (b"hashtx", HASH, b"\0" * 8),
        (b"hashtx", HASH[1:], b"\0" * 4),
        (b"hashtxs", HASH, b"\0" * 4),
        (b"sequence", HASH + b"A", b"\0" * 4),
        (b"sequence", HASH + b"C" + b"\0" * 8, b"\0" * 4),
        (b"rawtx", b"\x01\0\0\0", b"\0" * 4),
        (b"rawblock", HEADER[:40], b"\0" * 4),
        (b"sequence", b"", b"\0" * 4),
        (b"sequence2", HASH + b"C", b"\0" * 4),
        (b"hashtx2", HASH[1:], b"\0" * 4),
        (b"invalidtx", HASH, b"\0" * 4),
        (b"invalidtx", b"{}", b"\0" * 4),
        (b"removedfrommempool", b'{"txid":"none","reason":"expired"}', b"\0" * 4),
        (b"removedfrommempool", b"[]", b"\0" * 4),
    ],
)
def test_other_messages_are_left_alone(frames: tuple[bytes, ...]) -> None:
    assert Bitcoin().see(outline(frames, SocketType.SUB, 1)) is None


@pytest.mark.parametrize(
    ("topic", "fields_of", "summary"),
    [
        (b"removedfrommempool", b'"reason":"expired"', "expired"),
        (b"invalidtx", b'"rejectionReason":"bad-txns","isMissingInputs":false', "bad-txns"),
        (b"invalidtx", b'"rejectionReason":"","isMissingInputs":true', "missing inputs"),
        (b"invalidtx", b'"rejectionReason":5', ""),
    ],
)
def test_what_bitcoin_sv_drops_has_a_line(topic: bytes, fields_of: bytes, summary: str) -> None:
    body = b'{"txid":"' + SHOWN.encode() + b'",' + fields_of + b"}"
    sighting = see(Bitcoin(), message(topic, body, 3, ""))
    said = f"{topic.decode()} {SHOWN} {summary} #3"
    assert sighting.summary == said.replace("  ", " ")
    assert labels(sighting) == ["topic", "event", "counter"]
    assert sighting.frames[1].decoder == "json"


def test_a_block_is_a_tree_down_to_its_scripts() -> None:
    found = fields(Bitcoin().decode(1, GENESIS))
    assert found[""].text == f"hash {GENESIS_ID}"
    assert found["merkle_root"].text == GENESIS_TX
    assert str(found["time"].value) == "2009-01-03 18:15:05"
    assert found["bits"].note == "difficulty 1"
    assert found["nonce"].value == 2083236893
    assert found["transactions[0]"].text == f"txid {GENESIS_TX}"
    assert found["transactions[0].inputs[0].prev_txid"].note == "a coinbase: new coins"
    script = found["transactions[0].inputs[0].script"]
    assert isinstance(script.value, bytes)
    assert script.value.endswith(
        b"The Times 03/Jan/2009 Chancellor on brink of second bailout for banks"
    )
    assert found["transactions[0].outputs[0].value"].value == 5_000_000_000
    for node in found.values():
        assert node.span is not None
        if isinstance(node.value, bytes):
            assert GENESIS[node.span.start : node.span.stop] == node.value


def test_witnesses_are_not_part_of_the_txid() -> None:
    found = fields(Bitcoin().decode(1, WITNESSED))
    bare = WITNESSED[:4] + WITNESSED[6:-112] + WITNESSED[-4:]
    twice = hashlib.sha256(hashlib.sha256(bare).digest()).digest()
    plain = fields(Bitcoin().decode(1, bare))
    assert plain[""].text == f"txid {twice[::-1].hex()}"
    assert plain[""].text == found[""].text
    assert "witnesses" not in plain
    assert found["witnesses[0]"].count == 0
    assert found["witnesses[1]"].count == 2
    # IsFinalTx: the height of its block must be above it.
    unless = ", unless the sequence of each input is 4,294,967,295"
    assert found["locktime"].note == f"not before block 18{unless}"


def test_an_event_and_a_counter_are_read() -> None:
    found = fields(Bitcoin().decode(1, HASH + b"R" + struct.pack("<Q", 9)))
    assert found["label"].note == "transaction removed"
    assert found["mempool_sequence"].value == 9
    assert fields(Bitcoin().decode(2, struct.pack("<I", 300)))[""].value == 300


@pytest.mark.parametrize("size", [0, 1, 33, 41, 59, 60, 81, 100, 300])
def test_what_is_nothing_of_the_kind_is_refused(size: int) -> None:
    with pytest.raises(DecodeError):
        Bitcoin().decode(1, b"\x55" * size)


def test_a_cut_block_ends_in_a_sentence() -> None:
    data = HEADER + b"\x02" + COINBASE
    nodes = list(_leaves(Bitcoin().decode(1, data)))
    assert nodes[-1].kind is NodeKind.ERROR
    rest = list(_leaves(Bitcoin().decode(1, GENESIS + b"?")))
    assert "1 bytes are left" in rest[-1].text


@pytest.mark.parametrize(
    "data",
    [
        HEADER + b"\xff" + b"\xff" * 8 + COINBASE,
        b"\x01\0\0\0\xfe\x00\x00\x40\x00" + b"\0" * 8_000_000,
        b"\x01\0\0\0\0\x01\x01"
        + b"\0" * 36
        + b"\0" * 5
        + b"\0"
        + b"\xfe\0\0\x30\0"
        + b"\0" * 4_000_000,
        HEADER + b"\xfe\0\0\x30\0" + COINBASE * 4,
    ],
    ids=["many transactions", "many inputs", "many witnesses", "few of many"],
)
def test_numbers_that_lie_cost_little(data: bytes) -> None:
    began = time.thread_time()
    try:
        nodes = list(_leaves(Bitcoin().decode(1, data)))
    except DecodeError:
        nodes = []
    assert time.thread_time() - began < 1.0  # 0.1 s on an idle machine
    assert not nodes or nodes[-1].kind is NodeKind.ERROR


def _leaves(decoded: Decoded) -> list[Node]:
    body = decoded.bodies[0]
    assert isinstance(body, Tree)
    found, waiting = [], [body.root]
    while waiting:
        node = waiting.pop()
        below = list(children_of(node))
        found += [node] if not below else []
        waiting += reversed(below)
    return found


# ---- any transaction --------------------------------------------------------------------------


def sized(data: bytes) -> bytes:
    many = len(data)
    return (bytes([many]) if many < 0xFD else b"\xfd" + struct.pack("<H", many)) + data


SCRIPTS = st.binary(max_size=300)
INPUTS = st.lists(st.tuples(st.binary(min_size=32, max_size=32), SCRIPTS), min_size=1, max_size=4)
OUTPUTS = st.lists(st.tuples(st.integers(0, 21 * 10**14), SCRIPTS), max_size=4)


@settings(deadline=None)
@given(INPUTS, OUTPUTS, st.lists(SCRIPTS, max_size=3) | st.none())
def test_any_transaction_is_read_as_it_was_written(
    inputs: list[tuple[bytes, bytes]],
    outputs: list[tuple[int, bytes]],
    witness: list[bytes] | None,
) -> None:
    data = struct.pack("<i", 2) + (b"" if witness is None else b"\0\x01") + bytes([len(inputs)])
    for txid, script in inputs:
        data += txid + struct.pack("<I", 1) + sized(script) + b"\xff" * 4
    data += bytes([len(outputs)])
    for value, script in outputs:
        data += struct.pack("<q", value) + sized(script)
    for _ in inputs if witness is not None else ():
        data += bytes([len(witness or ())]) + b"".join(map(sized, witness or ()))
    data += struct.pack("<I", 0)
    if len(data) < 82:
        return
    found = fields(Bitcoin().decode(1, data))
    for index, (txid, script) in enumerate(inputs):
        assert found[f"inputs[{index}].prev_txid"].value == txid
        assert found[f"inputs[{index}].script"].value == script
        for number, item in enumerate(witness or ()):
            assert found[f"witnesses[{index}][{number}]"].value == item
    for index, (value, script) in enumerate(outputs):
        assert found[f"outputs[{index}].value"].value == value
        assert found[f"outputs[{index}].script"].value == script


def test_coins_of_any_size_keep_their_digits() -> None:
    assert coins_text(2**62 + 1) == "46116860184.27387905"
    assert coins_text(-1) == "-0.00000001"
