"""The strip under the sockets: what the doctor has found, and what can be done. GUI thread."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar, QVBoxLayout, QWidget

from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.types import SocketId, SocketSnapshot
from zmqscope.models import finding_words
from zmqscope.models.format import plain_tip
from zmqscope.ui.doctor.card import FindingCard
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.theme import Theme

_MIN_HEIGHT = 40


class FindingStrip(QWidget):
    """The findings, the worst first: a few that fit, then all of them on demand, scrolling.

    Where not all are shown, those of the selected socket are. While the pointer or the focus is in
    it nothing moves: a finding whose cause has gone fades, a new one waits, and the strip is put in
    order once the reader has left.

    Args:
        theme: Colours, fonts and icons.
        snapshots: The sockets as they are now; read, never changed.
    """

    fix_asked = Signal(object, object)
    """Finding, Fix."""
    why_asked = Signal(object)
    """Rule."""
    socket_chosen = Signal(object)
    """SocketId."""

    def __init__(self, theme: Theme, snapshots: Mapping[SocketId, SocketSnapshot]) -> None:
        super().__init__()
        self._theme = theme
        self._snapshots = snapshots
        self._findings: dict[Hashable, Finding] = {}
        self._cards: dict[Hashable, FindingCard] = {}
        self._chosen: SocketId | None = None
        self._shows_all = False
        self._max_height = 260
        self._is_settled = True
        self.setAccessibleName(self.tr("Findings"))
        self._more = LinkButton(theme, "")
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.clicked.connect(self.on_more_clicked)
        self._more.hide()
        self._body = QWidget()
        self._layout = QVBoxLayout(self._body)
        self._layout.setContentsMargins(12, 10, 12, 10)
        self._layout.setSpacing(12)
        self._layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
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

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """These last now, and no others."""
        self._findings = {finding.key: finding for finding in findings}
        for key, card in self._cards.items():
            finding = self._findings.get(key)
            if finding is None:
                card.show_solved()
            else:
                card.show_finding(finding, self._snapshots.get(finding.socket_id))
        self._is_settled = False
        self.settle()

    def show_snapshot(self, snapshot: SocketSnapshot) -> None:
        """A socket has another name or other options, which cards may speak of."""
        for card in self._cards.values():
            if card.finding.socket_id == snapshot.socket_id and not card.is_solved:
                card.show_finding(card.finding, snapshot)

    def show_first(self, socket_id: SocketId | None) -> None:
        """Someone looks at this socket: where not all are shown, its findings come first."""
        if socket_id != self._chosen:
            self._chosen = socket_id
            self._is_settled = False
            self.settle()

    def set_max_height(self, height: int) -> None:
        """How high it may become: what does not fit is folded, and all of them scroll."""
        if height != self._max_height:
            self._max_height = height
            self._is_settled = False
            self.settle()

    @property
    def scroll_bar(self) -> QScrollBar:
        """The upright scroll bar."""
        return self._scroll.verticalScrollBar()

    @property
    def cards(self) -> list[FindingCard]:
        """The findings at full length, from top to bottom."""
        found = [card for card in self._cards.values() if not card.isHidden()]
        return sorted(found, key=self._layout.indexOf)

    @property
    def more(self) -> LinkButton:
        """What shows all of them, or the worst alone."""
        return self._more

    def take_focus(self) -> None:
        """Begin with the first finding by keyboard."""
        cards = self.cards
        if cards:
            self._scroll.ensureWidgetVisible(cards[0])
            cards[0].take_focus()

    @Slot()
    def settle(self) -> None:
        """Drop what is solved, the worst first, take the fitting height, unless someone reads."""
        if self._is_settled or self._is_being_read():
            return
        self._is_settled = True
        self._arrange()
        self._fit()

    @Slot()
    def on_width_changed(self) -> None:
        """Wrapped at another width the words need another height, whoever reads."""
        self._is_settled = False
        self.settle()
        self._fit()

    @Slot()
    def on_more_clicked(self) -> None:
        """Show all of them, or the worst alone."""
        self._shows_all = not self._shows_all
        self._arrange()
        self._fit()

    # ---- its parts --------------------------------------------------------------------------

    def _arrange(self) -> None:
        if len(self._findings) <= 1:
            self._shows_all = False
        shown = finding_words.to_show(self._findings.values(), self._shows_all, self._chosen)
        keys = [finding.key for finding in shown]
        for key in [key for key in self._cards if key not in keys]:
            self._drop(key)
        cards = [self._cards.get(finding.key) or self._make(finding) for finding in shown]
        fitting = len(cards) if self._shows_all else self._count_that_fits(cards)
        if fitting < len(cards):
            cards.sort(key=lambda card: card.finding.socket_id != self._chosen)
            fitting = self._count_that_fits(cards)
        for place, card in enumerate(cards):
            if self._layout.indexOf(card) != place:
                self._layout.removeWidget(card)
                self._layout.insertWidget(place, card)
            card.setVisible(place < fitting)
        self._show_more()
        self._chain()

    def _count_that_fits(self, cards: list[FindingCard]) -> int:
        """How many of the first cards there is room for; one is always shown."""
        edges, gap = self._layout.contentsMargins(), self._layout.spacing()
        width = self.width() - edges.left() - edges.right()
        room = self._max_height - 1 - edges.top() - edges.bottom()
        more, used = self._more.sizeHint().height() + gap, 0
        for count, card in enumerate(cards):
            used += card.height_at(width) + (gap if count else 0)
            is_all = count + 1 == len(self._findings)
            if count and used + (0 if is_all else more) > room:
                return count
        return len(cards)

    def _make(self, finding: Finding) -> FindingCard:
        card = FindingCard(self._theme, finding, self._snapshots.get(finding.socket_id))
        card.fix_asked.connect(self.fix_asked)
        card.why_asked.connect(self.why_asked)
        card.socket_chosen.connect(self.socket_chosen)
        self._cards[finding.key] = card
        return card

    def _drop(self, key: Hashable) -> None:
        card = self._cards.pop(key)
        self._layout.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _chain(self) -> None:
        """Tab goes from top to bottom, whatever came first."""
        previous: QWidget | None = None
        for card in self.cards:
            for stop in card.stops():
                if previous is not None:
                    QWidget.setTabOrder(previous, stop)
                previous = stop
        if previous is not None:
            QWidget.setTabOrder(previous, self._more)

    def _show_more(self) -> None:
        shown = {card.finding.key for card in self.cards}
        hidden = [one for key, one in self._findings.items() if key not in shown]
        words, tip = "", ""
        if self._shows_all:
            words, tip = self.tr("Show fewer"), self.tr("Show the worst findings alone")
            if hidden:
                words = self.tr("Show fewer; {0} more wait behind these").format(len(hidden))
        elif hidden:
            words, tip = (
                self.tr("{0} more…").format(len(hidden)),
                finding_words.titles(hidden, self._snapshots),
            )
        self._more.setToolTip(plain_tip(tip))
        if words != self._more.text():
            self._more.setText(words)
            self._more.setAccessibleName(words)
            self._more.updateGeometry()
            self._more.setVisible(bool(words))

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
        # Said outright: the area would go by the words' minimum heights, meant for any width.
        self._scroll.setVerticalScrollBarPolicy(policy)
        self._body.setMinimumHeight(wanted)
        self.setFixedHeight(max(_MIN_HEIGHT, min(wanted, limit) + 1))

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            # Not now: the layout would keep the height that it is just about to set.
            QTimer.singleShot(0, self, self.on_width_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Words and fonts change the height when Qt gets round to them, not when they are set.
        if event.type() == QEvent.Type.LayoutRequest:
            self._is_settled = False
            QTimer.singleShot(0, self, self.settle)
        return super().eventFilter(watched, event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.settle()
