"""What the app remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.gui.shell_rig import settings_in
from zmqscope.ui.settings import (
    DEFAULT_BUDGET_BYTES,
    MAX_BUDGET_BYTES,
    MAX_RECENT_SPECS,
    MIN_BUDGET_BYTES,
    Settings,
)
from zmqscope.ui.theme import ThemeMode


def test_survive_a_restart(tmp_path: Path) -> None:
    first = settings_in(tmp_path)
    first.theme_mode = ThemeMode.LIGHT
    first.memory_budget_bytes = 128 * 1024 * 1024
    first.topic_separator = 0
    first.add_recent_spec("sub:tcp://localhost:5556,topic=EUR,name=a%2Cb")
    first.set_bytes("window/state", b"\0\xff\n")
    first.set_text("messages/columns", "a,b")
    first.save()
    second = settings_in(tmp_path)
    assert second.theme_mode is ThemeMode.LIGHT
    assert second.memory_budget_bytes == 128 * 1024 * 1024
    assert second.topic_separator == 0
    assert second.recent_specs == ["sub:tcp://localhost:5556,topic=EUR,name=a%2Cb"]
    assert second.get_bytes("window/state") == b"\0\xff\n"
    assert second.get_text("messages/columns") == "a,b"


def test_defaults(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    assert settings.theme_mode is ThemeMode.SYSTEM
    assert settings.memory_budget_bytes == DEFAULT_BUDGET_BYTES
    assert settings.topic_separator is None
    assert settings.recent_specs == []
    assert settings.get_bytes("nothing") == b""
    assert settings.get_text("nothing", "default") == "default"


@pytest.mark.parametrize("nonsense", ["", "purple", "-1", "1e9", "²"])
def test_nonsense_reads_as_the_default(tmp_path: Path, nonsense: str) -> None:
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    store.setValue("theme_mode", nonsense)
    store.setValue("memory_budget_bytes", nonsense)
    store.setValue("topic_separator", nonsense)
    store.setValue("recent_specs", 7)
    settings = Settings(store)
    assert settings.theme_mode is ThemeMode.SYSTEM
    assert settings.memory_budget_bytes == DEFAULT_BUDGET_BYTES
    assert settings.topic_separator is None
    assert settings.recent_specs == []


def test_the_budget_is_bounded(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    settings.memory_budget_bytes = 1
    assert settings.memory_budget_bytes == MIN_BUDGET_BYTES
    settings.memory_budget_bytes = 10**15
    assert settings.memory_budget_bytes == MAX_BUDGET_BYTES


def test_where_topics_end(qtbot: QtBot, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with qtbot.waitSignal(settings.changed) as changed:
        settings.topic_separator = ord("/")
    assert changed.args == ["topic_separator"]
    settings.topic_separator = None
    assert settings.topic_separator is None
    settings.set_text("topic_separator", "256")
    assert settings.topic_separator is None


def test_recent_specs_are_few_and_newest_first(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    for number in range(MAX_RECENT_SPECS + 3):
        settings.add_recent_spec(f"sub:tcp://a:{number}")
    settings.add_recent_spec("sub:tcp://a:5")
    assert settings.recent_specs[0] == "sub:tcp://a:5"
    assert len(settings.recent_specs) == len(set(settings.recent_specs)) == MAX_RECENT_SPECS
    settings.clear_recent_specs()
    assert settings.recent_specs == []


def test_tells_what_changed_and_only_then(qtbot: QtBot, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with qtbot.waitSignal(settings.changed) as changed:
        settings.theme_mode = ThemeMode.DARK
    assert changed.args == ["theme_mode"]
    with qtbot.assertNotEmitted(settings.changed):
        settings.theme_mode = ThemeMode.DARK
        settings.memory_budget_bytes = DEFAULT_BUDGET_BYTES
