"""The menu in which a table's columns are chosen. GUI thread."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMenu, QWidget

from zmqscope.models.peers.rows import TableColumn


def column_menu(
    owner: QWidget,
    columns: Sequence[TableColumn],
    shown: Collection[int],
    without_room: Collection[int],
) -> QMenu:
    """Columns to tick, each with its number as data, and below them the way back.

    Args:
        owner: Owner of the menu, which deletes itself once it is closed.
        columns: All of them.
        shown: Those that can be seen.
        without_room: Those that are wanted, but have given way.
    """
    menu = QMenu(owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    for number, column in enumerate(columns):
        words = _tr("{0} (no room)") if number in without_room else "{0}"
        entry = menu.addAction(words.format(column.title))
        entry.setToolTip(column.help)
        entry.setCheckable(True)
        entry.setChecked(number in shown)
        # The last one stays.
        entry.setEnabled(list(shown) != [number])
        entry.setData(number)
    menu.addSeparator()
    menu.addAction(_tr("Reset columns"))
    return menu


def _tr(text: str) -> str:
    return QCoreApplication.translate("ColumnMenu", text)
