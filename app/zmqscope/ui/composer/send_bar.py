"""The buttons below the frames: add, repeat, copy, call back, send. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Signal, Slot
from PySide6.QtGui import QAction, QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from zmqscope.models.composer.composer import ComposerModel
from zmqscope.models.composer.send_history import preview
from zmqscope.models.composer.send_jobs import interval_words
from zmqscope.models.format import plain_tip
from zmqscope.ui.composer.repeat_popup import RepeatPopup
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.theme import Theme

_MAX_LISTED = 100
_LEVELS = range(4)
_PAD_PX = 9


class SendBar(QWidget):
    """Gives up words, one button after the other, where it is narrow.

    Args:
        model: The composer.
        theme: Icons.
        parent: Owner.
    """

    add_asked = Signal()
    copy_asked = Signal()
    send_asked = Signal()
    start_asked = Signal()
    """Repeat the message every ``interval_s`` seconds."""
    generate_asked = Signal()
    """Send the message very often."""

    def __init__(self, model: ComposerModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme
        self._add = QPushButton()
        self._repeat = QPushButton()
        self._copy = QPushButton()
        self._history = IconButton(theme, "history", self.tr("Messages sent before (Ctrl+Up)"))
        self._send = QPushButton(self.tr("Send ⏎"))
        self._popup = RepeatPopup(self)
        self._menu = QMenu(self)
        self._lay_out()
        self._connect()
        self.on_theme_changed()
        self.update_state()

    def _lay_out(self) -> None:
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 8, 12, 10)
        box.setSpacing(6)
        for widget in (self._add, self._repeat, self._copy):
            box.addWidget(widget)
        box.addStretch(1)
        box.addWidget(self._history)
        box.addWidget(self._send)
        self._send.setProperty("kind", "primary")
        for button, name, tool_tip in (
            (self._add, self.tr("Add frame"), self.tr("Add an empty frame at the end.")),
            (self._repeat, self.tr("Repeat"), self.tr("Send the message every N seconds.")),
            (
                self._copy,
                self.tr("Copy as Python"),
                self.tr("Copy a script that sends this message from the same kind of socket."),
            ),
            (self._send, self.tr("Send"), ""),
        ):
            button.setAccessibleName(name)
            button.setToolTip(tool_tip)
            button.setIconSize(QSize(14, 14))
            button.setStyleSheet(f"padding: 4px {_PAD_PX}px;")

    def _connect(self) -> None:
        self._add.clicked.connect(self.add_asked)
        self._copy.clicked.connect(self.copy_asked)
        self._send.clicked.connect(self.send_asked)
        self._repeat.clicked.connect(self.on_repeat_clicked)
        self._history.clicked.connect(self.on_history_clicked)
        self._menu.triggered.connect(self.on_menu_triggered)
        self._popup.start_asked.connect(self.start_asked)
        self._popup.stop_asked.connect(self.on_popup_stop_asked)
        self._popup.generate_asked.connect(self.generate_asked)
        self._popup.interval_changed.connect(self.on_popup_interval_changed)
        self._model.message.edited.connect(self.update_state)
        self._model.obstacle_changed.connect(self.update_state)
        self._model.socket_changed.connect(self.update_state)
        self._model.jobs.changed.connect(self.update_state)
        self._model.desks.history_changed.connect(self.update_state)
        self._theme.changed.connect(self.on_theme_changed)

    @property
    def interval_s(self) -> float:
        """Seconds between two messages."""
        return self._popup.interval_s

    # ---- state ------------------------------------------------------------------------------

    @Slot()
    def update_state(self) -> None:
        """What can be done now."""
        blocker = self._model.blocker()
        self._send.setEnabled(blocker is None)
        reason = blocker.sentence() if blocker else self.tr("Send the message (Ctrl+Return).")
        self._send.setToolTip(plain_tip(reason))
        self._send.setAccessibleDescription(reason)
        self._repeat.setEnabled(blocker is None or self._is_running())
        self._repeat.setProperty("running", self._is_running())
        self._history.setEnabled(bool(self._model.desks.history()))

    def _is_running(self) -> bool:
        return bool(self._model.jobs.running_on(self._model.socket_id))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, super().minimumSizeHint().height())

    def _fit(self) -> None:
        """As many words as there is room for."""
        for level in _LEVELS:
            self._write_words(level)
            layout = self.layout()
            if layout is None:
                return
            layout.invalidate()
            if layout.minimumSize().width() <= self.width():
                return

    def _write_words(self, level: int) -> None:
        self._show_words(self._copy, self.tr("Copy as Python") if level < 1 else "", "clipboard")
        self._show_words(self._add, self.tr("+ frame") if level < 2 else "", "plus")
        words = interval_words(self.interval_s)
        self._repeat.setText(self.tr("every {0} ▾").format(words) if level < 3 else f"{words} ▾")

    def _show_words(self, button: QPushButton, words: str, icon: str) -> None:
        if words == button.text() and bool(words) == button.icon().isNull():
            return
        button.setText(words)
        button.setIcon(QIcon() if words else self._theme.icon(icon, "text"))
        button.setStyleSheet(f"padding: 4px {_PAD_PX if words else 6}px;")

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the icons in the theme's colours."""
        for button in (self._copy, self._add):
            button.setText("")
        self._fit()

    # ---- what was pressed -------------------------------------------------------------------

    @Slot()
    def on_repeat_clicked(self) -> None:
        """Ask how often."""
        self._popup.open_above(self._repeat, is_running=self._is_running())

    @Slot(float)
    def on_popup_interval_changed(self, interval_s: float) -> None:
        """The button says how often."""
        self._fit()

    @Slot()
    def on_popup_stop_asked(self) -> None:
        """Stop what this socket repeats."""
        self._model.stop_repeat()

    @Slot()
    def on_history_clicked(self) -> None:
        """List the messages sent before, newest first."""
        self._menu.clear()
        entries = self._model.desks.history()[-_MAX_LISTED:]
        for index in range(len(entries) - 1, -1, -1):
            words = preview(entries[index]).replace("&", "&&")
            self._menu.addAction(words).setData(index)
        self._menu.setFont(self._theme.data_font())
        self._menu.popup(self._history.mapToGlobal(QPoint(0, self._history.height())))

    @Slot(QAction)
    def on_menu_triggered(self, action: QAction) -> None:
        """A message was chosen."""
        self._model.desks.recall(action.data())
