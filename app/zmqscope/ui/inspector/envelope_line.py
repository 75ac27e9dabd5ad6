"""Which protocol a message is of, what it says, and what is to be said of it. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from zmqscope.core.envelopes.envelope import Note
from zmqscope.core.envelopes.jupyter import Jupyter
from zmqscope.core.envelopes.jupyter_keys import KeyRing
from zmqscope.models.format import one_line, plain_tip
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.models.inspector.key_file_words import offered_files
from zmqscope.models.inspector.reading_words import format_title, percent
from zmqscope.models.messages.row_reader import UNSURE_SIGN
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.inspector.key_file_menu import KeyFileMenu
from zmqscope.ui.inspector.sentence import Sentence
from zmqscope.ui.theme import Theme

_LINE_PX = 20
_MARGIN_PX = 12
_MAX_NOTES = 6
_MAX_NOTE_CHARS = 400
_KEYED = ("jupyter",)


class ProtocolLine(QWidget):
    """Title, how sure it is, and the summary, in one line.

    Args:
        theme: Colours and fonts.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._parts: tuple[str, str, str] = ("", "", "")
        self._sure_short = ""
        self._title_font = theme.ui_font(size_px=12.0)
        self._data_font = theme.data_font(size_px=11.5)
        self.setFixedHeight(_LINE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def words(self) -> str:
        """All that it says."""
        title, sure, summary = self._parts
        return f"{title} · {sure}  {summary}".strip()

    def set_words(self, title: str, sure: str, summary: str, sure_short: str) -> None:
        """Say something else; ``sure_short`` where there is no room for ``sure``."""
        self._parts = (title, sure, summary)
        self._sure_short = sure_short
        self.setAccessibleName(self.words)
        self.setToolTip(plain_tip(self.words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _LINE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        title, sure, summary = self._parts
        x, right = _MARGIN_PX, self.width()
        whole = QFontMetrics(self._title_font).horizontalAdvance(f"{title} · {sure}")
        whole += QFontMetrics(self._data_font).horizontalAdvance(f"  {summary}")
        is_tight = x + whole > right
        parts = (
            (title, "link", self._title_font),
            (f" {self._sure_short}" if is_tight else f" · {sure}", "muted", self._title_font),
            (f"  {summary}", "text", self._data_font),
        )
        for words, token, font in parts:
            painter.setFont(font)
            metrics = painter.fontMetrics()
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, right - x))
            painter.setPen(self._theme.color(token))
            painter.drawText(x, (_LINE_PX + metrics.capHeight()) // 2, shown)
            x += metrics.horizontalAdvance(words)
        painter.end()


class EnvelopeLine(QWidget):
    """The protocol and remarks on the message; no room where no protocol was recognised.

    Args:
        theme: Colours and fonts.

    Attributes:
        line: Protocol and summary.
    """

    help_wanted = Signal(str)
    """The page of a protocol is wanted."""
    key_file_wanted = Signal()
    """A file with the key of a Jupyter kernel is to be chosen."""
    key_files_chosen = Signal(object)
    """tuple[str, ...]: such files, chosen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._envelope = ""
        self._keys: KeyRing | None = None
        self.line = ProtocolLine(theme)
        self._bad = Sentence("problem")
        self._good = Sentence("muted")
        for sentence in (self._bad, self._good):
            sentence.setContentsMargins(_MARGIN_PX, 0, _MARGIN_PX, 2)
        # Always two lines, whatever they say: what is below stays where it is from one message of
        # a protocol to the next. All of it is in the tooltip.
        self._good.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._good.setFixedHeight(2 * self._good.fontMetrics().lineSpacing() + 4)
        self._help = IconButton(theme, "circle-help", self.tr("What this protocol is"))
        self._help.clicked.connect(self._ask_help)
        self._key = IconButton(theme, "key-round", self.tr("Give connection file…"))
        self._key.setToolTip(
            self.tr("Give connection file… to check signatures with the kernel’s key")
        )
        self._key.clicked.connect(self.on_key_clicked)
        first = QHBoxLayout()
        first.setContentsMargins(0, 0, 8, 0)
        first.setSpacing(2)
        first.addWidget(self.line, 1)
        first.addWidget(self._key)
        first.addWidget(self._help)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(first)
        column.addWidget(self._bad)
        column.addWidget(self._good)
        self.hide()

    @property
    def notes(self) -> str:
        """The remarks in sight."""
        return "\n".join(w for w in (self._bad.text(), self._good.text()) if w)

    @property
    def problem(self) -> str:
        """What is wrong with the message."""
        return self._bad.text()

    def set_message(self, message: Inspected | None) -> None:
        """Tell about another message."""
        sighting = None if message is None else message.sighting
        self.setVisible(sighting is not None)
        if message is None or sighting is None:
            return
        self._envelope = sighting.envelope
        title = format_title(message.formats, sighting.envelope)
        likely = percent(sighting.confidence)
        sure, short = self.tr("guessed, {0}").format(likely), f"{UNSURE_SIGN} {likely}"
        self.line.set_words(one_line(title), sure, one_line(sighting.summary), short)
        envelope = message.formats.envelopes.by_name.get(sighting.envelope)
        self._keys = envelope.keys if isinstance(envelope, Jupyter) else None
        self._key.setVisible(sighting.envelope in _KEYED)

    def set_notes(self, notes: tuple[Note, ...]) -> None:
        """Say what is to be said of the message."""
        for sentence, is_bad in ((self._bad, True), (self._good, False)):
            words = [one_line(n.text[:_MAX_NOTE_CHARS]) for n in notes if n.is_bad is is_bad]
            sentence.set_words(" ".join(words[:_MAX_NOTES]))
            sentence.setToolTip(plain_tip("\n".join(words)))

    @Slot()
    def on_key_clicked(self) -> None:
        """Offer the files that Jupyter has written, if there are any."""
        files = offered_files()
        if not files:
            self.key_file_wanted.emit()
            return
        given = () if self._keys is None else tuple(key.path for key in self._keys.keys)
        menu = KeyFileMenu(files, given, self)
        menu.chosen.connect(self.key_files_chosen)
        menu.other_wanted.connect(self.key_file_wanted)
        menu.popup(self._key.mapToGlobal(self._key.rect().bottomLeft()))

    def _ask_help(self) -> None:
        self.help_wanted.emit(self._envelope)
