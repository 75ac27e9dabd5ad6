"""Searches while one types, and goes from hit to hit: the slots behind the find bar. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from zmqscope.core.search.query import Query
from zmqscope.core.types import Problem
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat, check_frame
from zmqscope.models.messages.find_marks import mark_finder
from zmqscope.models.messages.table import MessageTableModel
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages.action_list import find_actions
from zmqscope.ui.messages.find_bar import FindBar
from zmqscope.ui.messages.find_words import FindState, result_words
from zmqscope.ui.messages.hit_steps import HitSteps, Step
from zmqscope.ui.messages.places import TablePlaces
from zmqscope.ui.messages.view import MessageView
from zmqscope.ui.theme import Theme

_TYPING_MS = 120


class MessageFinder(QObject):
    """Registers the search's actions and carries them out.

    Args:
        model: The table's model, with the hits.
        view: The table.
        places: Goes to its rows.
        theme: For the bar.
        actions: Where the actions go.
        panel: Owner; the key that ends the search works anywhere in it.

    Attributes:
        bar: The find bar, hidden at first.
    """

    query_changed = Signal(object)
    """Query: what to search for from now on."""
    only_hits_changed = Signal(bool)
    """Whether hits are to be shown alone."""

    def __init__(
        self,
        model: MessageTableModel,
        view: MessageView,
        places: TablePlaces,
        theme: Theme,
        actions: ActionRegistry,
        panel: QWidget,
    ) -> None:
        super().__init__(panel)
        self._model = model
        self._view = view
        self._steps = HitSteps(model, view, places)
        self._actions = actions
        self._problem: Problem | None = None
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.on_typing_timeout)
        self._register(panel)
        self.bar = FindBar(theme, actions)
        self.bar.hide()
        self.bar.field.textEdited.connect(self.on_field_edited)
        self.bar.direction_changed.connect(self.on_choice)
        self.bar.field.next_wanted.connect(self.on_find_next)
        self.bar.field.previous_wanted.connect(self.on_find_previous)

    def _register(self, panel: QWidget) -> None:
        callbacks: dict[str, Callable[..., object]] = {
            "messages.find": self.on_find,
            "messages.find_next": self.on_find_next,
            "messages.find_previous": self.on_find_previous,
            "messages.only_hits": self.on_only_hits,
            "messages.find_close": self.on_find_close,
        }
        for action in find_actions():
            self._actions.add(action, callbacks.get(action.id, self.on_choice))
        close = self._actions.qaction("messages.find_close")
        # Escape belongs to other widgets, too, and to the table while nothing is searched for.
        close.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        close.setEnabled(False)
        panel.addAction(close)

    # ---- opening and closing ----------------------------------------------------------------

    @Slot()
    def on_find(self) -> None:
        """Open the bar, or go to it."""
        self._open()
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.selectAll()

    def find_first_frame(self, frame: bytes) -> None:
        """Show only messages whose first frame begins so, such as those of a routing id."""
        self._open()
        for name in ("find_hex", "find_topic", "only_hits"):
            action = self._actions.qaction(f"messages.{name}")
            if not action.isChecked():
                action.trigger()
        self.bar.field.setText(frame.hex(" "))
        self._search()

    def _open(self) -> None:
        if self.bar.isHidden():
            self.bar.show()
            self._actions.qaction("messages.find_close").setEnabled(True)
            self._show_result()

    @Slot()
    def on_find_close(self) -> None:
        """End the search and go back to the table."""
        self.bar.field.clear()
        self._search()
        self._actions.qaction("messages.find_close").setEnabled(False)
        self.bar.hide()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what to search for -----------------------------------------------------------------

    @Slot(str)
    def on_field_edited(self, text: str) -> None:
        """Search as soon as nothing has been typed for a moment."""
        if text:
            self._typing.start()
        else:
            self._search()

    @Slot()
    def on_typing_timeout(self) -> None:
        """Nothing has been typed for a moment."""
        self._search()

    @Slot()
    def on_choice(self) -> None:
        """What is typed means something else now, or is looked for elsewhere."""
        self._open()
        self._search()

    @Slot(bool)
    def on_only_hits(self, only: bool) -> None:
        """Show hits alone, or among all messages."""
        self._open()
        self.only_hits_changed.emit(only)

    def _search(self) -> None:
        self._typing.stop()
        self._steps.forget()
        query = self._query()
        self.bar.set_problem(self._problem is not None)
        if query != self._model.choice.query:
            self._view.set_marks(mark_finder(query))
            self.query_changed.emit(query)
        self._show_result()

    def _query(self) -> Query:
        self._problem = None
        text = self.bar.field.text()
        if not text:
            return Query()
        form = FrameFormat.HEX if self._is_hex else FrameFormat.TEXT
        check = check_frame(FrameDraft(form, text))
        self._problem = check.problem
        if not check.data:
            return Query()
        if self._is_topic:
            return Query(topic_prefix=check.data, direction=self.bar.direction)
        return Query(contains=check.data, direction=self.bar.direction)

    @property
    def _is_hex(self) -> bool:
        return self._actions.qaction("messages.find_hex").isChecked()

    @property
    def _is_topic(self) -> bool:
        return self._actions.qaction("messages.find_topic").isChecked()

    # ---- news -------------------------------------------------------------------------------

    def take_in(self) -> None:
        """Take in what was found, before the table is refreshed."""
        self._model.hits.look()
        if not self._model.rows.are_hits and self._model.hits.take_all(self._model.rows.stop):
            self._view.viewport().update()

    def go_on(self) -> bool:
        """Go on once the table is refreshed; returns whether more may be found soon."""
        if not self._model.hits.is_active:
            return False
        self._steps.go_on()
        self._show_result()
        return not self._model.hits.progress.is_done

    def _show_result(self) -> None:
        if self.bar.isHidden():
            return
        hits = self._model.hits
        progress = hits.progress
        state = FindState(
            is_active=hits.is_active,
            hits=len(hits.rows),
            searched=hits.searched(self._model.rows.stop),
            left=progress.left if hits.is_active else 0,
            missed=progress.missed,
            failed=progress.failed,
            is_hex=self._is_hex,
            is_topic=self._is_topic,
            problem=self._problem,
            note=self._steps.note,
        )
        self.bar.result.set_words(result_words(state))

    # ---- from hit to hit --------------------------------------------------------------------

    @Slot()
    def on_find_next(self) -> None:
        """Go to the next newer hit."""
        self._want(Step.NEXT)

    @Slot()
    def on_find_previous(self) -> None:
        """Go to the next older hit."""
        self._want(Step.PREVIOUS)

    def _want(self, step: Step) -> None:
        if self.bar.isHidden():
            self.on_find()
            return
        if self._typing.isActive():
            self._search()
        # Rows that were found since the last tick have to be in the table, too.
        self.take_in()
        self._view.refresh()
        if self._model.hits.is_active:
            self._steps.go(step)
            self._show_result()
