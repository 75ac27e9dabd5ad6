from __future__ import annotations

from dataclasses import replace

import pytest

from zmqscope.core.diagnosis.finding import Finding, Fix, FixKind, Rule
from zmqscope.core.types import Endpoint, Role, Severity, SocketId, SocketSpec, SocketType
from zmqscope.models.doctor.fix_words import fix_words, fixed_spec, high_water_mark

THERE = Endpoint(Role.CONNECT, "tcp://a:1")
REQ = SocketSpec(SocketType.REQ, (THERE,), "ref", options=(("sndhwm", 50), ("linger", 0)))
SUB = SocketSpec(SocketType.SUB, (THERE,), "quotes", (b"",))
PULL = SocketSpec(SocketType.PULL, (THERE,), "work", options=(("rcvhwm", 20),))
DEALER = SocketSpec(SocketType.DEALER, (THERE,), "talk")


def finding(rule: Rule = Rule.HIGH_WATER_MARK) -> Finding:
    return Finding(SocketId(1), rule, Severity.WARNING, "It is full.", "Because.")


@pytest.mark.parametrize("kind", list(FixKind))
@pytest.mark.parametrize("spec", [REQ, SUB, None])
def test_every_kind_has_words(kind: FixKind, spec: SocketSpec | None) -> None:
    words = fix_words(Fix(kind), finding(), spec)
    assert 0 < len(words.title) <= 26
    assert words.tip or spec is None
    assert words.title != words.tip


def test_words_are_told_apart() -> None:
    titles = [fix_words(Fix(kind), finding(), REQ).title for kind in FixKind]
    assert len(set(titles)) == len(titles)


def test_the_tip_names_the_endpoint_in_one_line() -> None:
    evil = Endpoint(Role.CONNECT, "tcp://a\u202e\n" + "x" * 300)
    words = fix_words(Fix(FixKind.PROBE, evil), finding(), SUB)
    assert words.title == "Probe…"
    assert words.tip.startswith("Connect once and read what answers: tcp://a⟨U+202E⟩␊xx")
    assert len(words.tip) < 200
    assert fix_words(Fix(FixKind.RECONNECT, THERE), finding(), SUB).tip.endswith(": tcp://a:1")


def test_values_are_said() -> None:
    mark = fix_words(Fix(FixKind.RAISE_HIGH_WATER_MARK, value=20_000), finding(), REQ)
    assert mark.title == "Raise to 20,000"
    assert "sndhwm to 20,000 messages" in mark.tip
    size = fix_words(Fix(FixKind.RAISE_MAX_MESSAGE_SIZE, value=64_000_000), finding(), REQ)
    assert size.title == "Allow 64.0 MB"
    without = replace(REQ, options=(("sndhwm", 0),))
    lifted = fix_words(Fix(FixKind.RAISE_HIGH_WATER_MARK), finding(), without)
    assert lifted.title == "Lift the high-water mark"
    assert "no limit" in lifted.tip


def test_what_opens_the_socket_anew_says_so() -> None:
    for kind in FixKind:
        fix = Fix(kind)
        reopens = fixed_spec(fix, finding(), REQ) is not None
        assert ("opened again" in fix_words(fix, finding(), REQ).tip) is reopens, kind


@pytest.mark.parametrize(
    ("spec", "rule", "mark"),
    [
        (REQ, Rule.HIGH_WATER_MARK, ("sndhwm", 500)),
        (DEALER, Rule.HIGH_WATER_MARK, ("sndhwm", 10_000)),
        (replace(SUB, type=SocketType.XSUB), Rule.SLOW_SUBSCRIBER, ("rcvhwm", 1_000_000)),
        (replace(SUB, type=SocketType.XPUB), Rule.SLOW_SUBSCRIBER, ("sndhwm", 10_000)),
        (SUB, Rule.SLOW_SUBSCRIBER, ("rcvhwm", 1_000_000)),
        (PULL, Rule.HIGH_WATER_MARK, ("rcvhwm", 200)),
        (replace(SUB, type=SocketType.PUB), Rule.SLOW_SUBSCRIBER, ("sndhwm", 10_000)),
        (replace(REQ, options=(("sndhwm", 2_000_000_000),)), Rule.HIGH_WATER_MARK,
         ("sndhwm", 2_147_483_647)),
    ],
)  # fmt: skip
def test_which_mark_is_raised_and_how_far(
    spec: SocketSpec, rule: Rule, mark: tuple[str, int]
) -> None:
    assert high_water_mark(Fix(FixKind.RAISE_HIGH_WATER_MARK), finding(rule), spec) == mark


def test_specs_keep_their_other_options() -> None:
    relaxed = fixed_spec(Fix(FixKind.RELAX_REQ), finding(), REQ)
    assert relaxed == replace(
        REQ,
        options=(("sndhwm", 50), ("linger", 0), ("req_relaxed", 1), ("req_correlate", 1)),
    )
    assert relaxed is not None
    assert fixed_spec(Fix(FixKind.RELAX_REQ), finding(), relaxed) == relaxed
    raised = fixed_spec(Fix(FixKind.RAISE_HIGH_WATER_MARK, value=90), finding(), REQ)
    assert raised is not None
    assert dict(raised.options) == {"sndhwm": 90, "linger": 0}
    limited = replace(PULL, options=(("maxmsgsize", 10), ("conflate", 1)))
    sized = fixed_spec(Fix(FixKind.RAISE_MAX_MESSAGE_SIZE, value=99), finding(), limited)
    assert sized == replace(PULL, options=(("conflate", 1), ("maxmsgsize", 99)))
    free = fixed_spec(Fix(FixKind.RAISE_MAX_MESSAGE_SIZE), finding(), limited)
    assert free == replace(PULL, options=(("conflate", 1),))
    whole = fixed_spec(Fix(FixKind.TURN_CONFLATE_OFF), finding(), limited)
    assert whole == replace(PULL, options=(("maxmsgsize", 10),))
