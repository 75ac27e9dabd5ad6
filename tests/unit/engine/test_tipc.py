from __future__ import annotations

import socket

import pytest

from zmqscope.core.errors import EndpointError
from zmqscope.engine import tipc
from zmqscope.engine.tipc import check_tipc, has_tipc

NO_FAMILY = 4_095


def test_a_system_that_knows_the_family_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tipc, "_AF_TIPC", int(socket.AF_INET))
    assert has_tipc()
    check_tipc("tipc")


def test_without_it_the_reason_and_a_way_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tipc, "_AF_TIPC", NO_FAMILY)
    assert not has_tipc()
    with pytest.raises(EndpointError) as refusal:
        check_tipc("tipc")
    assert refusal.value.problem.text == "This system has no TIPC."
    assert "sudo modprobe tipc" in refusal.value.problem.hint


@pytest.mark.parametrize("scheme", ["tcp", "ipc", "ws", ""])
def test_other_transports_do_not_care(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setattr(tipc, "_AF_TIPC", NO_FAMILY)
    check_tipc(scheme)
