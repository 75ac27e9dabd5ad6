"""The options of an open socket, and changing them by opening it anew. GUI thread."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zmqscope.core.endpoints import transport_of
from zmqscope.core.types import SocketSnapshot
from zmqscope.models.sockets.option_drafts import OptionDrafts
from zmqscope.models.sockets.spec_draft import Part, check_draft, draft_of
from zmqscope.ui.sockets.labels import NoteLabel
from zmqscope.ui.sockets.options.form import OptionsForm
from zmqscope.ui.theme import Theme


class OptionsSection(QWidget):
    """The options as a form; what is changed in it waits until the socket is opened anew.

    Args:
        theme: Colours, fonts and icons.
        snapshot: The socket.

    Attributes:
        bar: Says what is changed and applies it; to be placed where it moves no field.
    """

    reopen_asked = Signal(object)
    """SocketSpec: the socket as it is, with the options as they are typed."""
    rows_changed = Signal()
    """The tab order has to be made anew."""

    def __init__(self, theme: Theme, snapshot: SocketSnapshot) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._drafts = OptionDrafts(self)
        self._drafts.set_drafts(draft_of(snapshot.spec).options)
        self._form = OptionsForm(theme, self._drafts)
        self._pending = NoteLabel()
        self._reopen = QPushButton(self.tr("Reopen to apply"))
        self._reopen.setToolTip(
            self.tr("Open the socket anew with these options; its captured messages stay")
        )
        self._discard = QPushButton(self.tr("Discard"))
        self._discard.setToolTip(self.tr("Show the options again as the socket has them"))
        self.bar = QWidget()
        line = QHBoxLayout(self.bar)
        line.setContentsMargins(16, 8, 16, 0)
        line.addWidget(self._pending, 1)
        for button in (self._discard, self._reopen):
            # Enter belongs to the fields.
            button.setAutoDefault(False)
            line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._form.search)
        layout.addWidget(self._form)
        self._drafts.edited.connect(self.on_drafts_edited)
        self._form.rows_changed.connect(self.rows_changed)
        self._reopen.clicked.connect(self.on_reopen_clicked)
        self._discard.clicked.connect(self.on_discard_clicked)
        self._show_context()
        self._show_pending()

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [*self._form.tab_stops(), self._discard, self._reopen]

    def focus_option(self, name: str) -> QWidget:
        """Find an option and put the cursor into it; what should be seen then."""
        return self._form.focus_option(name)

    def show_snapshot(self, snapshot: SocketSnapshot) -> None:
        """Show the options as they are now, unless somebody is changing them."""
        was_changed = self._is_changed
        self._snapshot = snapshot
        if not was_changed:
            self._drafts.set_drafts(draft_of(snapshot.spec).options)
        self._show_context()
        self._show_pending()

    def _show_context(self) -> None:
        spec = self._snapshot.spec
        schemes = tuple(transport_of(endpoint) for endpoint in spec.endpoints)
        self._form.set_context(spec.type, schemes)

    @property
    def _is_changed(self) -> bool:
        return dict(_pairs(self._drafts)) != dict(self._snapshot_pairs())

    def _snapshot_pairs(self) -> list[tuple[str, str]]:
        return [(draft.name, draft.value) for draft in draft_of(self._snapshot.spec).options]

    def _show_pending(self) -> None:
        """Judge what is typed, and offer to apply it."""
        draft = replace(draft_of(self._snapshot.spec), options=self._drafts.drafts())
        problems = {
            index: problem
            for (part, index), problem in check_draft(draft).problems.items()
            if part is Part.OPTIONS
        }
        self._drafts.set_problems(problems)
        before, now = dict(self._snapshot_pairs()), dict(_pairs(self._drafts))
        names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
        self.bar.setVisible(bool(names))
        self._reopen.setEnabled(not problems)
        words = self.tr("{0} changed: it counts once the socket is opened anew.")
        if len(names) > 1:
            words = self.tr("{0} changed: they count once the socket is opened anew.")
        self._pending.set_note(words.format(", ".join(names)))

    @Slot(str)
    def on_drafts_edited(self, _name: str) -> None:
        """One was changed."""
        self._show_pending()

    @Slot()
    def on_reopen_clicked(self) -> None:
        """Ask for the socket to be opened with what is typed."""
        spec = self._snapshot.spec
        draft = replace(draft_of(spec), options=self._drafts.drafts())
        options = check_draft(draft).spec.options
        self.reopen_asked.emit(replace(spec, options=options))

    @Slot()
    def on_discard_clicked(self) -> None:
        """Back to what the socket has."""
        self._drafts.set_drafts(draft_of(self._snapshot.spec).options)
        self._show_pending()


def _pairs(drafts: OptionDrafts) -> list[tuple[str, str]]:
    return [(draft.name, draft.value) for draft in drafts.drafts()]
