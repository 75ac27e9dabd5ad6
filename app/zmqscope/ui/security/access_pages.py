"""The pages of the access dialog: users, client keys, addresses. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget

from zmqscope.core.errors import UserError
from zmqscope.core.security.access import AccessList
from zmqscope.core.security.access_rules import address_problem, parse_network
from zmqscope.core.security.keys import clean_key, key_problem
from zmqscope.core.security.passwords import hash_password
from zmqscope.core.security.secret import Secret
from zmqscope.core.security.secret_files import password_problem
from zmqscope.core.types import Problem
from zmqscope.models.format import one_line
from zmqscope.models.security import access_edit
from zmqscope.models.security.lock_draft import user_problem
from zmqscope.ui.security.access_page import AccessPage
from zmqscope.ui.security.entry_list import Entry
from zmqscope.ui.security.key_field import KeyField
from zmqscope.ui.security.password_dialog import PasswordDialog
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.security.desk import SecurityDesk

_MAX_LABEL = 120
_FIRST_COLUMN_PX = 180
_RULE_COLUMN_PX = 90


class UsersPage(AccessPage):
    """Names and passwords for PLAIN; of a password only a hash is kept.

    Args:
        theme: Colours and fonts.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            self.tr("Users"),
            (self.tr("User"), self.tr("Password")),
            (0,),
            self.tr("No user yet. PLAIN clients show a user’s name and password."),
        )
        self.list.setColumnWidth(0, _FIRST_COLUMN_PX)
        self._name = QLineEdit()
        self._name.setPlaceholderText(self.tr("Name"))
        self._name.setAccessibleName(self.tr("Name of the new user"))
        self._name.setToolTip(self.tr("The name that its clients show"))
        self._password = QLineEdit()
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._password.setPlaceholderText(self.tr("Password"))
        self._password.setAccessibleName(self.tr("Password of the new user"))
        self._password.setToolTip(self.tr("Only a hash of it is kept"))
        self.add_field(self._name, self._name)
        self.add_field(self._password, self._password)
        change = QPushButton(self.tr("Change &password…"))
        change.setToolTip(self.tr("Give the selected user another password"))
        change.clicked.connect(self.on_change_clicked)
        self.add_list_button(change)

    def entries(self) -> list[Entry]:
        words = self.tr("kept as a hash")
        return [Entry(u.name, (one_line(u.name), words)) for u in self.access.users]

    def problem(self) -> Problem | None:
        name = self._name.text()
        if not name:
            return Problem(self.tr("The user has no name."), self.tr("Type one."))
        if any(user.name == name for user in self.access.users):
            text = self.tr("This user is on the list already.")
            return Problem(text, self.tr("Select it and choose “Change password…”."))
        if not self._password.text():
            return Problem(self.tr("The user has no password."), self.tr("Type one."))
        return user_problem(name) or password_problem(self._secret())

    def _secret(self) -> Secret:
        return Secret(self._password.text().encode("utf-8", "replace"))

    def with_typed(self) -> AccessList:
        kept = hash_password(self._secret().reveal())
        return access_edit.with_user(self.access, self._name.text(), kept)

    def without(self, key: object) -> AccessList:
        return access_edit.without_user(self.access, str(key))

    def typed_key(self) -> object:
        return self._name.text()

    @Slot()
    def on_change_clicked(self) -> None:
        """Ask for the current user's new password."""
        name = self.list.current_key
        if isinstance(name, str):
            dialog = PasswordDialog(name, self)
            dialog.password_chosen.connect(self.on_dialog_password_chosen)
            dialog.open()

    @Slot(object, object)
    def on_dialog_password_chosen(self, name: str, password: Secret) -> None:
        """Keep its hash."""
        if all(user.name != name for user in self.access.users):
            return
        access = access_edit.with_user(self.access, name, hash_password(password.reveal()))
        self.show_access(access, name)
        self.edited.emit(access)


class KeysPage(AccessPage):
    """Public keys of CURVE clients, and whose they are.

    Args:
        theme: Colours and fonts.
        desk: Knows keys that can be chosen.
    """

    def __init__(self, theme: Theme, desk: SecurityDesk) -> None:
        super().__init__(
            theme,
            self.tr("Client keys"),
            (self.tr("Whose"), self.tr("Public key")),
            (1,),
            self.tr("No key yet. CURVE clients prove that they have the secret half."),
        )
        self.list.setColumnWidth(0, _FIRST_COLUMN_PX)
        self._key = KeyField(theme, desk, self.tr("Public key of a client"), "")
        self._key.name_found.connect(self.on_key_name_found)
        self._label = QLineEdit()
        self._label.setMaxLength(_MAX_LABEL)
        self._label.setPlaceholderText(self.tr("Whose"))
        self._label.setAccessibleName(self.tr("Whose key it is"))
        self._label.setToolTip(self.tr("What messages and lists call this client"))
        self.add_field(self._label, self._label, 2)
        self.add_field(self._key, self._key.field, 5)

    def entries(self) -> list[Entry]:
        return [Entry(k.public, (one_line(k.label), k.public)) for k in self.access.keys]

    def problem(self) -> Problem | None:
        problem = key_problem(self._key.text)
        if problem is not None:
            hint = self.tr("Paste the client’s public key, or the text of its .key file.")
            return Problem(problem.text, hint if "server" in problem.hint else problem.hint)
        if any(key.public == self._clean for key in self.access.keys):
            return Problem(self.tr("This key is on the list already."))
        return None

    @property
    def _clean(self) -> str:
        try:
            return clean_key(self._key.text)
        except UserError:
            return ""

    def with_typed(self) -> AccessList:
        return access_edit.with_key(self.access, self._clean, self._label.text().strip())

    def without(self, key: object) -> AccessList:
        return access_edit.without_key(self.access, str(key))

    def tab_stops(self) -> list[QWidget]:
        *stops, _key, add = super().tab_stops()
        return [*stops, *self._key.tab_stops(), add]

    @Slot(str)
    def on_key_name_found(self, name: str) -> None:
        """It is called so, unless the user has typed something else."""
        if not self._label.text():
            self._label.setText(name[:_MAX_LABEL])

    def typed_key(self) -> object:
        return self._clean


class AddressesPage(AccessPage):
    """Addresses and networks that alone may come, and those that never may.

    Args:
        theme: Colours and fonts.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            self.tr("Addresses"),
            (self.tr("Rule"), self.tr("Address or network")),
            (1,),
            self.tr("All addresses may come. One that is allowed shuts all others out."),
        )
        self.list.setColumnWidth(0, _RULE_COLUMN_PX)
        self._rule = QComboBox()
        self._rule.addItem(self.tr("allow"), True)
        self._rule.addItem(self.tr("deny"), False)
        self._rule.setAccessibleName(self.tr("Allow or deny"))
        self._rule.setToolTip(self.tr("Denied is stronger than allowed"))
        self._address = DataField(
            theme, self.tr("Address or network"), "192.168.1.7, 192.168.1.0/24"
        )
        self.add_field(self._address, self._address)
        self._line.insertWidget(0, self._rule)

    def tab_stops(self) -> list[QWidget]:
        stops = super().tab_stops()
        return [*stops[:-2], self._rule, *stops[-2:]]

    def entries(self) -> list[Entry]:
        rules = ((self.tr("allow"), self.access.allow), (self.tr("deny"), self.access.deny))
        return [Entry(text, (rule, text)) for rule, texts in rules for text in texts]

    def problem(self) -> Problem | None:
        problem = address_problem(self._address.text())
        if problem is not None:
            return problem
        if self.typed_key() in (self.access.allow if self._allows else self.access.deny):
            return Problem(self.tr("This address is on the list already."))
        return None

    @property
    def _allows(self) -> bool:
        return bool(self._rule.currentData())

    def with_typed(self) -> AccessList:
        address = str(self.typed_key())
        return access_edit.with_address(self.access, address, allowed=self._allows)

    def without(self, key: object) -> AccessList:
        return access_edit.without_address(self.access, str(key))

    def typed_key(self) -> object:
        network = parse_network(self._address.text())
        is_one = network.num_addresses == 1
        return str(network.network_address) if is_one else str(network)
