"""Says what the socket's pattern makes of a message, with the tools that belong to it. GUI thread.

Above the frames: where a message goes, or why it cannot go now and what to do.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.types import SocketType
from zmqscope.models.composer.composer import ComposerModel
from zmqscope.models.composer.envelope import is_delimited, put_head, set_delimiter
from zmqscope.models.composer.head_choice import head_text, head_words
from zmqscope.models.composer.send_pattern import (
    Obstacle,
    delimiter_at,
    delimiter_words,
    guidance,
    obstacle_problem,
    readiness,
)
from zmqscope.models.format import one_line, plain_tip
from zmqscope.ui.composer.controls import ToneLabel
from zmqscope.ui.composer.socket_picker import SocketPicker
from zmqscope.ui.composer.topic_popup import TopicPopup
from zmqscope.ui.theme import Theme

_STACKED_BELOW = 400
_MAX_HEAD_CHARS = 48
_REOPENS = (Obstacle.CLOSED, Obstacle.AWAITS_REPLY)
_CHOOSES = (Obstacle.NO_SOCKET, Obstacle.RECEIVES_ONLY)


class PatternBar(QWidget):
    """One or two sentences and the controls of the pattern.

    Args:
        model: The composer.
        theme: Colours and fonts.
        parent: Owner.
    """

    socket_chosen = Signal(object)
    """SocketId to send from."""
    envelope_written = Signal()
    """A tool has written its part of the message; the rest is the person's."""

    def __init__(self, model: ComposerModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._words = ToneLabel(theme, parent=self)
        self._heads = _small_button("", "", has_menu=True)
        self._head_menu = QMenu(self._heads)
        self._heads.setMenu(self._head_menu)
        self._delimiter = QCheckBox(self.tr("Empty delimiter"))
        self._subscribe = _small_button(
            self.tr("Subscribe to…"), self.tr("Write the message that subscribes to a topic")
        )
        self._cancel = _small_button(
            self.tr("Cancel…"), self.tr("Write the message that cancels a subscription")
        )
        self._reopen = _small_button(self.tr("Reopen"), self.tr("Open the socket again"))
        self._picker = SocketPicker(model, theme, self.tr("Send from"))
        self._topic = TopicPopup(self)
        self._lay_out()
        self._connect()
        self.update_state()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(6)
        for widget in self._tools():
            tools.addWidget(widget)
        tools.addStretch(1)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._box.setSpacing(6)
        self._box.addWidget(self._words, 1)
        self._box.addLayout(tools)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 6, 12, 0)
        outer.addLayout(self._box)

    def _tools(self) -> tuple[QWidget, ...]:
        return (
            self._heads,
            self._delimiter,
            self._subscribe,
            self._cancel,
            self._reopen,
            self._picker,
        )

    def _connect(self) -> None:
        self._head_menu.aboutToShow.connect(self.on_head_menu_about_to_show)
        self._head_menu.triggered.connect(self.on_head_menu_triggered)
        self._delimiter.clicked.connect(self.on_delimiter_clicked)
        self._subscribe.clicked.connect(self.on_subscribe_clicked)
        self._cancel.clicked.connect(self.on_cancel_clicked)
        self._reopen.clicked.connect(self._model.reopen_socket)
        self._picker.socket_chosen.connect(self.socket_chosen)
        self._topic.topic_chosen.connect(self.on_topic_chosen)
        self._model.socket_changed.connect(self.update_state)
        self._model.obstacle_changed.connect(self.update_state)
        self._model.message.edited.connect(self.on_message_edited)

    # ---- state ------------------------------------------------------------------------------

    @Slot()
    def update_state(self) -> None:
        """Say what holds now."""
        obstacle, kind = self._model.obstacle, self._model.kind
        problem = obstacle_problem(obstacle, kind)
        if problem is not None:
            self._words.set_problem(problem, "muted" if obstacle in _CHOOSES else "waiting")
        elif kind is not None:
            ready = readiness(kind, self._model.turn)
            self._words.set_words(ready or guidance(kind), "received" if ready else "muted")
        self._show_heads(kind)
        self._delimiter.setVisible(kind is not None and delimiter_at(kind) is not None)
        self._subscribe.setVisible(kind is SocketType.XSUB)
        self._cancel.setVisible(kind is SocketType.XSUB)
        self._reopen.setVisible(obstacle in _REOPENS)
        self._picker.setVisible(obstacle in _CHOOSES)
        if kind is not None and delimiter_at(kind) is not None:
            other = "REQ" if kind is SocketType.ROUTER else "REP"
            self._delimiter.setText(self.tr("Delimiter for {0}").format(other))
            self._delimiter.setToolTip(delimiter_words(kind))
            self._delimiter.setAccessibleDescription(delimiter_words(kind))
        self.on_message_edited()

    def _show_heads(self, kind: SocketType | None) -> None:
        """Offer what may stand in frame 1, where it names somebody."""
        words = head_words(kind)
        self._heads.setVisible(words is not None)
        if words is not None:
            self._heads.setText(words.title)
            self._heads.setToolTip(plain_tip(words.help))
            self._heads.setAccessibleName(words.help)

    @Slot()
    def on_message_edited(self) -> None:
        """The delimiter is what the frames say it is."""
        self._delimiter.setChecked(is_delimited(self._model.message, self._model.kind))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._turn()
        return super().event(event)

    def _turn(self) -> None:
        """Tools beside the words where there is room, below them elsewhere."""
        hints = [tool.sizeHint().width() + 6 for tool in self._tools() if not tool.isHidden()]
        needed = self._words.fontMetrics().horizontalAdvance(self._words.text()) + sum(hints)
        is_wide = self.width() >= min(_STACKED_BELOW, needed + 2 * 12 + 8)
        direction = QBoxLayout.Direction
        self._box.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)

    # ---- tools ------------------------------------------------------------------------------

    @Slot()
    def on_head_menu_about_to_show(self) -> None:
        """List what may stand in frame 1, newest first."""
        self._head_menu.clear()
        kind = self._model.kind
        for head in self._model.heads():
            words = one_line(head_text(head, kind))
            if len(words) > _MAX_HEAD_CHARS:
                words = f"{words[:_MAX_HEAD_CHARS]}…"
            self._head_menu.addAction(words.replace("&", "&&")).setData(head)
        says = head_words(kind)
        if self._head_menu.isEmpty() and says is not None:
            self._head_menu.addAction(says.none).setEnabled(False)

    @Slot(QAction)
    def on_head_menu_triggered(self, action: QAction) -> None:
        """One was picked."""
        if isinstance(action.data(), bytes):
            put_head(self._model.message, action.data())
            self.envelope_written.emit()

    @Slot(bool)
    def on_delimiter_clicked(self, checked: bool) -> None:
        """Put the delimiter in, or take it out."""
        set_delimiter(self._model.message, self._model.kind, checked)
        self.on_message_edited()

    @Slot()
    def on_subscribe_clicked(self) -> None:
        """Ask for the topic."""
        self._topic.ask(self._subscribe, cancel=False)

    @Slot()
    def on_cancel_clicked(self) -> None:
        """Ask for the topic."""
        self._topic.ask(self._cancel, cancel=True)

    @Slot(bytes, bool)
    def on_topic_chosen(self, topic: bytes, cancel: bool) -> None:
        """Write the message; the person sees it and sends it."""
        self._model.write_subscription(topic, cancel=cancel)
        self.envelope_written.emit()


def _small_button(words: str, tool_tip: str, *, has_menu: bool = False) -> QPushButton:
    button = QPushButton(words)
    button.setToolTip(tool_tip)
    button.setAccessibleName(tool_tip)
    right = 20 if has_menu else 8
    button.setStyleSheet(f"padding: 1px {right}px 1px 8px; min-height: 16px;")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
