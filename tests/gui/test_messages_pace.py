"""What the table costs: idle, and with ten million rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from tests.gui.message_panel_rig import MessagePanelRig, opened_messages
from tests.gui.message_rig import put_many


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[MessagePanelRig]:
    with opened_messages(qtbot, tmp_path) as made:
        yield made


def test_an_idle_panel_asks_rarely_and_wakes_at_once(rig: MessagePanelRig) -> None:
    rig.fill(10)
    assert rig.panel.refresh_interval_ms() <= 33
    rig.refresh()
    assert rig.panel.refresh_interval_ms() >= 500
    put_many(rig.store, 1, 1)
    rig.sockets.woken.emit()
    assert rig.model.rowCount() == 11
    put_many(rig.store, 1, 1)
    rig.qtbot.waitUntil(lambda: rig.model.rowCount() == 12)


def best_of(run: Callable[[], object], count: int = 7) -> float:
    times = []
    for _ in range(count):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def costs(rig: MessagePanelRig) -> dict[str, float]:
    """Seconds for each thing that a person feels."""
    view, bar = rig.view, rig.view.verticalScrollBar()

    def append() -> None:
        put_many(rig.store, 1, 100)
        rig.refresh()

    def scroll(value: int) -> None:
        bar.setValue(value)
        view.viewport().repaint()

    def select() -> None:
        view.selectAll()
        view.horizontalHeader().viewport().repaint()
        view.viewport().repaint()
        view.clearSelection()

    result = {"repaint": best_of(view.viewport().repaint), "append": best_of(append)}
    view.stop_following()
    result["middle"] = best_of(lambda: scroll(bar.maximum() // 2))
    result["end"] = best_of(lambda: scroll(bar.maximum()))
    result["select"] = best_of(select)
    return result


@pytest.mark.slow
def test_ten_million_rows_cost_what_a_thousand_do(qtbot: QtBot, tmp_path: Path) -> None:
    small = MessagePanelRig(qtbot, tmp_path)
    small.fill(1_000)
    few = costs(small)
    small.panel.close()

    large = MessagePanelRig(qtbot, tmp_path)
    put_many(large.store, 1, 10_000_000)
    process = psutil.Process()
    before = process.memory_info().rss
    large.refresh()
    many = costs(large)
    grown = process.memory_info().rss - before
    large.panel.close()

    assert large.model.rowCount() > 10_000_000
    # A megabyte or two of caches; one byte a row would be ten.
    assert grown < 8_000_000
    for name, seconds in many.items():
        assert seconds < few[name] * 4 + 0.002, (name, seconds, few[name])
