"""Fonts and colours of the topology, made once for each theme. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

from zmqscope.ui.theme import Theme

RADIUS = 6.0
_QUIET_PART = 0.55


class Look:
    """What nodes and lines are painted with.

    Args:
        theme: Where it comes from.

    Attributes:
        name: Font of names.
        badge: Font of socket types in their frame.
        data: Font of addresses.
        small: Font of rows and rates.
        title: Font of lanes' titles.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.name = theme.ui_font(QFont.Weight.DemiBold)
        self.badge = theme.data_font(size_px=11.0)
        self.data = theme.data_font(size_px=11.0)
        self.small = theme.data_font(size_px=11.0)
        self.title = theme.ui_font(QFont.Weight.DemiBold, 11.0)
        self._metrics: dict[int, QFontMetricsF] = {}
        self._colors: dict[str, QColor] = {}

    def color(self, token: str) -> QColor:
        """The colour of a token."""
        if token not in self._colors:
            self._colors[token] = self.theme.color(token)
        return self._colors[token]

    def quiet(self) -> QColor:
        """Of lines over which nothing goes now; opaque, so that crossings are no brighter."""
        if "quiet" not in self._colors:
            line, ground, part = self.color("muted"), self.color("panel"), _QUIET_PART
            self._colors["quiet"] = QColor.fromRgbF(
                line.redF() * part + ground.redF() * (1 - part),
                line.greenF() * part + ground.greenF() * (1 - part),
                line.blueF() * part + ground.blueF() * (1 - part),
            )
        return self._colors["quiet"]

    def pen(self, token: str) -> QPen:
        """A line of one pixel."""
        return QPen(self.color(token), 1.0)

    def width(self, font: QFont, text: str) -> float:
        """How wide a text is."""
        return self.metrics(font).horizontalAdvance(text)

    def metrics(self, font: QFont) -> QFontMetricsF:
        """The measures of one of its fonts."""
        key = id(font)
        if key not in self._metrics:
            self._metrics[key] = QFontMetricsF(font)
        return self._metrics[key]


def crisp(rect: QRectF) -> QRectF:
    """On half pixels, where a line of one pixel is sharp."""
    return rect.adjusted(0.5, 0.5, -0.5, -0.5)
