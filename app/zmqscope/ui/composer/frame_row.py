"""One frame in the composer: number, meaning, format, text, size, and what is wrong. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QWidget

from zmqscope.core.types import Problem
from zmqscope.models.composer.frame_draft import (
    FrameCheck,
    FrameDraft,
    FrameFormat,
    LineEnd,
    frame_problem,
    is_perhaps_text,
)
from zmqscope.models.composer.send_pattern import FrameRole
from zmqscope.models.format import format_bytes, format_count, one_line
from zmqscope.ui.composer.controls import ToneLabel
from zmqscope.ui.composer.frame_editor import FrameEditor
from zmqscope.ui.composer.frame_menu import FrameAct, FramePlace, act_menu, format_menu
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.theme import Theme

_PAD_X = 10
_PAD_Y = 6
_GAP = 8
_HEAD_WIDTH = 84
_STACKED_BELOW = 330
_RADIUS = 6
_BUTTON = 20


class FrameHead(QObject):
    """The words at the left of a row: number, meaning, and the format as a button.

    Args:
        theme: Colours and fonts.
        row: Where they stand.
    """

    def __init__(self, theme: Theme, row: QWidget) -> None:
        super().__init__(row)
        self._theme = theme
        self._number = QLabel(row)
        self._role = QLabel(row)
        self.format = QToolButton(row)
        for label in (self._number, self._role):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("tone", "muted")
        self.format.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.format.setToolTip(self.tr("Format: text, hex, base64 or JSON."))
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    def show_frame(self, number: str, role: FrameRole, draft: FrameDraft) -> None:
        """Say which frame it is."""
        self._number.setText(number)
        self._role.setText(self.tr(role.value) if role.value else "")
        self._role.setVisible(bool(role.value))
        words = self.tr("bytes") if draft.held is not None else draft.format.value
        self.format.setText(f"{words} crlf" if _has_crlf(draft) else words)
        self.format.setEnabled(draft.held is None)
        self.format.setAccessibleName(self.tr("Format of frame {0}").format(number))

    def fit(self, top: int) -> int:
        """Place them in a line; where they end."""
        x = _PAD_X
        for label in (self._number, self._role):
            if not label.isHidden():
                hint = label.sizeHint().width()
                label.setGeometry(x, top, hint, _BUTTON)
                x += hint + _GAP
        hint = self.format.sizeHint().width()
        self.format.setGeometry(x - 4, top, hint, _BUTTON)
        return x - 4 + hint

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's fonts and colours."""
        font, muted = self._theme.data_font(), self._theme.color("muted").name()
        for widget in (self._number, self._role, self.format):
            widget.setFont(font)
        self.format.setStyleSheet(f"QToolButton {{ padding: 1px 3px; color: {muted}; }}")


def _has_crlf(draft: FrameDraft) -> bool:
    is_written_out = draft.held is None and draft.format.is_written_out
    return is_written_out and draft.line_end is LineEnd.CRLF


class FrameRow(QWidget):
    """A raised field with an editor. It changes nothing itself: it tells what was asked.

    Args:
        theme: Colours, fonts, icons.
        key: Which frame it shows.
        parent: Owner.
    """

    text_edited = Signal(int, str)
    """Key, and the whole text."""
    long_text_pasted = Signal(int, object)
    """Key, and the whole text (str), too long to be shown."""
    file_dropped = Signal(int, str)
    """Key, and a local path."""
    format_chosen = Signal(int, object)
    """Key, FrameFormat."""
    act_chosen = Signal(int, object)
    """Key, FrameAct."""
    entered = Signal(int)
    """Key: the keyboard focus came."""

    def __init__(self, theme: Theme, key: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._draft = FrameDraft()
        self._place = FramePlace(0, 1)
        self._menu: QMenu | None = None
        self.key = key
        self._head = FrameHead(theme, self)
        self.editor = FrameEditor(theme, self)
        self._size = QLabel(self)
        self._more = IconButton(theme, "ellipsis", self.tr("More"), self)
        self._held = QLabel(self)
        self._note = ToneLabel(theme, parent=self)
        self._as_text = LinkButton(
            theme,
            self.tr("Send it as text"),
            self.tr("Keep what is typed and change the format of this frame to text"),
        )
        self._as_text.setParent(self)
        self._as_text.hide()
        self._dress()
        self._connect()

    def _dress(self) -> None:
        for label in (self._size, self._held):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("tone", "muted")
        self._held.setContentsMargins(2, 2, 2, 2)
        self._held.setWordWrap(True)
        self._more.setStyleSheet("QToolButton { padding: 1px; }")
        self.on_theme_changed()

    def _connect(self) -> None:
        self._head.format.clicked.connect(self.on_format_clicked)
        self._more.clicked.connect(self.on_more_clicked)
        self._as_text.clicked.connect(self.on_as_text_clicked)
        self.editor.text_edited.connect(self.on_editor_text_edited)
        self.editor.long_text_pasted.connect(self.on_editor_long_text_pasted)
        self.editor.file_dropped.connect(self.on_editor_file_dropped)
        self.editor.focus_changed.connect(self.on_editor_focus_changed)
        self._theme.changed.connect(self.on_theme_changed)

    def reuse(self, key: int) -> None:
        """Show another frame from now on."""
        self.key = key
        self.editor.forget()

    # ---- showing ----------------------------------------------------------------------------

    def show_frame(
        self, place: FramePlace, draft: FrameDraft, check: FrameCheck, role: FrameRole
    ) -> None:
        """Show a frame as it is now."""
        self._draft, self._place = draft, place
        number = format_count(place.index + 1)
        self._head.show_frame(number, role, draft)
        self._size.setText(format_bytes(len(check.data)) if check.data is not None else "–")
        self._held.setText(one_line(draft.held.words()) if draft.held else "")
        self._held.setVisible(draft.held is not None)
        self.editor.setVisible(draft.held is None)
        self.editor.set_exact_text(draft.text)
        self.editor.set_json(draft.format is FrameFormat.JSON)
        self.editor.mark_fault(check.at)
        self.editor.setPlaceholderText(self.tr("(empty)"))
        tone = "broken" if draft.text.strip() else "waiting"
        self._note.set_problem(frame_problem(draft, check), tone)
        self._as_text.setVisible(is_perhaps_text(draft))
        self._name(number, role)

    def show_note(self, problem: Problem) -> None:
        """Say below the frame why something was not done."""
        self._note.set_problem(problem, "waiting")

    def _name(self, number: str, role: FrameRole) -> None:
        what = self.tr("Frame {0}").format(number)
        if role.value:
            what = f"{what}, {self.tr(role.value)}"
        self.editor.setAccessibleName(f"{what}, {self._draft.format.value}")
        self.editor.setAccessibleDescription(self._note.text())
        line_end = self.tr(" Line breaks as CR LF.") if _has_crlf(self._draft) else ""
        self._size.setToolTip(self.tr("Size of the frame.") + line_end)
        self._more.setAccessibleName(self.tr("More for frame {0}").format(number))
        self._more.setToolTip(self.tr("Load a file, duplicate, move or remove this frame."))

    # ---- layout -----------------------------------------------------------------------------

    def fit(self, width: int) -> int:
        """Lay out at a width; the row has to be shown already.

        Returns:
            The height it needs; it has taken it.
        """
        is_stacked = width < _STACKED_BELOW
        self.resize(width, max(1, self.height()))
        head_end = self._head.fit(_PAD_Y)
        tail_start = self._fit_tail(width, _PAD_Y)
        body = self.editor if self._draft.held is None else self._held
        if is_stacked:
            left, top, body_width = _PAD_X - 2, _PAD_Y + _BUTTON, width - 2 * _PAD_X + 4
        else:
            left = max(_PAD_X + _HEAD_WIDTH, head_end + 4)
            top, body_width = _PAD_Y, tail_start - _GAP - left
        body_height = self._body_height(body, max(40, body_width))
        body.setGeometry(left, top, max(40, body_width), body_height)
        bottom = max(top + body_height, _PAD_Y + _BUTTON)
        if not self._note.isHidden():
            note_width = width - 2 * _PAD_X
            note_height = self._note.heightForWidth(note_width)
            self._note.setGeometry(_PAD_X, bottom + 2, note_width, note_height)
            bottom += note_height + 2
        if not self._as_text.isHidden():
            hint = self._as_text.sizeHint()
            self._as_text.setGeometry(_PAD_X, bottom + 2, hint.width(), hint.height())
            bottom += hint.height() + 2
        height = bottom + _PAD_Y
        self.resize(width, height)
        return height

    def _body_height(self, body: QWidget, width: int) -> int:
        if body is self.editor:
            return max(_BUTTON, self.editor.fit_height(width))
        return max(_BUTTON, self._held.heightForWidth(width))

    def _fit_tail(self, width: int, top: int) -> int:
        """Place size and menu at the right; where they begin."""
        x = width - _PAD_X - _BUTTON + 5
        self._more.setGeometry(x, top, _BUTTON, _BUTTON)
        hint = self._size.sizeHint().width()
        self._size.setGeometry(x - 4 - hint, top, hint, _BUTTON)
        return x - 4 - hint

    def tab_stops(self) -> tuple[QWidget, ...]:
        """Where Tab halts, in order."""
        return (self._head.format, self.editor, self._as_text, self._more)

    def sizeHint(self) -> QSize:
        return QSize(300, _BUTTON + 2 * _PAD_Y)

    # ---- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        token = "border"
        if self.editor.hasFocus():
            token = "accent"
        elif self._note.token == "broken" and not self._note.isHidden():
            token = "broken"
        painter.setPen(QPen(self._theme.color(token), 1))
        painter.setBrush(self._theme.color("window"))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's fonts and colours."""
        self._held.setFont(self._theme.data_font())
        self._size.setFont(self._theme.data_font(size_px=11))
        self.update()

    # ---- what was asked ---------------------------------------------------------------------

    @Slot()
    def on_format_clicked(self) -> None:
        """Offer the formats."""
        menu = format_menu(self._draft, self)
        menu.triggered.connect(self.on_format_menu_triggered)
        self._pop_up(menu, self._head.format)

    @Slot()
    def on_more_clicked(self) -> None:
        """Offer what can be done."""
        menu = act_menu(self._draft, self._place, self)
        menu.triggered.connect(self.on_act_menu_triggered)
        self._pop_up(menu, self._more)

    @Slot()
    def on_as_text_clicked(self) -> None:
        """The characters are meant as they stand."""
        self.format_chosen.emit(self.key, FrameFormat.TEXT)

    def _pop_up(self, menu: QMenu, button: QWidget) -> None:
        if self._menu is not None:
            self._menu.deleteLater()
        self._menu = menu
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    @Slot(QAction)
    def on_format_menu_triggered(self, action: QAction) -> None:
        """A format was chosen."""
        choice = action.data()
        if isinstance(choice, FrameFormat):
            self.format_chosen.emit(self.key, choice)
        else:
            self.act_chosen.emit(self.key, choice)

    @Slot(QAction)
    def on_act_menu_triggered(self, action: QAction) -> None:
        """Something is to be done."""
        act: FrameAct = action.data()
        self.act_chosen.emit(self.key, act)

    @Slot(str)
    def on_editor_text_edited(self, text: str) -> None:
        """Pass it on."""
        self.text_edited.emit(self.key, text)

    @Slot(object)
    def on_editor_long_text_pasted(self, text: str) -> None:
        """Pass it on."""
        self.long_text_pasted.emit(self.key, text)

    @Slot(str)
    def on_editor_file_dropped(self, path: str) -> None:
        """Pass it on."""
        self.file_dropped.emit(self.key, path)

    @Slot(bool)
    def on_editor_focus_changed(self, has_focus: bool) -> None:
        """The border shows where one types."""
        self.update()
        if has_focus:
            self.entered.emit(self.key)
