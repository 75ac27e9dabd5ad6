"""What keeps happening is told, but not each time."""

from __future__ import annotations

from zmqscope.engine.notice_gate import NoticeGate

TEXT = "Somebody connected and left."


def told(gate: NoticeGate, times_s: list[float], text: str = TEXT) -> list[str]:
    admitted = [gate.admit(text, now_s) for now_s in times_s]
    return [each for each in admitted if each is not None]


def test_a_few_repeats_are_told_in_full() -> None:
    assert told(NoticeGate(), [100.0, 100.1, 100.2]) == [TEXT] * 3


def test_flapping_ten_times_a_second_for_an_hour_stays_readable() -> None:
    texts = told(NoticeGate(), [100 + n / 10 for n in range(36_000)])
    assert len(texts) < 20
    held_back = [int(t.rpartition("(")[2].split()[0]) for t in texts if "more times" in t]
    assert held_back == sorted(held_back)
    assert sum(held_back) + len(texts) <= 36_000


def test_what_was_held_back_is_counted() -> None:
    texts = told(NoticeGate(), [100.0, 100.1, 100.2, 100.3, 100.4, 106.0])
    assert texts[-1] == f"{TEXT} (2 more times before)"


def test_after_a_quiet_time_it_is_news_again() -> None:
    gate = NoticeGate()
    told(gate, [100 + n / 10 for n in range(100)])
    assert len(told(gate, [10_000.0, 10_000.1])) == 2


def test_texts_do_not_hold_each_other_back_and_are_bounded() -> None:
    gate = NoticeGate()
    for number in range(10_000):
        assert gate.admit(f"peer {number}", 100.0) == f"peer {number}"
    assert gate.admit("peer 0", 100.0) == "peer 0"
