"""Set-ups that do not work, many in one window: each is explained, and what works is left alone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.e2e.broken_setups import AT_ONCE, SENDING, Setup, Yard, ring, yard
from tests.e2e.conftest import Desktop

pytestmark = [pytest.mark.window, pytest.mark.slow]

_PATIENCE_S = 30.0
"""By then the doctor has asked who is there, and has lost its patience: twice what it takes."""
_BEFORE_THE_ANSWER = ("silent-peer", "closes-at-once", "wrong-server-key", "no-authenticator")
_HEALTHY = ("good-in", "good-out", "good-news", "good-quotes")


def test_each_of_them_is_explained(desktop: Desktop, tmp_path: Path) -> None:
    with yard(tmp_path) as at:
        ready = [make(at) for make in AT_ONCE]
        sending = [make(at) for make in SENDING]
        before = [each.spec for each in (*ready, *sending) if each.sender or not each.frames]
        quotes = at.peer("XPUB", "--bind", "tcp://127.0.0.1:*")
        desktop.start(*before, *healthy(at, quotes.endpoint))
        quotes.do("await", count=1, any=True)
        assert quotes.next_fact(60) == {"received": 1}  # the subscription
        quotes.do("send", count=50, prefix=[b"EUR".hex()])
        asks, answers = ring(at)
        for each in (*sending, asks):
            send(desktop, each)
        lose_request(desktop, answers)
        # Last, so that the app has seen which processes its peers are.
        for each in ready:
            if each.spoil is not None:
                each.spoil()
        # Nothing outside the window tells what it shows: its report does, at the end.
        time.sleep(_PATIENCE_S)
        report, said = desktop.quit()
    assert said == ""
    unexplained = {
        each.name: told_of(report, each.name)
        for each in (*ready, *sending, asks)
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


def lose_request(desktop: Desktop, answers: str) -> None:
    """Open a REP that a request waits for already, and open it anew once it has the request."""
    desktop.open_socket(answers)
    port = int(answers.partition(",")[0].rpartition(":")[2])
    desktop.until(lambda: is_connected(port))
    desktop.do("reopen socket")


def is_connected(port: int) -> bool:
    """Whether somebody is connected to a port of this machine."""
    return any(
        each.status == psutil.CONN_ESTABLISHED and each.laddr and each.laddr.port == port
        for each in psutil.net_connections("tcp4")
    )


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
    may_be_before = {*_BEFORE_THE_ANSWER, *(rule.value for rule in setup.before)}
    is_alone = all(each["until"] is not None and each["rule"] in may_be_before for each in others)
    return is_alone and any(
        line.startswith(f"{setup.rule.value}: ") and all(word in line for word in setup.words)
        for line in told
    )
