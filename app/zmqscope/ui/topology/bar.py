"""The topology's controls, for the right end of its title strip. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.theme import Theme

_ICON_PX = 14
_BUTTONS = ("zoom_out", "zoom_in", "fit", "arrange", "export")


class TopologyBar(QWidget):
    """``6 sockets · 12 peers   − + fit anew export``; the count gives way first.

    Args:
        theme: Fonts.
        actions: What the buttons do.
    """

    def __init__(self, theme: Theme, actions: ActionRegistry) -> None:
        super().__init__()
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        self._count.setFont(theme.data_font(size_px=11.0))
        self._buttons = [_button(actions.qaction(f"view.topology.{name}")) for name in _BUTTONS]
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(1)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        row.addStretch(1)
        row.addWidget(self._count)
        row.addSpacing(8)
        for button in self._buttons:
            row.addWidget(button)

    def sizeHint(self) -> QSize:
        return QSize(self._needed_px(with_count=True), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._needed_px(with_count=False), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _needed_px(self, *, with_count: bool) -> int:
        buttons = sum(button.sizeHint().width() + 1 for button in self._buttons)
        return buttons + 14 + (self._count.sizeHint().width() if with_count else 0)

    def _fit(self) -> None:
        self._count.setVisible(self._needed_px(with_count=True) <= self.width())

    def set_count(self, words: str) -> None:
        """Say how much there is to be seen."""
        if words != self._count.text():
            self._count.setText(words)
            self.updateGeometry()
            self._fit()


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "quiet")
    button.setIconSize(QSize(_ICON_PX, _ICON_PX))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setDefaultAction(action)
    button.setAccessibleName(action.text())
    return button
