"""The colour of a curve, the same on plot, legend, crosshair and in files. Any thread."""

from __future__ import annotations

from PySide6.QtGui import QColor

from zmqscope.core.types import Direction
from zmqscope.models.rates.curves import Curve
from zmqscope.ui.stylesheet import mix
from zmqscope.ui.tokens import Palette, curve_colors

# Besides being dashed: a reply's curve often lies exactly on its request's.
_SENT_SHADE = 0.3


def curve_color(curve: Curve, palette: Palette) -> QColor:
    """A socket's colour; what it sent is a shade nearer to the text."""
    colors = curve_colors(palette)
    color = colors[curve.color % len(colors)]
    if curve.key.direction is Direction.SENT:
        color = mix(color, palette.text, _SENT_SHADE)
    return QColor(color)
