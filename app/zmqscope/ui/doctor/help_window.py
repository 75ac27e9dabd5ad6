"""The help: pages on the left, one on the right; nothing comes from a network. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShortcut,
    QStandardItem,
    QStandardItemModel,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from zmqscope.models.doctor.help_pages import (
    INDEX,
    HelpPage,
    format_page,
    matching,
    page_of_link,
    read_pages,
)
from zmqscope.ui.doctor.help_document import code_places, show_markdown
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.resources import resource_path
from zmqscope.ui.theme import Theme

_NAME = Qt.ItemDataRole.UserRole + 1
_WINDOW = QSize(1_080, 720)
_LIST_PX = 270
_ROW_PX = 23
_HEADING_PX = 32
_PAGE_MARGIN_PX = 24
_MOST_STEPS = 200
_RADIUS_PX = 6


class PageView(QTextBrowser):
    """The page; it loads nothing by itself and follows no link by itself.

    Args:
        theme: The ground of code.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "flat")

    def loadResource(self, _type: int, _name: QUrl | str) -> object:
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        # A block's own background would leave stripes between the lines.
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("window"))
        painter.translate(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        for place in code_places(self.document()):
            painter.drawRoundedRect(place, _RADIUS_PX, _RADIUS_PX)
        painter.end()
        super().paintEvent(event)


class SearchField(QLineEdit):
    """Words to look for; the arrow keys walk through the list meanwhile.

    Args:
        view: The list.
    """

    def __init__(self, view: QListView) -> None:
        super().__init__()
        self._view = view

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._view.keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class HelpWindow(QDialog):
    """All pages, with search, and the way one came.

    Args:
        theme: Colours, fonts and icons.
        parent: The main window.
    """

    external_link_asked = Signal(str)
    """An address outside of the app."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pages = {page.name: page for page in read_pages(resource_path("help"))}
        self._steps: list[str] = []
        self._at = -1
        self.setObjectName("help-window")
        self.setWindowTitle(self.tr("Help"))
        self._model = QStandardItemModel(self)
        self.list = QListView()
        self.search = SearchField(self.list)
        self.page = PageView(theme)
        self._back = IconButton(theme, "chevron-left", self.tr("Back (Alt+Left)"))
        self._forward = IconButton(theme, "chevron-right", self.tr("Forward (Alt+Right)"))
        self._lay_out()
        self._connect()
        self._list_pages()
        self.search.setFocus()
        self.resize(_WINDOW.boundedTo(self.screen().availableSize() - QSize(40, 80)))

    def _lay_out(self) -> None:
        self.search.setPlaceholderText(self.tr("Search the pages"))
        self.search.setAccessibleName(self.tr("Search the pages"))
        self.search.setToolTip(self.tr("Words that a page must hold (Ctrl+F)"))
        self.search.setClearButtonEnabled(True)
        self.list.setAccessibleName(self.tr("Pages"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setModel(self._model)
        self.page.setAccessibleName(self.tr("Page"))
        self.page.document().setDocumentMargin(_PAGE_MARGIN_PX)
        head = QHBoxLayout()
        head.setContentsMargins(10, 10, 10, 8)
        head.setSpacing(4)
        head.addWidget(self._back)
        head.addWidget(self._forward)
        head.addWidget(self.search, 1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        rows = QHBoxLayout()
        rows.setContentsMargins(10, 0, 2, 8)
        rows.addWidget(self.list)
        column.addLayout(rows, 1)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self.page)
        split.setStretchFactor(1, 1)
        split.setSizes([_LIST_PX, _WINDOW.width() - _LIST_PX])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        for before, after in ((self.search, self.list), (self.list, self.page)):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        self.search.textChanged.connect(self.on_search_text_changed)
        self.search.returnPressed.connect(self.on_search_return_pressed)
        self.list.selectionModel().currentChanged.connect(self.on_list_current_changed)
        self.page.anchorClicked.connect(self.on_page_anchor_clicked)
        self._back.clicked.connect(self.on_back)
        self._forward.clicked.connect(self.on_forward)
        self._theme.changed.connect(self.on_theme_changed)
        for key, slot in (
            (QKeySequence(QKeySequence.StandardKey.Back), self.on_back),
            (QKeySequence(QKeySequence.StandardKey.Forward), self.on_forward),
            (QKeySequence(QKeySequence.StandardKey.Find), self.on_find),
        ):
            shortcut = QShortcut(key, self)
            shortcut.activated.connect(slot)

    # ---- pages ------------------------------------------------------------------------------

    @property
    def current(self) -> HelpPage | None:
        """The page that is shown."""
        return self._pages[self._steps[self._at]] if self._steps else None

    @property
    def pages(self) -> list[HelpPage]:
        """All pages, in order."""
        return list(self._pages.values())

    @property
    def listed(self) -> list[str]:
        """The names of the pages in the list, from top to bottom."""
        items = [self._model.item(row) for row in range(self._model.rowCount())]
        return [item.data(_NAME) for item in items if item.data(_NAME)]

    def open_at(self, name: str) -> None:
        """Show a page, or the index if there is none.

        Args:
            name: ``HelpPage.name``, or the name of an envelope.
        """
        names = (name, format_page(name), INDEX)
        self.go_to(next(each for each in names if each in self._pages))

    def go_to(self, name: str) -> None:
        """Show a page; unknown names are left alone."""
        if name not in self._pages or (self._steps and self._steps[self._at] == name):
            return
        self._steps = [*self._steps[: self._at + 1], name][-_MOST_STEPS:]
        self._at = len(self._steps) - 1
        self._show()

    def _show(self) -> None:
        page = self.current
        if page is None:
            return
        show_markdown(self.page.document(), page.text, self._theme)
        self.page.moveCursor(QTextCursor.MoveOperation.Start)
        self.page.verticalScrollBar().setValue(0)
        self.setWindowTitle(page.title)
        self._back.setEnabled(self._at > 0)
        self._forward.setEnabled(self._at < len(self._steps) - 1)
        self._select(page.name)

    def _select(self, name: str) -> None:
        for row in range(self._model.rowCount()):
            if self._model.item(row).data(_NAME) == name:
                self.list.setCurrentIndex(self._model.index(row, 0))
                return
        self.list.clearSelection()

    def _list_pages(self) -> None:
        """List what is searched for; the groups are headings in between."""
        query = self.search.text()
        found = matching(self._pages.values(), query)
        self._model.clear()
        group = ""
        for page in found:
            if page.group != group and not query.strip():
                group = page.group
                self._model.appendRow(self._heading(group))
            item = QStandardItem(page.title)
            item.setData(page.name, _NAME)
            item.setToolTip(page.title)
            item.setSizeHint(QSize(0, _ROW_PX))
            self._model.appendRow(item)
        if not found:
            self._model.appendRow(self._heading(self.tr("No page holds these words")))

    def _heading(self, words: str) -> QStandardItem:
        item = QStandardItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(self._theme.ui_font(size_px=11.0))
        item.setForeground(self._theme.color("muted"))
        item.setSizeHint(QSize(0, _HEADING_PX))
        item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        return item

    # ---- slots ------------------------------------------------------------------------------

    @Slot(str)
    def on_search_text_changed(self, _text: str) -> None:
        """List the pages that hold the words; the page stays."""
        self._list_pages()
        page = self.current
        if page is not None and page.name in self.listed:
            self._select(page.name)

    @Slot()
    def on_search_return_pressed(self) -> None:
        """Show the first page that was found."""
        if self.search.text().strip() and self.listed:
            self.go_to(self.listed[0])

    @Slot(QModelIndex)
    def on_list_current_changed(self, current: QModelIndex) -> None:
        """Show the page that is chosen in the list."""
        name = current.data(_NAME)
        if isinstance(name, str):
            self.go_to(name)

    @Slot(QUrl)
    def on_page_anchor_clicked(self, url: QUrl) -> None:
        """Follow a link to another page; ask about all others."""
        page = self.current
        name = page_of_link(url.toString(), page.name if page is not None else INDEX)
        if name is not None:
            self.go_to(name)
        elif url.scheme() in ("http", "https"):
            self.external_link_asked.emit(url.toString())

    @Slot()
    def on_back(self) -> None:
        """Show the page before."""
        if self._at > 0:
            self._at -= 1
            self._show()

    @Slot()
    def on_forward(self) -> None:
        """Show the page after."""
        if self._at < len(self._steps) - 1:
            self._at += 1
            self._show()

    @Slot()
    def on_find(self) -> None:
        """Go to the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def on_theme_changed(self) -> None:
        """Dress list and page anew, at the same place."""
        place = self.page.verticalScrollBar().value()
        self._list_pages()
        self._show()
        self.page.verticalScrollBar().setValue(place)
