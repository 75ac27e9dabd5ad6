"""The line that says what a frame is read as, why, and what else there is. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from zmqscope.models.format import one_line, plain_tip
from zmqscope.models.inspector.decode_options import options_words
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.models.inspector.reading_words import (
    encoding_words,
    layers_tip,
    layers_words,
    source_words,
    unsure_words,
    why_words,
    without_layers,
)
from zmqscope.models.messages.row_reader import UNSURE_SIGN
from zmqscope.ui.inspector.decoder_menu import DecoderMenu
from zmqscope.ui.inspector.decoder_options import DecoderOptions
from zmqscope.ui.inspector.sentence import Sentence
from zmqscope.ui.inspector.view_tabs import ViewTabs
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_HEIGHT_PX = 22
_PAD_PX = 6
_CHEVRON_PX = 10


class SourceButton(QAbstractButton):
    """What a frame is read as, in text, and why, muted; elided where it is tight.

    Args:
        theme: Colours and fonts.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._source = ""
        self._why = ""
        self._why_short = ""
        self.setFont(theme.ui_font(size_px=12.0))
        self.setFixedHeight(_HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    @property
    def words(self) -> str:
        """All that it says."""
        return " · ".join(part for part in (self._source, self._why) if part)

    def set_words(self, source: str, why: str, tip: str, why_short: str = "") -> None:
        """Say something else; ``why_short`` where there is no room for ``why``."""
        self._source, self._why, self._why_short = source, why, why_short
        self.setAccessibleName(self.tr("Read as {0}").format(self.words))
        self.setToolTip(plain_tip(tip))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        lit = self.underMouse() or self.isDown()
        box = self.rect().adjusted(0, 0, -1, -1)
        if self.hasFocus() or lit:
            painter.setPen(self._theme.color("accent" if self.hasFocus() else "border"))
            painter.drawRoundedRect(box, 4, 4)
        metrics = painter.fontMetrics()
        room = box.width() - 2 * _PAD_PX - _CHEVRON_PX - 4
        source = self._source
        if metrics.horizontalAdvance(source) > room:
            # The compressions stand below as well.
            source = without_layers(source)
        source = metrics.elidedText(source, Qt.TextElideMode.ElideMiddle, room)
        baseline = (self.height() + metrics.capHeight()) // 2
        painter.setPen(self._theme.color("text"))
        painter.drawText(_PAD_PX, baseline, source)
        x = metrics.horizontalAdvance(source)
        if self._why and room - x > 24:
            why = f" · {self._why}"
            if metrics.horizontalAdvance(why) > room - x:
                why = f" {self._why_short}" if self._why_short else why
            if self._why_short and metrics.horizontalAdvance(why) > room - x:
                why = f" {UNSURE_SIGN}"  # half a figure would say another one
            why = metrics.elidedText(why, Qt.TextElideMode.ElideRight, room - x)
            painter.setPen(self._theme.color("muted"))
            painter.drawText(_PAD_PX + x, baseline, why)
            x += metrics.horizontalAdvance(why)
        icon = self._theme.icon("chevron-down", "text" if lit else "muted")
        y = (self.height() - _CHEVRON_PX) // 2 + 1
        icon.paint(painter, _PAD_PX + x + 4, y, _CHEVRON_PX, _CHEVRON_PX)
        painter.end()


class DecoderBar(QWidget):
    """What the frame is read as, its views, and below what was unpacked and the options.

    Args:
        theme: Colours and fonts.
        own_bytes: The action that shows the frame's own bytes.
        settings: Remembers schemas; None forgets.

    Attributes:
        source: What it is read as; opens the menu.
        tabs: The views.
        options: What can be told the decoder.
    """

    chosen = Signal(object)
    """DecoderChoice, or None to leave it to the frame."""
    scope_chosen = Signal(bool)
    """Whether the choice is for the topic alone."""
    more_wanted = Signal()
    """More is to be unpacked."""

    def __init__(self, theme: Theme, own_bytes: QAction, settings: Settings | None = None) -> None:
        super().__init__()
        self._message: Inspected | None = None
        self._index = 0
        self._for_topic = True
        self._options_for = ""
        self.source = SourceButton(theme)
        self.source.clicked.connect(self.open_menu)
        self.tabs = ViewTabs(theme)
        self.options = DecoderOptions(theme, settings)
        self.options.hide()
        self.options.options_changed.connect(self.on_options_changed)
        self.options.closed.connect(self.on_options_closed)
        first = QHBoxLayout()
        first.setContentsMargins(6, 0, 8, 0)
        first.setSpacing(2)
        first.addWidget(self.source, 1)
        first.addWidget(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(0)
        column.addLayout(first)
        self._layers = self._make_layers(theme, own_bytes)
        column.addWidget(self._layers)
        column.addWidget(self.options)

    def _make_layers(self, theme: Theme, own_bytes: QAction) -> QWidget:
        """What was unpacked, and how to have more or less of it."""
        box = QWidget()
        self._unpacked = Sentence("data")
        self._unpacked.setFont(theme.data_font(size_px=11.0))
        self._unpacked.setContentsMargins(0, 0, 0, 0)
        self._unpacked.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._more = QPushButton(self.tr("Unpack more"))
        self._more.setProperty("kind", "flat")
        self._more.setToolTip(self.tr("Take more of what is compressed, up to 512 MB"))
        self._more.setAccessibleName(self._more.text())
        self._more.clicked.connect(self.more_wanted)
        own = QToolButton()
        own.setFont(theme.ui_font(size_px=12.0))
        own_bytes.setIconText(self.tr("Own bytes"))
        own.setDefaultAction(own_bytes)
        own.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        own.setAccessibleName(own_bytes.text())
        own.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(box)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(4)
        row.addWidget(self._unpacked, 1)
        row.addWidget(self._more)
        row.addWidget(own)
        return box

    @property
    def words(self) -> str:
        """What was unpacked."""
        return self._unpacked.text() if self._layers.isVisibleTo(self) else ""

    def set_frame(self, message: Inspected | None, index: int, *, for_topic: bool) -> None:
        """Tell about another frame."""
        self._message, self._index, self._for_topic = message, index, for_topic
        if message is None:
            self._layers.hide()
            self.options.hide()
            return
        found, choice = message.found(index), message.choice(index)
        reading, formats = found.reading, message.formats
        source, why = source_words(message, index), why_words(message, index)
        told = "" if choice is None else one_line(options_words(choice.options))
        told = told or encoding_words(found)
        if told:
            source = f"{source} ({told})"
        kind = "" if reading.decoded is None else one_line(reading.decoded.type)
        tip = "\n".join(part for part in (f"{source} · {why}".rstrip(" ·"), kind) if part)
        tip += "\n" + self.tr("D chooses another decoder.")
        self.source.set_words(source, why, tip, unsure_words(message, index))
        self._unpacked.set_words(layers_words(formats, found))
        self._unpacked.setToolTip(plain_tip(layers_tip(formats, found)))
        self._more.setVisible(any(layer.is_cut for layer in reading.layers))
        self._layers.setVisible(bool(reading.layers))
        decoder = choice.decoder if choice is not None else reading.decoder
        if decoder != self._options_for:
            self._options_for = ""
        self._show_options()

    def set_unpacking(self, busy: bool) -> None:
        """Whether more is being unpacked just now."""
        self._more.setEnabled(not busy)
        self._more.setText(self.tr("Unpacking…") if busy else self.tr("Unpack more"))

    # ---- the menu ---------------------------------------------------------------------------

    @Slot()
    def open_menu(self) -> None:
        """Offer decoders and the like."""
        if self._message is None:
            return
        menu = DecoderMenu(self._message, self._index, for_topic=self._for_topic, parent=self)
        menu.chosen.connect(self.chosen)
        menu.scope_chosen.connect(self.scope_chosen)
        menu.options_wanted.connect(self.on_options_wanted)
        menu.popup(self.source.mapToGlobal(self.source.rect().bottomLeft()))

    @Slot(str)
    def on_options_wanted(self, decoder: str) -> None:
        """The options of a decoder are to be seen."""
        self._options_for = decoder
        self._show_options()
        self.options.take_focus()

    def _show_options(self) -> None:
        message = self._message
        shown = bool(self._options_for) and message is not None
        self.options.setVisible(shown)
        if shown and message is not None:
            choice = message.choice(self._index)
            found = message.found(self._index)
            self.options.set_decoder(
                self._options_for, choice, found.reading.data, for_topic=self._for_topic
            )

    @Slot(object)
    def on_options_changed(self, choice: object) -> None:
        """Something was told the decoder."""
        self.chosen.emit(choice)

    @Slot()
    def on_options_closed(self) -> None:
        """The options are not wanted any more."""
        self._options_for = ""
        self.options.hide()
        self.source.setFocus()
