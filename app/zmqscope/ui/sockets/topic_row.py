"""The row of a topic or a group. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox

from zmqscope.models.sockets.spec_draft import TopicDraft
from zmqscope.models.sockets.subscription_words import SubscriptionWords
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.sockets.rows import FieldRow
from zmqscope.ui.theme import Theme


class TopicRow(FieldRow[TopicDraft]):
    """A topic prefix or a group, as text or hex.

    Args:
        theme: Where icons and fonts come from.
        words: Those of topics or of groups.
    """

    def __init__(self, theme: Theme, words: SubscriptionWords) -> None:
        super().__init__(theme, words.remove_row)
        self._words = words
        self._format = QComboBox()
        self._format.addItem(self.tr("text"), False)
        self._format.addItem(self.tr("hex"), True)
        self._format.setAccessibleName(self.tr("Text or hex"))
        self._format.currentIndexChanged.connect(self.on_format_changed)
        self._topic = DataField(theme, words.field)
        self._topic.textChanged.connect(self.changed)
        self.add_field(self._format)
        self.add_field(self._topic, 1)
        self.set_words(words)

    def set_words(self, words: SubscriptionWords) -> None:
        """Speak of topics, or of groups."""
        self._words = words
        self.set_remove_words(words.remove_row)
        self._format.setToolTip(words.format)
        self._topic.set_name(words.field)
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
        example = self._words.example
        is_hex = self._format.currentData()
        self._topic.setPlaceholderText(example.encode().hex(" ") if is_hex else example)
