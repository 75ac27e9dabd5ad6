"""The generator in a real window, without the mouse: start, look, stop, and what came of it."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Desktop
from tests.peers.launch import PeerProcess

pytestmark = pytest.mark.window


def test_a_load_from_the_keyboard(desktop: Desktop) -> None:
    with PeerProcess("twelve.py", "PULL", "--bind", "tcp://127.0.0.1:*") as peer:
        desktop.start()
        desktop.ready()
        desktop.open_socket(f"push:{peer.endpoint},name=load")
        desktop.key("ctrl+j")
        desktop.type("0123456789abcdef")
        desktop.summon("Generate load", "ctrl+shift+g")
        desktop.key("Return")
        peer.do("await", count=2_000, any=True)
        assert peer.next_fact(60)["received"] >= 2_000
        desktop.key("Return")
        desktop.key("Escape")
        desktop.in_window("ZMQ Scope")
        report, said = desktop.quit()
        assert said == ""
        (socket,) = report["sockets"]
        summary = peer.finish()
        assert summary["received"] == socket["sent"]["messages"] >= 2_000
        assert summary["bytes"] == 16 * summary["received"]
