"""Offers the transports of an endpoint, those that cannot be used too, with the reason. GUI."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot

from zmqscope.core.transports import ALL
from zmqscope.core.types import Role, SocketType
from zmqscope.models.sockets.transport_choice import first_scheme, scheme_of, transport_choices
from zmqscope.ui.sockets.meaning_combo import MeaningCombo
from zmqscope.ui.theme import Theme


class TransportCombo(MeaningCombo):
    """The schemes; shows the one of the address beside it.

    Args:
        theme: Colours and fonts.
    """

    scheme_chosen = Signal(str)
    """By a person; the address is to follow."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, max((transport.scheme for transport in ALL), key=len))
        for transport in ALL:
            self.add_entry(transport.scheme, transport.scheme, transport.meaning)
        self.setMaxVisibleItems(len(ALL))
        self.setPlaceholderText("–")
        self.setAccessibleName(self.tr("Transport of the endpoint"))
        self.setToolTip(self.tr("What the endpoint runs over; choosing one writes an example"))
        self._asked: tuple[SocketType, Role] | None = None
        self.activated.connect(self.on_activated)

    def show_address(self, kind: SocketType, role: Role, address: str) -> None:
        """Say which transport an address is of, and which a type can use in a role."""
        if self._asked != (kind, role):
            self._asked = kind, role
            for row, choice in enumerate(transport_choices(kind, role)):
                reason = choice.problem.sentence() if choice.problem is not None else ""
                self.set_entry(row, choice.meaning, reason)
            self.fit_list()
        scheme = scheme_of(address) if address.strip() else first_scheme(kind, role)
        self.setCurrentIndex(self.findData(scheme))

    @Slot(int)
    def on_activated(self, row: int) -> None:
        """One was picked, perhaps the same again."""
        self.scheme_chosen.emit(str(self.itemData(row)))
