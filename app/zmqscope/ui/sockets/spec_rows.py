"""The rows of the socket form: an endpoint, a topic, an option. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, Slot
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from zmqscope.core.types import Role
from zmqscope.models import socket_words
from zmqscope.models.spec_draft import EndpointDraft, OptionDraft, TopicDraft, option_meaning
from zmqscope.ui.sockets.rows import FieldRow
from zmqscope.ui.theme import Theme


class DataField(QLineEdit):
    """A line of data: monospaced, named for screen readers.

    Args:
        theme: Where the font comes from.
        name: Accessible name and tooltip.
        placeholder: An example.
        parent: Owner.
    """

    def __init__(
        self, theme: Theme, name: str, placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setToolTip(name)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's font."""
        self.setFont(self._theme.data_font())


class EndpointRow(FieldRow[EndpointDraft]):
    """Connect or bind, and an address."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("Remove this endpoint"))
        self._role = QComboBox()
        for role in (Role.CONNECT, Role.BIND):
            self._role.addItem(socket_words.role_words(role), role)
        self._role.setAccessibleName(self.tr("Connect or bind"))
        self._role.setToolTip(
            self.tr("Connect goes to a peer that is bound; bind waits for peers to come")
        )
        self._role.currentIndexChanged.connect(self.on_role_changed)
        self._address = DataField(theme, self.tr("Address of the endpoint"))
        self._address.textChanged.connect(self.changed)
        self.add_field(self._role)
        self.add_field(self._address, 1)
        self._set_placeholder()

    def draft(self) -> EndpointDraft:
        return EndpointDraft(self._role.currentData(), self._address.text())

    def set_draft(self, draft: EndpointDraft) -> None:
        self.blockSignals(True)
        self._role.setCurrentIndex(self._role.findData(draft.role))
        self._address.setText(draft.address)
        self.blockSignals(False)

    def focus_field(self) -> None:
        self._address.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def on_role_changed(self) -> None:
        """The example follows the role."""
        self._set_placeholder()
        self.changed.emit()

    def _set_placeholder(self) -> None:
        bind = self._role.currentData() is Role.BIND
        self._address.setPlaceholderText("tcp://*:5556" if bind else "tcp://localhost:5556")


class TopicRow(FieldRow[TopicDraft]):
    """A topic prefix, as text or hex."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("Remove this topic"))
        self._format = QComboBox()
        self._format.addItem(self.tr("text"), False)
        self._format.addItem(self.tr("hex"), True)
        self._format.setAccessibleName(self.tr("Text or hex"))
        self._format.setToolTip(self.tr("Whether the topic is typed as text or as hex digits"))
        self._format.currentIndexChanged.connect(self.on_format_changed)
        self._topic = DataField(theme, self.tr("Topic prefix; empty is everything"))
        self._topic.textChanged.connect(self.changed)
        self.add_field(self._format)
        self.add_field(self._topic, 1)
        self._set_placeholder()

    def draft(self) -> TopicDraft:
        return TopicDraft(self._topic.text(), bool(self._format.currentData()))

    def set_draft(self, draft: TopicDraft) -> None:
        self.blockSignals(True)
        self._format.setCurrentIndex(int(draft.is_hex))
        self._topic.setText(draft.text)
        self.blockSignals(False)

    def focus_field(self) -> None:
        self._topic.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def on_format_changed(self) -> None:
        """The example follows the format."""
        self._set_placeholder()
        self.changed.emit()

    def _set_placeholder(self) -> None:
        self._topic.setPlaceholderText("45 55 52" if self._format.currentData() else "EUR")


class OptionRow(FieldRow[OptionDraft]):
    """A libzmq option and its value.

    Args:
        theme: Where icons and fonts come from.
        names: Options to offer; shared by all rows.
    """

    def __init__(self, theme: Theme, names: QStringListModel) -> None:
        super().__init__(theme, self.tr("Remove this option"))
        self._name = DataField(theme, self.tr("Name of the option, as in libzmq"), "sndhwm")
        completer = QCompleter(names, self._name)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._name.setCompleter(completer)
        self._name.textChanged.connect(self.on_name_changed)
        self._value = DataField(theme, self.tr("Value of the option"), "1000")
        self._value.textChanged.connect(self.changed)
        self.add_field(self._name, 1)
        self.add_field(self._value, 1)

    def draft(self) -> OptionDraft:
        return OptionDraft(self._name.text(), self._value.text())

    def set_draft(self, draft: OptionDraft) -> None:
        self.blockSignals(True)
        self._name.setText(draft.name)
        self._value.setText(draft.value)
        self.blockSignals(False)

    def focus_field(self) -> None:
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def on_name_changed(self, name: str) -> None:
        """Say what the option does."""
        self.set_note(option_meaning(name))
        self.changed.emit()
