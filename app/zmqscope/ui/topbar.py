"""The bar along the top of the window: name, menus, the few buttons always at hand. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QMenuBar,
    QPushButton,
    QSizePolicy,
    QWidget,
)
from shiboken6 import isValid

from zmqscope.ui.actions import MENUS, SUBMENUS, ActionRegistry
from zmqscope.ui.key_menu import KeyMenu
from zmqscope.ui.theme import Theme

_HEIGHT_PX = 44
_LAST_ENTRY = "file.quit"


class TopBar(QWidget):
    """Fills its menus and wakes its buttons as actions are registered.

    Args:
        theme: Colours, fonts, icons.
        actions: What menus and buttons do.
    """

    def __init__(self, theme: Theme, actions: ActionRegistry) -> None:
        super().__init__()
        self._theme = theme
        self._actions = actions
        self.setProperty("role", "topbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(_HEIGHT_PX)
        self.menu_bar = QMenuBar()
        self.menu_bar.setNativeMenuBar(False)
        self.menus = {name: self._add_menu(name, self.menu_bar) for name in MENUS}
        # Shown once they have entries, and then below the entries of the menu around them.
        self.menus |= {name: self._add_menu(name, self.menus[of]) for name, of in SUBMENUS.items()}
        self._buttons = {
            "socket.new": ActionButton(theme, self.tr("Socket"), "plus", primary=True),
            "send.generate": ActionButton(theme, self.tr("Generator"), "gauge"),
            "messages.pause": ActionButton(theme, self.tr("Pause view"), "pause"),
            "view.palette": ActionButton(theme, "Ctrl K", ""),
            "view.theme": ActionButton(theme, "", "sun-moon"),
        }
        self._buttons["messages.pause"].set_checked_look(self.tr("Paused"), "play")
        self._lay_out()
        for action in actions.actions():
            self.on_actions_added(action.id)
        actions.added.connect(self.on_actions_added)

    def _add_menu(self, name: str, around: QMenuBar | QMenu) -> QMenu:
        menu = KeyMenu(self)
        menu.setTitle(_menu_title(name).replace("&", ""))
        around.addMenu(menu)
        menu.setToolTipsVisible(True)
        menu.menuAction().setVisible(False)
        menu.aboutToHide.connect(self.on_menu_about_to_hide)
        return menu

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 10, 1)
        row.setSpacing(8)
        name = QLabel("ZMQ Scope")
        name.setFont(self._theme.ui_font(QFont.Weight.DemiBold, 13.5))
        row.addWidget(Mark(self._theme))
        row.addWidget(name)
        row.addSpacing(4)
        self.menu_bar.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        row.addWidget(self.menu_bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        for button in self._buttons.values():
            row.addWidget(button)

    @Slot()
    def on_menu_about_to_hide(self) -> None:
        """The release of Alt went to the open menu."""
        self._show_letters(False)

    def _show_letters(self, wanted: bool) -> None:
        for name, menu in self.menus.items():
            if not isValid(menu):
                return  # on the way out, the menus are gone before this bar
            title = _menu_title(name)
            menu.setTitle(title if wanted else title.replace("&", ""))

    @Slot(str)
    def on_actions_added(self, action_id: str) -> None:
        """Give the action its menu entry, and its button if it has one."""
        menu = self.menus[self._actions.action(action_id).menu]
        qaction = self._actions.qaction(action_id)
        entries = menu.actions()
        # Menus inside this one stay at its end.
        below = next((entry for entry in entries if entry.menu() is not None), None)
        own = entries if below is None else entries[: entries.index(below)]
        last = own[-1] if own else None
        if last is not None and last.objectName() == _LAST_ENTRY:
            menu.insertAction(last, qaction)
        else:
            # A group of ids ("view.panel", "view") is a group of entries.
            if last is not None and (
                _group(last.objectName()) != _group(action_id) or action_id == _LAST_ENTRY
            ):
                _insert(menu, below, _separator(menu))
            _insert(menu, below, qaction)
        menu.menuAction().setVisible(True)
        if action_id in self._buttons:
            self._buttons[action_id].set_action(self._actions.qaction(action_id))

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The letters of the menus are underlined while Alt is held, and only then.
        if event.type() == QEvent.Type.WindowDeactivate:
            self._show_letters(False)
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Alt:
            self._show_letters(event.type() == QEvent.Type.KeyPress)
        return False


def _group(action_id: str) -> str:
    return action_id.rpartition(".")[0]


def _menu_title(name: str) -> str:
    return {
        "File": QCoreApplication.translate("Menus", "&File"),
        "Socket": QCoreApplication.translate("Menus", "&Socket"),
        "Messages": QCoreApplication.translate("Menus", "&Messages"),
        "Inspect": QCoreApplication.translate("Menus", "&Inspect"),
        "Bytes": QCoreApplication.translate("Menus", "&Bytes"),
        "Compare": QCoreApplication.translate("Menus", "&Compare"),
        "Plot": QCoreApplication.translate("Menus", "&Plot"),
        "Send": QCoreApplication.translate("Menus", "Se&nd"),
        "View": QCoreApplication.translate("Menus", "&View"),
        "Help": QCoreApplication.translate("Menus", "&Help"),
    }[name]


def _separator(menu: QMenu) -> QAction:
    action = QAction(menu)
    action.setSeparator(True)
    return action


def _insert(menu: QMenu, before: QAction | None, action: QAction) -> None:
    if before is None:
        menu.addAction(action)
    else:
        menu.insertAction(before, action)


class ActionButton(QPushButton):
    """A button that does what a QAction does, once it has one; its width never changes.

    Args:
        theme: Where the icon comes from.
        text: What it says.
        icon: An icon of the set, or empty.
        primary: Whether it is the one thing to do first.
    """

    def __init__(self, theme: Theme, text: str, icon: str, primary: bool = False) -> None:
        super().__init__(text)
        self._theme = theme
        self._looks = {False: (text, icon), True: (text, icon)}
        self._primary = primary
        self._action: QAction | None = None
        if primary:
            self.setProperty("kind", "primary")
        self.setIconSize(QSize(14, 14))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(text)
        self.setEnabled(False)
        self._dress()
        theme.changed.connect(self.on_theme_changed)

    def set_checked_look(self, text: str, icon: str) -> None:
        """What it says while the action is on."""
        self._looks[True] = (text, icon)

    def set_action(self, action: QAction) -> None:
        """Do from now on what this action does."""
        self._action = action
        self.setCheckable(action.isCheckable())
        self.setToolTip(action.toolTip())
        self.setAccessibleName(action.text())
        action.changed.connect(self.on_action_changed)
        self.clicked.connect(action.trigger)
        self.on_action_changed()

    @Slot()
    def on_action_changed(self) -> None:
        """Follow the action's state."""
        if self._action is not None:
            self.setEnabled(self._action.isEnabled())
            self.setChecked(self._action.isChecked())
            self._dress()

    @Slot()
    def on_theme_changed(self) -> None:
        """Draw the icon in the new colours."""
        self._dress()

    def _dress(self) -> None:
        text, icon = self._looks[self.isChecked()]
        self.setText(text)
        if icon:
            self.setIcon(self._theme.icon(icon, self._icon_token()))

    def _icon_token(self) -> str:
        if self._primary:
            return self._theme.on_accent_token
        return "text"

    def sizeHint(self) -> QSize:
        """Room for either look."""
        hint = super().sizeHint()
        metrics = self.fontMetrics()
        widths = [metrics.horizontalAdvance(text) for text, _ in self._looks.values()]
        return QSize(hint.width() + max(widths) - widths[int(self.isChecked())], hint.height())


class Mark(QWidget):
    """The app's mark: a ring with a dot.

    Args:
        theme: Its colour.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(16, 16)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("text"), 1.4))
        painter.drawEllipse(QRectF(1.7, 1.7, 12.6, 12.6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("text"))
        painter.drawEllipse(QRectF(4.2, 4.2, 7.6, 7.6))
