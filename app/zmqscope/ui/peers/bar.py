"""The peers panel's controls, for the right end of its title strip. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QWidget

from zmqscope.ui.filter_field import FilterField
from zmqscope.ui.quiet_button import QuietButton
from zmqscope.ui.theme import Theme

_FIELD_PX, _NARROW_PX = 190, 84
_SPACING_PX = 8


class SwitchButton(QuietButton):
    """One of two things, with a menu that offers both; an action is what it stands for.

    Args:
        theme: Colours and icons.
        action: Checkable; on for the second.
        words: What the two are called, first that of "off".
        name: What a screen reader calls the choice.
    """

    def __init__(self, theme: Theme, action: QAction, words: tuple[str, str], name: str) -> None:
        super().__init__(theme, theme.ui_font())
        self._action = action
        self._words = words
        self._name = name
        self.set_chevron()
        self.setToolTip(action.toolTip())
        self._menu = QMenu(self)
        self._group = QActionGroup(self._menu)
        for word in words:
            entry = self._menu.addAction(word[:1].upper() + word[1:])
            entry.setCheckable(True)
            self._group.addAction(entry)
        self._menu.triggered.connect(self.on_menu_triggered)
        self.clicked.connect(self.on_clicked)
        action.toggled.connect(self.on_action_toggled)
        self.on_action_toggled(action.isChecked())

    @Slot(bool)
    def on_action_toggled(self, on: bool) -> None:
        """Say which it is."""
        self.setText(self._words[on])
        self.setAccessibleName(f"{self._name}: {self._words[on]}")
        self._group.actions()[int(on)].setChecked(True)
        self.update()

    @Slot()
    def on_clicked(self) -> None:
        """Offer both."""
        self._menu.popup(self.below)

    @Slot(QAction)
    def on_menu_triggered(self, entry: QAction) -> None:
        """One was chosen."""
        if (entry is self._group.actions()[1]) != self._action.isChecked():
            self._action.trigger()


class PeersBar(QWidget):
    """``12 peers   [Find peer…]   peers ▾   all sockets ▾``.

    Where there is no room for all of it, the count gives way first, then the choices, which the
    View menu has too.

    Args:
        theme: Icons and fonts.
        subscriptions: The action that shows subscriptions instead of peers.
        scope: The action that shows the selected socket alone.

    Attributes:
        field: Where one types.
    """

    def __init__(self, theme: Theme, subscriptions: QAction, scope: QAction) -> None:
        super().__init__()
        self.field = FilterField(theme, _NARROW_PX, _FIELD_PX)
        self.field.setFont(theme.data_font())
        self._what = SwitchButton(
            theme, subscriptions, (self.tr("peers"), self.tr("subscriptions")), self.tr("Shown")
        )
        self._scope = SwitchButton(
            theme, scope, (self.tr("all sockets"), self.tr("selected socket")), self.tr("Of")
        )
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        self._count.setFont(theme.data_font(size_px=11.0))
        self._lay_out()
        subscriptions.toggled.connect(self.on_subscriptions_toggled)
        self.on_subscriptions_toggled(subscriptions.isChecked())

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(_SPACING_PX)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        row.addStretch(1)
        row.addWidget(self._count)
        row.addWidget(self.field, 8)
        row.addWidget(self._what)
        row.addWidget(self._scope)

    # ---- how much of it there is room for -----------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(self._needed_px(_FIELD_PX, 0), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROW_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @property
    def _give_way(self) -> tuple[QWidget, ...]:
        return (self._count, self._scope, self._what)

    def _needed_px(self, field_px: int, gone: int) -> int:
        widths = [one.sizeHint().width() + _SPACING_PX for one in self._give_way[gone:]]
        return field_px + sum(widths) + 4

    def _fit(self) -> None:
        most = len(self._give_way)
        gone = next(
            (n for n in range(most) if self._needed_px(_NARROW_PX, n) <= self.width()), most
        )
        for number, widget in enumerate(self._give_way):
            widget.setVisible(number >= gone)

    # ---- what it shows ----------------------------------------------------------------------

    def set_count(self, words: str) -> None:
        """Say how many there are."""
        if words != self._count.text():
            self._count.setText(words)
            self.updateGeometry()
            self._fit()

    @Slot(bool)
    def on_subscriptions_toggled(self, on: bool) -> None:
        """Say what the field looks for."""
        self.field.set_words(
            self.tr("Find topic…") if on else self.tr("Find peer…"),
            self.tr("Show only topics that contain this (Esc shows all again)")
            if on
            else self.tr(
                "Show only peers that contain this: socket, address, process, command line, type, "
                "identity, mechanism or user (Esc shows all again)"
            ),
        )
