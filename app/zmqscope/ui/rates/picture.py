"""The plot as a drawing of its own, for files: SVG text made from plain values. GUI thread."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

from zmqscope.core.types import Direction
from zmqscope.models.events.marks import Mark
from zmqscope.models.events.words import SEVERITY_TOKENS
from zmqscope.models.rates.axis import RateUnit
from zmqscope.models.rates.curves import Curve, CurveKey
from zmqscope.models.rates.rates import Figures, Reading, rate_text, short_rate_text
from zmqscope.ui.rates.curve_colors import curve_color
from zmqscope.ui.rates.frame import Frame, plot_rect
from zmqscope.ui.rates.mark_painter import PILL_PX, diamond, mark_words
from zmqscope.ui.tokens import Palette

FONT_FAMILY = "JetBrains Mono"
_OTHER_FONTS = ", DejaVu Sans Mono, Consolas, monospace"
_CHAR_PX = 7.0
_MARK_CHAR_PX = 6.0
_TITLE_PX = 30.0
_LEGEND_PX = 18.0
_LEFT_PX = 12.0
_S = 1_000_000_000
_LEAST_WIDTH_PX = 480.0
_LEAST_HEIGHT_PX = 160.0

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that is needed to draw or tabulate the plot, as it was at one moment.

    Attributes:
        width: Of the plot, in pixels.
        height: Of the plot without its legend.
        frame: What is shown.
        reading: The points.
        positions: float64[n] for each curve, on the value axis.
        curves: The shown curves, in order.
        figures: What the legend says of each.
        unit: What they count.
        marks: Events on the time axis.
    """

    width: float
    height: float
    frame: Frame
    reading: Reading
    positions: dict[CurveKey, Points]
    curves: list[Curve]
    figures: dict[CurveKey, Figures]
    unit: RateUnit
    marks: list[Mark] = field(default_factory=list)


def svg_text(picture: Snapshot, palette: Palette, other_fonts: str = _OTHER_FONTS) -> str:
    """The picture as an SVG document: title, legend, grid, curves.

    Args:
        picture: What is plotted.
        palette: Colours.
        other_fonts: Families to fall back on; QtSvg takes a list for one strange name.
    """
    width = max(picture.width, _LEAST_WIDTH_PX)
    legend = _legend(picture, palette, width)
    head_px = _TITLE_PX + legend[1]
    rect = plot_rect(QSizeF(width, max(picture.height, _LEAST_HEIGHT_PX)))
    height = head_px + max(picture.height, _LEAST_HEIGHT_PX)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}"'
        f' viewBox="0 0 {width:g} {height:g}" font-size="11.5"'
        f' font-family="{FONT_FAMILY}{other_fonts}">',
        f"<title>{escape(_title(picture))}</title>",
        f'<rect width="{width:g}" height="{height:g}" fill="{palette.panel}"/>',
        _text(_LEFT_PX, 20, _title(picture), palette.text),
        *legend[0],
        f'<g transform="translate(0 {head_px:g})">',
        *_grid(picture.frame, palette, rect, width),
        *_curves(picture, palette, rect),
        *_marks(picture, palette, rect),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _title(picture: Snapshot) -> str:
    shown = picture.frame.shown
    start, end = (time.localtime(ns // _S) for ns in (shown.start_ns, shown.end_ns))
    words = f"{picture.unit.value}/s"
    return f"{words} · {time.strftime('%Y-%m-%d %H:%M:%S', start)}–{time.strftime('%H:%M:%S', end)}"


def _legend(picture: Snapshot, palette: Palette, width: float) -> tuple[list[str], float]:
    """Elements, and the height that they take."""
    parts: list[str] = []
    x, y = _LEFT_PX, _TITLE_PX
    for curve in picture.curves:
        figures = picture.figures[curve.key]
        current, mean, peak = (
            rate_text(figures.current, picture.unit),
            short_rate_text(figures.mean, picture.unit),
            short_rate_text(figures.peak, picture.unit),
        )
        color = _color(curve, palette)
        label = f"{curve.label} {current}"
        rest = f"mean {mean}  peak {peak}"
        needed = 20 + (len(label) + len(rest) + 5) * _CHAR_PX
        if x > _LEFT_PX and x + needed > width - _LEFT_PX:
            x, y = _LEFT_PX, y + _LEGEND_PX
        parts.append(
            f'<path d="M{x:g} {y + 8:g}h12" stroke="{color}" stroke-width="2"'
            f"{_dash(curve, '4 2')}/>"
        )
        parts.append(_text(x + 18, y + 12, label, color))
        parts.append(_text(x + 18 + (len(label) + 2) * _CHAR_PX, y + 12, rest, palette.muted))
        x += needed
    return parts, y + _LEGEND_PX - _TITLE_PX if picture.curves else 0.0


def _grid(frame: Frame, colors: Palette, rect: QRectF, width: float) -> list[str]:
    parts = [f'<g stroke="{colors.border}" stroke-width="1">']
    for tick in frame.value_ticks:
        y = round(frame.y(rect, tick.position)) + 0.5
        parts.append(f'<path d="M{rect.left():g} {y:g}H{rect.right():g}"/>')
    for tick in frame.time_ticks:
        x = round(frame.x(rect, tick.position)) + 0.5
        parts.append(f'<path d="M{x:g} {rect.top():g}V{rect.bottom():g}"/>')
    parts.append("</g>")
    for tick in frame.value_ticks:
        y = frame.y(rect, tick.position) + 4
        parts.append(_text(rect.left() - 8, y, tick.label, colors.muted, anchor="end"))
    for tick in frame.time_ticks:
        x = frame.x(rect, tick.position)
        half = len(tick.label) * _CHAR_PX / 2
        if x - half >= rect.left() - 8 and x + half <= width:
            parts.append(_text(x, rect.bottom() + 16, tick.label, colors.muted, anchor="middle"))
    return parts


def _curves(picture: Snapshot, palette: Palette, rect: QRectF) -> list[str]:
    frame, reading = picture.frame, picture.reading
    parts: list[str] = []
    # The first curve lies on top.
    for curve in reversed(picture.curves):
        positions = picture.positions[curve.key]
        bins = np.arange(len(positions), dtype=np.float64)
        middles_ns = reading.middle_ns(0) + bins * reading.bin_ns
        x: Points = rect.left() + (middles_ns - frame.shown.start_ns) * (
            rect.width() / frame.shown.width_ns
        )
        y: Points = rect.bottom() - (positions - frame.bottom) * (
            rect.height() / (frame.top - frame.bottom)
        )
        parts += [
            f'<polyline fill="none" stroke="{_color(curve, palette)}" stroke-width="1.25"'
            f' stroke-linejoin="round"{_dash(curve, "6 3")} points="{_coordinates(*piece)}"/>'
            for piece in visible_pieces(x, y, rect)
        ]
    return parts


def _marks(picture: Snapshot, palette: Palette, rect: QRectF) -> list[str]:
    """Marks as on the screen: a diamond for what happened once, else a pill with a count."""
    parts = []
    for mark in picture.marks:
        color = getattr(palette, SEVERITY_TOKENS[mark.severity])
        x, y = picture.frame.x(rect, mark.time_ns), rect.bottom()
        rim = f'fill="{color}" stroke="{palette.panel}" stroke-width="1.5"'
        words = mark_words(mark)
        if not words:
            corners = " ".join(f"{p.x():.2f},{p.y():.2f}" for p in diamond(QPointF(x, y)))
            parts.append(f'<polygon points="{corners}" {rim}/>')
            continue
        half = len(words) * _MARK_CHAR_PX / 2 + 4
        parts.append(
            f'<rect x="{x - half:.2f}" y="{y - PILL_PX / 2:.2f}" width="{2 * half:.2f}"'
            f' height="{PILL_PX:g}" rx="{PILL_PX / 2:g}" {rim}/>'
        )
        parts.append(
            f'<text x="{x:.1f}" y="{y + 3.6:.1f}" fill="{palette.panel}" text-anchor="middle"'
            f' font-size="10" font-weight="600">{escape(words)}</text>'
        )
    return parts


def visible_pieces(x: Points, y: Points, rect: QRectF) -> list[tuple[Points, Points]]:
    """The parts of a line within a rectangle, cut exactly at its edges.

    Args:
        x: float64[n], ascending.
        y: float64[n].
        rect: What to cut at; QtSvg knows no clip paths.
    """
    for edge in (rect.left(), rect.right()):
        x, y = _with_crossings(x, y, x - edge)
    for edge in (rect.top(), rect.bottom()):
        x, y = _with_crossings(x, y, y - edge)
    slack = 1e-6
    inside = (x >= rect.left() - slack) & (x <= rect.right() + slack)
    inside &= (y >= rect.top() - slack) & (y <= rect.bottom() + slack)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).astype(np.int8)))
    pieces = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(x[low:high], y[low:high]) for low, high in pieces if high - low > 1]


def _with_crossings(x: Points, y: Points, distance: Points) -> tuple[Points, Points]:
    """The line with a point wherever its distance changes sign."""
    crossing = np.flatnonzero(distance[:-1] * distance[1:] < 0)
    share = distance[crossing] / (distance[crossing] - distance[crossing + 1])
    new_x = x[crossing] + share * (x[crossing + 1] - x[crossing])
    new_y = y[crossing] + share * (y[crossing + 1] - y[crossing])
    return np.insert(x, crossing + 1, new_x), np.insert(y, crossing + 1, new_y)


def _coordinates(x: Points, y: Points) -> str:
    return " ".join(f"{a:.2f},{b:.2f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))


def _color(curve: Curve, palette: Palette) -> str:
    return curve_color(curve, palette).name()


def _dash(curve: Curve, pattern: str) -> str:
    is_sent = curve.key.direction is Direction.SENT
    return f' stroke-dasharray="{pattern}"' if is_sent else ""


def _text(x: float, y: float, text: str, color: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}"'
        f' xml:space="preserve">{escape(text)}</text>'
    )
