"""Which libzmq type a socket is opened as."""

from __future__ import annotations

import pytest

from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketType
from zmqscope.engine.publishing import is_told_all, opened_as


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        ("pub:@tcp://*:1", SocketType.XPUB),
        ("pub:@tcp://*:1,conflate=1", SocketType.PUB),
        ("pub:@tcp://*:1,conflate=0", SocketType.XPUB),
        ("radio:@tcp://*:1", SocketType.XPUB),
        ("xpub:@tcp://*:1", SocketType.XPUB),
        ("sub:tcp://h:1", SocketType.SUB),
        ("server:@tcp://*:1", SocketType.ROUTER),
    ],
)
def test_what_publishes_is_an_xpub_underneath(spec: str, kind: SocketType) -> None:
    assert opened_as(parse_spec(spec)) is kind


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("", True),
        (",xpub_verboser=1", True),
        (",xpub_verboser=0", False),
        (",xpub_verbose=1", False),
        (",xpub_verbose=0", False),
        (",xpub_verbose=1,xpub_verboser=1", True),
    ],
)
def test_whether_every_subscription_is_told(options: str, told: bool) -> None:
    assert is_told_all(parse_spec(f"xpub:@tcp://*:1{options}")) is told
