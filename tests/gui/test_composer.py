from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.composer_rig import ComposerRig
from zmqscope.core.types import (
    Direction,
    Message,
    Problem,
    RowId,
    SocketState,
    SocketType,
    Turn,
)
from zmqscope.models.frame_draft import FrameDraft, FrameFormat, LineEnd
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.composer.frame_list import FrameList
from zmqscope.ui.composer.frame_menu import FrameAct
from zmqscope.ui.composer.frame_row import FrameRow
from zmqscope.ui.composer.job_list import JobList
from zmqscope.ui.composer.panel import ComposerPanel
from zmqscope.ui.composer.pattern_bar import PatternBar
from zmqscope.ui.composer.repeat_popup import RepeatPopup
from zmqscope.ui.composer.send_bar import SendBar
from zmqscope.ui.composer.socket_picker import SocketPicker
from zmqscope.ui.composer.topic_popup import TopicPopup
from zmqscope.ui.theme import Theme, ThemeMode


class PanelRig(ComposerRig):
    """A composer in a window, and hands to use it."""

    def __init__(self, qtbot: QtBot, theme: Theme) -> None:
        super().__init__()
        self.qtbot = qtbot
        self.theme = theme
        self.actions = ActionRegistry(theme)
        self.panel = ComposerPanel(self.store, self.controller, theme, self.actions)
        qtbot.addWidget(self.panel)
        for action in self.actions.actions():  # as the window does
            self.panel.addAction(self.actions.qaction(action.id))
        self.panel.resize(420, 400)
        with qtbot.waitExposed(self.panel):
            self.panel.show()
        self.panel.activateWindow()

    @property
    def frames(self) -> FrameList:
        return self.child(FrameList)

    def child(self, kind: type[QWidget]) -> object:
        raise NotImplementedError

    def row(self, index: int) -> FrameRow:
        return self.frames.row(index)

    def write(self, *texts: str) -> None:
        self.panel.model.message.replace_all([FrameDraft(text=text) for text in texts])

    def texts(self) -> list[str]:
        return [draft.text for draft in self.panel.model.message.drafts]

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        target = QApplication.focusWidget() or self.panel
        self.qtbot.keyClick(target, key, modifier)

    def do(self, action_id: str) -> None:
        self.actions.qaction(action_id).trigger()


CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
