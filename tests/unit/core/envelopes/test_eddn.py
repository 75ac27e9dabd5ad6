"""Messages as the schemas of EDCD/EDDN have them (``journal-README.md``, ``commodity``)."""

from __future__ import annotations

import json
import os
import zlib

import pytest

from tests.envelope_rig import Sample, outline, see
from zmqscope.core.envelopes.eddn import Eddn
from zmqscope.core.types import SocketType

HEADER = {
    "uploaderID": "c0ffee",
    "softwareName": "E:D Market Connector [Windows]",
    "softwareVersion": "5.9.0",
    "gatewayTimestamp": "2026-11-26T17:00:00.000000Z",
}


def message(schema: str, body: dict[str, object], summary: str, level: int = 6) -> Sample:
    ref = f"https://eddn.edcd.io/schemas/{schema}"
    text = json.dumps({"$schemaRef": ref, "header": HEADER, "message": body})
    return Sample(SocketType.SUB, (zlib.compress(text.encode(), level),), summary)


def padding(count: int) -> list[str]:
    return [os.urandom(20).hex() for _ in range(count)]


BY = "(E:D Market Connector [Windows])"

SAMPLES = (
    message(
        "journal/1", {"event": "FSDJump", "StarSystem": "Sol"}, f'journal/1 FSDJump "Sol" {BY}'
    ),
    message(
        "journal/1", {"event": "Docked", "StarSystem": "Sol"}, f'journal/1 Docked "Sol" {BY}', 1
    ),
    message(
        "commodity/3",
        {"systemName": "Sol", "stationName": "Abraham Lincoln", "commodities": []},
        f'commodity/3 "Sol" "Abraham Lincoln" {BY}',
        9,
    ),
    message("journal/1/test", {"event": "Scan"}, f"journal/1/test Scan {BY}"),
    message(
        "journal/1",
        {"event": "FSDJump", "StarSystem": "Sol", "Factions": padding(100)},
        f'journal/1 FSDJump "Sol" {BY}',
    ),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.summary[:30])
def test_each_message_has_a_line(sample: Sample) -> None:
    sighting = see(Eddn(), sample)
    assert sighting.summary == sample.summary
    assert [frame.decoder for frame in sighting.frames] == ["json"]


def test_fields_may_come_in_any_order() -> None:
    late = {
        "header": HEADER,
        "message": {"event": "Scan"},
        "$schemaRef": "https://eddn.edcd.io/schemas/a/1",
    }
    sample = Sample(SocketType.SUB, (zlib.compress(json.dumps(late).encode()),), "")
    assert see(Eddn(), sample).summary == f"a/1 Scan {BY}"
    cut = {"header": HEADER, "message": {"event": "Scan", "x": padding(200)}, "$schemaRef": "…"}
    sample = Sample(SocketType.SUB, (zlib.compress(json.dumps(cut).encode()),), "")
    assert see(Eddn(), sample).summary == f"Scan {BY}"


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"x\x9c",
        b"x\x9c" + b"\xff" * 60,
        zlib.compress(b"[1, 2, 3]" * 9),
        zlib.compress(b'{"header": 5, "message": {}, "more": "0123456789"}'),
        zlib.compress(b'{"$schemaRef": 5, "message": {"a": "0123456789"}}'),
        zlib.compress(b"\0" * 10_000_000),
        json.dumps({"$schemaRef": "https://eddn.edcd.io/schemas/journal/1"}).encode(),
    ],
)
def test_other_messages_are_left_alone(frame: bytes) -> None:
    assert Eddn().see(outline((frame,))) is None


def test_two_frames_are_none_of_its_messages() -> None:
    assert Eddn().see(outline((b"topic", SAMPLES[0].frames[0]))) is None


def test_a_name_that_is_cut_ends_in_an_ellipsis() -> None:
    ref = "https://eddn.edcd.io/schemas/journal/1"
    # What is looked at ends within the name of the system.
    text = json.dumps({"$schemaRef": ref, "header": HEADER})[:-1]
    text += ", " + " " * (2_010 - len(text)) + '"message": {"StarSystem": "Sagittarius A*"}}'
    frame = zlib.compress(text.encode())
    assert len(frame) < 512
    sighting = see(Eddn(), Sample(SocketType.SUB, (frame,), ""))
    assert '"Sagittarius A*"' not in sighting.summary
    assert '…"' in sighting.summary
