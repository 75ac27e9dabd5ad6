"""The cards of the findings strip, one below the other, scrolling if need be. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from zmqscope.ui.doctor.card import FindingCard
from zmqscope.ui.sockets.buttons import LinkButton

SPACING = 4


class FindingList(QScrollArea):
    """Cards, and below them what leads to more.

    Args:
        more: What leads to more.
    """

    layout_asked = Signal()
    """Words or fonts have changed: another height may be needed."""

    def __init__(self, more: LinkButton) -> None:
        super().__init__()
        self._more = more
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(12, 10, 12, 6)
        self._column.setSpacing(SPACING)
        self._column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._body)
        self._body.installEventFilter(self)

    # ---- cards ------------------------------------------------------------------------------

    def place(self, cards: Sequence[FindingCard]) -> None:
        """Put cards in this order, from the top down."""
        for place, card in enumerate(cards):
            if self._column.indexOf(card) != place:
                self._column.removeWidget(card)
                self._column.insertWidget(place, card)

    def place_of(self, card: FindingCard) -> int:
        """Which one from the top it is."""
        return self._column.indexOf(card)

    def drop(self, card: FindingCard) -> None:
        """It is not needed any more."""
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def chain(self, cards: Sequence[FindingCard]) -> None:
        """Tab goes through these from top to bottom, whatever came first."""
        previous: QWidget | None = None
        for stop in (stop for card in cards for stop in card.stops()):
            if previous is not None:
                QWidget.setTabOrder(previous, stop)
            previous = stop
        if previous is not None:
            QWidget.setTabOrder(previous, self._more)

    # ---- how high ---------------------------------------------------------------------------

    def room(self, width: int, height: int) -> tuple[int, int]:
        """Width and height for cards, of so much for all."""
        edges = self._column.contentsMargins()
        return width - edges.left() - edges.right(), height - edges.top() - edges.bottom()

    def lay(self, width: int, limit: int) -> int:
        """Give the cards their height, scrolling beyond a limit; returns it."""
        wanted = self._column.totalHeightForWidth(width)
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if wanted > limit:
            policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn
            bar = self.verticalScrollBar().sizeHint().width()
            wanted = self._column.totalHeightForWidth(width - bar)
        # Said outright: the area would go by the words' minimum heights, meant for any width.
        self.setVerticalScrollBarPolicy(policy)
        self._body.setMinimumHeight(wanted)
        return wanted

    def show_whole(self, card: FindingCard) -> None:
        """Scroll as little as it takes to see all of a card that has grown."""
        before = self.verticalScrollBar().value()
        self._column.activate()
        self.ensureWidgetVisible(card, 0, SPACING)
        if self.verticalScrollBar().value() != before:
            # What has come under the pointer is not what a double click would be meant for.
            self._body.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            pause_ms = QGuiApplication.styleHints().mouseDoubleClickInterval()
            QTimer.singleShot(pause_ms, self, self.on_pause_over)

    @Slot()
    def on_pause_over(self) -> None:
        """The mouse means what it points at again."""
        self._body.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Words and fonts change the height when Qt gets round to them, not when they are set.
        if watched is self._body and event.type() == QEvent.Type.LayoutRequest:
            self.layout_asked.emit()
        return super().eventFilter(watched, event)
