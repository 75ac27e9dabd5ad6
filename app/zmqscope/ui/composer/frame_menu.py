"""The two menus of a frame: its format, and what can be done with it. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat, LineEnd, check_frame

_CONTEXT = "FrameMenu"


class FrameAct(Enum):
    """What a person can do with a frame."""

    ADD = "add"
    DUPLICATE = "duplicate"
    MOVE_UP = "move up"
    MOVE_DOWN = "move down"
    REMOVE = "remove"
    LOAD_FILE = "load file"
    COMPACT = "compact"
    READ_AS_HEX = "read as hex"
    READ_AS_BASE64 = "read as base64"
    LINE_FEEDS = "line feeds"
    CARRIAGE_RETURNS = "carriage returns"


@dataclass(frozen=True, slots=True)
class FramePlace:
    """Where a frame stands: its index from 0, and how many there are."""

    index: int
    count: int


def format_words(frame_format: FrameFormat) -> str:
    """What a format expects, in one sentence."""
    return {
        FrameFormat.TEXT: _tr("Characters, sent as UTF-8. Backslashes mean nothing."),
        FrameFormat.HEX: _tr("Two digits a byte; blanks and colons may stand between."),
        FrameFormat.BASE64: _tr("Standard or URL-safe; padding may be missing."),
        FrameFormat.JSON: _tr("Checked while it is typed, sent exactly as typed."),
    }[frame_format]


def format_menu(draft: FrameDraft, parent: QWidget) -> QMenu:
    """The four formats; the data of each action is a ``FrameFormat``.

    Below them, for a text that reads as hex or base64 already, a ``FrameAct`` to take it as such:
    many paste first and choose the format then.
    """
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)
    group = QActionGroup(menu)
    for frame_format in FrameFormat:
        action = menu.addAction(frame_format.value)
        action.setCheckable(True)
        action.setChecked(frame_format is draft.format)
        action.setToolTip(format_words(frame_format))
        action.setData(frame_format)
        group.addAction(action)
    if draft.format is FrameFormat.TEXT and draft.text.strip():
        _add_readings(menu, draft)
    return menu


def _add_readings(menu: QMenu, draft: FrameDraft) -> None:
    for words, act, frame_format in (
        (_tr("read this text as hex"), FrameAct.READ_AS_HEX, FrameFormat.HEX),
        (_tr("read this text as base64"), FrameAct.READ_AS_BASE64, FrameFormat.BASE64),
    ):
        if check_frame(replace(draft, format=frame_format)).data is not None:
            _add(menu, words, act)


def act_menu(draft: FrameDraft, place: FramePlace, parent: QWidget) -> QMenu:
    """Everything else; the data of each action is a ``FrameAct``."""
    menu = QMenu(parent)
    _add(menu, _tr("Load file…"), FrameAct.LOAD_FILE)
    if draft.held is None and draft.format is FrameFormat.JSON:
        _add(menu, _tr("Remove blanks between tokens"), FrameAct.COMPACT)
    if draft.held is None and draft.format.is_written_out:
        _add_line_ends(menu, draft)
    menu.addSeparator()
    _add(menu, _tr("Add frame below"), FrameAct.ADD)
    _add(menu, _tr("Duplicate"), FrameAct.DUPLICATE)
    _add(menu, _tr("Move up"), FrameAct.MOVE_UP).setEnabled(place.index > 0)
    _add(menu, _tr("Move down"), FrameAct.MOVE_DOWN).setEnabled(place.index + 1 < place.count)
    menu.addSeparator()
    _add(menu, _tr("Remove") if place.count > 1 else _tr("Empty"), FrameAct.REMOVE)
    return menu


def _add_line_ends(menu: QMenu, draft: FrameDraft) -> None:
    group = QActionGroup(menu)
    menu.addSeparator()
    for words, act, line_end in (
        (_tr("Line breaks as LF (0a)"), FrameAct.LINE_FEEDS, LineEnd.LF),
        (_tr("Line breaks as CR LF (0d 0a)"), FrameAct.CARRIAGE_RETURNS, LineEnd.CRLF),
    ):
        action = _add(menu, words, act)
        action.setCheckable(True)
        action.setChecked(draft.line_end is line_end)
        group.addAction(action)


def _add(menu: QMenu, words: str, act: FrameAct) -> QAction:
    action = menu.addAction(words)
    action.setData(act)
    return action


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
