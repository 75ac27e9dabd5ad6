"""A socket spec as a form: type, name, endpoints, topics or groups, options. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.types import SocketType
from zmqscope.models.sockets import socket_words, spec_draft
from zmqscope.models.sockets.option_drafts import OptionDrafts
from zmqscope.models.sockets.spec_draft import (
    DraftCheck,
    EndpointDraft,
    Part,
    SpecDraft,
    TopicDraft,
)
from zmqscope.models.sockets.subscription_words import subscription_words
from zmqscope.models.sockets.transport_choice import scheme_of
from zmqscope.ui.security.lock_form import LockForm
from zmqscope.ui.sockets.endpoint_row import EndpointRow
from zmqscope.ui.sockets.labels import NoteLabel
from zmqscope.ui.sockets.options.form import OptionsForm
from zmqscope.ui.sockets.options.websocket import WebSocketSection
from zmqscope.ui.sockets.rows import FieldRow, RowList
from zmqscope.ui.sockets.topic_row import TopicRow
from zmqscope.ui.sockets.type_combo import TypeCombo
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.security.desk import SecurityDesk

_WEBSOCKET_ROW = 3
_TOPICS_ROW = 4


class SpecForm(QWidget):
    """Fields for every part of a spec; says below each what is wrong with it.

    Args:
        theme: Colours, fonts and icons.
        desk: Keeps secrets, knows key pairs and access lists.
    """

    changed = Signal()
    """Someone typed or chose something."""
    rows_changed = Signal()
    """The tab order has to be made anew."""

    def __init__(self, theme: Theme, desk: SecurityDesk) -> None:
        super().__init__()
        self._theme = theme
        self._filling = False
        self._drafts = OptionDrafts(self)
        self._type = TypeCombo(theme)
        self._type.setCurrentIndex(self._type.findData(SpecDraft().type))
        self._type_words = NoteLabel()
        self._name = QLineEdit()
        self._name.setPlaceholderText(self.tr("chosen for you if left empty"))
        self._name.setAccessibleName(self.tr("Name of the socket"))
        self._name.setToolTip(self.tr("How the list and the messages call this socket"))
        self._endpoints = RowList[EndpointDraft](
            theme, self._make_endpoint_row, self.tr("Add &endpoint")
        )
        self._endpoint_note = NoteLabel()
        self._websocket = WebSocketSection(theme, self._drafts)
        words = subscription_words(self._kind)
        self._topics = RowList[TopicDraft](theme, self._make_topic_row, words.add_row)
        self._everything = QCheckBox(self.tr("Sub&scribe to everything"))
        self._everything.setToolTip(self.tr("Receive every topic; off, it receives none yet"))
        self._topic_note = NoteLabel()
        self._topics_label = QLabel()
        self.lock = LockForm(theme, desk)
        self._options = OptionsForm(theme, self._drafts)
        self._lay_out()
        self._connect()
        self.set_draft(SpecDraft())

    @property
    def _kind(self) -> SocketType:
        kind: SocketType = self._type.currentData()
        return kind

    def _make_endpoint_row(self) -> FieldRow[EndpointDraft]:
        return EndpointRow(self._theme, self._kind)

    def _make_topic_row(self) -> FieldRow[TopicDraft]:
        return TopicRow(self._theme, subscription_words(self._kind))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        form = QFormLayout()
        column.addLayout(form)
        # Takes what is left over, which would else move the rows apart.
        column.addStretch(1)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        labels: list[QLabel] = []
        topics = _stacked(self._everything, self._topics, self._topic_note)
        for label, field, buddy in (
            (QLabel(self.tr("&Type")), _stacked(self._type, self._type_words), self._type),
            (QLabel(self.tr("&Name")), self._name, self._name),
            (QLabel(self.tr("Endpoints")), _stacked(self._endpoints, self._endpoint_note), None),
            (QLabel(self.tr("WebSocket")), self._websocket, None),
            (self._topics_label, topics, None),
            (QLabel(self.tr("Loc&k")), self.lock, self.lock),
            (QLabel(self.tr("Options")), self._options.search, None),
        ):
            label.setProperty("tone", "muted")
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setContentsMargins(0, 5, 0, 0)
            if buddy is not None:
                label.setBuddy(buddy)
            form.addRow(label, field)
            labels.append(label)
        # Fields stay where they are when a row with a longer label comes or goes.
        widest = max(label.sizeHint().width() for label in labels)
        for label in labels:
            label.setMinimumWidth(widest)
        form.addRow(self._options)
        self._form = form

    def _connect(self) -> None:
        self._type.currentIndexChanged.connect(self.on_type_changed)
        self._name.textChanged.connect(self.on_field_changed)
        self._everything.toggled.connect(self.on_field_changed)
        self._drafts.edited.connect(self.on_field_changed)
        for rows in (self._endpoints, self._topics):
            rows.changed.connect(self.on_field_changed)
        self.lock.changed.connect(self.on_field_changed)
        for part in (self._endpoints, self._topics, self._websocket, self.lock, self._options):
            part.rows_changed.connect(self.rows_changed)

    # ---- what it holds ----------------------------------------------------------------------

    def draft(self) -> SpecDraft:
        """What was typed and chosen."""
        return SpecDraft(
            self._kind,
            self._name.text(),
            self._endpoints.drafts(),
            self._topics.drafts(),
            self._everything.isChecked(),
            self._drafts.drafts(),
            self.lock.draft(),
        )

    def set_draft(self, draft: SpecDraft) -> None:
        """Fill the fields; ``changed`` is not emitted."""
        self._filling = True
        self._type.setCurrentIndex(self._type.findData(draft.type))
        if self._name.text() != draft.name:
            self._name.setText(draft.name)
        self._endpoints.set_drafts(draft.endpoints)
        self._topics.set_drafts(draft.topics)
        self._everything.setChecked(draft.to_everything)
        self._drafts.set_drafts(draft.options)
        self.lock.set_draft(draft.lock)
        self._filling = False
        self._show_words()

    def show_check(self, check: DraftCheck, *, marks_lacking: bool = False) -> None:
        """Say below each row what is wrong with it.

        Args:
            check: What is wrong.
            marks_lacking: Whether fields of the lock that are just empty are marked too.
        """
        for part, rows in ((Part.ENDPOINTS, self._endpoints), (Part.TOPICS, self._topics)):
            for index in range(len(rows)):
                rows.set_problem(index, check.problems.get((part, index)))
        options = {
            index: problem
            for (part, index), problem in check.problems.items()
            if part is Part.OPTIONS
        }
        self._drafts.set_problems(options)
        lacking = check.lacking if marks_lacking else ()
        self.lock.show_problems(spec_draft.lock_problems(check), check.missing, lacking)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [
            self._type,
            self._name,
            *self._endpoints.tab_stops(),
            *self._websocket.tab_stops(),
            self._everything,
            *self._topics.tab_stops(),
            *self.lock.tab_stops(),
            *self._options.tab_stops(),
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # QFormLayout keeps how high this was before other rows came or went, and cuts it short.
        self._options.updateGeometry()

    # ---- words that follow the fields -------------------------------------------------------

    @Slot()
    def on_type_changed(self) -> None:
        """Another type has other words, other transports, and perhaps no topics."""
        words = subscription_words(self._kind)
        self._topics.set_add_words(words.add_row)
        for row in self._endpoints.rows():
            if isinstance(row, EndpointRow):
                row.set_kind(self._kind)
        for topic_row in self._topics.rows():
            if isinstance(topic_row, TopicRow):
                topic_row.set_words(words)
        self.on_field_changed()

    @Slot()
    def on_field_changed(self) -> None:
        """Pass it on, unless the fields are being filled."""
        if not self._filling:
            self._show_words()
            self.changed.emit()

    def _show_words(self) -> None:
        draft = self.draft()
        kind = draft.type
        type_words = (socket_words.type_words(kind), socket_words.draft_words(kind))
        self._type_words.set_words(" ".join(filter(None, type_words)))
        self._topics_label.setText(subscription_words(kind).form)
        self._websocket.show_endpoints(draft.endpoints)
        self._form.setRowVisible(_WEBSOCKET_ROW, bool(self._websocket.names))
        self._form.setRowVisible(_TOPICS_ROW, kind.can_subscribe or kind.can_join)
        all_or_none = kind is SocketType.SUB and not draft.topics
        self._everything.setVisible(all_or_none)
        schemes = filter(None, (scheme_of(row.address) for row in draft.endpoints))
        self._options.set_context(kind, tuple(schemes), frozenset(self._websocket.names))
        self._endpoint_note.set_note(spec_draft.endpoint_note(draft))
        self._topic_note.set_note(spec_draft.topic_note(draft))
        self.lock.set_reasons(spec_draft.lock_reasons(draft))


def _stacked(*widgets: QWidget) -> QWidget:
    """Widgets one above the other, as one field."""
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    for widget in widgets:
        layout.addWidget(widget)
    return holder
