"""Numbers and sentences."""

from __future__ import annotations

import pytest

from tests.doctor_rig import ADDRESS, S, case, seen
from zmqscope.core.diagnosis.case import clause, counted, fix, seconds, sentence, times
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.types import Severity


@pytest.mark.parametrize(
    ("duration_ns", "text"),
    [(-1, "0.0 s"), (6_240_000_000, "6.2 s"), (200 * S, "3 min"), (9_000 * S, "2 h")],
)
def test_durations(duration_ns: int, text: str) -> None:
    assert seconds(duration_ns) == text


def test_counts() -> None:
    assert [times(n) for n in (1, 2, 1_500)] == ["once", "twice", "1,500 times"]
    assert [counted(n, "peer") for n in (1, 2_000)] == ["1 peer", "2,000 peers"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("nobody listens at tcp://a:1", "Nobody listens at tcp://a:1."),
        ("tcp://a:1 hung up", "tcp://a:1 hung up."),
    ],
)
def test_sentences(text: str, whole: str) -> None:
    assert sentence(text) == whole


@pytest.mark.parametrize(
    ("whole", "text"),
    [
        ("Nobody is there.", "nobody is there"),
        ("A peer left.", "a peer left"),
        ("REP is busy.", "REP is busy"),
        ("wss://a:1 is shut.", "wss://a:1 is shut"),
    ],
)
def test_clauses(whole: str, text: str) -> None:
    assert clause(whole) == text


def test_at_most_four_buttons() -> None:
    here = case(seen(f"push:{ADDRESS}"))
    many = [fix(kind) for kind in FixKind]
    found = here.found(Rule.GIVEN_UP, Severity.INFO, "a", "b", *many)
    assert len(found.finding.fixes) == 4
