"""What the answer of a probe makes of a connect that fails."""

from __future__ import annotations

import pytest

from tests.doctor_rig import (
    ADDRESS,
    DROPPED,
    KEY,
    NOW,
    S,
    answer,
    failing,
    kinds,
    scene,
    seen,
    told,
    view,
    words,
)
from zmqscope.core import percent
from zmqscope.core.diagnosis.doctor import Doctor
from zmqscope.core.diagnosis.finding import Finding, FixKind, Rule
from zmqscope.core.probe import Answer, Fate, ProbeResult
from zmqscope.core.types import EndpointState, Severity

CURVE = f",lock=curve-client,server_key={percent.encode(KEY.encode())}"
PLAIN = ",lock=plain-client,user=ann,secret=session:a"


def found(spec: str, heard: ProbeResult) -> Finding:
    """The one finding about a connect that is dropped again and again."""
    (finding,) = told(seen(spec, view(attempts=failing(DROPPED), answer=heard)), after_s=5.0)
    return finding


def hangs(spec: str, heard: ProbeResult) -> Finding:
    """The same of one that is taken, and then hears nothing."""
    at = view(state=EndpointState.CONNECTING, waiting=1, waiting_since_ns=NOW - 5 * S, answer=heard)
    (finding,) = told(seen(spec, at), after_s=5.0)
    return finding


@pytest.mark.parametrize("who", [Answer.HTTP, Answer.SSH, Answer.TLS, Answer.OTHER])
@pytest.mark.parametrize("lock", ["", CURVE, PLAIN])
def test_strangers_are_named(who: Answer, lock: str) -> None:
    for finding in (
        found(f"push:{ADDRESS}{lock}", answer(who)),
        hangs(f"push:{ADDRESS}{lock}", answer(who)),
    ):
        assert finding.rule is Rule.NOT_ZMTP
        assert who.value in finding.text


def test_the_mechanism_is_named() -> None:
    finding = found(f"push:{ADDRESS}", answer(mechanism="CURVE"))
    assert finding.rule is Rule.MECHANISMS_DIFFER
    assert finding.why.startswith("The peer speaks CURVE and this socket speaks NULL.")
    assert kinds(finding)[:2] == [FixKind.EDIT_LOCK, FixKind.RECONNECT]


def test_two_clients_of_one_mechanism() -> None:
    finding = found(f"push:{ADDRESS}{CURVE}", answer(mechanism="CURVE", is_server=False))
    assert finding.rule is Rule.MECHANISMS_DIFFER
    assert "Both are the client of CURVE" in finding.why


def test_the_type_is_named() -> None:
    finding = found(f"sub:{ADDRESS}", answer(type_name="REP"))
    assert finding.rule is Rule.TYPES_DO_NOT_FIT
    assert "is a REP, and this is a SUB. A SUB talks with PUB or XPUB" in words(finding)
    assert kinds(finding)[:2] == [FixKind.EDIT, FixKind.RECONNECT]


@pytest.mark.parametrize(
    ("fate", "rule"),
    [
        (Fate.WRONG_SERVER_KEY, Rule.WRONG_SERVER_KEY),
        (Fate.CLOSED_AFTER_LOCK, Rule.TYPES_DO_NOT_FIT),
    ],
)
def test_a_trial_tells_key_and_types_apart(fate: Fate, rule: Rule) -> None:
    heard = answer(mechanism="CURVE", is_server=True, type_name="", fate=fate)
    finding = found(f"push:{ADDRESS}{CURVE}", heard)
    assert finding.rule is rule
    assert "Either" not in finding.why


def test_a_plain_server_that_asks_nobody() -> None:
    heard = answer(mechanism="PLAIN", is_server=True, type_name="", fate=Fate.NO_ANSWER)
    finding = found(f"push:{ADDRESS}{PLAIN}", heard)
    assert finding.rule is Rule.NO_AUTHENTICATOR
    assert "Either" not in finding.why


@pytest.mark.parametrize(("lock", "name"), [(PLAIN, "PLAIN"), ("", "NULL")])
def test_an_authenticator_that_does_not_decide(lock: str, name: str) -> None:
    finding = hangs(f"push:{ADDRESS}{lock}", answer(mechanism=name, type_name=""))
    assert finding.rule is Rule.AUTHENTICATOR_SILENT
    assert f"ZeroMQ server ({name})" in finding.why


def test_old_zeromq_is_no_trouble() -> None:
    finding = hangs(f"push:{ADDRESS}", answer(version="2.0", type_name=""))
    assert (finding.rule, finding.severity) == (Rule.OLD_ZMTP, Severity.INFO)


@pytest.mark.parametrize(
    ("who", "rule", "word"),
    [
        (Answer.CLOSES, Rule.CLOSES_AT_ONCE, "on a probe too"),
        (Answer.REFUSED, Rule.CLOSES_AT_ONCE, "Another kind of program"),
        (Answer.ZMTP, Rule.CLOSES_AT_ONCE, "Another kind of program"),
    ],
)
def test_where_nothing_was_learned_all_causes_stay(who: Answer, rule: Rule, word: str) -> None:
    finding = found(f"push:{ADDRESS}", answer(who))
    assert finding.rule is rule
    assert word in finding.why


def test_silence_at_a_probe_too() -> None:
    finding = hangs(f"push:{ADDRESS}", answer(Answer.SILENT))
    assert finding.rule is Rule.SILENT_PEER
    assert "does not answer a probe either" in finding.why


def test_once_connected_an_answer_says_nothing() -> None:
    assert told(seen(f"push:{ADDRESS}", view(peers=1, answer=answer(Answer.SSH)))) == []


def test_the_card_changes_in_one_round() -> None:
    doctor = Doctor()
    told_each = []
    for heard in (None, answer(Answer.SSH)):
        at = view(
            state=EndpointState.CONNECTING, waiting=1, waiting_since_ns=NOW - 5 * S, answer=heard
        )
        socket = seen(f"push:{ADDRESS}", at)
        doctor.examine(socket, scene(socket), NOW)
        conclusion = doctor.conclude()
        assert conclusion is not None
        told_each.append(conclusion)
    before, after = told_each
    assert [each.rule for each in before.findings] == [Rule.SILENT_PEER]
    assert [each.rule for each in after.findings] == [Rule.NOT_ZMTP]
    assert [each.rule for each in after.gone] == [Rule.SILENT_PEER]
