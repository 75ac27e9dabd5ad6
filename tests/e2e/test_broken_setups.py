"""Set-ups that do not work, many in one window: each is explained, and what works is left alone.

Not here, but in ``tests/integration/test_truth_table.py`` with a doctor of little patience: a topic
that nobody publishes (a minute or more), a deadlock (a REP has to be opened anew for it).
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.broken_setups import AT_ONCE, SENDING, Setup, Yard, yard
from tests.e2e.conftest import Desktop

pytestmark = [pytest.mark.window, pytest.mark.slow]

_RUN_S = 55.0
_LEAST_S = 14.0
"""By then the doctor has asked who is there, and has lost its patience."""
_BEFORE_THE_ANSWER = ("silent-peer", "closes-at-once", "wrong-server-key", "no-authenticator")
_HEALTHY = ("good-in", "good-out", "good-news", "good-quotes")


def test_each_of_them_is_explained(desktop: Desktop, tmp_path: Path) -> None:
    with yard(tmp_path) as at:
        ready = [make(at) for make in AT_ONCE]
        sending = [make(at) for make in SENDING]
        before = [each.spec for each in (*ready, *sending) if each.sender or not each.frames]
        quotes = at.peer("XPUB", "--bind", "tcp://127.0.0.1:*")
        desktop.start(*before, *healthy(at, quotes.endpoint), "--exit-after", str(_RUN_S))
        quotes.do("await", count=1, any=True)
        assert quotes.next_fact(20) == {"received": 1}  # the subscription
        quotes.do("send", count=50, prefix=[b"EUR".hex()])
        for each in sending:
            send(desktop, each)
        # Last, so that the app has seen which processes its peers are.
        for each in ready:
            if each.spoil is not None:
                each.spoil()
        assert time.monotonic() - desktop.started_s < _RUN_S - _LEAST_S, "typing took too long"
        report, said = desktop.wait(2 * _RUN_S)
    assert said == ""
    unexplained = {
        each.name: told_of(report, each.name)
        for each in (*ready, *sending)
        if not is_explained(report, each)
    }
    assert unexplained == {}
    assert {name: told_of(report, name) for name in _HEALTHY} == {name: [] for name in _HEALTHY}
    received = {each["name"]: each["received"]["messages"] for each in report["sockets"]}
    assert received["good-in"] == received["good-quotes"] == 50


def healthy(at: Yard, quotes: str) -> list[str]:
    """Sockets that work, and their peers."""
    jobs, results, news = at.address(), at.address(), at.address()
    at.peer("PUSH", "--connect", jobs).do("send", count=50)
    at.peer("PULL", "--connect", results)
    at.peer("SUB", "--connect", news, "--subscribe", "")
    return [
        f"pull:@{jobs},name=good-in",
        f"push:@{results},name=good-out",
        f"pub:@{news},name=good-news",
        f"sub:{quotes},topic=EUR,name=good-quotes",
    ]


def send(desktop: Desktop, setup: Setup) -> None:
    """Open the socket that sends, and send from the composer."""
    desktop.open_socket(setup.sender or setup.spec)
    desktop.key("ctrl+j")
    for number, frame in enumerate(setup.frames):
        if number:
            desktop.key("ctrl+shift+n")
        desktop.type(frame)
    desktop.key("ctrl+Return")


def told_of(report: dict[str, Any], name: str) -> list[str]:
    """What was found of a socket, as it stands on the screen."""
    return [
        f"{each['rule']}: {each['text']}. {each['why']}"
        for each in report["findings"]
        if each["socket"] == name
    ]


def is_explained(report: dict[str, Any], setup: Setup) -> bool:
    """Whether the cause was found in the right words, and no other cause.

    Before the doctor’s own probe has its answer, one that names several may have stood there.
    """
    told = told_of(report, setup.name)
    others = [
        each
        for each in report["findings"]
        if each["socket"] == setup.name and each["rule"] != setup.rule.value
    ]
    is_alone = all(
        each["until"] is not None and each["rule"] in _BEFORE_THE_ANSWER for each in others
    )
    return is_alone and any(
        line.startswith(f"{setup.rule.value}: ") and all(word in line for word in setup.words)
        for line in told
    )
