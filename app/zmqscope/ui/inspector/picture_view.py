"""An image in a frame, decoded beside the window and never larger than memory allows. GUI thread.

Only the format that its decoder has recognised is tried, and nothing that a picture names is read.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QIODevice,
    QPoint,
    QRect,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.decode.decoded import Picture
from zmqscope.models.background import Background
from zmqscope.models.format import format_bytes
from zmqscope.ui.inspector.sentence import Sentence
from zmqscope.ui.theme import Theme

MAX_PIXELS = 64_000_000
"""Pictures that claim more are refused."""

_MAX_SIDE_PX = 4_096
_ALLOCATION_MB = 320
_SQUARE_PX = 8
_FORMATS = (
    *(b"png", b"jpeg", b"jpg", b"gif", b"webp", b"bmp"),
    *(b"tiff", b"ico", b"ppm", b"pgm", b"pbm"),
)


def read_picture(data: bytes, name: str) -> tuple[QImage, str]:
    """Decode a picture, scaled down where it is large. Any thread.

    Args:
        data: The bytes.
        name: Qt's name of its format; no other is tried.

    Returns:
        The picture, or a null one and why.
    """
    if name.encode() not in _FORMATS:
        return QImage(), _tr("This format cannot be drawn here.")
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(name.encode()))
    reader.setAutoDetectImageFormat(False)
    reader.setDecideFormatFromContent(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        if size.width() * size.height() > MAX_PIXELS:
            return QImage(), too_large(size.width(), size.height())
        if max(size.width(), size.height()) > _MAX_SIDE_PX:
            limit = QSize(_MAX_SIDE_PX, _MAX_SIDE_PX)
            reader.setScaledSize(size.scaled(limit, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return image, "" if not image.isNull() else reader.errorString()


def too_large(width: int, height: int) -> str:
    """Why a picture is not decoded."""
    words = _tr("It claims {0} × {1} pixels, more than the {2} that are drawn here.")
    return words.format(f"{width:,}", f"{height:,}", f"{MAX_PIXELS:,}")


class PictureCanvas(QAbstractScrollArea):
    """Paints a picture on a checkerboard, as large as fits or pixel by pixel.

    Args:
        theme: Colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image = QImage()
        self.is_fitted = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Picture in the frame"))
        theme.changed.connect(self.viewport().update)

    @property
    def image(self) -> QImage:
        """What is shown."""
        return self._image

    def set_image(self, image: QImage) -> None:
        """Show another picture."""
        self._image = image
        self._fit()

    def set_fitted(self, fitted: bool) -> None:
        """Fit it into the view, or show each pixel as one."""
        self.is_fitted = fitted
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        room, size = self.viewport().size(), self._image.size()
        for bar, has, needs in (
            (self.horizontalScrollBar(), room.width(), size.width()),
            (self.verticalScrollBar(), room.height(), size.height()),
        ):
            bar.setRange(0, 0 if self.is_fitted else max(0, needs - has))
            bar.setPageStep(has)
            bar.setSingleStep(24)
        self.viewport().update()

    def _place(self) -> QRect:
        room, size = self.viewport().rect(), self._image.size()
        if self.is_fitted and (size.width() > room.width() or size.height() > room.height()):
            size = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left = (room.width() - size.width()) // 2
        top = (room.height() - size.height()) // 2
        if not self.is_fitted:
            left = max(0, left) - self.horizontalScrollBar().value()
            top = max(0, top) - self.verticalScrollBar().value()
        return QRect(QPoint(left, top), size)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self.viewport())
        place = self._place()
        if self._image.hasAlphaChannel():
            self._paint_squares(painter, place.intersected(self.viewport().rect()))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.is_fitted)
        painter.drawImage(place, self._image)
        painter.end()

    def _paint_squares(self, painter: QPainter, place: QRect) -> None:
        light, dark = self._theme.color("raised"), self._theme.color("border")
        painter.fillRect(place, light)
        for y in range(place.top() // _SQUARE_PX, place.bottom() // _SQUARE_PX + 1):
            for x in range(place.left() // _SQUARE_PX, place.right() // _SQUARE_PX + 1):
                if (x + y) & 1:
                    square = QRect(x * _SQUARE_PX, y * _SQUARE_PX, _SQUARE_PX, _SQUARE_PX)
                    painter.fillRect(square.intersected(place), QColor(dark))


class PictureView(QWidget):
    """A picture with its facts.

    Args:
        theme: Colours and fonts.

    Attributes:
        canvas: Where it is painted.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        QImageReader.setAllocationLimit(_ALLOCATION_MB)
        self._facts = ""
        self._decoding = Background(self)
        self._decoding.done.connect(self.on_decoding_done)
        self.canvas = PictureCanvas(theme)
        self._words = Sentence("muted")
        self._problem = Sentence("problem")
        self._scale = QPushButton(self.tr("1:1"))
        self._scale.setProperty("kind", "flat")
        self._scale.setCheckable(True)
        self._scale.setToolTip(self.tr("Show each pixel of the picture as one of the screen"))
        self._scale.setAccessibleName(self.tr("Pixel by pixel"))
        self._scale.toggled.connect(self.on_scale_toggled)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 8, 0)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row.addWidget(self._words, 1)
        row.addWidget(self._scale)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._problem)
        column.addWidget(self.canvas, 1)
        column.addLayout(row)
        self.setFocusProxy(self.canvas)

    def set_picture(self, picture: Picture | None, data: bytes) -> None:
        """Show another picture, or none; the one before stays until this one is decoded."""
        self._decoding.drop()
        self._problem.set_words("")
        if picture is None:
            self.canvas.set_image(QImage())
            return
        side = f"{picture.width:,} × {picture.height:,}" if picture.width else ""
        facts = (picture.format.upper(), side, format_bytes(len(data)))
        self._facts = " · ".join(fact for fact in facts if fact)
        self._words.set_words(self._facts)
        if picture.width * picture.height > MAX_PIXELS:
            self.canvas.set_image(QImage())
            self._problem.set_words(too_large(picture.width, picture.height))
            return
        self._decoding.start(partial(read_picture, data, picture.format))

    @Slot(object)
    def on_decoding_done(self, answer: tuple[QImage, str]) -> None:
        """A picture was decoded, or it could not be."""
        image, problem = answer
        self.canvas.set_image(image)
        self._problem.set_words(
            self.tr("The picture cannot be drawn: {0}").format(problem) if problem else ""
        )
        if not image.isNull():
            kind = self.tr("grey") if image.isGrayscale() else self.tr("colour")
            alpha = self.tr("transparent") if image.hasAlphaChannel() else ""
            parts = (self._facts, kind, alpha)
            words = " · ".join(part for part in parts if part)
            self._words.set_words(words)
            self.canvas.setAccessibleDescription(words)

    @Slot(bool)
    def on_scale_toggled(self, pixels: bool) -> None:
        """Another scale is wanted."""
        self.canvas.set_fitted(not pixels)


def _tr(text: str) -> str:
    return QCoreApplication.translate("PictureView", text)
