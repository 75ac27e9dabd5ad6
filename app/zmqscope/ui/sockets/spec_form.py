"""A socket spec as a form: type, name, endpoints, topics, options. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.types import SocketType
from zmqscope.models import socket_words, spec_draft
from zmqscope.models.spec_draft import (
    DraftCheck,
    EndpointDraft,
    OptionDraft,
    Part,
    SpecDraft,
    TopicDraft,
)
from zmqscope.ui.sockets.labels import NoteLabel
from zmqscope.ui.sockets.rows import FieldRow, RowList
from zmqscope.ui.sockets.spec_rows import EndpointRow, OptionRow, TopicRow
from zmqscope.ui.theme import Theme

_TOPICS_ROW = 3


class SpecForm(QWidget):
    """Fields for every part of a spec; says below each what is wrong with it.

    Args:
        theme: Colours, fonts and icons.
    """

    changed = Signal()
    """Someone typed or chose something."""
    rows_changed = Signal()
    """The tab order has to be made anew."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._filling = False
        self._option_names = QStringListModel(self)
        self._type = self._make_type_combo()
        self._type_words = NoteLabel()
        self._name = QLineEdit()
        self._name.setPlaceholderText(self.tr("chosen for you if left empty"))
        self._name.setAccessibleName(self.tr("Name of the socket"))
        self._name.setToolTip(self.tr("How the list and the messages call this socket"))
        self._endpoints = RowList[EndpointDraft](
            theme, self._make_endpoint_row, self.tr("Add &endpoint")
        )
        self._endpoint_note = NoteLabel()
        self._topics = RowList[TopicDraft](theme, self._make_topic_row, self.tr("Add to&pic"))
        self._everything = QCheckBox(self.tr("Sub&scribe to everything"))
        self._everything.setToolTip(self.tr("Receive every topic; off, it receives none yet"))
        self._topic_note = NoteLabel()
        self._options = RowList[OptionDraft](theme, self._make_option_row, self.tr("Add opt&ion"))
        self._option_note = NoteLabel()
        self._lay_out()
        self._connect()
        self.set_draft(SpecDraft())

    def _make_type_combo(self) -> QComboBox:
        combo = QComboBox()
        for kind in SocketType:
            combo.addItem(kind.name, kind)
            words = socket_words.type_words(kind)
            combo.setItemData(combo.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
        combo.setMaxVisibleItems(len(SocketType))
        combo.setAccessibleName(self.tr("Socket type"))
        combo.setToolTip(self.tr("What kind of ZeroMQ socket to open"))
        return combo

    def _make_endpoint_row(self) -> FieldRow[EndpointDraft]:
        return EndpointRow(self._theme)

    def _make_topic_row(self) -> FieldRow[TopicDraft]:
        return TopicRow(self._theme)

    def _make_option_row(self) -> FieldRow[OptionDraft]:
        return OptionRow(self._theme, self._option_names)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, field, buddy in (
            (self.tr("&Type"), _stacked(self._type, self._type_words), self._type),
            (self.tr("&Name"), self._name, self._name),
            (self.tr("Endpoints"), _stacked(self._endpoints, self._endpoint_note), None),
            (
                self.tr("Topics"),
                _stacked(self._everything, self._topics, self._topic_note),
                None,
            ),
            (self.tr("Options"), _stacked(self._option_note, self._options), None),
        ):
            label = QLabel(words)
            label.setProperty("tone", "muted")
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setContentsMargins(0, 5, 0, 0)
            if buddy is not None:
                label.setBuddy(buddy)
            form.addRow(label, field)
        self._form = form

    def _connect(self) -> None:
        self._type.currentIndexChanged.connect(self.on_type_changed)
        self._name.textChanged.connect(self.on_field_changed)
        self._everything.toggled.connect(self.on_field_changed)
        for rows in (self._endpoints, self._topics, self._options):
            rows.changed.connect(self.on_field_changed)
            rows.rows_changed.connect(self.rows_changed)

    # ---- what it holds ----------------------------------------------------------------------

    def draft(self) -> SpecDraft:
        """What was typed and chosen."""
        return SpecDraft(
            self._type.currentData(),
            self._name.text(),
            self._endpoints.drafts(),
            self._topics.drafts(),
            self._everything.isChecked(),
            self._options.drafts(),
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
        self._options.set_drafts(draft.options)
        self._filling = False
        self._show_words()

    def show_check(self, check: DraftCheck) -> None:
        """Say below each row what is wrong with it."""
        for part, rows in (
            (Part.ENDPOINTS, self._endpoints),
            (Part.TOPICS, self._topics),
            (Part.OPTIONS, self._options),
        ):
            for index in range(len(rows)):
                rows.set_problem(index, check.problems.get((part, index)))

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        stops: list[QWidget] = [self._type, self._name, *self._endpoints.tab_stops()]
        return [*stops, self._everything, *self._topics.tab_stops(), *self._options.tab_stops()]

    # ---- words that follow the fields -------------------------------------------------------

    @Slot()
    def on_type_changed(self) -> None:
        """Another type has other words, and perhaps no topics."""
        self._show_words()
        self.on_field_changed()

    @Slot()
    def on_field_changed(self) -> None:
        """Pass it on, unless the fields are being filled."""
        if not self._filling:
            self._show_words()
            self.changed.emit()

    def _show_words(self) -> None:
        draft = self.draft()
        self._type_words.set_words(socket_words.type_words(draft.type))
        names = spec_draft.option_names(draft.type)
        if names != self._option_names.stringList():
            self._option_names.setStringList(names)
        self._form.setRowVisible(_TOPICS_ROW, draft.type.can_subscribe)
        all_or_none = draft.type is SocketType.SUB and not draft.topics
        self._everything.setVisible(all_or_none)
        self._endpoint_note.set_note(spec_draft.endpoint_note(draft))
        self._topic_note.set_note(spec_draft.topic_note(draft))
        self._option_note.set_note(spec_draft.option_note(draft))


def _stacked(*widgets: QWidget) -> QWidget:
    """Widgets one above the other, as one field."""
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    for widget in widgets:
        layout.addWidget(widget)
    return holder
