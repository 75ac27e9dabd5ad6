"""What the window shows while there are no sockets, and the settings dialog."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton, QSpinBox
from pytestqt.qtbot import QtBot

from tests.gui.shell_rig import settings_in
from zmqscope.ui.settings_dialog import SettingsDialog
from zmqscope.ui.theme import Theme, ThemeMode
from zmqscope.ui.welcome import ChoiceButton, SpecButton, WelcomeView


def test_three_ways_to_begin(qtbot: QtBot, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    settings.add_recent_spec("sub:tcp://localhost:5556,name=a%26b")
    view = WelcomeView(Theme(ThemeMode.DARK), settings)
    qtbot.addWidget(view)
    new, demo = view.findChildren(ChoiceButton)
    with qtbot.waitSignal(view.new_socket_requested):
        new.click()
    with qtbot.waitSignal(view.demo_requested):
        demo.click()
    (recent,) = view.findChildren(SpecButton)
    with qtbot.waitSignal(view.spec_requested) as asked:
        recent.click()
    assert asked.args == ["sub:tcp://localhost:5556,name=a%26b"]


def test_recent_sockets_follow_the_settings(qtbot: QtBot, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    view = WelcomeView(Theme(ThemeMode.DARK), settings)
    qtbot.addWidget(view)
    assert not view.findChildren(SpecButton)
    settings.add_recent_spec("sub:tcp://localhost:1")
    settings.add_recent_spec("sub:tcp://localhost:2,topic=\x1b")
    qtbot.waitUntil(lambda: len(view.findChildren(SpecButton)) == 2)
    first = view.findChildren(SpecButton)[0]
    assert first.accessibleName() == "sub:tcp://localhost:2,topic=␛"


@pytest.mark.parametrize("width", [320, 700])
def test_nothing_is_cut_off_at_the_side(qtbot: QtBot, tmp_path: Path, width: int) -> None:
    settings = settings_in(tmp_path)
    settings.add_recent_spec("dealer:" + ",".join(f"tcp://a-long-host-name:{n}" for n in range(9)))
    view = WelcomeView(Theme(ThemeMode.DARK), settings)
    qtbot.addWidget(view)
    view.resize(width, 300)
    view.show()
    QApplication.processEvents()
    page = view.widget()
    assert page is not None
    assert page.width() <= view.viewport().width()


def test_settings_are_in_force_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    dialog = SettingsDialog(Theme(ThemeMode.DARK), settings)
    qtbot.addWidget(dialog)
    light = next(b for b in dialog.findChildren(QRadioButton) if b.text() == "Light")
    light.click()
    assert settings.theme_mode is ThemeMode.LIGHT
    budget = dialog.findChild(QSpinBox)
    assert isinstance(budget, QSpinBox)
    assert (budget.minimum(), budget.maximum(), budget.value()) == (64, 65_536, 512)
    budget.setValue(1_024)
    assert settings.memory_budget_bytes == 1_024 * 1024 * 1024


def test_half_a_number_throws_nothing_away(qtbot: QtBot, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    dialog = SettingsDialog(Theme(ThemeMode.DARK), settings)
    qtbot.addWidget(dialog)
    dialog.show()
    budget = dialog.findChild(QSpinBox)
    assert isinstance(budget, QSpinBox)
    budget.selectAll()
    QTest.keyClicks(budget, "128")
    assert settings.memory_budget_bytes == 512 * 1024 * 1024
    QTest.keyClick(budget, Qt.Key.Key_Return)
    assert settings.memory_budget_bytes == 128 * 1024 * 1024
