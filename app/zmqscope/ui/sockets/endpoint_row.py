"""The row of an endpoint: connect or bind, transport, address. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox

from zmqscope.core.types import Role, SocketType
from zmqscope.models.sockets import socket_words
from zmqscope.models.sockets.interfaces import Interface, takes_interface, with_interface
from zmqscope.models.sockets.spec_draft import EndpointDraft
from zmqscope.models.sockets.transport_choice import (
    address_note,
    best_role,
    placeholder_of,
    with_role,
    with_scheme,
)
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.sockets.interface_button import InterfaceButton
from zmqscope.ui.sockets.rows import FieldRow
from zmqscope.ui.sockets.transport_combo import TransportCombo
from zmqscope.ui.theme import Theme


class EndpointRow(FieldRow[EndpointDraft]):
    """Connect or bind, what it runs over, and the address.

    Args:
        theme: Colours, fonts and icons.
        kind: The type of the socket.
    """

    def __init__(self, theme: Theme, kind: SocketType) -> None:
        super().__init__(theme, self.tr("Remove this endpoint"))
        self._kind = kind
        self._wanted = Role.CONNECT
        self._role = QComboBox()
        for role in (Role.CONNECT, Role.BIND):
            self._role.addItem(socket_words.role_words(role), role)
        self._role.setAccessibleName(self.tr("Connect or bind"))
        self._role.setToolTip(
            self.tr("Connect goes to a peer that is bound; bind waits for peers to come")
        )
        self._role.currentIndexChanged.connect(self.on_role_changed)
        self._transport = TransportCombo(theme)
        self._transport.scheme_chosen.connect(self.on_scheme_chosen)
        self._address = DataField(theme, self.tr("Address of the endpoint"))
        self._address.textChanged.connect(self.on_address_changed)
        self._interface = InterfaceButton(theme)
        self._interface.interface_chosen.connect(self.on_interface_chosen)
        for field in (self._role, self._transport):
            self.add_field(field)
        self.add_field(self._address, 1)
        self.add_field(self._interface)
        self.set_kind(kind)

    def draft(self) -> EndpointDraft:
        return EndpointDraft(self._role.currentData(), self._address.text())

    def set_draft(self, draft: EndpointDraft) -> None:
        self._wanted = draft.role
        self._fill(draft)

    def _fill(self, draft: EndpointDraft) -> None:
        self.blockSignals(True)
        self._role.setCurrentIndex(self._role.findData(draft.role))
        self._address.setText(draft.address)
        self.blockSignals(False)
        self._show_words()

    def set_kind(self, kind: SocketType) -> None:
        """Offer what a type can use; ``changed`` is not emitted.

        A row in which nothing is typed turns to the role in which the type can do something.
        """
        self._kind = kind
        if not self._address.text().strip():
            self._fill(EndpointDraft(best_role(kind, self._wanted)))
        self._show_words()

    def focus_field(self) -> None:
        self._address.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_words(self) -> None:
        role, address = self._role.currentData(), self._address.text()
        self._transport.show_address(self._kind, role, address)
        self._address.setPlaceholderText(placeholder_of(self._kind, role))
        self._interface.setVisible(takes_interface(address, role))
        self.set_note(address_note(self._kind, address, role))

    @Slot()
    def on_role_changed(self) -> None:
        """The example follows the role."""
        if not self.signalsBlocked():
            self._wanted = self._role.currentData()
        self._address.setText(with_role(self._address.text(), self._role.currentData()))
        self._show_words()
        self.changed.emit()

    @Slot(str)
    def on_address_changed(self, _address: str) -> None:
        """Another transport may have been typed."""
        self._show_words()
        self.changed.emit()

    @Slot(str)
    def on_scheme_chosen(self, scheme: str) -> None:
        """Write an address of this transport, ready to be typed over behind its scheme."""
        role = self._role.currentData()
        self._address.setText(with_scheme(self._address.text(), scheme, role))
        self.focus_field()
        start = len(scheme) + len("://")
        self._address.setSelection(start, len(self._address.text()) - start)

    @Slot(object)
    def on_interface_chosen(self, interface: Interface | None) -> None:
        """Write it into the address."""
        role = self._role.currentData()
        self._address.setText(with_interface(self._address.text(), interface, role))
