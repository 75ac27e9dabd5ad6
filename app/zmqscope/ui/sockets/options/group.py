"""A group of options: a title that opens and closes, and the rows. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from zmqscope.core.option_table import Option, OptionGroup
from zmqscope.core.types import SocketType
from zmqscope.models.sockets.option_drafts import OptionDrafts
from zmqscope.models.sockets.option_words import changed_words, group_title, is_found, scope_words
from zmqscope.ui.sockets.options.row import OptionRow
from zmqscope.ui.theme import Theme


class OptionGroupView(QWidget):
    """While it is closed, only what is set is shown; a search opens it for what it finds.

    Rows are made when they are first shown: there are many options, and few are wanted.

    Args:
        theme: Colours, fonts and icons.
        group: Which.
        drafts: Where options are read and written.
    """

    rows_changed = Signal()
    """Other rows are shown: the tab order has to be made anew."""

    def __init__(self, theme: Theme, group: OptionGroup, drafts: OptionDrafts) -> None:
        super().__init__()
        self._theme = theme
        self._group = group
        self._drafts = drafts
        self._options: tuple[Option, ...] = ()
        self._kind = SocketType.SUB
        self._schemes: tuple[str, ...] = ()
        self._typed = ""
        self._rows: dict[str, OptionRow] = {}
        self._shown: tuple[str, ...] = ()
        self._title = QToolButton()
        self._title.setCheckable(True)
        self._title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._title.setIconSize(QSize(12, 12))
        self._title.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._title.setStyleSheet(
            "QToolButton { padding: 3px 6px 3px 0; }"
            "QToolButton:checked { background: transparent; border-color: transparent; }"
            "QToolButton:checked:focus { border-color: palette(highlight); }"
        )
        self._title.toggled.connect(self.on_title_toggled)
        self._body = QWidget()
        self._layout = QVBoxLayout(self._body)
        outer = QVBoxLayout(self)
        for column in (self._layout, outer):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
        outer.addWidget(self._title)
        outer.addWidget(self._body)
        drafts.edited.connect(self.on_drafts_edited)
        drafts.replaced.connect(self.on_drafts_replaced)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    # ---- what is shown ----------------------------------------------------------------------

    def set_options(
        self, options: tuple[Option, ...], kind: SocketType, schemes: tuple[str, ...]
    ) -> None:
        """Offer these options of a type with endpoints over these transports."""
        if (options, kind, schemes) == (self._options, self._kind, self._schemes):
            return
        self._options, self._kind, self._schemes = options, kind, schemes
        self._show_rows()

    def search(self, typed: str) -> bool:
        """Show what a search finds; whether it finds anything here."""
        if typed != self._typed:
            self._typed = typed
            self._show_rows()
        found = any(is_found(option, typed) for option in self._options)
        self.setVisible(bool(self._options) and found)
        return found

    @property
    def rows(self) -> tuple[OptionRow, ...]:
        """The rows in sight."""
        return tuple(self._rows[name] for name in self._shown)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self._title, *(stop for row in self.rows for stop in row.tab_stops())]

    def _wanted(self, kept: tuple[str, ...]) -> tuple[str, ...]:
        names = []
        for option in self._options:
            if self._typed:
                wanted = is_found(option, self._typed)
            else:
                is_set = self._drafts.text(option.name) is not None
                wanted = self._title.isChecked() or is_set or option.name in kept
            if wanted:
                names.append(option.name)
        return tuple(names)

    def _show_rows(self, kept: tuple[str, ...] = ()) -> None:
        """Show the rows that are wanted.

        Args:
            kept: Names of rows that stay though nothing is set in them.
        """
        wanted = self._wanted(kept)
        options = {option.name: option for option in self._options}
        if wanted != self._shown:
            # Hidden meanwhile: each row that appears in sight would have all laid out anew.
            self._body.hide()
            for name in self._shown:
                self._layout.removeWidget(self._rows[name])
                self._rows[name].setVisible(name in wanted)
            for name in wanted:
                if name not in self._rows:
                    self._rows[name] = OptionRow(self._theme, options[name], self._drafts)
                self._layout.addWidget(self._rows[name])
                self._rows[name].show()
            self._body.setVisible(bool(wanted))
            self._shown = wanted
            self.rows_changed.emit()
        for name in wanted:
            self._rows[name].set_scope(scope_words(options[name], self._kind, self._schemes))
        self._show_title()

    def _show_title(self) -> None:
        count = sum(self._drafts.text(option.name) is not None for option in self._options)
        title, changed = group_title(self._group), changed_words(count)
        self._title.setText(f"{title} · {changed}" if changed else title)
        is_open = self._title.isChecked()
        chevron = "chevron-down" if is_open or self._typed else "chevron-right"
        self._title.setIcon(self._theme.icon(chevron))
        state = self.tr("open") if is_open else self.tr("closed")
        self._title.setAccessibleName(f"{self._title.text()}, {state}")
        close, open_ = self.tr("Show only what is set"), self.tr("Show the whole group")
        self._title.setToolTip(close if is_open else open_)

    # ---- news -------------------------------------------------------------------------------

    @Slot(bool)
    def on_title_toggled(self, _is_open: bool) -> None:
        """Open or close."""
        self._show_rows()

    @Slot(str)
    def on_drafts_edited(self, _name: str) -> None:
        """A row that is back at its default stays while one may still type in it."""
        self._show_rows(kept=self._shown)

    @Slot()
    def on_drafts_replaced(self) -> None:
        """Other options are set."""
        self._show_rows()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's font and icon."""
        self._title.setFont(self._theme.ui_font(QFont.Weight.DemiBold))
        self._show_title()
