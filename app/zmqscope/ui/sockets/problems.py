"""The strip under the list: what is wrong with which socket, and what can be done. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QScrollBar,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.types import SocketId, SocketSnapshot, SocketState
from zmqscope.models.format import one_line
from zmqscope.models.socket_words import shown_name
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.sockets.labels import NoteLabel, WrappedLabel
from zmqscope.ui.theme import Theme

_ICON = QSize(14, 14)
_MIN_HEIGHT = 40


class ProblemCard(QWidget):
    """One socket's problem: name and sentence, hint, links.

    Args:
        theme: Colours, fonts and icons.
        snapshot: The socket.
    """

    retry_asked = Signal(object)
    edit_asked = Signal(object)
    close_asked = Signal(object)

    def __init__(self, theme: Theme, snapshot: SocketSnapshot) -> None:
        super().__init__()
        self._theme = theme
        self._socket_id = snapshot.socket_id
        self._snapshot = snapshot
        self._solved = False
        self._icon = QLabel()
        self._icon.setFixedSize(_ICON.width(), _ICON.height() + 3)
        self._title = WrappedLabel("")
        self._hint = NoteLabel()
        self._links = self._make_links()
        self._lay_out()
        theme.changed.connect(self.on_theme_changed)
        self.show_snapshot(snapshot)

    def _make_links(self) -> list[LinkButton]:
        links = []
        for words, tip, slot in (
            (self.tr("Retry"), self.tr("Try again what failed"), self.on_retry_clicked),
            (self.tr("Edit…"), self.tr("Change the socket"), self.on_edit_clicked),
            (self.tr("Close"), self.tr("Close the socket; it stays listed"), self.on_close_clicked),
        ):
            link = LinkButton(self._theme, words, tip)
            link.clicked.connect(slot)
            links.append(link)
        return links

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        links = QHBoxLayout()
        links.setSpacing(12)
        for link in self._links:
            links.addWidget(link)
        links.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self._hint)
        layout.addLayout(links)

    @property
    def socket_id(self) -> SocketId:
        """The socket that it is about."""
        return self._socket_id

    @property
    def is_solved(self) -> bool:
        """Whether it is only still here because someone is reading."""
        return self._solved

    def show_snapshot(self, snapshot: SocketSnapshot) -> None:
        """Bring the words up to date; the same words are left alone."""
        problem = snapshot.problem
        if problem is None:
            self.show_solved()
            return
        self._snapshot = snapshot
        self._set_solved(False)
        self._title.set_words(f"{shown_name(snapshot)}: {one_line(problem.text)}")
        self._hint.set_note(one_line(problem.hint))
        self.setAccessibleName(self._title.words)
        for link in self._links:
            link.setAccessibleDescription(self._title.words)
        self._show_tone()

    def show_solved(self) -> None:
        """Fade; the words stay where they are."""
        self._set_solved(True)
        self._show_tone()

    def _set_solved(self, solved: bool) -> None:
        self._solved = solved
        for link in self._links:
            link.setEnabled(not solved)

    def _show_tone(self) -> None:
        failed = self._snapshot.state is SocketState.FAILED
        icon, token = ("circle-x", "broken") if failed else ("triangle-alert", "waiting")
        if self._solved:
            icon, token = "check", "muted"
        self._icon.setPixmap(self._theme.icon(icon, token).pixmap(_ICON, self.devicePixelRatioF()))
        self._title.set_look(self._theme.color(token), bold=True)

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the icon in the theme's colours."""
        self._show_tone()

    @Slot()
    def on_retry_clicked(self) -> None:
        """Ask for another try."""
        self.retry_asked.emit(self._socket_id)

    @Slot()
    def on_edit_clicked(self) -> None:
        """Ask for the socket to be changed."""
        self.edit_asked.emit(self._socket_id)

    @Slot()
    def on_close_clicked(self) -> None:
        """Ask for the socket to be closed."""
        self.close_asked.emit(self._socket_id)


class ProblemStrip(QWidget):
    """All problems, oldest first; as high as they are, up to a limit, then it scrolls.

    While the pointer or the focus is in it nothing moves: a solved problem fades, a new one comes
    at the end, and the strip is fitted once the reader has left.

    Args:
        theme: Colours, fonts and icons.
    """

    retry_asked = Signal(object)
    """SocketId."""
    edit_asked = Signal(object)
    """SocketId."""
    close_asked = Signal(object)
    """SocketId."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._cards: dict[SocketId, ProblemCard] = {}
        self._max_height = 260
        self._is_settled = True
        self.setAccessibleName(self.tr("Problems of sockets"))
        self._body = QWidget()
        self._layout = QVBoxLayout(self._body)
        self._layout.setContentsMargins(12, 10, 12, 10)
        self._layout.setSpacing(10)
        self._layout.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._body)
        self._body.installEventFilter(self)
        line = QFrame()
        line.setProperty("role", "line")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(line)
        outer.addWidget(self._scroll, 1)
        self.hide()

    def show_snapshot(self, snapshot: SocketSnapshot) -> None:
        """Show a socket's problem, or that it has none any more."""
        card = self._cards.get(snapshot.socket_id)
        if card is not None:
            card.show_snapshot(snapshot)
        elif snapshot.problem is not None:
            card = ProblemCard(self._theme, snapshot)
            card.retry_asked.connect(self.retry_asked)
            card.edit_asked.connect(self.edit_asked)
            card.close_asked.connect(self.close_asked)
            self._cards[snapshot.socket_id] = card
            self._layout.insertWidget(self._layout.count() - 1, card)
            card.show()
        else:
            return
        self._is_settled = False
        self.settle()

    def forget(self, socket_id: SocketId) -> None:
        """The socket was removed."""
        card = self._cards.get(socket_id)
        if card is not None:
            card.show_solved()
            self._is_settled = False
            self.settle()

    def set_max_height(self, height: int) -> None:
        """How high it may become before it scrolls."""
        if height != self._max_height:
            self._max_height = height
            self._fit()

    @property
    def scroll_bar(self) -> QScrollBar:
        """The upright scroll bar."""
        return self._scroll.verticalScrollBar()

    @property
    def cards(self) -> list[ProblemCard]:
        """The problems shown, from top to bottom."""
        return list(self._cards.values())

    @Slot()
    def settle(self) -> None:
        """Drop what is solved and take the fitting height, unless someone is reading."""
        if self._is_settled or self._is_being_read():
            return
        self._is_settled = True
        for socket_id in [key for key, card in self._cards.items() if card.is_solved]:
            card = self._cards.pop(socket_id)
            self._layout.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._fit()

    def _is_being_read(self) -> bool:
        if not self._cards or not self.isVisible():
            return False
        focused = self.window().focusWidget() if self.window().isActiveWindow() else None
        return self.underMouse() or (focused is not None and self.isAncestorOf(focused))

    def _fit(self) -> None:
        self.setVisible(bool(self._cards))
        if not self._cards:
            return
        width, limit = self.width(), self._max_height - 1
        wanted = self._layout.totalHeightForWidth(width)
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if wanted > limit:
            policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn
            wanted = self._layout.totalHeightForWidth(width - self.scroll_bar.sizeHint().width())
        # Said outright: the area would go by the labels' minimum heights, meant for any width.
        self._scroll.setVerticalScrollBarPolicy(policy)
        self._body.setMinimumHeight(wanted)
        self.setFixedHeight(max(_MIN_HEIGHT, min(wanted, limit) + 1))

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Words and fonts change the height when Qt gets round to them, not when they are set.
        if event.type() == QEvent.Type.LayoutRequest:
            self._is_settled = False
            QTimer.singleShot(0, self.settle)
        return super().eventFilter(watched, event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.settle()
