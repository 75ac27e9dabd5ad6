"""The main window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.shell_rig import Recorder, add, settings_in
from zmqscope.ui.actions import Action, ActionRegistry
from zmqscope.ui.docks import PanelDock
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme, ThemeMode
from zmqscope.ui.topbar import ActionButton
from zmqscope.ui.window import MainWindow, PanelId

DOCKED = [panel_id for panel_id in PanelId if panel_id is not PanelId.MESSAGES]

LEFT = Qt.DockWidgetArea.LeftDockWidgetArea


class WidePanel(QWidget):
    """Wants more room than any dock has, and has a control for the strip."""

    def __init__(self) -> None:
        super().__init__()
        self.corner = QLabel("last 60 s · messages/s · log")

    def corner_widget(self) -> QWidget:
        return self.corner

    def minimumSizeHint(self) -> QSize:
        return QSize(2_000, 2_000)


class Shell:
    """A window with what it is made of."""

    def __init__(self, folder: Path) -> None:
        self.theme = Theme(ThemeMode.DARK)
        self.settings: Settings = settings_in(folder)
        self.actions = ActionRegistry()
        self.recorder = Recorder()
        self.window = MainWindow(self.theme, self.actions, self.settings)

    def centre(self) -> QRect:
        found = self.window.centralWidget()
        assert found is not None
        return found.geometry()

    def dock(self, panel_id: PanelId) -> PanelDock:
        found = self.window.findChild(PanelDock, panel_id.value)
        assert isinstance(found, PanelDock)
        return found

    def button(self, words: str) -> ActionButton:
        buttons = self.window.findChildren(ActionButton)
        return next(b for b in buttons if words in (b.text(), b.accessibleName()))


@pytest.fixture
def shell(qtbot: QtBot, tmp_path: Path) -> Shell:
    made = Shell(tmp_path)
    qtbot.addWidget(made.window)
    return made


def show(qtbot: QtBot, window: QMainWindow) -> None:
    with qtbot.waitExposed(window):
        window.show()


def test_paints_before_the_slow_libraries_are_imported() -> None:
    code = (
        "import sys; import zmqscope.ui.window, zmqscope.ui.welcome, zmqscope.ui.palette; "
        "print({'numpy', 'zmq', 'pyqtgraph', 'psutil'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert ended.stdout.decode().strip() == "set()", ended.stderr.decode()


def test_tells_of_its_first_paint_once(qtbot: QtBot, shell: Shell) -> None:
    heard: list[int] = []
    shell.window.first_painted.connect(lambda: heard.append(1))
    with qtbot.waitSignal(shell.window.first_painted):
        shell.window.show()
    shell.window.repaint()
    QApplication.processEvents()
    assert heard == [1]


def test_panels_arrive_without_a_jump(qtbot: QtBot, shell: Shell) -> None:
    show(qtbot, shell.window)
    shell.window.show_welcome(False)
    QApplication.processEvents()
    before = {panel_id: shell.dock(panel_id).geometry() for panel_id in DOCKED}
    centre = shell.centre()
    for panel_id in PanelId:
        shell.window.set_panel(panel_id, WidePanel())
    QApplication.processEvents()
    assert {panel_id: shell.dock(panel_id).geometry() for panel_id in DOCKED} == before
    assert shell.centre() == centre


def test_first_layout(qtbot: QtBot, shell: Shell, dressed: QApplication) -> None:
    shell.theme.apply(dressed)
    window = shell.window
    window.resize(1_400, 860)
    show(qtbot, window)
    places = {panel_id: shell.dock(panel_id).geometry() for panel_id in DOCKED}
    centre = shell.centre()
    assert abs(places[PanelId.SOCKETS].width() - 260) <= 4
    assert abs(places[PanelId.INSPECTOR].width() - 360) <= 4
    assert abs(places[PanelId.RATES].height() - 260) <= 4
    # Rates lie under the messages, left and right run the full height.
    assert places[PanelId.RATES].left() == centre.left()
    assert places[PanelId.RATES].width() == centre.width()
    assert places[PanelId.SOCKETS].bottom() == places[PanelId.RATES].bottom()
    assert places[PanelId.COMPOSER].bottom() == places[PanelId.RATES].bottom()
    assert places[PanelId.INSPECTOR].bottom() < places[PanelId.COMPOSER].top()


def test_docks_in_one_place_are_tabs_in_the_strip(qtbot: QtBot, shell: Shell) -> None:
    show(qtbot, shell.window)
    for panel_id in (PanelId.RATES, PanelId.EVENTS):
        shell.window.set_panel(panel_id, WidePanel())
    rates, events = shell.dock(PanelId.RATES), shell.dock(PanelId.EVENTS)
    names = [button.text() for button in rates.strip.findChildren(QPushButton)]
    assert names == ["Rates", "Topics", "Events", "Peers", "Topology"]
    rates_panel, events_panel = (d.widget().findChild(WidePanel) for d in (rates, events))
    assert rates_panel is not None
    assert events_panel is not None
    qtbot.waitUntil(lambda: rates_panel.isVisible() and not events_panel.isVisible())
    tab = next(b for b in rates.strip.findChildren(QPushButton) if b.text() == "Events")
    QTest.mouseClick(tab, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: events_panel.isVisible() and not rates_panel.isVisible())
    rates.setFloating(True)
    qtbot.waitUntil(
        lambda: (
            [b.text() for b in events.strip.findChildren(QPushButton) if b.isVisible()]
            == ["Topics", "Events", "Peers", "Topology"]
        )
    )


def test_docks_close_and_come_back(qtbot: QtBot, shell: Shell) -> None:
    show(qtbot, shell.window)
    toggle = shell.actions.qaction("view.panel.inspector")
    assert toggle.isChecked()
    shell.dock(PanelId.INSPECTOR).close()
    assert not toggle.isChecked()
    toggle.trigger()
    assert shell.dock(PanelId.INSPECTOR).isVisible()
    shell.dock(PanelId.SOCKETS).setFloating(True)
    shell.dock(PanelId.COMPOSER).close()
    shell.actions.qaction("view.layout.reset").trigger()
    assert not shell.dock(PanelId.SOCKETS).isFloating()
    assert all(shell.actions.qaction(f"view.panel.{p.value}").isChecked() for p in DOCKED)


def test_a_panel_that_lies_behind_another_comes_to_the_front_first(
    qtbot: QtBot, shell: Shell
) -> None:
    show(qtbot, shell.window)
    topics, toggle = shell.dock(PanelId.TOPICS), shell.actions.qaction("view.panel.topics")
    qtbot.waitUntil(lambda: topics.visibleRegion().isEmpty())
    assert toggle.isChecked()
    toggle.trigger()
    qtbot.waitUntil(lambda: not topics.visibleRegion().isEmpty())
    assert toggle.isChecked()
    toggle.trigger()
    assert topics.isHidden()
    assert not toggle.isChecked()


def test_layout_survives_a_restart(qtbot: QtBot, tmp_path: Path) -> None:
    first = Shell(tmp_path)
    qtbot.addWidget(first.window)
    first.window.resize(900, 700)
    show(qtbot, first.window)
    first.dock(PanelId.COMPOSER).close()
    docks = [first.dock(PanelId.SOCKETS), first.dock(PanelId.INSPECTOR)]
    first.window.resizeDocks(docks, [215, 290], Qt.Orientation.Horizontal)
    QApplication.processEvents()
    first.window.save_state()
    width = first.dock(PanelId.SOCKETS).width()
    first.window.hide()
    second = Shell(tmp_path)
    qtbot.addWidget(second.window)
    show(qtbot, second.window)
    assert not second.dock(PanelId.COMPOSER).isVisible()
    assert not second.actions.qaction("view.panel.composer").isChecked()
    assert abs(second.dock(PanelId.SOCKETS).width() - width) <= 2
    assert (second.window.width(), second.window.height()) == (
        first.window.width(),
        first.window.height(),
    )


def test_a_saved_window_that_is_off_the_screen_is_brought_back(
    qtbot: QtBot, tmp_path: Path
) -> None:
    first = Shell(tmp_path)
    qtbot.addWidget(first.window)
    show(qtbot, first.window)
    first.window.setGeometry(9_000, 9_000, 4_000, 3_000)
    first.window.save_state()
    first.window.hide()
    second = Shell(tmp_path)
    qtbot.addWidget(second.window)
    show(qtbot, second.window)
    room = second.window.screen().availableGeometry()
    assert room.contains(second.window.geometry().topLeft())
    assert second.window.width() <= max(room.width(), 900)
    centre = second.window.centralWidget()
    assert centre is not None
    assert centre.width() >= centre.minimumSizeHint().width()


def test_a_broken_state_gives_the_first_layout(qtbot: QtBot, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    settings.set_bytes("window/geometry", b"nonsense")
    settings.set_bytes("window/state", b"\xff" * 50)
    shell = Shell(tmp_path)
    qtbot.addWidget(shell.window)
    show(qtbot, shell.window)
    assert all(not shell.dock(panel_id).isHidden() for panel_id in DOCKED)


def layout_without_topics(*, events_in_front: bool, side_by_side: bool) -> bytes:
    """What the version before the topics panel saved."""
    window, theme = QMainWindow(), Theme(ThemeMode.DARK)
    later = (PanelId.TOPICS, PanelId.PEERS, PanelId.TOPOLOGY, PanelId.COMPARE)
    known = [panel_id for panel_id in DOCKED if panel_id not in later]
    docks = {panel_id: PanelDock(theme, panel_id) for panel_id in known}
    rates, events = docks[PanelId.RATES], docks[PanelId.EVENTS]
    for dock in docks.values():
        is_below = dock in (rates, events)
        area = Qt.DockWidgetArea.BottomDockWidgetArea if is_below else LEFT
        window.addDockWidget(area, dock)
    if side_by_side:
        window.splitDockWidget(rates, events, Qt.Orientation.Horizontal)
    else:
        window.tabifyDockWidget(rates, events)
        (events if events_in_front else rates).raise_()
    docks[PanelId.COMPOSER].hide()
    state = bytes(window.saveState(1).data())
    window.deleteLater()
    return state


@pytest.mark.parametrize("events_in_front", [False, True])
def test_an_older_layout_gets_the_topics_as_a_tab(
    qtbot: QtBot, tmp_path: Path, events_in_front: bool
) -> None:
    state = layout_without_topics(events_in_front=events_in_front, side_by_side=False)
    settings_in(tmp_path).set_bytes("window/state", state)
    shell = Shell(tmp_path)
    qtbot.addWidget(shell.window)
    show(qtbot, shell.window)
    front, behind = PanelId.RATES, PanelId.EVENTS
    if events_in_front:
        front, behind = behind, front
    qtbot.waitUntil(lambda: not shell.dock(front).visibleRegion().isEmpty())
    for panel_id in (behind, PanelId.TOPICS, PanelId.PEERS, PanelId.TOPOLOGY):
        assert shell.dock(front) in shell.window.tabifiedDockWidgets(shell.dock(panel_id))
        assert shell.dock(panel_id).visibleRegion().isEmpty()
    inspector, compare = shell.dock(PanelId.INSPECTOR), shell.dock(PanelId.COMPARE)
    assert inspector in shell.window.tabifiedDockWidgets(compare)
    assert compare.visibleRegion().isEmpty()
    # The rest is as it was saved.
    assert shell.dock(PanelId.COMPOSER).isHidden()
    names = [button.text() for button in shell.dock(front).strip.findChildren(QPushButton)]
    assert names == ["Rates", "Topics", "Events", "Peers", "Topology"]


def test_in_an_older_layout_without_tabs_the_topics_take_no_room(
    qtbot: QtBot, tmp_path: Path
) -> None:
    state = layout_without_topics(events_in_front=False, side_by_side=True)
    settings_in(tmp_path).set_bytes("window/state", state)
    shell = Shell(tmp_path)
    qtbot.addWidget(shell.window)
    show(qtbot, shell.window)
    rates, topics = shell.dock(PanelId.RATES), shell.dock(PanelId.TOPICS)
    qtbot.waitUntil(lambda: rates in shell.window.tabifiedDockWidgets(topics))
    qtbot.waitUntil(lambda: not rates.visibleRegion().isEmpty())
    assert topics.visibleRegion().isEmpty()
    assert not shell.dock(PanelId.EVENTS).visibleRegion().isEmpty()


def test_menus_and_buttons_come_with_the_actions(qtbot: QtBot, shell: Shell) -> None:
    show(qtbot, shell.window)
    menus = shell.window.top_bar.menus
    assert not menus["Socket"].menuAction().isVisible()
    assert not shell.button("Socket").isEnabled()
    add(shell.actions, shell.recorder, "socket.new", title="New socket…", shortcut="Ctrl+N")
    assert menus["Socket"].menuAction().isVisible()
    QTest.mouseClick(shell.button("New socket…"), Qt.MouseButton.LeftButton)
    assert shell.recorder.calls == ["triggered"]
    shell.actions.qaction("socket.new").setEnabled(False)
    assert not shell.button("New socket…").isEnabled()


def test_quit_stays_the_last_entry(shell: Shell) -> None:
    quit_action = Action("file.quit", "Quit", "File", "Ctrl+Q")
    shell.actions.add(quit_action, shell.recorder.on_triggered)
    add(shell.actions, shell.recorder, "file.export", menu="File")
    entries: list[QAction] = shell.window.top_bar.menus["File"].actions()
    assert entries[-1].objectName() == "file.quit"
    assert "file.export" in [entry.objectName() for entry in entries]


def test_a_button_shows_the_state_of_its_action(
    qtbot: QtBot, shell: Shell, dressed: QApplication
) -> None:
    shell.theme.apply(dressed)
    show(qtbot, shell.window)
    add(shell.actions, shell.recorder, "messages.pause", menu="Messages", checkable=True)
    button = shell.button("Messages.Pause")
    width = button.sizeHint().width()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert shell.recorder.calls == [True]
    assert (button.text(), button.isChecked()) == ("Paused", True)
    assert button.sizeHint().width() == width
    shell.actions.qaction("messages.pause").trigger()
    assert (button.text(), button.isChecked()) == ("Pause view", False)


def test_shortcuts_work_in_the_window(qtbot: QtBot, shell: Shell) -> None:
    show(qtbot, shell.window)
    shell.window.activateWindow()
    qtbot.waitUntil(shell.window.isActiveWindow)
    add(shell.actions, shell.recorder, "socket.new", shortcut="Ctrl+N")
    QTest.keyClick(shell.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert shell.recorder.calls == ["triggered"]


def test_letters_of_the_menus_show_while_alt_is_held(qtbot: QtBot, shell: Shell) -> None:
    show(qtbot, shell.window)
    menu = shell.window.top_bar.menus["View"]
    assert menu.title() == "View"
    QTest.keyPress(shell.window, Qt.Key.Key_Alt)
    assert menu.title() == "&View"
    QTest.keyRelease(shell.window, Qt.Key.Key_Alt)
    assert menu.title() == "View"
    QTest.keyPress(shell.window, Qt.Key.Key_Alt)
    menu.popup(shell.window.pos())
    menu.close()
    assert menu.title() == "View"
    QTest.keyRelease(shell.window, Qt.Key.Key_Alt)


def test_closing_asks_instead_of_closing(qtbot: QtBot, shell: Shell) -> None:
    show(qtbot, shell.window)
    with qtbot.waitSignal(shell.window.close_requested):
        assert not shell.window.close()
    assert shell.window.isVisible()


def test_the_theme_switches_at_once_and_is_remembered(shell: Shell) -> None:
    shell.actions.qaction("view.theme").trigger()
    assert not shell.theme.is_dark
    assert shell.settings.theme_mode is ThemeMode.LIGHT
    shell.settings.theme_mode = ThemeMode.DARK
    assert shell.theme.is_dark


@pytest.mark.parametrize("action_id", ["file.settings", "help.shortcuts", "help.about"])
def test_dialogs_open_without_a_loop_of_their_own(
    qtbot: QtBot, shell: Shell, action_id: str
) -> None:
    show(qtbot, shell.window)
    shell.actions.qaction(action_id).trigger()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    qtbot.waitExposed(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_every_control_of_the_shell_has_a_name_and_a_tip(qtbot: QtBot, shell: Shell) -> None:
    add(shell.actions, shell.recorder, "socket.new")
    add(shell.actions, shell.recorder, "messages.pause", menu="Messages", checkable=True)
    add(shell.actions, shell.recorder, "send.generate", menu="Send")
    show(qtbot, shell.window)
    for button in shell.window.findChildren(QPushButton):
        if button.focusPolicy() != Qt.FocusPolicy.NoFocus:
            assert button.accessibleName(), button.text()
            assert button.toolTip(), button.text()
