"""A combo box whose list says what each entry means, and why some cannot be chosen. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox

from zmqscope.ui.sockets.list_delegate import MEANING_ROLE, SECTION_ROLE, MeaningDelegate
from zmqscope.ui.theme import Theme

_WIDEST = 620
_FRAME = 10


class MeaningCombo(QComboBox):
    """Shows a word; its list shows a word and a sentence for each entry.

    Args:
        theme: Colours and fonts.
        widest_word: The longest word, which sets the width of the list's first column.
    """

    def __init__(self, theme: Theme, widest_word: str) -> None:
        super().__init__()
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        word_px = QFontMetrics(theme.data_font()).horizontalAdvance(widest_word)
        self._delegate = MeaningDelegate(theme, word_px, self)
        self.setItemDelegate(self._delegate)
        # Only the one that has the focus: scrolling the form must change nothing.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def add_section(self, title: str, words: str = "") -> None:
        """Add a title that cannot be chosen."""
        item = QStandardItem(title)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setData(True, SECTION_ROLE)
        item.setData(words, MEANING_ROLE)
        item.setData(f"{title}: {words}", Qt.ItemDataRole.AccessibleTextRole)
        item.setData(words, Qt.ItemDataRole.ToolTipRole)
        self._items.appendRow(item)

    def add_entry(self, word: str, value: object, meaning: str, reason: str = "") -> None:
        """Add an entry.

        Args:
            word: What is shown when it is chosen.
            value: What ``currentData`` is then.
            meaning: One sentence.
            reason: Why it cannot be chosen; empty if it can.
        """
        item = QStandardItem(word)
        item.setData(value, Qt.ItemDataRole.UserRole)
        self._items.appendRow(item)
        self.set_entry(self.count() - 1, meaning, reason)

    def set_entry(self, row: int, meaning: str, reason: str = "") -> None:
        """Change what an entry means, and whether it can be chosen."""
        item = self._items.item(row)
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        item.setFlags(Qt.ItemFlag.NoItemFlags if reason else flags)
        words = reason or meaning
        item.setData(words, MEANING_ROLE)
        item.setData(f"{meaning}\n{reason}" if reason else meaning, Qt.ItemDataRole.ToolTipRole)
        item.setData(f"{item.text()}: {words}", Qt.ItemDataRole.AccessibleTextRole)

    def fit_list(self) -> None:
        """Make the list as wide as its sentences, within bounds; after all entries are set."""
        rows = range(self.count())
        needed = max(self._delegate.width_of(self._items.index(row, 0)) for row in rows)
        self.view().setMinimumWidth(min(_WIDEST, needed + 2 * _FRAME))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
