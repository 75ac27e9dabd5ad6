from __future__ import annotations

from zmqscope.core.probe import Answer, ProbePlan, ProbeResult
from zmqscope.models.doctor.probe_words import facts, result_text, tone

PLAN = ProbePlan("tcp://127.0.0.1:5555")


def test_a_healthy_peer() -> None:
    result = ProbeResult(
        PLAN,
        Answer.ZMTP,
        "It is there.",
        version="3.1",
        mechanism="CURVE",
        is_server=True,
        identity=b"\x00k\x8b",
        metadata=(("X-App", "feed\n2"),),
        fits=True,
        first_bytes=b"\xff" * 200,
        took_s=0.0123,
    )
    found = dict(facts(result))
    assert found["Version"] == "ZMTP 3.1"
    assert found["Mechanism"] == "CURVE, its server"
    assert found["Socket type"] == "sealed by CURVE"
    assert found["Routing id"] == "00 6b 8b"
    assert "\n" not in found["X-App"]
    assert found["First bytes"].endswith("…")
    assert found["Took"] == "12 ms"
    assert tone(result) == ("check", "received")
    assert result_text(result).startswith("It is there.\n")


def test_tones() -> None:
    def of(answer: Answer, fits: bool | None = None) -> str:
        return tone(ProbeResult(PLAN, answer, "", fits=fits))[1]

    assert of(Answer.ZMTP) == "accent"
    assert of(Answer.ZMTP, False) == "broken"
    assert of(Answer.REFUSED) == "broken"
    assert of(Answer.HTTP) == "waiting"
