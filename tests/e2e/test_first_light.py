"""The whole path through a real window: open, send, receive, read, watch, and come back to it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.e2e.conftest import Desktop, slowness
from tests.e2e.screen import Box, Pixels, brightness, difference
from tests.peers.launch import PeerProcess

pytestmark = pytest.mark.window

LOCAL = "tcp://127.0.0.1:*"


def socket_named(report: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(s for s in report["sockets"] if s["name"] == name)
    return found


def counted(report: dict[str, Any], name: str) -> tuple[int, int]:
    """Messages received and sent."""
    socket = socket_named(report, name)
    return socket["received"]["messages"], socket["sent"]["messages"]


def centre(desktop: Desktop) -> Box:
    """Where the welcome view is, or the messages."""
    return desktop.box().part(0.3, 0.1, 0.65, 0.5)


def right_column(desktop: Desktop) -> Box:
    """Where the inspector is; nothing moves there by itself."""
    return desktop.box().part(0.8, 0.1, 0.98, 0.45)


@contextmanager
def again(desktop: Desktop, *arguments: str) -> Iterator[None]:
    """Start the app with the settings of the run before; quit at the end."""
    desktop.start(*arguments)
    desktop.ready()
    yield
    _, said = desktop.quit()
    assert said == ""


def settled(desktop: Desktop, box: Box) -> Pixels:
    """A part of the screen, once it does not change any more."""
    before = desktop.picture(box)
    deadline = time.monotonic() + 60 * slowness()
    while time.monotonic() < deadline:
        time.sleep(0.7 * slowness())  # longer than the import of the plot holds the window still
        now = desktop.picture(box)
        if difference(before, now) == 0:
            return now
        before = now
    raise AssertionError("it does not come to rest")


def test_a_request_and_its_reply_from_the_welcome_view(desktop: Desktop) -> None:
    with PeerProcess("twelve.py", "REP", "--bind", LOCAL, "--echo") as peer:
        desktop.start()
        desktop.ready()
        welcome = settled(desktop, centre(desktop))
        desktop.open_socket(f"req:{peer.endpoint},name=ask")
        desktop.until(lambda: difference(welcome, desktop.picture(centre(desktop))) > 0.02)
        desktop.key("ctrl+j")
        desktop.type("what is the time?")
        desktop.key("ctrl+Return")
        peer.do("await", count=1, any=True)
        assert peer.next_fact(60) == {"received": 1}
        peer.do("flushed")
        assert peer.next_fact(60) == {"sent": 1}
        report, said = desktop.quit()
        assert peer.finish()["messages"] == [[b"what is the time?".hex()]]
    assert said == ""
    assert counted(report, "ask") == (1, 1)
    assert socket_named(report, "ask")["type"] == "REQ"
    assert report["captured"] == {"messages": 2, "frames": 2, "bytes": 34}


def test_what_a_publisher_sends_is_captured_and_drawn(desktop: Desktop) -> None:
    with PeerProcess("twelve.py", "XPUB", "--bind", LOCAL) as peer:
        desktop.start(f"sub:{peer.endpoint},topic=EUR,name=quotes")
        peer.do("await", count=1, any=True)
        assert peer.next_fact(60) == {"received": 1}  # the subscription
        desktop.ready()
        empty = settled(desktop, centre(desktop))
        for _ in range(20):
            peer.do("send", count=100, size=64, prefix=[b"EURUSD".hex()])
            peer.do("send", count=10, size=64, prefix=[b"GBPUSD".hex()])  # not subscribed to
            time.sleep(0.1)  # the pace of the sender
        desktop.until(lambda: difference(empty, desktop.picture(centre(desktop))) > 0.02)
        report, said = desktop.quit()
    assert said == ""
    assert counted(report, "quotes") == (2_000, 0)
    assert report["captured"] == {"messages": 2_000, "frames": 4_000, "bytes": 2_000 * (6 + 64)}
    assert report["ledger"]["dropped_in_queues"] == 0
    assert 0 < report["first_paint_ms"] < report["plot_ready_ms"]
    # How smoothly is for the benchmarks to judge.
    assert 0 < report["interval_ms"]["p50"] < 1_000


def test_the_real_port_is_shown_and_can_be_copied(desktop: Desktop) -> None:
    app = desktop.start(f"pull:@{LOCAL},name=in")
    desktop.ready()
    (listening,) = desktop.until(
        lambda: [c for c in psutil.Process(app.pid).net_connections("tcp") if c.status == "LISTEN"]
    )
    address = f"tcp://127.0.0.1:{listening.laddr.port}"
    desktop.do("copy address")
    desktop.summon("New socket", "ctrl+n")
    desktop.type("push:")
    desktop.key("ctrl+v")
    desktop.type(",name=out")
    desktop.key("Return")
    desktop.in_window("ZMQ Scope")
    desktop.key("ctrl+j")
    desktop.type("to myself")
    desktop.key("ctrl+Return")
    with PeerProcess("twelve.py", "PUSH", "--connect", address) as peer:
        peer.do("send", count=50)
        peer.do("flushed")
        assert peer.next_fact(60) == {"sent": 50}
        report, said = desktop.quit()
    assert said == ""
    assert socket_named(report, "in")["endpoints"] == [f"@{address}"]
    assert socket_named(report, "out")["endpoints"] == [address]
    assert counted(report, "in") == (51, 0)
    assert counted(report, "out") == (0, 1)


def test_an_action_of_the_palette_is_done_and_remembered(desktop: Desktop) -> None:
    desktop.start("--theme", "dark")
    desktop.ready()
    window = desktop.box()
    assert brightness(desktop.picture(window)) < 60
    desktop.do("switch dark")
    desktop.until(lambda: brightness(desktop.picture(window)) > 180)
    desktop.quit()
    assert "theme_mode=light" in (desktop.folder / "settings.ini").read_text()
    with again(desktop):
        desktop.until(lambda: brightness(desktop.picture(window)) > 180)


def test_a_closed_panel_stays_closed_until_the_layout_is_reset(desktop: Desktop) -> None:
    with again(desktop):
        column = right_column(desktop)
        first = settled(desktop, column)
        desktop.do("inspector panel")
        desktop.until(lambda: difference(first, desktop.picture(column)) > 0.005)
        closed = settled(desktop, column)
    with again(desktop):
        column = right_column(desktop)
        desktop.until(lambda: difference(closed, desktop.picture(column)) < 0.002)
        assert difference(closed, settled(desktop, column)) < 0.002
        desktop.do("reset layout")
        desktop.until(lambda: difference(first, desktop.picture(column)) < 0.002)
    with again(desktop):
        desktop.until(lambda: difference(first, desktop.picture(right_column(desktop))) < 0.002)


def test_the_window_stays_where_it_was(desktop: Desktop) -> None:
    with again(desktop):
        place = desktop.box()
    with again(desktop):
        assert desktop.box() == place


def test_a_measured_run_of_the_demo(desktop: Desktop) -> None:
    run_s = 5.0 * slowness()
    desktop.launch("--demo", "--exit-after", str(run_s))
    report, said = desktop.wait(120 + run_s)
    assert said == ""
    assert desktop.app is not None
    assert desktop.app.returncode == 0
    assert isinstance(report["version"], str)
    for name in ("first_paint_ms", "plot_ready_ms", "rss_mb"):
        assert isinstance(report[name], float), name
    assert set(report["interval_ms"]) == {"p50", "p99", "max"}
    assert all(isinstance(value, float) for value in report["interval_ms"].values())
    assert set(report["captured"]) == {"messages", "frames", "bytes"}
    assert report["captured"]["messages"] > 1_000
    assert report["drain"] == "native"
    assert report["ledger"]["missing_on_wire"] is None  # unknown is not zero
    assert {"SUB", "REQ", "PULL", "ROUTER", "PAIR"} <= {s["type"] for s in report["sockets"]}
    for socket in report["sockets"]:
        assert socket["endpoints"], socket
        assert all(isinstance(address, str) for address in socket["endpoints"])
        for way in ("received", "sent"):
            assert set(socket[way]) == {"messages", "bytes"}
            assert all(isinstance(value, int) for value in socket[way].values())
    total = sum(s[way]["messages"] for s in report["sockets"] for way in ("received", "sent"))
    # The figures are read one after the other while messages still come.
    for figure in (total, report["ledger"]["captured"]):
        assert figure == pytest.approx(report["captured"]["messages"], rel=0.1)


def test_a_click_is_answered_while_messages_pour_in(desktop: Desktop) -> None:
    app = desktop.start(f"pull:@{LOCAL},name=in")
    desktop.ready()
    (listening,) = desktop.until(
        lambda: [c for c in psutil.Process(app.pid).net_connections("tcp") if c.status == "LISTEN"]
    )
    column, middle = right_column(desktop), centre(desktop)
    nothing_selected = settled(desktop, column)
    empty = desktop.picture(middle)
    address = f"tcp://127.0.0.1:{listening.laddr.port}"
    with PeerProcess(
        "flood.py", "PUSH", address, "--rate", "20000", "--seconds", "3", "--hold"
    ) as flood:
        flood.write(b"go\n")
        desktop.until(lambda: difference(empty, desktop.picture(middle)) > 0.02)
        desktop.click(middle.x + middle.width // 3, middle.y + middle.height // 3)
        desktop.until(lambda: difference(nothing_selected, desktop.picture(column)) > 0.005)
        sent = flood.next_fact(60)["sent"]
        report, said = desktop.quit()
    assert said == ""
    assert counted(report, "in") == (sent, 0)
    assert sent > 5_000


def test_settings_are_only_where_they_were_asked_to_be(desktop: Desktop) -> None:
    home = desktop.folder / "home"
    home.mkdir()
    desktop.environment["HOME"] = desktop.environment["XDG_CONFIG_HOME"] = str(home)
    with again(desktop):
        desktop.key("ctrl+t")
    assert (desktop.folder / "settings.ini").is_file()
    assert not [path for path in Path(home).rglob("*") if "zmqscope" in path.name]
