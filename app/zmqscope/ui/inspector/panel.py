"""The inspector panel: the selected message with all its frames, whole. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.decode.field_path import FieldPath
from zmqscope.core.decode.payload import DecoderChoice
from zmqscope.core.types import Message, RowId, SocketId
from zmqscope.models.formats import Formats
from zmqscope.models.frame_views import FrameView, ViewChoices, views_of
from zmqscope.models.help_pages import format_page
from zmqscope.models.inspected import Inspected
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.commands import AskPath, InspectorCommands
from zmqscope.ui.inspector.content import FrameContent
from zmqscope.ui.inspector.corner import InspectorCorner
from zmqscope.ui.inspector.decoder_bar import DecoderBar
from zmqscope.ui.inspector.empty import empty_page
from zmqscope.ui.inspector.field_commands import FieldCommands
from zmqscope.ui.inspector.head import InspectorHead
from zmqscope.ui.inspector.late_news import LateNews
from zmqscope.ui.inspector.saving import ask_for_path
from zmqscope.ui.inspector.sentence import Sentence
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
        self._store = store
        self._controller = controller
        self._formats = formats
        self._message: Inspected | None = None
        self._views = ViewChoices()
        self._places: dict[SocketId, int] = {}
        self._own_bytes = False
        self._for_topic = True
        self.commands = InspectorCommands(actions, ask_path, self)
        self.fields = FieldCommands(actions, theme, self.field_path, self)
        self.head = InspectorHead(theme, actions)
        self.decoder = DecoderBar(theme, actions.qaction("inspector.raw"))
        self.content = FrameContent(theme, actions, settings)
        self.news = LateNews(formats, self)
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
        column.addWidget(self.decoder)
        column.addWidget(self.content, 1)
        column.addWidget(self._said)
        self._stack.addWidget(
            empty_page(
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
        self.fields.set_pane(content.bodies.tree)
        self.head.frame_chosen.connect(self.on_frame_chosen)
        self.head.envelope.help_wanted.connect(self.on_help_wanted)
        self.head.envelope.key_file_wanted.connect(self.news.on_key_file_wanted)
        self.decoder.chosen.connect(self.on_decoder_chosen)
        self.decoder.scope_chosen.connect(self.on_scope_chosen)
        self.decoder.more_wanted.connect(self.on_more_wanted)
        self.decoder.tabs.view_chosen.connect(self.on_tab_chosen)
        commands.view_asked.connect(self.on_view_asked)
        commands.fields_asked.connect(self.on_fields_asked)
        commands.next_view_asked.connect(self.on_next_view_asked)
        commands.own_bytes_asked.connect(self.on_own_bytes_asked)
        commands.bytes_below_asked.connect(self.on_bytes_below_asked)
        commands.decoder_asked.connect(self.decoder.open_menu)
        commands.listen_on(
            self, self.head.ribbon, self.decoder.source, content.hex, *content.bodies.key_widgets()
        )
        for said in (commands.said, self.fields.said, content.hex_pane.said, self.news.said):
            said.connect(self._said.set_words)
        content.hex_requested.connect(commands.on_hex)
        content.save_requested.connect(commands.on_save)
        self.news.notes_found.connect(self.head.envelope.set_notes)
        self.news.unpacked.connect(self.on_news_unpacked)
        self.news.keys_changed.connect(self.on_news_keys_changed)
        self._formats.choices.changed.connect(self.on_choices_changed)
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
            name = self.tr("socket {0}").format(message.socket_id)
            return Inspected(message, name, None, self._formats)
        return Inspected(message, snapshot.name, snapshot.spec.type, self._formats)

    def _show(self, message: Inspected | None) -> None:
        self._message = message
        self._gone.set_words("")
        self._said.set_words("")
        self.head.set_message(message)
        self._corner.set_message_shown(message is not None)
        self._stack.setCurrentIndex(0 if message is None else 1)
        self.news.set_message(message)
        self.message_shown.emit(message)
        if message is None:
            self.content.show_nothing()
            self.decoder.set_frame(None, 0, for_topic=self._for_topic)
            self.commands.set_frame(None)
            self.fields.set_enabled(False)
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
        message = self._message
        if message is None:
            return
        if index == message.first_shown:
            self._places.pop(message.message.socket_id, None)
        else:
            self._places[message.message.socket_id] = index
        self._show_frame(asked=False)

    def _show_frame(self, *, asked: bool) -> None:
        """Show the chosen frame; ``asked``: in this very view, whatever the frame holds."""
        message, index = self._message, self.head.ribbon.chosen
        if message is None or index < 0:
            return
        self.news.drop_unpacking()
        choice = self._views.view_for(message, index, asked=asked)
        self.content.show_frame(message, index, choice.view, own_bytes=self._own_bytes)
        self._said.set_words(choice.excuse)
        self.decoder.set_frame(message, index, for_topic=self._for_topic)
        self.decoder.tabs.set_views(choice.offered, choice.view, message.listing_title(index))
        name = f"message-{message.message.row + 1}-frame-{index + 1}"
        name = f"{name}.{message.file_suffix(index)}"
        self.commands.set_frame(
            message.found(index), choice.view, name, is_auto=choice.chosen is None
        )
        self.commands.set_states(own_bytes=self._own_bytes, bytes_below=self.content.bytes_below)
        self.fields.set_enabled(choice.view is FrameView.TREE)

    def field_path(self) -> FieldPath | None:
        """Where the tree's current field is; None if none is current."""
        tree = self.content.bodies.tree.tree
        if self._message is None or tree.current_node is None:
            return None
        return self._message.field_path(self.head.ribbon.chosen, tree.current_steps)

    # ---- how it is shown --------------------------------------------------------------------

    @Slot(object)
    def on_view_asked(self, view: FrameView | None) -> None:
        """Show the frames of this socket another way from now on."""
        if self._message is not None:
            self._views.choose(self._message.message.socket_id, view)
            self._show_frame(asked=True)

    @Slot(object)
    def on_tab_chosen(self, view: FrameView) -> None:
        """The same by a tab; the one that suits the frame leaves it to the frames again."""
        self.on_view_asked(None if self._current_views()[:1] == (view,) else view)

    @Slot()
    def on_fields_asked(self) -> None:
        """Show the tree; where it is shown already, or is none, JSON laid out."""
        has_tree = FrameView.TREE in self._current_views()
        is_tree = self.content.view is FrameView.TREE
        has_json = FrameView.JSON in self._current_views()
        wants_json = (is_tree and has_json) or not has_tree
        self.on_view_asked(FrameView.JSON if wants_json else FrameView.TREE)

    @Slot()
    def on_next_view_asked(self) -> None:
        """Show the view behind this one."""
        views = self._current_views()
        if views:
            at = views.index(self.content.view) + 1 if self.content.view in views else 0
            self.on_view_asked(views[at % len(views)])

    def _current_views(self) -> tuple[FrameView, ...]:
        message, index = self._message, self.head.ribbon.chosen
        return () if message is None or index < 0 else views_of(message, index)

    @Slot(bool)
    def on_own_bytes_asked(self, wanted: bool) -> None:
        """Show the frame's own bytes, or those that were unpacked."""
        self._own_bytes = wanted
        if wanted and not self.content.bytes_below:
            self.on_view_asked(FrameView.HEX)
        else:
            self._show_frame(asked=True)

    @Slot(bool)
    def on_bytes_below_asked(self, shown: bool) -> None:
        """Show bytes below, or not."""
        self.content.set_bytes_below(shown)
        self._show_frame(asked=True)

    # ---- how it is read ---------------------------------------------------------------------

    @Slot(object)
    def on_decoder_chosen(self, choice: DecoderChoice | None) -> None:
        """Read such frames another way from now on."""
        if self._message is not None:
            self._message.choose(self.head.ribbon.chosen, choice, for_topic=self._for_topic)

    @Slot(bool)
    def on_scope_chosen(self, for_topic: bool) -> None:
        """The choice is to hold for the topic, or for all of the socket."""
        self._for_topic = for_topic
        message, index = self._message, self.head.ribbon.chosen
        choice = None if message is None else message.choice(index)
        if message is not None and choice is not None:
            message.choose(index, None, for_topic=True)
            message.choose(index, choice, for_topic=for_topic)

    @Slot()
    def on_choices_changed(self) -> None:
        """Frames may have to be read another way, whoever said so."""
        if self._message is not None:
            self._message.forget()
            self.head.ribbon.update_titles()
            self._show_frame(asked=False)

    @Slot()
    def on_more_wanted(self) -> None:
        """Unpack more of the frame."""
        if self._message is not None:
            self.decoder.set_unpacking(True)
            self.news.unpack_more(self._message, self.head.ribbon.chosen)

    @Slot(bool)
    def on_news_unpacked(self, is_there: bool) -> None:
        """More of the frame was unpacked, or it is not wanted any more."""
        self.decoder.set_unpacking(False)
        if is_there:
            self._show_frame(asked=False)

    @Slot()
    def on_news_keys_changed(self) -> None:
        """Signatures may be judged in another way now."""
        self.news.set_message(self._message)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.content.split.keep_share()

    def event(self, event: QEvent) -> bool:
        is_find = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Find)
        if is_find and event.type() == QEvent.Type.ShortcutOverride and self._has_fields:
            # While the keyboard is in the inspector, the key means its fields.
            event.accept()
            return True
        return super().event(event)

    @property
    def _has_fields(self) -> bool:
        return self._message is not None and self.content.view is FrameView.TREE

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if event.matches(QKeySequence.StandardKey.Find) and self._has_fields:
            self.content.bodies.tree.find_bar.open()
        elif self._message is not None and len(text) == 1 and text in "123456789":
            if int(text) <= len(self._message.frames):
                self.head.ribbon.choose(int(text) - 1)
        else:
            super().keyPressEvent(event)
