"""What one can do with a topic: the slots behind the topic actions. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from zmqscope.core import percent
from zmqscope.core.capture.topics import TopicKey
from zmqscope.core.types import SocketType
from zmqscope.models.messages.message_text import decode_text
from zmqscope.models.topics.cells import gone_help
from zmqscope.models.topics.table import TopicTableModel
from zmqscope.ui.action_menu import fill_menu
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.topics.action_list import CONTEXT_MENU, NEEDS_TOPIC, topic_actions
from zmqscope.ui.topics.view import TopicView

_PUBLISHING = (
    *(SocketType.PUB, SocketType.SUB, SocketType.XPUB, SocketType.XSUB),
    *(SocketType.RADIO, SocketType.DISH),
)


class TopicCommands(QObject):
    """Registers the topic actions and carries them out.

    Args:
        model: The table's model.
        view: The table.
        actions: Where the actions go.
    """

    said = Signal(str, bool)
    """A sentence for the reader, and whether it is a warning."""
    row_activated = Signal(object)
    """RowId of a message to be shown."""
    show_only_requested = Signal(object)
    """SocketId to show alone."""
    find_asked = Signal()
    """The field is wanted."""
    ends_asked = Signal()
    """The choice of where topics end is wanted."""

    def __init__(self, model: TopicTableModel, view: TopicView, actions: ActionRegistry) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._actions = actions
        self._register()
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self.on_view_menu_requested)
        view.topic_changed.connect(self.on_view_topic_changed)
        view.row_activated.connect(self.on_newest)
        view.copy_wanted.connect(self.on_copy)
        self.on_view_topic_changed(None)

    def _register(self) -> None:
        callbacks: dict[str, Callable[..., object]] = {
            "view.topics.find": self.on_find,
            "view.topics.ends": self.on_ends,
            "view.topics.newest": self.on_newest,
            "view.topics.copy": self.on_copy,
            "view.topics.copy_subscription": self.on_copy_subscription,
            "view.topics.show_only": self.on_show_only,
        }
        for action in topic_actions():
            self._actions.add(action, callbacks[action.id])

    # ---- news of the table ------------------------------------------------------------------

    @Slot(object)
    def on_view_topic_changed(self, topic: int | None) -> None:
        """Another topic is current, or none: offer what can be done with it."""
        key = None if topic is None else self._model.key(topic)
        for action_id in NEEDS_TOPIC:
            self._actions.qaction(action_id).setEnabled(key is not None)
        subscription = self._actions.qaction("view.topics.copy_subscription")
        subscription.setEnabled(key is not None and self._can_subscribe(key))

    def _can_subscribe(self, key: TopicKey) -> bool:
        """Elsewhere than on publishing types a first frame is a routing id."""
        socket_type = self._model.socket_type(key.socket_id)
        return socket_type is None or socket_type in _PUBLISHING

    @Slot(QPoint)
    def on_view_menu_requested(self, place: QPoint) -> None:
        """Show what can be done with the topic."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, self._actions, CONTEXT_MENU)
        menu.popup(self._view.viewport().mapToGlobal(place))

    # ---- slots ------------------------------------------------------------------------------

    @Slot()
    def on_find(self) -> None:
        """Go to where one types."""
        self.find_asked.emit()

    @Slot()
    def on_ends(self) -> None:
        """Offer where topics end."""
        self.ends_asked.emit()

    @Slot()
    def on_newest(self) -> None:
        """Show the current topic's newest message."""
        topic = self._view.topic
        if topic is None:
            return
        row = self._model.newest_row(topic)
        if row is None:
            self.said.emit(gone_help(), True)
        else:
            self.row_activated.emit(row)

    @Slot()
    def on_copy(self) -> None:
        """Copy the current topic: its text, or its bytes as hex."""
        key = self._key()
        if key is None:
            return
        text = decode_text(key.name)
        QGuiApplication.clipboard().setText(key.name.hex(" ") if text is None else text)
        self.said.emit(
            self.tr("Copied the topic as hex.") if text is None else self.tr("Copied the topic."),
            False,
        )

    @Slot()
    def on_copy_subscription(self) -> None:
        """Copy the current topic or group as an item of a socket spec."""
        key, topic = self._key(), self._view.topic
        if key is None or topic is None:
            return
        kind = self._model.socket_type(key.socket_id)
        if kind is not None and kind.has_groups:
            self._copy_group(topic)
            return
        QGuiApplication.clipboard().setText(f"topic={percent.encode(key.name)}")
        self.said.emit(self.tr("Copied as an item of a SUB or XSUB spec."), False)

    def _copy_group(self, topic: int) -> None:
        """A DISH matches whole groups (RFC 48), and the topic may have been cut."""
        group = self._model.newest_first_frame(topic)
        if group is None:
            self.said.emit(gone_help(), True)
            return
        QGuiApplication.clipboard().setText(f"group={percent.encode(group)}")
        self.said.emit(self.tr("Copied as an item of a DISH spec."), False)

    @Slot()
    def on_show_only(self) -> None:
        """Show the current topic's socket alone."""
        key = self._key()
        if key is not None:
            self.show_only_requested.emit(key.socket_id)

    def _key(self) -> TopicKey | None:
        topic = self._view.topic
        return None if topic is None else self._model.key(topic)
