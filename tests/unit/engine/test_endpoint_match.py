"""Which endpoint an event is about, by the addresses that libzmq tells."""

from __future__ import annotations

import pytest

from zmqscope.core.types import Endpoint, Role, SocketType
from zmqscope.engine.attachment import Attachment
from zmqscope.engine.endpoint_match import Match, match


@pytest.mark.parametrize(
    ("own", "seen", "fits"),
    [
        ("tcp://127.0.0.1:5556", "tcp://127.0.0.1:5556", Match.EXACT),
        ("tcp://0.0.0.0:5556", "tcp://127.0.0.1:5556", Match.PORT),
        ("tcp://localhost:5556", "tcp://127.0.0.1:5556", Match.PORT),
        ("tcp://localhost:5557", "tcp://127.0.0.1:5556", Match.NONE),
        ("tcp://127.0.0.2:5556", "tcp://127.0.0.1:5556", Match.NONE),
        ("tcp://[::]:5556", "tcp://[::1]:5556", Match.PORT),
        ("ipc:///tmp/a", "ipc:///tmp/b", Match.NONE),
        ("ipc:///tmp/a", "ipc:///tmp/a", Match.EXACT),
    ],
)
def test_events_find_their_endpoint(own: str, seen: str, fits: Match) -> None:
    assert match(seen, own, frozenset()) is fits


def test_a_looked_up_name_is_surer_than_a_port() -> None:
    hosts = frozenset({"192.0.2.7"})
    own = "tcp://feed.example:5556"
    assert match("tcp://192.0.2.7:5556", own, hosts) is Match.ADDRESS
    assert match("tcp://192.0.2.8:5556", own, hosts) is Match.PORT


def test_an_endpoint_goes_by_what_was_typed_and_by_what_it_is_bound_to() -> None:
    attachment = Attachment(SocketType.PULL, Endpoint(Role.BIND, "tcp://127.0.0.1:*"))
    attachment.actual = "tcp://127.0.0.1:5556"
    for address in ("tcp://127.0.0.1:*", "tcp://127.0.0.1:5556"):
        assert attachment.match(address) is Match.EXACT
