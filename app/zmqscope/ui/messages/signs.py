"""What the table says of itself: in the title strip, over its rows and below them. GUI thread."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages.overlay import EmptyWords, NewRowsPill, NoteStrip
from zmqscope.ui.messages.states import TableState, empty_words, pill_words, state_words
from zmqscope.ui.messages.strip import MessageStrip
from zmqscope.ui.messages.view import MessageView
from zmqscope.ui.theme import Theme


class TableSigns:
    """All places where the reader is told how things stand.

    Args:
        view: The table.
        theme: Colours and fonts.
        actions: What can be done from there.
        panel: Whose table it is.

    Attributes:
        strip: In the panel's title strip.
        pill: Over the rows: how many are new.
        note: Below the rows: what was done, or could not be.
    """

    def __init__(
        self, view: MessageView, theme: Theme, actions: ActionRegistry, panel: QWidget
    ) -> None:
        self.strip = MessageStrip(actions)
        self.pill = NewRowsPill(view)
        self.note = NoteStrip(panel)
        self._empty = EmptyWords(view, theme)
        self._show_all = actions.qaction("messages.show_all")

    def show_state(self, state: TableState) -> None:
        """Say how things stand now."""
        self.strip.set_state(state_words(state))
        self.pill.set_words(pill_words(state))
        self._empty.set_words(*empty_words(state))

    def say_rows_lost(self) -> None:
        """Say that the reader sees other rows now."""
        words = self.note.tr(
            "The messages you were reading are no longer in memory; these are the oldest that are."
        )
        self.note.say(words, warning=True)

    def show_filter(self, only: str | None) -> None:
        """Say which socket is shown alone.

        Args:
            only: Its name; None if all are shown.
        """
        self.strip.set_filter(only or "")
        self._show_all.setEnabled(only is not None)
