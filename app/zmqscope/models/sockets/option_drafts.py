"""The options of a form as they are typed, by name; several views show and change them. GUI."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from zmqscope.core.types import Problem
from zmqscope.models.sockets.spec_draft import OptionDraft


class OptionDrafts(QObject):
    """Name and text of each option that is set, in the order in which they were.

    Args:
        parent: Owner.
    """

    edited = Signal(str)
    """Name of an option that was set, changed or left to its default."""
    replaced = Signal()
    """All of them are other ones."""
    judged = Signal()
    """It was said what is wrong with them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts: dict[str, str] = {}
        self._problems: dict[str, Problem] = {}

    def drafts(self) -> tuple[OptionDraft, ...]:
        """All that are set."""
        return tuple(OptionDraft(name, text) for name, text in self._texts.items())

    def set_drafts(self, drafts: tuple[OptionDraft, ...]) -> None:
        """Other ones; the same ones are left alone."""
        if drafts == self.drafts():
            return
        self._texts = {draft.name: draft.value for draft in drafts}
        self._problems = {}
        self.replaced.emit()

    def text(self, name: str) -> str | None:
        """What is typed for an option; None while it is left to its default."""
        return self._texts.get(name)

    def set_text(self, name: str, text: str | None) -> None:
        """Set an option, or leave it to its default."""
        if text == self._texts.get(name):
            return
        if text is None:
            del self._texts[name]
            self._problems.pop(name, None)
        else:
            self._texts[name] = text
        self.edited.emit(name)

    def problem(self, name: str) -> Problem | None:
        """What is wrong with what is typed for an option."""
        return self._problems.get(name)

    def set_problems(self, by_index: Mapping[int, Problem]) -> None:
        """Say what is wrong.

        Args:
            by_index: Problems, by place in ``drafts()``.
        """
        names = tuple(self._texts)
        self._problems = {names[index]: problem for index, problem in by_index.items()}
        self.judged.emit()
