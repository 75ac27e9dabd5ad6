"""The inspector panel: the selected message with all its frames, whole. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.decode.field_path import FieldPath
from zmqscope.core.types import RowId
from zmqscope.models.doctor.help_pages import format_page
from zmqscope.models.formats import Formats
from zmqscope.models.inspector.frame_views import FrameView
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.models.inspector.message_inspector import MessageInspector
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.claimed_keys import claims
from zmqscope.ui.inspector.commands import AskPath, InspectorCommands
from zmqscope.ui.inspector.content import FrameContent
from zmqscope.ui.inspector.corner import InspectorCorner
from zmqscope.ui.inspector.decoder_bar import DecoderBar
from zmqscope.ui.inspector.decoding import FrameDecoding
from zmqscope.ui.inspector.empty import empty_page
from zmqscope.ui.inspector.field_commands import FieldCommands
from zmqscope.ui.inspector.head import InspectorHead
from zmqscope.ui.inspector.late_news import LateNews
from zmqscope.ui.inspector.saving import ask_for_path
from zmqscope.ui.inspector.sentence import Sentence
from zmqscope.ui.inspector.viewing import FrameViewing
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_INTERVAL_MS = 500


class InspectorPanel(QWidget):
    """Shows one message from its own copy, so that it stays when the store lets it go.

    Args:
        store: Where messages are.
        controller: Names and types of sockets.
        theme: Colours and fonts.
        actions: Where its actions go.
        formats: What bytes may mean, and how the user wants them read.
        settings: Remembers how it is laid out; None forgets.
        ask_path: Asks where to save a frame.
    """

    edit_requested = Signal(object)
    """tuple[bytes, ...]: frames to be edited and sent again."""
    message_shown = Signal(object)
    """Inspected, or None: what is shown from now on."""
    help_requested = Signal(str)
    """The name of a help page."""
    front_wanted = Signal()
    """The keyboard is to come here: the panel has to be seen."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
        formats: Formats,
        settings: Settings | None = None,
        ask_path: AskPath = ask_for_path,
    ) -> None:
        super().__init__()
        self._inspector = MessageInspector(store, controller, formats)
        self._message: Inspected | None = None
        self.commands = InspectorCommands(actions, ask_path, self)
        self.fields = FieldCommands(actions, theme, self.field_path, self)
        self.head = InspectorHead(theme, actions)
        self.decoder = DecoderBar(theme, actions.qaction("inspector.raw"), settings)
        self.content = FrameContent(theme, actions, settings)
        self.news = LateNews(formats, self)
        ribbon = self.head.ribbon
        self.viewing = FrameViewing(ribbon, self.content, self.commands, self.decoder.tabs, self)
        self.decoding = FrameDecoding(ribbon, self.decoder, self.news, formats, self)
        self._gone = Sentence("warning")
        self._said = Sentence("muted")
        self._stack = QStackedWidget()
        self._corner = InspectorCorner(theme, actions)
        self._lay_out(theme)
        self._connect(actions)
        self.show_row(None)

    def _lay_out(self, theme: Theme) -> None:
        none_words = self.tr("No message selected"), self.tr("Select one to see all its frames.")
        page = QWidget()
        _pile(page, (self.head, self._gone, self.decoder, self.content, self._said), self.content)
        self._stack.addWidget(empty_page(theme, *none_words))
        self._stack.addWidget(page)
        _pile(self, (self._stack,), self._stack)

    def _connect(self, actions: ActionRegistry) -> None:
        commands, content = self.commands, self.content
        self.fields.set_pane(content.bodies.tree)
        self.head.frame_chosen.connect(self.on_frame_chosen)
        self.head.envelope.help_wanted.connect(self.on_help_wanted)
        self.head.envelope.key_file_wanted.connect(self.news.on_key_file_wanted)
        self.head.envelope.key_files_chosen.connect(self.news.on_key_files_chosen)
        self.viewing.changed.connect(self.on_viewing_changed)
        self.decoding.changed.connect(self.on_decoding_changed)
        commands.focus_asked.connect(self.on_focus_asked)
        commands.decoder_asked.connect(self.decoder.open_menu)
        commands.find_asked.connect(self.on_find_asked)
        commands.listen_on(
            self, self.head.ribbon, self.decoder.source, content.hex, *content.bodies.key_widgets()
        )
        for said in (commands.said, self.fields.said, content.hex_pane.said, self.news.said):
            said.connect(self._said.set_words)
        content.hex_requested.connect(commands.on_hex)
        content.save_requested.connect(commands.on_save)
        content.reveal_requested.connect(self.on_reveal_requested)
        self.news.notes_found.connect(self.head.envelope.set_notes)
        self._corner.resend_clicked.connect(self.on_resend)
        self.setFocusProxy(self.head.ribbon)

    def corner_widget(self) -> QWidget:
        """Copy, save and send again, for the panel's title strip."""
        return self._corner

    @Slot()
    def on_focus_asked(self) -> None:
        """Take the keyboard, to what is shown of the frame."""
        self.front_wanted.emit()
        if self._message is None:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.content.take_focus()

    # ---- which message ----------------------------------------------------------------------

    @property
    def message(self) -> Inspected | None:
        """What is shown."""
        return self._message

    @Slot(object)
    def show_row(self, row: RowId | None) -> None:
        """Show a message of the store, or none; where it has just gone all stays as it is."""
        message = None if row is None else self._inspector.inspect(row)
        if message is not None:
            self._show(message)
        elif row is None or self._message is None:
            self._show(None)
        else:
            self._gone.set_words(
                self.tr("The selected message has just left memory; this is the one before.")
            )

    def _show(self, message: Inspected | None) -> None:
        self._message = message
        self._gone.set_words("")
        self._said.set_words("")
        self.head.set_message(message)
        self._corner.set_message_shown(message is not None)
        self._stack.setCurrentIndex(0 if message is None else 1)
        self.viewing.set_message(message)
        self.decoding.set_message(message)
        self.message_shown.emit(message)
        if message is None:
            self.content.show_nothing()
            self.commands.set_frame(None)
            self.fields.set_enabled(False)
            return
        self.head.ribbon.choose(self.viewing.place_in(message))

    def refresh(self, now_ns: int) -> None:
        """Say when the message has left the store; ``now_ns`` on the capture clock."""
        message = self._message
        if message is not None and not self._inspector.is_in_memory(message):
            self._gone.set_words(
                self.tr("No longer in memory: this is the inspector’s own copy, whole.")
            )

    def refresh_interval_ms(self) -> int:
        """How soon it wants to be asked again."""
        return _INTERVAL_MS

    @Slot(str)
    def on_help_wanted(self, envelope: str) -> None:
        """The page of a protocol is wanted."""
        self.help_requested.emit(format_page(envelope))

    @Slot()
    def on_resend(self) -> None:
        """Hand all frames to the composer."""
        if self._message is not None:
            self.edit_requested.emit(self._message.frames)

    # ---- which frame ------------------------------------------------------------------------

    @Slot(int)
    def on_frame_chosen(self, index: int) -> None:
        """Show another frame, and the same one of the socket's next messages."""
        if self._message is not None:
            self.viewing.keep_place(self._message, index)
            self._show_frame(asked=False)

    def _show_frame(self, *, asked: bool) -> None:
        """Show the chosen frame; ``asked``: in this very view, whatever the frame holds."""
        message, index = self._message, self.head.ribbon.chosen
        if message is None or index < 0:
            return
        if message.is_hidden(index):
            self._hide_frame()
            return
        choice = self.viewing.choice(message, index, asked=asked)
        own_bytes = self.viewing.own_bytes
        self.content.show_frame(message, index, choice.view, own_bytes=own_bytes)
        self._said.set_words(choice.excuse)
        self.decoding.set_frame(index)
        self.decoder.show()
        self.decoder.tabs.set_views(choice.offered, choice.view, message.listing_title(index))
        name = f"message-{message.message.row + 1}-frame-{index + 1}"
        name = f"{name}.{message.file_suffix(index)}"
        self.commands.set_frame(
            message.found(index), choice.view, name, is_auto=choice.chosen is None
        )
        self.commands.set_states(own_bytes=own_bytes, bytes_below=self.content.bytes_below)
        self.fields.set_enabled(choice.view is FrameView.TREE)

    def _hide_frame(self) -> None:
        """Show, copy and save nothing of a frame that may be a password."""
        self.content.show_hidden()
        self._said.set_words("")
        self.decoding.set_nothing()
        self.decoder.hide()
        self.commands.set_frame(None)
        self.fields.set_enabled(False)

    @Slot()
    def on_reveal_requested(self) -> None:
        """Show the frame although it may be a password."""
        if self._message is not None:
            self._message.reveal(self.head.ribbon.chosen)
            self._show_frame(asked=False)

    def field_path(self) -> FieldPath | None:
        """Where the tree's current field is; None if none is current."""
        tree = self.content.bodies.tree.tree
        if self._message is None or tree.current_node is None:
            return None
        return self._message.field_path(self.head.ribbon.chosen, tree.current_steps)

    @Slot()
    def on_viewing_changed(self) -> None:
        """Show the frame in the view that was asked for."""
        self._show_frame(asked=True)

    @Slot()
    def on_decoding_changed(self) -> None:
        """Show the frame as it is read now."""
        self._show_frame(asked=False)

    # ---- keys -------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.content.split.keep_share()

    def event(self, event: QEvent) -> bool:
        # While the keyboard is in the inspector, the key means what is shown there.
        is_ours = self._message is not None and claims(event, QKeySequence.StandardKey.Find)
        return is_ours or super().event(event)

    @Slot()
    def on_find_asked(self) -> None:
        """Find something in the frame as text, whatever it is shown as."""
        self.front_wanted.emit()
        if self.content.view not in (FrameView.TEXT, FrameView.JSON):
            self.viewing.on_view_asked(FrameView.TEXT)
        self.content.open_find()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if event.matches(QKeySequence.StandardKey.Find):
            self.content.open_find()
        elif self._message is not None and len(text) == 1 and text in "123456789":
            if int(text) <= len(self._message.frames):
                self.head.ribbon.choose(int(text) - 1)
        else:
            super().keyPressEvent(event)


def _pile(parent: QWidget, widgets: tuple[QWidget, ...], roomy: QWidget) -> None:
    """One below the other, without gaps; one of them takes all the room."""
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget, 1 if widget is roomy else 0)
