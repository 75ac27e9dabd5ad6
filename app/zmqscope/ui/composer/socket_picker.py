"""The button that says which socket a message is sent from, and offers the others. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from zmqscope.core.types import SocketSnapshot
from zmqscope.models.composer.composer import ComposerModel
from zmqscope.models.format import one_line
from zmqscope.models.sockets.socket_words import type_words
from zmqscope.ui.theme import Theme

_MAX_NAME = 60
_ARROW_PX = 13
_PAD_PX = 6


class SocketPicker(QToolButton):
    """Lists the sockets when pressed.

    Args:
        model: The composer.
        theme: Fonts and colours.
        words: What it says instead of the chosen socket; empty for that one.
        framed: Whether it looks like a field even without words of its own.
        parent: Owner.
    """

    socket_chosen = Signal(object)
    """SocketId."""

    def __init__(
        self,
        model: ComposerModel,
        theme: Theme,
        words: str = "",
        parent: QWidget | None = None,
        *,
        framed: bool = False,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme
        self._words = words
        self._framed = framed or bool(words)
        self._full = words
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self.on_menu_about_to_show)
        self._menu.triggered.connect(self.on_menu_triggered)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        model.socket_changed.connect(self.on_model_socket_changed)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()
        self.on_model_socket_changed()

    @Slot()
    def on_model_socket_changed(self) -> None:
        """Another socket, or another name."""
        socket = self._model.socket
        chosen = _title(socket) if socket is not None else self.tr("no socket")
        self._full = self._words or chosen
        self.setAccessibleName(self.tr("Send from: {0}").format(chosen))
        self.setToolTip(self.tr("The socket that the message is sent from: {0}").format(chosen))
        self._elide()
        self.updateGeometry()

    def _elide(self) -> None:
        room = self.width() - _ARROW_PX - 2 * _PAD_PX
        elided = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideMiddle, room)
        self.setText(elided.replace("&", "&&"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._full)
        return QSize(width + _ARROW_PX + 2 * _PAD_PX + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(64, super().minimumSizeHint().height())

    @Slot()
    def on_menu_about_to_show(self) -> None:
        """List the sockets as they are now."""
        self._menu.clear()
        for socket in self._model.sockets():
            action = self._menu.addAction(_title(socket).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(socket.socket_id == self._model.socket_id)
            action.setEnabled(socket.spec.type.can_send)
            action.setToolTip(type_words(socket.spec.type))
            action.setData(socket.socket_id)
        if self._menu.isEmpty():
            self._menu.addAction(self.tr("There is no socket yet.")).setEnabled(False)

    @Slot(QAction)
    def on_menu_triggered(self, action: QAction) -> None:
        """A socket was chosen."""
        if action.data() is not None:
            self.socket_chosen.emit(action.data())

    @Slot()
    def on_theme_changed(self) -> None:
        """Muted in the header; elsewhere a button as others are."""
        palette = self._theme.palette
        look = f"color: {palette.muted};"
        if self._framed:
            look = f"background: {palette.raised}; border-color: {palette.border};"
        padding = f"padding: 2px {_ARROW_PX + _PAD_PX}px 2px {_PAD_PX}px;"
        self.setStyleSheet(f"QToolButton {{ {look} {padding} }}")


def _title(socket: SocketSnapshot) -> str:
    name = one_line(socket.name)
    if len(name) > _MAX_NAME:
        name = f"{name[: _MAX_NAME - 1]}…"
    return f"{name} ({socket.spec.type.name})"
