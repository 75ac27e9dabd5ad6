"""One option: name, value, unit, default, meaning, and a way back to the default. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from zmqscope.core.option_table import Option
from zmqscope.models.sockets.option_drafts import OptionDrafts
from zmqscope.models.sockets.option_words import default_words, meaning_words
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.sockets.labels import DataLabel, NoteLabel, ProblemLabel
from zmqscope.ui.sockets.options.fields import field_for, takes_the_width
from zmqscope.ui.theme import Theme

_NAME_PX = 146
_LEFT = 10
_MARK_PX = 2
_WIDE_PX = 480


class OptionRow(QWidget):
    """Shows an option of a form and changes it; what is set has a mark at its left.

    Args:
        theme: Colours, fonts and icons.
        option: Which.
        drafts: Where it is read and written.
    """

    def __init__(self, theme: Theme, option: Option, drafts: OptionDrafts) -> None:
        super().__init__()
        self._theme = theme
        self._option = option
        self._drafts = drafts
        self._scope = ""
        self._name = DataLabel(theme)
        self._name.set_text(option.name)
        self._name.setFixedWidth(_NAME_PX)
        self._field = field_for(theme, option)
        self._default = QLabel(default_words(option))
        self._default.setProperty("tone", "muted")
        # The row may become too narrow for it: it is then in the note.
        self._default.setMinimumWidth(1)
        self._reset = IconButton(
            theme, "rotate-ccw", self.tr("Back to the default of {0}").format(option.name)
        )
        policy = self._reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(policy)
        self._note = NoteLabel()
        self._problem = ProblemLabel()
        self._lay_out()
        self._field.edited.connect(self.on_field_edited)
        self._reset.clicked.connect(self.on_reset_clicked)
        drafts.edited.connect(self.on_drafts_edited)
        drafts.replaced.connect(self.on_drafts_replaced)
        drafts.judged.connect(self.on_drafts_judged)
        theme.changed.connect(self.update)
        self.on_drafts_replaced()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self._name)
        line.addWidget(self._field, int(takes_the_width(self._field)))
        if self._option.unit:
            unit = QLabel(self._option.unit)
            unit.setProperty("tone", "muted")
            line.addWidget(unit)
        if not takes_the_width(self._field):
            line.addStretch(1)
        line.addWidget(self._default)
        line.addWidget(self._reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(_LEFT, 2, 0, 4)
        column.setSpacing(1)
        column.addLayout(line)
        column.addWidget(self._note)
        column.addWidget(self._problem)

    @property
    def option(self) -> Option:
        """What it shows."""
        return self._option

    @property
    def is_set(self) -> bool:
        """Whether the option is not left to its default."""
        return self._drafts.text(self._option.name) is not None

    def set_scope(self, words: str) -> None:
        """Say where the option does nothing; empty for nowhere."""
        self._scope = words
        self._show_note()

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [*self._field.tab_stops(), self._reset]

    def focus_field(self) -> None:
        """Put the cursor where one types."""
        self._field.tab_stops()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what it shows ----------------------------------------------------------------------

    def _show_state(self) -> None:
        self._reset.setVisible(self.is_set)
        self._name.set_token("accent" if self.is_set else "text")
        words = (self.tr("set") if self.is_set else "", default_words(self._option))
        self._name.setAccessibleDescription(", ".join(filter(None, words)))
        self._show_note()
        self.update()

    def _show_note(self) -> None:
        """The meaning; of what is set the default too, where there is no room beside it.

        What is not set has its default in its field.
        """
        is_wide = self.width() >= _WIDE_PX and not takes_the_width(self._field)
        words = default_words(self._option) if self.is_set else ""
        self._default.setVisible(is_wide and bool(words))
        default = f"{words[:1].upper()}{words[1:]}." if words and not is_wide else ""
        parts = (meaning_words(self._option), default, self._scope)
        self._note.set_note(" ".join(part for part in parts if part))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_note()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_set:
            painter = QPainter(self)
            painter.fillRect(0, 4, _MARK_PX, self.height() - 8, self._theme.color("accent"))

    # ---- changes ----------------------------------------------------------------------------

    @Slot(object)
    def on_field_edited(self, text: str | None) -> None:
        """A person typed or chose."""
        self._drafts.set_text(self._option.name, text)

    @Slot()
    def on_reset_clicked(self) -> None:
        """Back to the default; the cursor stays here."""
        self._drafts.set_text(self._option.name, None)
        self.focus_field()

    @Slot(str)
    def on_drafts_edited(self, name: str) -> None:
        """This option or another was changed, here or elsewhere."""
        if name == self._option.name:
            self.on_drafts_replaced()

    @Slot()
    def on_drafts_replaced(self) -> None:
        """Show what is set now."""
        self._field.show_text(self._drafts.text(self._option.name))
        self._show_state()
        self.on_drafts_judged()

    @Slot()
    def on_drafts_judged(self) -> None:
        """Show what is wrong with it."""
        problem = self._drafts.problem(self._option.name)
        self._problem.set_problem(problem)
        self._field.mark(problem is not None)
