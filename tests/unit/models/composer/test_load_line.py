from dataclasses import replace

import pytest

from zmqscope.core.load import LoadEnd, LoadSnapshot
from zmqscope.core.types import JobId, Problem, SocketId
from zmqscope.models.composer.load_line import LoadLine, asked_words, rate_words

RUNNING = LoadSnapshot(
    JobId(1),
    SocketId(1),
    100_000.0,
    sent=1_234_567,
    sent_bytes=19_753_072,
    seconds=12.36,
    rate_per_s=99_800.0,
    blocked_times=2,
    blocked_s=0.003,
)


def line(**changes: object) -> LoadLine:
    return LoadLine(replace(RUNNING, **changes), "load\ntest", "hello")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("per_s", "words"),
    [
        (0.0, "0/s"),
        (0.1, "0.1/s"),
        (9.996, "10/s"),
        (100.0, "100/s"),
        (999.6, "1 k/s"),
        (1_000.0, "1 k/s"),
        (1_230.0, "1.23 k/s"),
        (99_800.0, "99.8 k/s"),
        (99_960.0, "100 k/s"),
        (100_000.0, "100 k/s"),
        (1_900_000.0, "1.9 M/s"),
        (12_345_678.0, "12.3 M/s"),
    ],
)
def test_rates_have_three_figures(per_s: float, words: str) -> None:
    assert rate_words(per_s) == words


def test_flat_out_is_a_rate_too() -> None:
    assert asked_words(None) == "flat out"
    assert asked_words(10_000.0) == "10 k/s"


def test_a_running_load_says_what_it_reaches() -> None:
    running = line()
    assert running.title() == "load␊test · 100 k/s"
    assert running.counts() == "99.8 k/s · 1,234,567 sent"
    assert running.pace() == "99.8 k/s of 100 k/s"
    assert running.figures() == "1,234,567 sent · 19.8 MB · 12 s · blocked 3 ms"
    assert (running.tone, running.reason(), running.share()) == ("received", "", None)


def test_flat_out_has_nothing_to_be_compared_with() -> None:
    flat_out = line(asked_per_s=None, blocked_s=0.0)
    assert flat_out.pace() == "99.8 k/s, flat out"
    assert flat_out.figures() == "1,234,567 sent · 19.8 MB · 12 s"
    assert not flat_out.misses_its_rate


def test_a_load_that_is_too_slow_says_why() -> None:
    slow = line(rate_per_s=60_000.0, given_up=500_000)
    assert slow.tone == "waiting"
    assert "A larger sndhwm helps" in slow.reason()
    assert slow.figures().endswith("blocked 3 ms · 500,000 given up")
    unblocked = line(rate_per_s=60_000.0, blocked_s=0.0)
    assert "this machine does not send more" in unblocked.reason()
    assert line(rate_per_s=0.0, seconds=0.4).reason() == ""  # no whole second yet
    assert line(asked_per_s=2.0, rate_per_s=1.2).reason() == ""  # one message more or less


def test_how_it_ended() -> None:
    complete = line(end=LoadEnd.COMPLETE, count=1_234_567)
    assert complete.title() == "load␊test · all sent"
    assert complete.counts() == "99.9 k/s · 1,234,567 sent"
    assert (complete.tone, complete.share()) == ("muted", 1.0)
    assert line(end=LoadEnd.STOPPED).title() == "load␊test · stopped"
    failed = line(end=LoadEnd.FAILED, problem=Problem("The socket was closed.", "Reopen it."))
    assert (failed.title(), failed.tone) == ("load␊test · ended", "broken")
    assert failed.reason() == "The socket was closed. Reopen it."
    assert replace(line(), is_stopping=True).state_words() == "stopping"


def test_how_much_of_it_is_done() -> None:
    assert line(count=2_469_134).share() == 0.5
