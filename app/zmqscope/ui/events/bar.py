"""The filter above the list of events: words, socket, kinds, severity. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QWidget,
)

from zmqscope.core.events import EventKind
from zmqscope.core.types import Severity, SocketId
from zmqscope.models.events.filter import FIRST_KINDS, EventFilter, words_of
from zmqscope.models.format import one_line
from zmqscope.ui.events.kinds import KindChoice
from zmqscope.ui.filter_field import FilterField
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.quiet_button import QuietButton
from zmqscope.ui.theme import Theme

_FIELD_PX, _NARROW_PX = 260, 96
_NAME_CHARS = 16
_SPACING_PX = 4


class EventBar(QFrame):
    """``[Find event…]  all sockets ▾  Notices Peers Doctor Access libzmq  any severity ▾``.

    Where there is no room for the kinds, a menu has them.

    Args:
        theme: Icons and fonts.

    Attributes:
        field: Where one types.
    """

    changed = Signal(object)
    """EventFilter: what is to be shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._filter = EventFilter()
        self._selected: SocketId | None = None
        self._selected_name = ""
        self.setProperty("role", "find")
        self.field = FilterField(theme, _NARROW_PX, _FIELD_PX)
        self.field.set_words(
            self.tr("Find event…"),
            self.tr("Show only events with these words in text, socket or address (Esc shows all)"),
        )
        self._socket = self._choice(self.tr("Events of"))
        self._socket_menu, self._sockets = self._menu(
            (self.tr("all sockets"), self.tr("the selected socket")), self.on_sockets_triggered
        )
        self._kinds = KindChoice(self)
        self._kind_button = self._choice(self.tr("Kinds of events"))
        self._kind_button.setText(self.tr("kinds"))
        self._severity = self._choice(self.tr("Severity"))
        self._severity_menu, self._severities = self._menu(
            (self.tr("any severity"), self.tr("warnings and errors"), self.tr("errors")),
            self.on_severities_triggered,
        )
        self._reset = IconButton(theme, "rotate-ccw", self.tr("Filter as at first"))
        self._lay_out()
        self._connect()
        self._show_words()
        # It makes do with any width: the panel is not made wider for it.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    # ---- parts ------------------------------------------------------------------------------

    def _choice(self, name: str) -> QuietButton:
        button = QuietButton(self._theme, self._theme.ui_font())
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.set_chevron()
        return button

    def _menu(self, words: Iterable[str], triggered: object) -> tuple[QMenu, list[QAction]]:
        menu = QMenu(self)
        group = QActionGroup(menu)
        actions = [menu.addAction(word) for word in words]
        for action in actions:
            action.setCheckable(True)
            group.addAction(action)
        actions[0].setChecked(True)
        group.triggered.connect(triggered)
        return menu, actions

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 6, 3)
        row.setSpacing(_SPACING_PX)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        row.addWidget(self.field, 8)
        row.addWidget(self._socket)
        for chip in self._kinds.chips:
            row.addWidget(chip)
        row.addWidget(self._kind_button)
        row.addWidget(self._severity)
        row.addWidget(self._reset)
        row.addStretch(1)

    def _connect(self) -> None:
        self.field.textChanged.connect(self.on_field_text_changed)
        self._socket.clicked.connect(self.on_socket_clicked)
        self._kind_button.clicked.connect(self.on_kind_button_clicked)
        self._kinds.changed.connect(self.on_kinds_changed)
        self._severity.clicked.connect(self.on_severity_clicked)
        self._reset.clicked.connect(self.reset)

    # ---- how much of it there is room for -----------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROW_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        chips: list[QWidget] = [*self._kinds.chips]
        others: list[QWidget] = [self._socket, self._severity, self._reset]
        needed = [w.sizeHint().width() + _SPACING_PX for w in (*chips, *others)]
        has_room = sum(needed) + _NARROW_PX + 14 <= self.width()
        for chip in chips:
            chip.setVisible(has_room)
        self._kind_button.setVisible(not has_room)
        few = [self._socket, self._kind_button, self._severity]
        left = self.width() - _NARROW_PX - 14
        for widget in few:
            left -= widget.sizeHint().width() + _SPACING_PX
        self._severity.setVisible(has_room or left >= 0)

    # ---- what it shows ----------------------------------------------------------------------

    @property
    def filter(self) -> EventFilter:
        """What is to be shown now."""
        return self._filter

    def set_selected(self, socket_id: SocketId | None, name: str) -> None:
        """Say which socket is the selected one.

        Args:
            socket_id: The socket; None if none is.
            name: What it is called.
        """
        self._selected, self._selected_name = socket_id, name
        self._sockets[1].setEnabled(socket_id is not None)
        if self._sockets[1].isChecked():
            self._take(replace(self._filter, socket_id=socket_id))

    def reset(self) -> None:
        """Filter as at first."""
        self.field.clear()
        self._sockets[0].setChecked(True)
        self._severities[0].setChecked(True)
        self._kinds.reset()
        self._take(EventFilter())

    def allow(self, kind: EventKind) -> None:
        """Show this kind, too."""
        self._kinds.allow(kind)

    def _take(self, wanted: EventFilter) -> None:
        is_other = wanted != self._filter
        self._filter = wanted
        self._show_words()
        if is_other:
            self.changed.emit(wanted)

    def _show_words(self) -> None:
        name = one_line(self._selected_name)
        if len(name) > _NAME_CHARS:
            name = f"{name[: _NAME_CHARS - 1]}…"
        is_one = self._sockets[1].isChecked()
        self._socket.setText(name if is_one and name else self._sockets[0].text())
        self._socket.set_token("accent" if is_one else "muted")
        chosen = next(action for action in self._severities if action.isChecked())
        self._severity.setText(chosen.text())
        self._severity.set_token("muted" if chosen is self._severities[0] else "accent")
        is_first = self._filter.kinds == FIRST_KINDS
        self._kind_button.set_token("muted" if is_first else "accent")
        self._reset.setEnabled(not self._filter.is_first)
        for button in (self._socket, self._severity):
            button.updateGeometry()
        self._fit()

    # ---- slots ------------------------------------------------------------------------------

    @Slot(str)
    def on_field_text_changed(self, typed: str) -> None:
        """Other words are wanted."""
        self._take(replace(self._filter, words=words_of(typed)))

    @Slot()
    def on_socket_clicked(self) -> None:
        """Offer the selected socket, or all."""
        self._socket_menu.popup(self._socket.below)

    @Slot()
    def on_kind_button_clicked(self) -> None:
        """Offer the kinds."""
        self._kinds.menu.popup(self._kind_button.below)

    @Slot()
    def on_severity_clicked(self) -> None:
        """Offer the severities."""
        self._severity_menu.popup(self._severity.below)

    @Slot()
    def on_sockets_triggered(self) -> None:
        """The selected socket's events are wanted, or those of all."""
        socket_id = self._selected if self._sockets[1].isChecked() else None
        self._take(replace(self._filter, socket_id=socket_id))

    @Slot()
    def on_kinds_changed(self) -> None:
        """Other kinds are wanted."""
        self._take(replace(self._filter, kinds=self._kinds.kinds))

    @Slot()
    def on_severities_triggered(self) -> None:
        """Another severity is wanted."""
        chosen = next(n for n, action in enumerate(self._severities) if action.isChecked())
        self._take(replace(self._filter, least=Severity(chosen)))
