"""The strip under the sockets: what the doctor has found, and what can be done. GUI thread."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollBar, QVBoxLayout, QWidget

from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.types import SocketId, SocketSnapshot
from zmqscope.models.doctor import finding_words
from zmqscope.models.format import plain_tip
from zmqscope.ui.doctor.card import FindingCard
from zmqscope.ui.doctor.finding_list import SPACING, FindingList
from zmqscope.ui.doctor.strip_plan import StripPlan, plan_strip
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.theme import Theme

_MIN_HEIGHT = 40


class FindingStrip(QWidget):
    """The findings, the worst first: a few at full length, the others as titles that unfold.

    Where not all are at full length, those of the selected socket are; where not even all titles
    find room, there is a way to all of them, scrolling. While the pointer or the focus is in it
    nothing moves: a finding whose cause has gone fades, a new one waits, what is unfolded grows
    downwards, and the strip is put in order once the reader has left.

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
        self._opened: Hashable | None = None
        self._shows_all = False
        self._max_height = 260
        self._is_settled = True
        self.setAccessibleName(self.tr("Findings"))
        self._more = LinkButton(theme, "")
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.clicked.connect(self.on_more_clicked)
        self._more.hide()
        self._list = FindingList(self._more)
        self._list.layout_asked.connect(self.on_layout_asked)
        line = QFrame()
        line.setProperty("role", "line")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(line)
        outer.addWidget(self._list, 1)
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
        return self._list.verticalScrollBar()

    @property
    def cards(self) -> list[FindingCard]:
        """The findings at full length, from top to bottom."""
        return [card for card in self._shown() if not card.is_folded]

    @property
    def lines(self) -> list[FindingCard]:
        """Those of which only the title is shown, from top to bottom."""
        return [card for card in self._shown() if card.is_folded]

    def _shown(self) -> list[FindingCard]:
        found = [card for card in self._cards.values() if not card.isHidden()]
        return sorted(found, key=self._list.place_of)

    @property
    def more(self) -> LinkButton:
        """What shows all of them, or the worst alone."""
        return self._more

    def take_focus(self) -> None:
        """Begin with the first finding by keyboard."""
        cards = self._shown()
        if cards:
            self._list.ensureWidgetVisible(cards[0])
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

    @Slot()
    def on_card_unfold_asked(self) -> None:
        """Show a title's finding at full length, where it is; what is below it gives way."""
        card = self.sender()
        if not isinstance(card, FindingCard):
            return
        self._opened = card.finding.key
        card.set_folded(False)
        self._list.chain(self._shown())
        # The strip keeps its height: growing it would move what the pointer is on.
        self._list.lay(self.width(), self.height() - 1)
        self._list.show_whole(card)

    @Slot()
    def on_layout_asked(self) -> None:
        """Another height may be needed, once Qt is through with it."""
        self._is_settled = False
        QTimer.singleShot(0, self, self.settle)

    # ---- its parts --------------------------------------------------------------------------

    def _arrange(self) -> None:
        if len(self._findings) <= 1:
            self._shows_all = False
        if self._opened not in self._findings:
            self._opened = None
        shown = finding_words.to_show(
            self._findings.values(), self._shows_all, self._chosen, self._opened
        )
        keys = {finding.key for finding in shown}
        for key in [key for key in self._cards if key not in keys]:
            self._list.drop(self._cards.pop(key))
        cards = [self._cards.get(finding.key) or self._make(finding) for finding in shown]
        plan = self._plan(cards)
        if plan.full < len(cards):
            cards.sort(key=self._comes_later)
            plan = self._plan(cards)
        self._list.place(cards)
        for place, card in enumerate(cards):
            card.set_folded(place >= plan.full)
            card.setVisible(place < plan.full + plan.lines)
        self._show_more()
        self._list.chain(self._shown())

    def _comes_later(self, card: FindingCard) -> tuple[bool, bool]:
        """What someone has unfolded comes first, then what is about the chosen socket."""
        return card.finding.key != self._opened, card.finding.socket_id != self._chosen

    def _plan(self, cards: list[FindingCard]) -> StripPlan:
        """How many of the cards there is room for, at full length and as titles."""
        if self._shows_all:
            return StripPlan(len(cards), 0)
        width, room = self._list.room(self.width(), self._max_height - 1)
        return plan_strip(
            [card.height_unfolded(width) + SPACING for card in cards[: finding_words.FEW + 1]],
            len(self._findings),
            (cards[0].line_height if cards else 0) + SPACING,
            self._more.sizeHint().height(),
            room,
        )

    def _make(self, finding: Finding) -> FindingCard:
        card = FindingCard(self._theme, finding, self._snapshots.get(finding.socket_id))
        card.fix_asked.connect(self.fix_asked)
        card.why_asked.connect(self.why_asked)
        card.socket_chosen.connect(self.socket_chosen)
        card.unfold_asked.connect(self.on_card_unfold_asked)
        self._cards[finding.key] = card
        return card

    def _show_more(self) -> None:
        shown = {card.finding.key for card in self._shown()}
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
        if self._cards:
            limit = self._max_height - 1
            self.setFixedHeight(
                max(_MIN_HEIGHT, min(self._list.lay(self.width(), limit), limit) + 1)
            )

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            # Not now: the layout would keep the height that it is just about to set.
            QTimer.singleShot(0, self, self.on_width_changed)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.settle()
