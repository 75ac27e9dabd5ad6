"""The composer's panel: pattern, frames, running jobs, the last report, the buttons. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from zmqscope.core.types import Message, SocketId
from zmqscope.models.composer.composer import ComposerModel
from zmqscope.models.composer.envelope import body_at
from zmqscope.models.composer.send_pattern import Obstacle, is_blank
from zmqscope.models.format import format_count
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.composer.commands import ComposerCommands
from zmqscope.ui.composer.controls import ToneLabel
from zmqscope.ui.composer.empty import EmptyComposer
from zmqscope.ui.composer.frame_list import FrameList
from zmqscope.ui.composer.job_list import JobList
from zmqscope.ui.composer.pattern_bar import PatternBar
from zmqscope.ui.composer.send_bar import SendBar
from zmqscope.ui.composer.socket_picker import SocketPicker
from zmqscope.ui.generator.dialog import GeneratorDialog
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController
    from zmqscope.core.capture.store import CaptureStore

_REFRESH_MS = 500
_NEEDS_ANOTHER = (Obstacle.NO_SOCKET, Obstacle.RECEIVES_ONLY)


class ComposerPanel(QWidget):
    """Writes messages and sends them.

    Args:
        store: Asked for routing ids seen before, and for whose turn it is.
        controller: Sends.
        theme: Colours, fonts, icons.
        actions: Where the actions of the menu *Send* are registered.
        parent: Owner.

    Attributes:
        model: What it shows.
    """

    front_wanted = Signal()
    """Somebody wants to write here: the panel has to be seen."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._theme = theme
        self.model = ComposerModel(store, controller, self)
        self._pattern = PatternBar(self.model, theme)
        self._frames = FrameList(self.model.message, theme)
        self._empty = EmptyComposer(self.model, theme)
        self._jobs = JobList(self.model.jobs, self.model.loads, theme)
        self._generator: GeneratorDialog | None = None
        self._report = ToneLabel(theme)
        self._bar = SendBar(self.model, theme)
        self._corner = SocketPicker(self.model, theme)
        self._pages = QStackedWidget()
        self._commands = ComposerCommands(self.model, self._frames, self._bar, actions, self)
        self._lay_out()
        self._connect()
        self.update_page()

    def _lay_out(self) -> None:
        self._pages.addWidget(self._frames)
        self._pages.addWidget(self._empty)
        self._pages.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._report.setContentsMargins(12, 6, 12, 0)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._pattern)
        box.addWidget(self._pages, 1)
        box.addWidget(self._jobs)
        box.addWidget(self._report)
        box.addWidget(self._bar)

    def _connect(self) -> None:
        self._corner.socket_chosen.connect(self.on_socket_chosen)
        self._pattern.socket_chosen.connect(self.on_socket_chosen)
        self._pattern.envelope_written.connect(self.on_envelope_written)
        self._commands.write_asked.connect(self.on_write_asked)
        self._commands.generate_asked.connect(self.on_generate_asked)
        self._empty.socket_chosen.connect(self.on_socket_chosen)
        self._empty.new_socket_asked.connect(self.on_empty_new_socket_asked)
        self.model.socket_changed.connect(self.update_page)
        self.model.obstacle_changed.connect(self.update_page)
        self.model.message.frames_arranged.connect(self.update_page)
        self.model.reports.changed.connect(self.on_reports_changed)

    # ---- for the window ---------------------------------------------------------------------

    def corner_widget(self) -> QWidget:
        """The socket's name and type, to stand at the right of the panel's header."""
        return self._corner

    @Slot(object)
    def set_socket(self, socket_id: SocketId | None) -> None:
        """Write for another socket; what was written for the one before is kept."""
        self.model.set_socket(socket_id)

    @Slot(object)
    def load_frames(self, frames: tuple[bytes, ...]) -> None:
        """Take frames over to be edited and sent again."""
        self._load(frames, "")

    @Slot(object)
    def load_message(self, message: Message) -> None:
        """The same with a captured message, whose number is said where a frame is not shown."""
        origin = self.tr("message #{0}").format(format_count(message.row + 1))
        self._load(message.frames, origin)

    def _load(self, frames: tuple[bytes, ...], origin: str) -> None:
        self.model.load(frames, origin)
        self._focus_frames(0)

    def refresh(self, now_ns: int) -> None:
        """Look whether the socket can send now; ``now_ns`` is not needed for that."""
        self.model.update_obstacle()

    def refresh_interval_ms(self) -> int:
        """Never often: what happens here is told by signals."""
        return _REFRESH_MS

    def sizeHint(self) -> QSize:
        return QSize(400, 230)

    # ---- state ------------------------------------------------------------------------------

    @Slot()
    def update_page(self) -> None:
        """Frames, or why there are none to write."""
        cannot = self.model.obstacle in _NEEDS_ANOTHER
        is_empty = cannot and is_blank(self.model.message.drafts)
        self._pages.setCurrentWidget(self._empty if is_empty else self._frames)
        self._pattern.setVisible(not is_empty)
        self._bar.setVisible(not is_empty)
        self._frames.set_kind(self.model.kind)

    @Slot(object)
    def on_reports_changed(self, socket_id: SocketId | None) -> None:
        """Say what became of the last send of the chosen socket."""
        line = self.model.reports.line(self.model.socket_id)
        self._report.set_words(line.text if line else "", line.tone if line else "muted")

    @Slot(object)
    def on_socket_chosen(self, socket_id: SocketId) -> None:
        """A socket was chosen here, to write for it."""
        self.model.choose_socket(socket_id)
        self._focus_frames(self._frames.current)

    @Slot()
    def on_envelope_written(self) -> None:
        """The envelope is there: go on with what it is for."""
        self._focus_frames(body_at(self.model.message, self.model.kind))

    @Slot()
    def on_write_asked(self) -> None:
        """Come to the front and let one write, or find a socket to write for."""
        self.front_wanted.emit()
        if self._pages.currentWidget() is self._empty:
            self._empty.focus_way_out()
        else:
            self._focus_frames(self._frames.current)

    @Slot()
    def on_generate_asked(self) -> None:
        """Open the generator, or bring it to the front."""
        if self._generator is None:
            self._generator = GeneratorDialog(self.model, self._theme, self.window())
        self._generator.bring_up()

    def _focus_frames(self, index: int) -> None:
        if self._frames.isVisible():
            self._frames.focus_frame(index)

    @Slot()
    def on_empty_new_socket_asked(self) -> None:
        """Open the dialog of the sockets panel, if there is one."""
        if "socket.new" in self._actions:
            self._actions.qaction("socket.new").trigger()
