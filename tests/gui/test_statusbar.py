"""The ledger."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from zmqscope.core.kernels.kernel_set import KernelState
from zmqscope.models.ledger import LedgerFigures
from zmqscope.ui.statusbar import Figure, LedgerBar
from zmqscope.ui.theme import Theme, ThemeMode

MIB = 1024 * 1024
BUSY = LedgerFigures(
    captured=12_480_112,
    received_per_s=324_000,
    received_bytes_per_s=25.1e6,
    sent_per_s=98_000,
    sent_bytes_per_s=7.2e6,
    dropped_in_queues=0,
    evicted=1_204_332,
    memory_bytes=194 * MIB,
    budget_bytes=512 * MIB,
    drain="plain",
    frames_per_s=60,
)


class Rig:
    """A window with the ledger."""

    def __init__(self, qtbot: QtBot) -> None:
        self.bar = LedgerBar(Theme(ThemeMode.DARK))
        self.window = QMainWindow()
        self.window.setStatusBar(self.bar)
        qtbot.addWidget(self.window)
        self.window.resize(1_280, 200)
        with qtbot.waitExposed(self.window):
            self.window.show()

    def figures(self) -> dict[str, Figure]:
        return {f.accessibleName(): f for f in self.bar.findChildren(Figure) if f.isVisible()}

    def places(self) -> list[tuple[int, int]]:
        QApplication.processEvents()
        figures = self.bar.findChildren(Figure)
        return [(f.geometry().left(), f.geometry().width()) for f in figures]


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    return Rig(qtbot)


def test_shows_every_figure_with_a_tip(rig: Rig) -> None:
    rig.bar.set_figures(BUSY)
    QApplication.processEvents()
    shown = rig.figures()
    assert list(shown) == [
        "captured 12,480,112",
        "↓ 324 k/s 25.1 MB/s",
        "↑ 98 k/s 7.2 MB/s",
        "dropped in our queues 0",
        "no longer in memory 1,204,332",
        "memory 194 / 512 MB",
        "drain plain",
        "60 fps",
    ]
    assert all(figure.toolTip() for figure in shown.values())
    assert all(figure.width() > 20 for figure in shown.values())


def test_figures_at_the_start_are_all_there(rig: Rig) -> None:
    assert "no longer in memory 0" in rig.figures()
    assert all(width > 20 for _, width in rig.places())


@pytest.mark.parametrize(
    ("received", "size", "frames"),
    [(0.0, 0.0, 9.0), (7.0, 310.0, 60.0), (999_000.0, 999e6, 144.0), (1_204.0, 1e9, 59.6)],
)
def test_rates_move_nothing(rig: Rig, received: float, size: float, frames: float) -> None:
    rig.bar.set_figures(BUSY)
    before = rig.places()
    changed = {"received_per_s": received, "received_bytes_per_s": size, "frames_per_s": frames}
    fields = {name: getattr(BUSY, name) for name in BUSY.__slots__}
    rig.bar.set_figures(LedgerFigures(**{**fields, **changed}))
    assert rig.places() == before


def test_a_figure_never_shrinks(rig: Rig) -> None:
    rig.bar.set_figures(BUSY)
    before = rig.places()
    rig.bar.set_figures(LedgerFigures(captured=3, evicted=1, dropped_in_queues=0, drain="plain"))
    assert rig.places()[0][1] == before[0][1]
    assert rig.places()[4][1] == before[4][1]


def test_in_a_narrow_window_losses_stay(rig: Rig) -> None:
    rig.bar.set_figures(BUSY)
    rig.window.resize(900, 200)
    QApplication.processEvents()
    shown = rig.figures()
    assert "dropped in our queues 0" in shown
    assert "no longer in memory 1,204,332" in shown
    assert "drain plain" not in shown
    received = shown["↓ 324 k/s 25.1 MB/s"]
    assert received.toolTip().startswith("25.1 MB/s: ")
    edges = [figure.mapTo(rig.bar, figure.rect().topRight()).x() for figure in shown.values()]
    assert max(edges) <= rig.bar.width()


def test_a_wide_window_shows_them_again(rig: Rig) -> None:
    rig.bar.set_figures(BUSY)
    rig.window.resize(700, 200)
    QApplication.processEvents()
    rig.window.resize(1_280, 200)
    QApplication.processEvents()
    assert len(rig.figures()) == 8


def test_unchanged_figures_cost_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.bar.set_figures(BUSY)
    monkeypatch.setattr(Figure, "set_text", lambda *_: pytest.fail("was asked to repaint"))
    rig.bar.set_figures(LedgerFigures(**{n: getattr(BUSY, n) for n in BUSY.__slots__}))


def test_the_drain_takes_no_more_room_than_its_words(rig: Rig) -> None:
    fields = {name: getattr(BUSY, name) for name in BUSY.__slots__}
    rig.bar.set_figures(BUSY)
    before = rig.places()
    rig.bar.set_figures(LedgerFigures(**{**fields, "kernels": KernelState.COMPILING}))
    QApplication.processEvents()
    assert "drain plain → native, compiling" in rig.figures()
    rig.bar.set_figures(LedgerFigures(**{**fields, "kernels": KernelState.READY}))
    QApplication.processEvents()
    assert rig.places() == before
