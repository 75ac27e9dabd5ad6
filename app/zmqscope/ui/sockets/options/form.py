"""All options of a socket: a search, and the groups. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from zmqscope.core.option_table import OPTIONS, OptionGroup
from zmqscope.core.types import SocketType
from zmqscope.models.format import one_line
from zmqscope.models.sockets.option_drafts import OptionDrafts
from zmqscope.ui.sockets.labels import NoteLabel
from zmqscope.ui.sockets.options.group import OptionGroupView
from zmqscope.ui.sockets.options.row import OptionRow
from zmqscope.ui.theme import Theme

_MAX_TYPED = 60


class OptionSearch(QLineEdit):
    """Where one types what an option is called or does; Esc empties it, Enter goes to the rows."""

    left = Signal()

    def event(self, event: QEvent) -> bool:
        is_esc = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_esc and self.text() and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape if self.text():
                self.clear()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Down:
                self.left.emit()
            case _:
                super().keyPressEvent(event)


class OptionsForm(QWidget):
    """Every option that does something on a type, in groups.

    Args:
        theme: Colours, fonts and icons.
        drafts: Where options are read and written.

    Attributes:
        search: Where one types what is wanted; to be placed above.
    """

    rows_changed = Signal()
    """The tab order has to be made anew."""

    def __init__(self, theme: Theme, drafts: OptionDrafts) -> None:
        super().__init__()
        self._theme = theme
        self._drafts = drafts
        self._kind = SocketType.SUB
        self._schemes: tuple[str, ...] = ()
        self._elsewhere: frozenset[str] = frozenset()
        self.search = OptionSearch()
        self.search.setPlaceholderText(self.tr("Find an option…"))
        self.search.setAccessibleName(self.tr("Find an option"))
        self.search.setToolTip(self.tr("By its name in libzmq, or by what it does"))
        self.search.setClearButtonEnabled(False)
        self._glass = self.search.addAction(
            theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.search.textChanged.connect(self.on_search_text_changed)
        self.search.left.connect(self.on_search_left)
        self._none = NoteLabel()
        self._none.hide()
        self._groups = [OptionGroupView(theme, group, drafts) for group in OptionGroup]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._none)
        for view in self._groups:
            layout.addWidget(view)
            view.rows_changed.connect(self.rows_changed)
        drafts.replaced.connect(self.on_drafts_replaced)
        theme.changed.connect(self.on_theme_changed)
        self._offer()

    def set_context(
        self, kind: SocketType, schemes: tuple[str, ...], elsewhere: frozenset[str] = frozenset()
    ) -> None:
        """What the options are for.

        Args:
            kind: The type of the socket.
            schemes: The transports of its endpoints, as far as they are known.
            elsewhere: Names of options that another part of the form shows.
        """
        if (kind, schemes, elsewhere) != (self._kind, self._schemes, self._elsewhere):
            self._kind, self._schemes, self._elsewhere = kind, schemes, elsewhere
            self._offer()

    def _offer(self) -> None:
        """Options of the type, and those that are set though they do nothing on it."""
        for group, view in zip(OptionGroup, self._groups, strict=True):
            options = tuple(
                option
                for option in OPTIONS
                if option.group is group
                and option.name not in self._elsewhere
                and (self._kind in option.types or self._drafts.text(option.name) is not None)
            )
            view.set_options(options, self._kind, self._schemes)
        self.on_search_text_changed()

    @property
    def rows(self) -> tuple[OptionRow, ...]:
        """The rows in sight."""
        return tuple(row for view in self._groups if not view.isHidden() for row in view.rows)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self.search, *(stop for view in self._groups for stop in view.tab_stops())]

    def focus_option(self, name: str) -> QWidget:
        """Find an option and put the cursor into it; into the search if the type has it not.

        Returns:
            What should be seen then: its row, or the search.
        """
        self.search.setText(name)
        row = next((row for row in self.rows if row.option.name == name), None)
        if row is None:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            return self.search
        row.focus_field()
        return row

    # ---- news -------------------------------------------------------------------------------

    @Slot()
    def on_search_text_changed(self) -> None:
        """Show what is found, or that nothing is."""
        typed = self.search.text().strip()
        found = [view.search(typed) for view in self._groups]
        words = ""
        if not any(found):
            shown = one_line(typed[:_MAX_TYPED])
            words = self.tr("No option of a {0} is called so, or does “{1}”.")
            words = words.format(self._kind.name, shown)
        self._none.set_note(words)

    @Slot()
    def on_search_left(self) -> None:
        """Go to the first row that was found."""
        rows = self.rows
        if rows:
            rows[0].focus_field()

    @Slot()
    def on_drafts_replaced(self) -> None:
        """Some may be set that the type does not have."""
        self._offer()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the icon in the theme's colours."""
        self._glass.setIcon(self._theme.icon("search"))
