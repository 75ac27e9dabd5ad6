"""The ledger along the window's lower edge: no figure makes another move. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QStatusBar, QWidget

from zmqscope.core.diagnosis.finding import Finding
from zmqscope.models.doctor import finding_words
from zmqscope.models.ledger import FigureText, LedgerFigures, figure_texts
from zmqscope.ui.theme import Theme

_HEIGHT_PX = 24
_MARGIN_PX = 10
_GAP_PX = 22
_FONT_PX = 11.0
_ICON_PX = 12
# Characters kept free from the beginning, so that the first figures move nothing either.
_VALUE_CHARS = {"captured": 6, "received": 7, "sent": 7, "memory": 10, "frames": 3}
_SUFFIX_CHARS = {"received": 9, "sent": 9, "frames": 3}
_RIGHT_HAND = ("drain", "frames")
# It stands before all others of the right-hand group: its width moves none of them.
_ALWAYS_FITS = ("drain",)
# What gives way first in a narrow window; what tells of a loss never does.
_GIVE_WAY = (
    ("drain", "shorten"),
    ("drain", "hide"),
    ("sent", "shorten"),
    ("received", "shorten"),
    ("frames", "hide"),
    ("memory", "hide"),
    ("sent", "hide"),
    ("received", "hide"),
)


class Figure(QWidget):
    """One figure; its width only ever grows, and only when a digit is added.

    Args:
        theme: Colours and fonts.
        text: What it shows at first.
    """

    def __init__(self, theme: Theme, text: FigureText) -> None:
        super().__init__()
        self._theme = theme
        self._text = text
        self._is_short = False
        self._value_chars = _VALUE_CHARS.get(text.key, 1)
        self._suffix_chars = _SUFFIX_CHARS.get(text.key, 0)
        self._label_font = theme.data_font(size_px=_FONT_PX)
        self._value_font = theme.data_font(QFont.Weight.Medium, _FONT_PX)
        self._char_px = QFontMetricsF(self._value_font).horizontalAdvance("0")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.on_theme_changed)
        self._take(text)
        self._fit()

    def set_text(self, text: FigureText) -> bool:
        """Show another figure.

        Returns:
            Whether it needs more room than before, or less.
        """
        if text == self._text:
            return False
        return self._take(text)

    def set_short(self, short: bool) -> None:
        """Leave the second figure to the tool tip, or show it again."""
        if short != self._is_short:
            self._is_short = short
            self._fit()
            self._describe()

    def full_width(self, short: bool) -> int:
        """Pixels that it needs."""
        label = len(self._text.label) + 1 if self._text.label else 0
        suffix = 0 if short or not self._suffix_chars else self._suffix_chars + 1
        return round((label + self._value_chars + suffix) * self._char_px) + 1

    def _take(self, text: FigureText) -> bool:
        before = self._value_chars, self._suffix_chars
        if self._text.tone == "muted" != text.tone:
            # A word stood there ("unknown", "idle"); figures need no more room than figures.
            self._value_chars = _VALUE_CHARS.get(text.key, 1)
        if text.key in _ALWAYS_FITS:
            self._value_chars = self._suffix_chars = 0
        self._text = text
        self._value_chars = max(self._value_chars, len(text.value))
        self._suffix_chars = max(self._suffix_chars, len(text.suffix))
        changed = before != (self._value_chars, self._suffix_chars)
        if changed:
            self._fit()
        self._describe()
        self.update()
        return changed

    def _fit(self) -> None:
        self.setFixedWidth(self.full_width(self._is_short))

    def _describe(self) -> None:
        text = self._text
        words = " ".join(part for part in (text.label, text.value, text.suffix) if part)
        self.setAccessibleName(words)
        self.setToolTip(f"{text.suffix}: {text.tip}" if self._is_short else text.tip)

    @Slot()
    def on_theme_changed(self) -> None:
        """Repaint in the new colours."""
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        text, char = self._text, self._char_px
        left = 0.0
        if text.label:
            muted = "broken" if text.tone == "broken" else "muted"
            self._draw(painter, left, len(text.label), text.label, muted)
            left += (len(text.label) + 1) * char
        painter.setFont(self._value_font)
        # Behind its word a figure begins where the word ends; alone it keeps its last digit still.
        self._draw(painter, left, self._value_chars, text.value, text.tone, right=not text.label)
        left += (self._value_chars + 1) * char
        if text.suffix and not self._is_short:
            painter.setFont(self._label_font)
            self._draw(painter, left, len(text.suffix), text.suffix, "muted")

    def _draw(
        self,
        painter: QPainter,
        left: float,
        chars: int,
        words: str,
        token: str,
        right: bool = False,
    ) -> None:
        if not right:
            painter.setFont(self._label_font)
        painter.setPen(self._theme.color(token))
        place = QRectF(left, 0, chars * self._char_px + 1, self.height())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, words)


class FindingsButton(QAbstractButton):
    """How many findings there are, in the colour of the worst; hidden while there are none.

    Args:
        theme: Colours, font and icons.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._look = finding_words.SOLVED
        self._font = theme.data_font(QFont.Weight.Medium, _FONT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(self.tr("Go to the findings: what is wrong, why, and what can be done"))
        theme.changed.connect(self.update)
        self.hide()

    def show_findings(self, findings: tuple[Finding, ...]) -> bool:
        """Count anew; returns whether it needs more or less room than before."""
        before = self.needed_width
        if findings:
            self._look = finding_words.look(max(finding.severity for finding in findings))
        words = finding_words.count_words(len(findings)) if findings else ""
        self.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(findings))
        self.setFixedWidth(max(self.needed_width, 1))
        self.update()
        return self.needed_width != before

    @property
    def needed_width(self) -> int:
        """Pixels that it needs; 0 while it is hidden."""
        if not self.text():
            return 0
        return _ICON_PX + 5 + round(QFontMetricsF(self._font).horizontalAdvance(self.text())) + 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        icon = self._theme.icon(self._look.icon, self._look.token)
        icon.paint(painter, 0, (self.height() - _ICON_PX) // 2, _ICON_PX, _ICON_PX)
        font = QFont(self._font)
        font.setUnderline(self.hasFocus() or self.underMouse())
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        place = QRectF(_ICON_PX + 5, 0, self.width(), self.height())
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, align, self.text())


class _Row(QWidget):
    """Lays the figures out, and decides which give way."""

    def __init__(self, theme: Theme, texts: list[FigureText]) -> None:
        super().__init__()
        self.findings = FindingsButton(theme)
        self.figures = {text.key: Figure(theme, text) for text in texts}
        self.setFixedHeight(_HEIGHT_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN_PX, 0, _MARGIN_PX, 0)
        row.setSpacing(_GAP_PX)
        for key, figure in self.figures.items():
            if key == _RIGHT_HAND[0]:
                row.addStretch(1)
                row.addWidget(self.findings)
            row.addWidget(figure)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, _HEIGHT_PX)

    def fit(self) -> None:
        """Show as much as there is room for."""
        short: set[str] = set()
        hidden: set[str] = set()
        for key, way in _GIVE_WAY:
            if self._needed(short, hidden) <= self.width():
                break
            (short if way == "shorten" else hidden).add(key)
        for key, figure in self.figures.items():
            figure.set_short(key in short)
            figure.setVisible(key not in hidden)

    def _needed(self, short: set[str], hidden: set[str]) -> int:
        shown = [key for key in self.figures if key not in hidden]
        widths = sum(self.figures[key].full_width(key in short) for key in shown)
        if self.findings.needed_width:
            widths += self.findings.needed_width + _GAP_PX
        return widths + _GAP_PX * len(shown) + 2 * _MARGIN_PX

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


class LedgerBar(QStatusBar):
    """The status bar of the window.

    Args:
        theme: Colours and fonts.
    """

    findings_asked = Signal()
    """The findings are to be seen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._figures = LedgerFigures()
        self.setSizeGripEnabled(False)
        self.setFixedHeight(_HEIGHT_PX + 1)
        self.setContentsMargins(0, 0, 0, 0)
        self.setAccessibleName(self.tr("Ledger"))
        self._row = _Row(theme, figure_texts(self._figures))
        self._row.findings.clicked.connect(self.findings_asked)
        self.addWidget(self._row, 1)

    def set_figures(self, figures: LedgerFigures) -> None:
        """Show what is true now; cheap when nothing changed."""
        if figures == self._figures:
            return
        self._figures = figures
        grown = False
        for text in figure_texts(figures):
            grown = self._row.figures[text.key].set_text(text) or grown
        if grown:
            self._row.fit()

    @Slot(object)
    def on_controller_findings_changed(self, findings: tuple[Finding, ...]) -> None:
        """Say how many findings there are."""
        if self._row.findings.show_findings(findings):
            self._row.fit()
