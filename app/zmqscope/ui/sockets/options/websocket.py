"""The options of WebSocket endpoints, shown beside them: certificates, subprotocol. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zmqscope.core.options import find_option
from zmqscope.models.sockets.option_drafts import OptionDrafts
from zmqscope.models.sockets.spec_draft import EndpointDraft
from zmqscope.models.sockets.websocket_options import websocket_note, websocket_options
from zmqscope.ui.sockets.labels import NoteLabel
from zmqscope.ui.sockets.options.row import OptionRow
from zmqscope.ui.theme import Theme


class WebSocketSection(QWidget):
    """Rows of the options that the endpoints at hand make worth showing.

    Args:
        theme: Colours, fonts and icons.
        drafts: Where options are read and written.
    """

    rows_changed = Signal()
    """The tab order has to be made anew."""

    def __init__(self, theme: Theme, drafts: OptionDrafts) -> None:
        super().__init__()
        self._theme = theme
        self._drafts = drafts
        self._rows: dict[str, OptionRow] = {}
        self._names: tuple[str, ...] = ()
        self._note = NoteLabel()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._note)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the options that are shown here."""
        return self._names

    def show_endpoints(self, endpoints: tuple[EndpointDraft, ...]) -> None:
        """Show what these endpoints need."""
        named = [draft.name for draft in self._drafts.drafts()]
        self._note.set_note(websocket_note(endpoints, named))
        names = websocket_options(endpoints)
        if names == self._names:
            return
        for name in self._names:
            self._layout.removeWidget(self._rows[name])
            self._rows[name].setVisible(name in names)
        for name in names:
            if name not in self._rows:
                self._rows[name] = OptionRow(self._theme, find_option(name), self._drafts)
            self._layout.addWidget(self._rows[name])
            self._rows[name].show()
        self._names = names
        self.rows_changed.emit()

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [stop for name in self._names for stop in self._rows[name].tab_stops()]
