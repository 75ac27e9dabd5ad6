"""The inspector panel: the selected message with all its frames, whole. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import Message, RowId, SocketId
from zmqscope.models.frame_text import FrameForm
from zmqscope.models.inspected import Inspected
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.commands import AskPath, InspectorCommands
from zmqscope.ui.inspector.content import FrameContent, Sentence
from zmqscope.ui.inspector.corner import InspectorCorner
from zmqscope.ui.inspector.head import InspectorHead
from zmqscope.ui.inspector.saving import ask_for_path
from zmqscope.ui.theme import Theme

_INTERVAL_MS = 500


class InspectorPanel(QWidget):
    """Shows one message from its own copy, so that it stays when the store lets it go.

    Args:
        store: Where messages are.
        controller: Names and types of sockets.
        theme: Colours and fonts.
        actions: Where its actions go.
        ask_path: Asks where to save a frame.
    """

    edit_requested = Signal(object)
    """tuple[bytes, ...]: frames to be edited and sent again."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
        ask_path: AskPath = ask_for_path,
    ) -> None:
        super().__init__()
        self._store = store
        self._controller = controller
        self._message: Inspected | None = None
        # What the user chose lasts for the socket; without a choice frames are what they are.
        self._forms: dict[SocketId, FrameForm | None] = {}
        self._places: dict[SocketId, int] = {}
        self.commands = InspectorCommands(actions, ask_path, self)
        self.head = InspectorHead(theme, actions)
        self.content = FrameContent(theme)
        self._gone = Sentence("warning")
        self._said = Sentence("muted")
        self._stack = QStackedWidget()
        self._corner = InspectorCorner(theme, actions)
        self._lay_out(theme)
        self._connect(actions)
        self.show_row(None)

    def _lay_out(self, theme: Theme) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._gone)
        column.addWidget(self.content, 1)
        column.addWidget(self._said)
        self._stack.addWidget(
            _empty_page(
                theme,
                self.tr("No message selected"),
                self.tr("Select one to see all its frames."),
            )
        )
        self._stack.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _connect(self, actions: ActionRegistry) -> None:
        commands, content = self.commands, self.content
        self.head.frame_chosen.connect(self.on_frame_chosen)
        commands.form_chosen.connect(self.on_form_chosen)
        commands.said.connect(self._said.set_words)
        commands.listen_on(self, self.head.ribbon, content.text, content.hex)
        content.hex_requested.connect(actions.qaction("inspector.hex").trigger)
        content.save_requested.connect(commands.on_save)
        content.hex.copied.connect(commands.on_hex_copied)
        self._corner.resend_clicked.connect(self.on_resend)
        self.setFocusProxy(self.head.ribbon)

    def corner_widget(self) -> QWidget:
        """Copy, save and send again, for the panel's title strip."""
        return self._corner

    # ---- which message ----------------------------------------------------------------------

    @property
    def message(self) -> Inspected | None:
        """What is shown."""
        return self._message

    @Slot(object)
    def show_row(self, row: RowId | None) -> None:
        """Show a message of the store, or none; where it has just gone all stays as it is."""
        message = None if row is None else self._store.message(row)
        if message is not None:
            self._show(self._inspect(message))
        elif row is None or self._message is None:
            self._show(None)
        else:
            self._gone.set_words(
                self.tr("The selected message has just left memory; this is the one before.")
            )

    def _inspect(self, message: Message) -> Inspected:
        snapshot = self._controller.snapshots.get(message.socket_id)
        if snapshot is None:
            return Inspected(message, self.tr("socket {0}").format(message.socket_id), None)
        return Inspected(message, snapshot.name, snapshot.spec.type)

    def _show(self, message: Inspected | None) -> None:
        self._message = message
        self._gone.set_words("")
        self._said.set_words("")
        self.head.set_message(message)
        self._corner.set_message_shown(message is not None)
        self._stack.setCurrentIndex(0 if message is None else 1)
        if message is None:
            self.content.show_nothing()
            self.commands.set_frame(None)
            return
        place = self._places.get(message.message.socket_id, message.first_shown)
        self.head.ribbon.choose(place if place < len(message.frames) else message.first_shown)

    def refresh(self, now_ns: int) -> None:
        """Say when the message has left the store; ``now_ns`` on the capture clock."""
        message = self._message
        if message is not None and message.message.row < self._store.first_row:
            self._gone.set_words(
                self.tr("No longer in memory: this is the inspector’s own copy, whole.")
            )

    def refresh_interval_ms(self) -> int:
        """How soon it wants to be asked again."""
        return _INTERVAL_MS

    @Slot()
    def on_resend(self) -> None:
        """Hand all frames to the composer."""
        if self._message is not None:
            self.edit_requested.emit(self._message.frames)

    # ---- which frame, and how ---------------------------------------------------------------

    @Slot(int)
    def on_frame_chosen(self, index: int) -> None:
        """Show another frame, and the same one of the socket's next messages."""
        message = self._message
        if message is None:
            return
        if index == message.first_shown:
            self._places.pop(message.message.socket_id, None)
        else:
            self._places[message.message.socket_id] = index
        self._show_frame(message, index, asked=False)

    @Slot(object)
    def on_form_chosen(self, form: FrameForm | None) -> None:
        """Show the frames of this socket another way from now on."""
        if self._message is not None:
            self._forms[self._message.message.socket_id] = form
            self._show_frame(self._message, self.head.ribbon.chosen, asked=True)

    def _show_frame(self, message: Inspected, index: int, *, asked: bool) -> None:
        chosen = self._forms.get(message.message.socket_id)
        reading = message.reading(index)
        # A choice made while looking at another frame gives way where it does not fit.
        fits = chosen is not None and (asked or reading.fits(chosen))
        form = chosen if chosen is not None and fits else reading.natural
        self.content.show_frame(reading, form)
        if chosen is not None and form is not chosen:
            words = self.tr("Shown as {0}: this frame is not {1}.")
            self._said.set_words(words.format(form.value, chosen.value))
        else:
            self._said.set_words("")
        name = f"message-{message.message.row + 1}-frame-{index + 1}"
        suffix = {FrameForm.TEXT: "txt", FrameForm.JSON: "json"}.get(reading.natural, "bin")
        self.commands.set_frame(reading, form, chosen, f"{name}.{suffix}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if self._message is not None and len(text) == 1 and text in "123456789":
            if int(text) <= len(self._message.frames):
                self.head.ribbon.choose(int(text) - 1)
        else:
            super().keyPressEvent(event)


def _empty_page(theme: Theme, title: str, hint: str) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(16, 0, 16, 0)
    column.setSpacing(6)
    column.addStretch(2)
    for words, tone in ((title, "title"), (hint, "muted")):
        label = QLabel(words)
        label.setProperty("tone", tone)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        if tone == "title":
            label.setFont(theme.ui_font(QFont.Weight.DemiBold, 13.5))
        column.addWidget(label)
    column.addStretch(3)
    return page
