"""Writing the plot to a file as PNG, SVG or CSV. GUI thread."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QSize,
    Qt,
)
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

from zmqscope.models.rates.table import csv_text
from zmqscope.ui.rates.picture import Snapshot, svg_text
from zmqscope.ui.tokens import Palette

_SCALE = 2


class ExportFormat(Enum):
    """What a plot can be written as; values are file suffixes."""

    PNG = "png"
    SVG = "svg"
    CSV = "csv"


def format_of(path: Path, otherwise: ExportFormat) -> tuple[Path, ExportFormat]:
    """The format that a file name asks for, and the name with a suffix.

    Args:
        path: What the user chose.
        otherwise: The format if the name has no suffix that says one.
    """
    for known in ExportFormat:
        if path.suffix.lower() == f".{known.value}":
            return path, known
    return path.with_name(f"{path.name}.{otherwise.value}"), otherwise


def render(snapshot: Snapshot, wanted: ExportFormat, palette: Palette) -> bytes:
    """The content of a file.

    Args:
        snapshot: What is plotted.
        wanted: The format.
        palette: Colours of a picture.
    """
    match wanted:
        case ExportFormat.PNG:
            return png_bytes(snapshot, palette)
        case ExportFormat.SVG:
            return svg_text(snapshot, palette).encode()
        case ExportFormat.CSV:
            shown = snapshot.frame.shown
            return csv_text(snapshot.reading, shown, snapshot.curves, snapshot.unit).encode()


def png_bytes(snapshot: Snapshot, palette: Palette) -> bytes:
    """The picture as PNG, at twice its size in pixels."""
    renderer = QSvgRenderer(QByteArray(svg_text(snapshot, palette, other_fonts="").encode()))
    size = renderer.defaultSize()
    image = QImage(QSize(size.width() * _SCALE, size.height() * _SCALE), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    target = QBuffer()
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(target, QByteArray(b"png")).write(image)
    return bytes(target.data().data())
