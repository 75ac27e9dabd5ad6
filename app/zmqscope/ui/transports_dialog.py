"""Which socket type works over which transport, as a table with its reasons. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Slot
from PySide6.QtGui import QFont, QGuiApplication, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.transports import Carrier
from zmqscope.models.sockets.transport_matrix import cell_words, legend, table_text
from zmqscope.models.sockets.transport_table import TransportTable
from zmqscope.ui.theme import Theme

_ROW_PX = 22
_COLUMN_PX = 56
_Index = QModelIndex | QPersistentModelIndex


class SignDelegate(QStyledItemDelegate):
    """Paints a sign in the colour of who speaks there.

    Args:
        theme: Colours and font.
        table: The model.
        parent: The view.
    """

    def __init__(self, theme: Theme, table: TransportTable, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        cell = self._table.cell(index)
        if cell is None:
            return
        painter.save()
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, self._theme.color("selection"))
        token = {Carrier.LIBZMQ: "received", Carrier.LINK: "link", None: "muted"}[cell.carrier]
        painter.setPen(self._theme.color(token))
        painter.setFont(self._theme.data_font(QFont.Weight.Medium))
        painter.drawText(option.rect, Qt.AlignmentFlag.AlignCenter, cell.sign)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._theme.color("accent"))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
        painter.restore()


class TransportsDialog(QDialog):
    """The table; the cell that is current or under the mouse says what it means.

    Args:
        theme: Colours and fonts.
        parent: The window.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(self.tr("Types and transports"))
        self._table = TransportTable(self)
        self.view = QTableView()
        self._make_view()
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setMinimumHeight(2 * self._words.fontMetrics().lineSpacing() + 2)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._copy = QPushButton(self.tr("Copy as text"))
        self._copy.setToolTip(self.tr("Copy the table as Markdown"))
        self._lay_out()
        self.view.selectionModel().currentChanged.connect(self.on_current_changed)
        self._copy.clicked.connect(self.on_copy_clicked)
        theme.changed.connect(self.on_theme_changed)
        self.view.setCurrentIndex(self._table.index(0, 0))
        self.view.setFocus()
        self.resize(self.sizeHint().boundedTo(self.screen().availableSize() - QSize(40, 80)))

    def _make_view(self) -> None:
        view = self.view
        view.setModel(self._table)
        view.setItemDelegate(SignDelegate(self._theme, self._table, view))
        view.setAccessibleName(self.tr("Types and transports"))
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setTabKeyNavigation(False)
        view.setShowGrid(True)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setCornerButtonEnabled(False)
        fixed = QHeaderView.ResizeMode.Fixed
        for header in (view.horizontalHeader(), view.verticalHeader()):
            header.setSectionResizeMode(fixed)
            header.setSectionsClickable(False)
            header.setHighlightSections(False)
            header.setFont(self._theme.data_font())
        view.horizontalHeader().setDefaultSectionSize(_COLUMN_PX)
        view.verticalHeader().setDefaultSectionSize(_ROW_PX)
        view.verticalHeader().setMinimumSectionSize(_ROW_PX)

    def _lay_out(self) -> None:
        signs = "    ".join(f"{sign}  {words}" for sign, words in legend())
        key = QLabel(signs)
        key.setTextFormat(Qt.TextFormat.PlainText)
        key.setProperty("tone", "muted")
        key.setWordWrap(True)
        close = QPushButton(self.tr("Close"))
        close.setProperty("kind", "primary")
        close.setToolTip(self.tr("Close this window (Esc)"))
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        for button in (self._copy, close):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(key)
        column.addWidget(self.view, 1)
        column.addWidget(self._words)
        column.addLayout(buttons)

    def sizeHint(self) -> QSize:
        view = self.view
        table_width = view.verticalHeader().sizeHint().width() + view.horizontalHeader().length()
        table_height = view.horizontalHeader().sizeHint().height() + view.verticalHeader().length()
        return QSize(table_width + 44, table_height + 160)

    @property
    def words(self) -> str:
        """What it says of the current cell."""
        return self._words.text()

    @Slot(QModelIndex, QModelIndex)
    def on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        """Say what the cell means."""
        cell = self._table.cell(current)
        words = cell_words(cell) if cell is not None else ""
        self._words.setText(words)
        self._words.setAccessibleName(words)

    @Slot()
    def on_copy_clicked(self) -> None:
        """Copy it all."""
        QGuiApplication.clipboard().setText(table_text(self._table.rows))

    @Slot()
    def on_theme_changed(self) -> None:
        """Paint in the theme's colours."""
        self.view.viewport().update()
