"""Decisions in words, few of them in a flood."""

from __future__ import annotations

from typing import Any

from zmqscope.core.events import EventKind
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import Severity, SocketId
from zmqscope.engine.access.record import AccessRecord
from zmqscope.engine.access.telling import AccessTeller
from zmqscope.engine.access.zap import ZapStatus

HERE = "10.0.0.7"
SECOND_NS = 1_000_000_000


def record(
    status: ZapStatus | None, time_ns: int = 0, key: str = "", user: str = "", **more: Any
) -> AccessRecord:
    mechanism = Mechanism.CURVE if key else Mechanism.PLAIN if user else Mechanism.NULL
    fields = {"reason": "it is not on the list “default”", **more}
    address = fields.pop("address", HERE)
    return AccessRecord(
        time_ns, SocketId(1), "default", mechanism, address, user or key, key, status, **fields
    )


def told(*records: AccessRecord) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    teller = AccessTeller(lambda *words: found.append(words))
    for each in records:
        teller.told(each)
    return found


def test_who_came_in() -> None:
    assert told(record(ZapStatus.SUCCESS, user="ann", reason="")) == [
        (1, EventKind.ACCESS, Severity.INFO, "“ann” from 10.0.0.7 was let in by PLAIN.", "", HERE)
    ]
    (line,) = told(record(ZapStatus.SUCCESS, key="k" * 40, reason=""))
    assert line[3] == "A peer with the key kkkkkkkk… from 10.0.0.7 was let in by CURVE."


def test_who_did_not_and_why() -> None:
    (line,) = told(record(ZapStatus.REFUSED, key="k" * 40))
    assert line[2] is Severity.WARNING
    assert line[3].endswith("was refused: it is not on the list “default”.")
    (line,) = told(record(ZapStatus.TEMPORARY, user="bob"))
    assert line[3].startswith("“bob” from 10.0.0.7 was put off: ")


def test_who_waits() -> None:
    (line,) = told(record(None, address="", process=77))
    assert line[3] == "Process 77 waits to be let in: it is not on the list “default”."
    assert "nothing passes" in line[4]


def test_a_flood_is_told_in_the_same_words() -> None:
    flood = [record(ZapStatus.REFUSED, n, key=f"{n:08}".ljust(40, "k")) for n in range(5_000)]
    lines = {line[3] for line in told(*flood)}
    assert len(lines) <= 12
    assert sum("many such peers" in line for line in lines) == 1
    assert told(*flood)[-1][5] == ""
    assert len(told(*flood)) == 5_000


def test_after_a_flood_particulars_are_told_again() -> None:
    flood = [record(ZapStatus.REFUSED, n, user=f"u{n}") for n in range(100)]
    later = record(ZapStatus.REFUSED, 30 * SECOND_NS, user="bob")
    assert "“bob”" in told(*flood, later)[-1][3]


def test_names_of_strangers_cannot_break_a_line() -> None:
    (line,) = told(record(ZapStatus.REFUSED, user="a\nb\u202e"))
    assert line[3].startswith("“a\\x0ab\\u202e” from")
