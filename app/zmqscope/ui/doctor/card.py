"""One finding in the strip: what happens, why, and what can be done about it. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from zmqscope.core.diagnosis.finding import Finding, Fix, FixKind
from zmqscope.models.doctor import finding_words
from zmqscope.models.doctor.fix_words import fix_words
from zmqscope.models.format import plain_tip
from zmqscope.ui.doctor.links import LinkLines
from zmqscope.ui.doctor.steady import SteadyText, SteadyTitle
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.core.types import SocketSnapshot

_ANSWERS = (FixKind.LET_IN, FixKind.LET_IN_ALWAYS, FixKind.REFUSE)
_READING_MS = 1_000
_ICON = QSize(14, 14)
_BELOW, _BESIDE, _BETWEEN = 8, 6, 3


class FixLink(LinkButton):
    """A link that does what a fix says.

    Args:
        theme: Colours and font.
        fix: The fix.
        words: What it says.
        tip: Its tooltip.
    """

    asked = Signal(object)
    """Fix."""

    def __init__(self, theme: Theme, fix: Fix, words: str, tip: str) -> None:
        super().__init__(theme, words, tip)
        self._fix = fix
        self._since_other = QElapsedTimer()
        # Pressed by mouse it takes no focus: the strip would hold still for a reader who has left.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self.on_clicked)

    @property
    def fix(self) -> Fix:
        """What it does."""
        return self._fix

    def show_fix(self, fix: Fix, words: str, tip: str) -> None:
        """Offer another fix, or the same in other words."""
        if fix != self._fix and fix.kind in _ANSWERS:
            self._since_other.start()
        self._fix = fix
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(tip))
        self.updateGeometry()

    @Slot()
    def on_clicked(self) -> None:
        """Say which fix is wanted."""
        if self._since_other.isValid() and self._since_other.elapsed() < _READING_MS:
            # A second press, meant for what was there before: another client's question has just
            # taken its place, and nobody has read that one yet.
            return
        self.asked.emit(self._fix)


class FindingCard(QWidget):
    """A finding at full length, or folded to its title; it fades when the cause has gone.

    Args:
        theme: Colours, fonts and icons.
        finding: The finding.
        snapshot: Its socket; None if it is not known (yet).
    """

    fix_asked = Signal(object, object)
    """Finding, Fix."""
    why_asked = Signal(object)
    """Rule."""
    socket_chosen = Signal(object)
    """SocketId."""
    unfold_asked = Signal()
    """Folded, it was clicked."""

    def __init__(self, theme: Theme, finding: Finding, snapshot: SocketSnapshot | None) -> None:
        super().__init__()
        self._theme = theme
        self._finding = finding
        self._solved = False
        self._is_folded = False
        self._offered: list[FixLink] = []
        self._icon = QLabel()
        self._icon.setFixedSize(_ICON.width(), _ICON.height() + 3)
        self._title = SteadyTitle(theme)
        self._why = SteadyText(theme)
        self._links = LinkLines(theme)
        self._help = LinkButton(theme, self.tr("Why?"), self.tr("Read why this happens"))
        self._help.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        self._title.clicked.connect(self.on_title_clicked)
        self._help.clicked.connect(self.on_help_clicked)
        theme.changed.connect(self.on_theme_changed)
        self.show_finding(finding, snapshot)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(_BESIDE)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, _BELOW)
        layout.setSpacing(_BETWEEN)
        layout.addLayout(head)
        layout.addWidget(self._why)
        layout.addWidget(self._links)

    @property
    def finding(self) -> Finding:
        """The finding, as told last."""
        return self._finding

    @property
    def is_solved(self) -> bool:
        """Whether it is only still here because someone is reading."""
        return self._solved

    @property
    def is_folded(self) -> bool:
        """Whether only its title is shown, in one line."""
        return self._is_folded

    def set_folded(self, folded: bool) -> None:
        """Show the title alone, in one line, or all of it."""
        if folded == self._is_folded:
            return
        self._is_folded = folded
        self._title.set_folded(folded)
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, 0 if folded else _BELOW)
        self._show_body()
        self.updateGeometry()

    def _show_body(self) -> None:
        words = self._title.words
        tip = f"{words}\n{self._why.words}" if self._is_folded else self.tr("Select the socket")
        self._title.setToolTip(plain_tip(tip))
        told = self.tr("Press to read why, and what can be done.") if self._is_folded else ""
        self._title.setAccessibleDescription(told)
        self._why.setVisible(bool(self._why.words) and not self._is_folded)
        self._links.setVisible(not self._is_folded)

    @property
    def links(self) -> list[LinkButton]:
        """Its links, from left to right."""
        return self._links.links

    def stops(self) -> list[QWidget]:
        """What Tab reaches, in order."""
        return [self._title, *([] if self._is_folded else self._links.links)]

    def show_finding(self, finding: Finding, snapshot: SocketSnapshot | None) -> None:
        """Bring the words up to date; the same words are left alone."""
        self._finding = finding
        self._title.set_words(finding_words.title(finding, snapshot))
        self._why.set_words(finding_words.why(finding))
        severity = finding_words.severity_words(finding.severity)
        self._icon.setAccessibleName(severity)
        self.setAccessibleName(f"{severity}: {self._title.words}")
        self.setAccessibleDescription(self._why.words)
        self._show_links(snapshot)
        self._show_body()
        self._set_solved(False)

    def show_solved(self) -> None:
        """Fade; the words stay where they are."""
        self._set_solved(True)

    def height_unfolded(self, width: int) -> int:
        """Pixels that it needs at a width at full length."""
        title = self._title.full_height(width - _ICON.width() - _BESIDE)
        parts = [max(self._icon.height(), title)]
        if self._why.words:
            parts.append(self._why.heightForWidth(width))
        parts.append(self._links.heightForWidth(width))
        return sum(parts) + _BETWEEN * (len(parts) - 1) + _BELOW

    @property
    def line_height(self) -> int:
        """Pixels that its title takes in one line."""
        return max(self._icon.height(), self._title.fontMetrics().height())

    def take_focus(self) -> None:
        """Begin here by keyboard."""
        self._title.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_links(self, snapshot: SocketSnapshot | None) -> None:
        spec = None if snapshot is None else snapshot.spec
        wanted = [(fix, *fix_words(fix, self._finding, spec)) for fix in self._finding.fixes]
        # As long as there are as many they stay the same buttons: one may have the focus.
        if len(wanted) != len(self._offered) or not self._links.links:
            self._offered = [FixLink(self._theme, *one) for one in wanted]
            for link in self._offered:
                link.asked.connect(self.on_link_asked)
            self._links.set_links([*self._offered, self._help])
        for link, one in zip(self._offered, wanted, strict=True):
            link.show_fix(*one)
        for each in self._links.links:
            each.setAccessibleDescription(self._title.words)

    def _set_solved(self, solved: bool) -> None:
        self._solved = solved
        links = self._links.links
        if solved and any(link.hasFocus() for link in links):
            # Else Qt would hand the focus on to the next finding's buttons.
            self._title.setFocus(Qt.FocusReason.OtherFocusReason)
        for link in links:
            link.setEnabled(not solved)
        self._show_tone()

    def _show_tone(self) -> None:
        tone = finding_words.SOLVED if self._solved else finding_words.look(self._finding.severity)
        icon = self._theme.icon(tone.icon, tone.token)
        self._icon.setPixmap(icon.pixmap(_ICON, self.devicePixelRatioF()))
        self._title.set_token(tone.token)

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the icon in the theme's colours."""
        self._show_tone()

    @Slot(object)
    def on_link_asked(self, fix: Fix) -> None:
        """Ask for a fix."""
        self.fix_asked.emit(self._finding, fix)

    @Slot()
    def on_title_clicked(self) -> None:
        """Ask for the socket, or to be read."""
        if self._is_folded:
            self.unfold_asked.emit()
        else:
            self.socket_chosen.emit(self._finding.socket_id)

    @Slot()
    def on_help_clicked(self) -> None:
        """Ask for the help page."""
        self.why_asked.emit(self._finding.rule)
