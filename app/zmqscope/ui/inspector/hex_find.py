"""The bar above bytes where one types what to find, and what came of it. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.decode.field_path import NUMBER_FORMS
from zmqscope.models.hex.pattern import (
    HEX,
    PATTERN_KINDS,
    TEXT,
    TEXT_ANY_CASE,
    UTF16_BE,
    UTF16_LE,
)
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.icon_button import IconButton, action_button
from zmqscope.ui.inspector.hex_line import HexLine
from zmqscope.ui.theme import Theme

_MARGIN_PX = 8
_MENU_ARROW_PX = 22
_PADDING_PX = 8
_MAX_CHARS = 4_096


class ByteField(QLineEdit):
    """Where one types in a bar; Enter and Shift+Enter are told, and Esc.

    Args:
        theme: Its font.
        name: What it is for.
    """

    next_wanted = Signal()
    previous_wanted = Signal()
    left = Signal()
    """Esc: back to the bytes."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setFont(theme.data_font())
        self.setMaxLength(_MAX_CHARS)
        self.setMinimumWidth(60)
        self.setAccessibleName(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                (self.previous_wanted if back else self.next_wanted).emit()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    def set_problem(self, has_problem: bool) -> None:
        """Mark what is typed as something that cannot be used."""
        if bool(self.property("problem")) != has_problem:
            self.setProperty("problem", has_problem)
            self.style().unpolish(self)
            self.style().polish(self)


class KindButton(QPushButton):
    """Chooses what the typed text means.

    Args:
        theme: Its font.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._kind = HEX
        self.setProperty("kind", "flat")
        self.setProperty("menu", "true")
        self.setToolTip(self.tr("What is typed: bytes in hex, text, or a number"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._entries: dict[str, QAction] = {}
        self._fill(QMenu(self))
        # As wide as the longest of its words: nothing moves when another one is chosen.
        metrics = QFontMetrics(theme.ui_font())
        widest = max(metrics.horizontalAdvance(_short_title(kind)) for kind in PATTERN_KINDS)
        self.setFixedWidth(widest + 2 * _PADDING_PX + _MENU_ARROW_PX)
        self.set_kind(HEX)

    def _fill(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        numbers: dict[str, QMenu] = {}
        for kind in PATTERN_KINDS:
            place = menu
            if kind in NUMBER_FORMS:
                title = _number_group(kind)
                if title not in numbers:
                    if not numbers:
                        menu.addSeparator()
                    numbers[title] = menu.addMenu(title)
                place = numbers[title]
            entry = place.addAction(_title(kind))
            entry.setCheckable(True)
            entry.setData(kind)
            group.addAction(entry)
            self._entries[kind] = entry
        group.triggered.connect(self.on_entry_triggered)
        self.setMenu(menu)

    @property
    def kind(self) -> str:
        """One of ``PATTERN_KINDS``."""
        return self._kind

    def set_kind(self, kind: str) -> None:
        """Choose another meaning; what is none is left alone."""
        if kind in self._entries:
            self._kind = kind
            self._entries[kind].setChecked(True)
            self.setText(_short_title(kind))
            self.setAccessibleName(self.tr("Find as: {0}").format(_title(kind)))

    @Slot(QAction)
    def on_entry_triggered(self, entry: QAction) -> None:
        """Another meaning was chosen."""
        self.set_kind(str(entry.data()))
        self.changed.emit()


class HexFindBar(QFrame):
    """A field, what it means, the way from hit to hit, and a line about the search.

    Args:
        theme: Colours, fonts, icons.
        actions: Where the actions on bytes are registered.

    Attributes:
        field: Where one types.
        kind: What that means.
        result: The line below.
    """

    close_clicked = Signal()

    def __init__(self, theme: Theme, actions: ActionRegistry) -> None:
        super().__init__()
        self.setProperty("role", "find")
        self.field = ByteField(theme, self.tr("Find in bytes"))
        self.kind = KindButton(theme)
        self.result = HexLine(theme)
        close = IconButton(theme, "x", self.tr("End the search (Esc)"))
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(self.close_clicked)
        first = QHBoxLayout()
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(2)
        first.addWidget(self.kind)
        first.addWidget(self.field, 1)
        for name in ("find_previous", "find_next"):
            first.addWidget(action_button(actions.qaction(f"hex.{name}")))
        first.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN_PX - 4, 4, _MARGIN_PX - 2, 2)
        column.setSpacing(1)
        column.addLayout(first)
        below = QHBoxLayout()
        below.setContentsMargins(_PADDING_PX, 0, 0, 0)
        below.addWidget(self.result)
        column.addLayout(below)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_hint()

    def show_hint(self) -> None:
        """Say what can be typed, and show it in the empty field."""
        hints = {
            HEX: ("de ad ?? ef", self.tr("Hex digits; ? is any digit.")),
            TEXT: (self.tr("text"), self.tr("Text as UTF-8, case and all.")),
            TEXT_ANY_CASE: (self.tr("text"), self.tr("Text as UTF-8; a is A, too.")),
            UTF16_LE: (self.tr("text"), self.tr("Text as UTF-16, little endian.")),
            UTF16_BE: (self.tr("text"), self.tr("Text as UTF-16, big endian.")),
        }
        kind = self.kind.kind
        number = "1.5" if kind.startswith("f") else "1000, 0x3e8"
        field, line = hints.get(kind, (number, _title(kind)))
        self.field.setPlaceholderText(field)
        self.result.say(line)


def bar_row(*widgets: QWidget) -> QHBoxLayout:
    """A row of a bar; the first of the widgets takes what room there is."""
    row = QHBoxLayout()
    row.setContentsMargins(_MARGIN_PX, 4, _MARGIN_PX - 2, 4)
    row.setSpacing(4)
    for place, widget in enumerate(widgets):
        row.addWidget(widget, 0 if place else 1)
    return row


def _number_group(form: str) -> str:
    words = {"u": _tr("Unsigned integer"), "i": _tr("Signed integer"), "f": _tr("Floating point")}
    return words[form[0]]


def _title(kind: str) -> str:
    words = {
        HEX: _tr("Hex"),
        TEXT: _tr("Text"),
        TEXT_ANY_CASE: _tr("Text in any case"),
        UTF16_LE: _tr("UTF-16, little endian"),
        UTF16_BE: _tr("UTF-16, big endian"),
    }
    if kind in words:
        return words[kind]
    if kind.endswith("le"):
        return _tr("{0}, little endian").format(kind[:-2])
    return _tr("{0}, big endian").format(kind[:-2]) if kind.endswith("be") else kind


def _short_title(kind: str) -> str:
    words = {
        HEX: _tr("Hex"),
        TEXT: _tr("Text"),
        TEXT_ANY_CASE: _tr("Any case"),
        UTF16_LE: _tr("UTF-16 LE"),
        UTF16_BE: _tr("UTF-16 BE"),
    }
    return words.get(kind, kind)


def _tr(text: str) -> str:
    return QCoreApplication.translate("HexFind", text)
