"""Actions as data."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.shell_rig import Recorder, add
from zmqscope.ui.actions import Action, ActionRegistry, shortcut_text
from zmqscope.ui.theme import Theme, ThemeMode


def test_one_record_gives_everything(qtbot: QtBot) -> None:
    registry, recorder = ActionRegistry(), Recorder()
    action = Action("socket.new", "New socket…", "Socket", "Ctrl+N", help="Open a socket")
    with qtbot.waitSignal(registry.added) as added:
        qaction = registry.add(action, recorder.on_triggered)
    assert added.args == ["socket.new"]
    assert qaction.text() == "New socket…"
    assert qaction.toolTip() == "Open a socket (Ctrl+N)"
    assert shortcut_text(qaction) == "Ctrl+N"
    assert registry.actions() == [action]
    assert registry.qaction("socket.new") is qaction
    assert "socket.new" in registry
    assert "socket.close" not in registry
    qaction.trigger()
    assert recorder.calls == ["triggered"]


def test_a_checkable_action_hands_its_state_over(qapp: QApplication) -> None:
    registry, recorder = ActionRegistry(), Recorder()
    add(registry, recorder, "plot.log", checkable=True)
    registry.qaction("plot.log").trigger()
    registry.qaction("plot.log").trigger()
    assert recorder.calls == [True, False]


def test_an_ampersand_is_an_ampersand(qapp: QApplication) -> None:
    registry, recorder = ActionRegistry(), Recorder()
    add(registry, recorder, "a", title="This & that")
    assert registry.qaction("a").text() == "This && that"


def test_alternative_shortcuts(qapp: QApplication) -> None:
    registry, recorder = ActionRegistry(), Recorder()
    add(registry, recorder, "messages.follow", shortcut="End; Ctrl+End")
    assert shortcut_text(registry.qaction("messages.follow")) == "End · Ctrl+End"
    with pytest.raises(ValueError, match=r"Ctrl\+End.*taken by 'messages.follow'"):
        add(registry, recorder, "other", shortcut="ctrl+end")


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (Action("a", "Again", "Socket"), "id 'a' is taken"),
        (Action("b", "Same keys", "Socket", "Shift+Ctrl+N"), "taken by 'a'"),
        (Action("b", "No menu", "Nowhere"), "does not exist"),
        (Action("b", "No keys", "Socket", "Hyper+Q"), "no shortcut"),
    ],
)
def test_clashes_are_refused_and_leave_nothing(
    qapp: QApplication, action: Action, reason: str
) -> None:
    registry, recorder = ActionRegistry(), Recorder()
    first = add(registry, recorder, "a", shortcut="Ctrl+Shift+N")
    with pytest.raises(ValueError, match=reason):
        registry.add(action, recorder.on_triggered)
    assert registry.actions() == [first]
    add(registry, recorder, "c", shortcut="Ctrl+M")


def test_only_bound_slots_are_taken(qapp: QApplication) -> None:
    registry, recorder = ActionRegistry(), Recorder()
    for callback in (recorder.plain_method, lambda: None, print):
        with pytest.raises(TypeError, match="no bound @Slot method"):
            registry.add(Action("a", "A", "Socket"), callback)


def test_icons_follow_the_theme(qapp: QApplication) -> None:
    theme, recorder = Theme(ThemeMode.DARK), Recorder()
    registry = ActionRegistry()
    add(registry, recorder, "a", icon="plus")
    assert registry.qaction("a").icon().isNull()
    registry.set_theme(theme)
    dark = registry.qaction("a").icon().cacheKey()
    theme.set_mode(ThemeMode.LIGHT)
    assert registry.qaction("a").icon().cacheKey() not in (0, dark)
