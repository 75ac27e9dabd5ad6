"""The inspector panel: the selected message with all its frames, whole. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup, QFont, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import RowId, SocketId
from zmqscope.models.format import format_bytes
from zmqscope.models.frame_text import FrameForm
from zmqscope.models.inspected import Inspected
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.action_list import FORM_ACTIONS, NEEDS_FRAME, inspector_actions
from zmqscope.ui.inspector.content import FrameContent, Sentence
from zmqscope.ui.inspector.copying import frame_copy
from zmqscope.ui.inspector.head import InspectorHead
from zmqscope.ui.inspector.hex_view import MAX_COPIED_BYTES
from zmqscope.ui.inspector.saving import ask_for_path, save_frame
from zmqscope.ui.theme import Theme

_INTERVAL_MS = 500


class InspectorPanel(QWidget):
    """Shows one message from its own copy, so that it stays when the store lets it go.

    Args:
        store: Where messages are.
        controller: Names and types of sockets.
        theme: Colours and fonts.
        actions: Where its actions go.
        ask_path: Asks where to save; exchanged in tests.
    """

    edit_requested = Signal(object)
    """tuple[bytes, ...]: frames to be edited and sent again."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
        ask_path: Callable[[QWidget, str], Path | None] = ask_for_path,
    ) -> None:
        super().__init__()
        self._store = store
        self._controller = controller
        self._actions = actions
        self._ask_path = ask_path
        self._message: Inspected | None = None
        # What the user chose lasts for the socket; None leaves it to the frame.
        self._forms: dict[SocketId, FrameForm | None] = {}
        self._places: dict[SocketId, int] = {}
        self._form_group = QActionGroup(self)
        self._register()
        self._head = InspectorHead(theme, actions)
        self._content = FrameContent(theme)
        self._gone = Sentence("warning")
        self._said = Sentence("muted")
        self._stack = QStackedWidget()
        self._corner = self._make_corner(theme)
        self._lay_out(theme)
        self._connect(theme)
        self.show_row(None)

    def _register(self) -> None:
        callbacks: dict[str, Callable[..., object]] = {
            "inspector.copy": self.on_copy,
            "inspector.copy_hex": self.on_copy_hex,
            "inspector.save": self.on_save,
        }
        for action in inspector_actions():
            qaction = self._actions.add(action, callbacks.get(action.id, self.on_form))
            if action.id in FORM_ACTIONS.values():
                # Plain letters: only where the inspector itself has the focus.
                qaction.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                self._form_group.addAction(qaction)

    def _make_corner(self, theme: Theme) -> QWidget:
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for name in ("copy", "copy_hex", "save"):
            button = QToolButton()
            button.setDefaultAction(self._actions.qaction(f"inspector.{name}"))
            button.setIconSize(QSize(14, 14))
            button.setAccessibleName(button.defaultAction().text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        self._resend = QToolButton()
        self._resend.setIcon(theme.icon("send"))
        self._resend.setIconSize(QSize(14, 14))
        self._resend.setAccessibleName(self.tr("Edit and send again"))
        self._resend.setToolTip(self.tr("Put this message into the composer (Ctrl+R)"))
        self._resend.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self._resend)
        return corner

    def _lay_out(self, theme: Theme) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._head, self._gone):
            column.addWidget(widget)
        column.addWidget(self._content, 1)
        column.addWidget(self._said)
        self._stack.addWidget(_empty_page(theme, self.tr("No message selected"), self._hint()))
        self._stack.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _hint(self) -> str:
        return self.tr("Select a row of the messages to see all its frames here.")

    def _connect(self, theme: Theme) -> None:
        self._theme = theme
        theme.changed.connect(self.on_theme_changed)
        self._head.frame_chosen.connect(self.on_frame_chosen)
        self._content.hex_requested.connect(self._actions.qaction("inspector.hex").trigger)
        self._content.save_requested.connect(self.on_save)
        self._content.hex.copied.connect(self.on_hex_copied)
        self._resend.clicked.connect(self.on_resend)
        for widget in (self, self._head.ribbon, self._content.text, self._content.hex):
            widget.addActions(self._form_group.actions())

    def corner_widget(self) -> QWidget:
        """Copy, save and send again, for the panel's title strip."""
        return self._corner

    # ---- which message ----------------------------------------------------------------------

    @Slot(object)
    def show_row(self, row: RowId | None) -> None:
        """Show a message of the store, or none; one that has gone meanwhile leaves all as it is."""
        message = None if row is None else self._store.message(row)
        if row is not None and message is None:
            self._gone.set_words(self.tr("The selected message is no longer in memory."))
            return
        if message is None:
            self._message = None
        else:
            snapshot = self._controller.snapshots.get(message.socket_id)
            name = snapshot.name if snapshot else self.tr("socket {0}").format(message.socket_id)
            self._message = Inspected(message, name, snapshot.spec.type if snapshot else None)
        self._show_message()

    def _show_message(self) -> None:
        message = self._message
        self._gone.set_words("")
        self._said.set_words("")
        self._head.set_message(message)
        self._stack.setCurrentIndex(0 if message is None else 1)
        for action_id in NEEDS_FRAME:
            self._actions.qaction(action_id).setEnabled(message is not None)
        self._resend.setEnabled(message is not None)
        if message is None:
            self._content.show_nothing()
            return
        place = self._places.get(message.message.socket_id, message.first_shown)
        self._head.ribbon.choose(place if place < len(message.frames) else message.first_shown)

    @property
    def message(self) -> Inspected | None:
        """What is shown."""
        return self._message

    # ---- news -------------------------------------------------------------------------------

    def refresh(self, now_ns: int) -> None:
        """Say when the message shown has gone from memory."""
        message = self._message
        if message is not None and message.message.row < self._store.first_row:
            self._gone.set_words(
                self.tr("No longer in memory: this is the inspector's own copy.")
            )

    def refresh_interval_ms(self) -> int:
        """How soon it wants to be asked again."""
        return _INTERVAL_MS

    # ---- which frame, and how ---------------------------------------------------------------

    @Slot(int)
    def on_frame_chosen(self, index: int) -> None:
        """Show another frame."""
        if self._message is not None:
            socket_id = self._message.message.socket_id
            if index == self._message.first_shown:
                self._places.pop(socket_id, None)
            else:
                self._places[socket_id] = index
            self._said.set_words("")
            self._show_frame(asked=False)

    @Slot()
    def on_form(self) -> None:
        """Show the frames of this socket another way from now on."""
        name = self._form_group.checkedAction().objectName()
        if self._message is not None:
            form = next(form for form, action_id in FORM_ACTIONS.items() if action_id == name)
            self._forms[self._message.message.socket_id] = form
            self._show_frame(asked=True)

    def _show_frame(self, *, asked: bool) -> None:
        message, index = self._message, self._head.ribbon.chosen
        if message is None or index < 0:
            return
        chosen = self._forms.get(message.message.socket_id)
        self._actions.qaction(FORM_ACTIONS[chosen]).setChecked(True)
        reading = message.reading(index)
        # A choice made for another frame of the socket gives way where it does not fit.
        fits = chosen is not None and (asked or reading.fits(chosen))
        self._content.show_frame(reading, chosen if chosen and fits else reading.natural)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if self._message is not None and len(text) == 1 and text in "123456789":
            if int(text) <= len(self._message.frames):
                self._head.ribbon.choose(int(text) - 1)
        else:
            super().keyPressEvent(event)
