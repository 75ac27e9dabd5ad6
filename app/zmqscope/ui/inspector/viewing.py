"""Which frame is looked at, and in which view; remembered for each socket. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from zmqscope.core.types import SocketId
from zmqscope.models.inspector.frame_views import FrameView, ViewChoice, ViewChoices, views_of
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.ui.inspector.commands import InspectorCommands
from zmqscope.ui.inspector.content import FrameContent
from zmqscope.ui.inspector.ribbon import FrameRibbon
from zmqscope.ui.inspector.view_tabs import ViewTabs


class FrameViewing(QObject):
    """Knows the frame and the view that the user asked for.

    Args:
        ribbon: Says which frame is shown.
        content: Shows it.
        commands: Ask for a view by key or menu.
        tabs: Ask for one by mouse.
        parent: The panel.
    """

    changed = Signal()
    """The frame is to be shown in the view that was asked for."""

    def __init__(
        self,
        ribbon: FrameRibbon,
        content: FrameContent,
        commands: InspectorCommands,
        tabs: ViewTabs,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._ribbon = ribbon
        self._content = content
        self._message: Inspected | None = None
        self._choices = ViewChoices()
        self._places: dict[SocketId, int] = {}
        self._own_bytes = False
        commands.view_asked.connect(self.on_view_asked)
        commands.fields_asked.connect(self.on_fields_asked)
        commands.next_view_asked.connect(self.on_next_view_asked)
        commands.own_bytes_asked.connect(self.on_own_bytes_asked)
        commands.bytes_below_asked.connect(self.on_bytes_below_asked)
        tabs.view_chosen.connect(self.on_tab_chosen)

    @property
    def own_bytes(self) -> bool:
        """Whether the frame's own bytes are shown, not those that were unpacked."""
        return self._own_bytes

    def set_message(self, message: Inspected | None) -> None:
        """Another message is shown."""
        self._message = message

    def place_in(self, message: Inspected) -> int:
        """The frame to show of a message: the one at which its socket's last was looked at."""
        place = self._places.get(message.message.socket_id, message.first_shown)
        return place if place < len(message.frames) else message.first_shown

    def keep_place(self, message: Inspected, index: int) -> None:
        """Show the same frame of the socket's next messages."""
        if index == message.first_shown:
            self._places.pop(message.message.socket_id, None)
        else:
            self._places[message.message.socket_id] = index

    def choice(self, message: Inspected, index: int, *, asked: bool) -> ViewChoice:
        """How a frame is shown; ``asked``: in the view that was asked for, whatever it holds."""
        return self._choices.view_for(message, index, asked=asked)

    @Slot(object)
    def on_view_asked(self, view: FrameView | None) -> None:
        """Show the frames of this socket another way from now on."""
        if self._message is not None:
            self._choices.choose(self._message.message.socket_id, view)
            self.changed.emit()

    @Slot(object)
    def on_tab_chosen(self, view: FrameView) -> None:
        """The same by a tab; the one that suits the frame leaves it to the frames again."""
        self.on_view_asked(None if self._current_views()[:1] == (view,) else view)

    @Slot()
    def on_fields_asked(self) -> None:
        """Show the tree; where it is shown already, or is none, JSON laid out."""
        views = self._current_views()
        has_tree, has_json = FrameView.TREE in views, FrameView.JSON in views
        is_tree = self._content.view is FrameView.TREE
        wants_json = (is_tree and has_json) or not has_tree
        self.on_view_asked(FrameView.JSON if wants_json else FrameView.TREE)

    @Slot()
    def on_next_view_asked(self) -> None:
        """Show the view behind this one, in the order of the tabs."""
        offered, shown = self._current_views(), self._content.view
        views = [view for view in FrameView if view in offered]
        if views:
            at = views.index(shown) + 1 if shown in views else 0
            self.on_view_asked(views[at % len(views)])

    def _current_views(self) -> tuple[FrameView, ...]:
        message, index = self._message, self._ribbon.chosen
        if message is None or index < 0 or message.is_hidden(index):
            return ()
        return views_of(message, index)

    @Slot(bool)
    def on_own_bytes_asked(self, wanted: bool) -> None:
        """Show the frame's own bytes, or those that were unpacked."""
        self._own_bytes = wanted
        if wanted and not self._content.bytes_below:
            self.on_view_asked(FrameView.HEX)
        else:
            self.changed.emit()

    @Slot(bool)
    def on_bytes_below_asked(self, shown: bool) -> None:
        """Show bytes below, or not."""
        self._content.set_bytes_below(shown)
        self.changed.emit()
