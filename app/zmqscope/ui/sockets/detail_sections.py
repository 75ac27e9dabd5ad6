"""Parts of a socket's details: its endpoints, its subscriptions, its totals. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from zmqscope.core.errors import EndpointError, SpecError
from zmqscope.core.types import Direction, Endpoint, SocketSnapshot, SocketType
from zmqscope.models.sockets import socket_words, spec_draft
from zmqscope.models.sockets.spec_draft import EndpointDraft, TopicDraft
from zmqscope.models.sockets.subscription_words import subscription_words
from zmqscope.ui.sockets.detail_rows import AddRow, EndpointStatusRow, TopicItemRow
from zmqscope.ui.sockets.endpoint_row import EndpointRow
from zmqscope.ui.sockets.labels import DataLabel, NoteLabel
from zmqscope.ui.sockets.topic_row import TopicRow
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController
    from zmqscope.core.capture.store import CaptureStore


class EndpointsSection(QWidget):
    """The endpoints as they stand, and a row that adds one.

    Args:
        theme: Colours, fonts and icons.
        controller: Told what to do.
        snapshot: The socket.
    """

    rows_changed = Signal()
    """The tab order has to be made anew."""

    def __init__(
        self, theme: Theme, controller: EngineController, snapshot: SocketSnapshot
    ) -> None:
        super().__init__()
        self._theme = theme
        self._controller = controller
        self._snapshot = snapshot
        self._rows: dict[Endpoint, EndpointStatusRow] = {}
        self._note = NoteLabel()
        self._add = AddRow[EndpointDraft](
            EndpointRow(theme, snapshot.spec.type),
            lambda draft: EndpointDraft(draft.role),
            self._check,
            self.tr("Add"),
            self.tr("Add this endpoint to the socket"),
        )
        self._add.added.connect(self.on_add_added)
        self._layout = _column(self, self._note, self._add)
        self.show_snapshot(snapshot)

    def show_snapshot(self, snapshot: SocketSnapshot) -> None:
        """Show the endpoints as they are now."""
        self._snapshot = snapshot
        statuses = {status.endpoint: status for status in snapshot.endpoints}
        for gone in [endpoint for endpoint in self._rows if endpoint not in statuses]:
            _drop(self._layout, self._rows.pop(gone))
        for endpoint, status in statuses.items():
            row = self._rows.get(endpoint)
            if row is None:
                row = EndpointStatusRow(self._theme, status)
                row.retry_asked.connect(self.on_row_retry_asked)
                row.remove_asked.connect(self.on_row_remove_asked)
                self._layout.insertWidget(len(self._rows), row)
                self._rows[endpoint] = row
                self.rows_changed.emit()
            else:
                row.show_status(status)
        self._note.set_note("" if statuses else self.tr("It has no endpoint yet; add one."))
        self._add.on_row_changed()

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [
            *(stop for row in self._rows.values() for stop in row.tab_stops()),
            *self._add.tab_stops(),
        ]

    def focus_field(self) -> None:
        """Put the cursor where an endpoint is typed."""
        self._add.row.focus_field()

    def _check(self, draft: EndpointDraft) -> Endpoint:
        endpoint = spec_draft.parse_endpoint_draft(self._snapshot.spec.type, draft)
        if endpoint in self._snapshot.spec.endpoints:
            raise EndpointError(self.tr("This socket has that endpoint already."))
        return endpoint

    @Slot(object)
    def on_add_added(self, endpoint: Endpoint) -> None:
        """Bind or connect it."""
        self._controller.add_endpoint(self._snapshot.socket_id, endpoint)

    @Slot(object)
    def on_row_retry_asked(self, endpoint: Endpoint) -> None:
        """Try it again."""
        self._controller.retry_endpoint(self._snapshot.socket_id, endpoint)

    @Slot(object)
    def on_row_remove_asked(self, endpoint: Endpoint) -> None:
        """Unbind or disconnect it."""
        self._controller.remove_endpoint(self._snapshot.socket_id, endpoint)


class TopicsSection(QWidget):
    """The subscriptions of a SUB or XSUB or the groups of a DISH, and a row that adds one.

    Args:
        theme: Colours, fonts and icons.
        controller: Told what to do.
        snapshot: The socket.
    """

    rows_changed = Signal()
    """The tab order has to be made anew."""

    def __init__(
        self, theme: Theme, controller: EngineController, snapshot: SocketSnapshot
    ) -> None:
        super().__init__()
        self._theme = theme
        self._controller = controller
        self._snapshot = snapshot
        self._words = subscription_words(snapshot.spec.type)
        self._rows: dict[bytes, TopicItemRow] = {}
        self._note = NoteLabel()
        self._add = AddRow[TopicDraft](
            TopicRow(theme, self._words),
            lambda draft: TopicDraft("", draft.is_hex),
            self._check,
            self.tr("Add"),
            self._words.add,
            self._words.blank,
        )
        self._add.added.connect(self.on_add_added)
        self._layout = _column(self, self._note, self._add)
        self.show_snapshot(snapshot)

    def show_snapshot(self, snapshot: SocketSnapshot) -> None:
        """Show the subscriptions as they are now."""
        self._snapshot = snapshot
        topics = snapshot.spec.subscriptions
        for gone in [topic for topic in self._rows if topic not in topics]:
            _drop(self._layout, self._rows.pop(gone))
        for topic in topics:
            if topic not in self._rows:
                row = TopicItemRow(self._theme, self._shown(topic), self._words.remove, topic)
                row.remove_asked.connect(self.on_row_remove_asked)
                self._layout.insertWidget(len(self._rows), row)
                self._rows[topic] = row
                self.rows_changed.emit()
        self._note.set_note("" if topics else self._words.nothing)
        self._add.on_row_changed()

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [
            *(stop for row in self._rows.values() for stop in row.tab_stops()),
            *self._add.tab_stops(),
        ]

    def focus_field(self) -> None:
        """Put the cursor where one is typed."""
        self._add.row.focus_field()

    def _shown(self, topic: bytes) -> str:
        if self._snapshot.spec.type.can_join:
            return spec_draft.group_words(topic)
        return spec_draft.topic_words(topic)

    def _check(self, draft: TopicDraft) -> bytes:
        joins = self._snapshot.spec.type.can_join
        topic = spec_draft.parse_group(draft) if joins else spec_draft.parse_topic(draft)
        if topic in self._snapshot.spec.subscriptions:
            raise SpecError(self._words.repeated)
        return topic

    @Slot(object)
    def on_add_added(self, topic: bytes) -> None:
        """Subscribe, or join."""
        self._controller.subscribe(self._snapshot.socket_id, topic)

    @Slot(object)
    def on_row_remove_asked(self, topic: bytes) -> None:
        """Unsubscribe, or leave."""
        self._controller.unsubscribe(self._snapshot.socket_id, topic)


class TotalsSection(QWidget):
    """Messages, frames and bytes each way since the socket was made.

    Args:
        theme: Colours and fonts.
        store: Where the totals are read.
        snapshot: The socket.
    """

    def __init__(self, theme: Theme, store: CaptureStore, snapshot: SocketSnapshot) -> None:
        super().__init__()
        self._counters = store.counters.of(snapshot.socket_id)
        self._labels: dict[Direction, DataLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        for direction, words, token in _directions(snapshot.spec.type):
            row = len(self._labels)
            label = DataLabel(theme, token)
            name = QLabel(words)
            name.setProperty("tone", "muted")
            grid.addWidget(name, row, 0)
            grid.addWidget(label, row, 1)
            self._labels[direction] = label
        self.refresh()

    def refresh(self) -> None:
        """Read the totals again."""
        for direction, label in self._labels.items():
            label.set_text(socket_words.totals_words(self._counters.of(direction)))


def _directions(kind: SocketType) -> list[tuple[Direction, str, str]]:
    found = []
    if kind.can_receive:
        found.append((Direction.RECEIVED, "↓ received", "received"))
    if kind.can_send:
        found.append((Direction.SENT, "↑ sent", "sent"))
    return found


def _column(holder: QWidget, *widgets: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    for widget in widgets:
        layout.addWidget(widget)
    return layout


def _drop(layout: QVBoxLayout, row: QWidget) -> None:
    layout.removeWidget(row)
    row.hide()
    row.deleteLater()
