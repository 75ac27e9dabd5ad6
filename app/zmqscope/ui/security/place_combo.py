"""Offers the places where a secret can be kept, and why not. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent

from zmqscope.core.security.lock import SecretPlace
from zmqscope.models.security.lock_words import place_title, place_words
from zmqscope.ui.sockets.meaning_combo import MeaningCombo
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.security.desk import SecurityDesk

_ORDER = (SecretPlace.KEYRING, SecretPlace.FILE, SecretPlace.SESSION)


class PlaceCombo(MeaningCombo):
    """Keyring, file or memory.

    Args:
        theme: Colours and fonts.
        desk: Knows whether the system has a keyring.
        best: What is chosen at first; None takes the keyring if there is one, else memory.
    """

    def __init__(self, theme: Theme, desk: SecurityDesk, best: SecretPlace | None = None) -> None:
        super().__init__(theme, max(map(place_title, SecretPlace), key=len))
        self._desk = desk
        # What a person chooses stays, whatever becomes known of the keyring.
        self._is_free = best is None
        for place in _ORDER:
            self.add_entry(place_title(place), place, place_words(place))
        self.fit_list()
        self.setAccessibleName(self.tr("Where to keep it"))
        self.setToolTip(self.tr("Where to keep it"))
        self.setCurrentIndex(self.findData(best or SecretPlace.SESSION))
        desk.keyring_known.connect(self.on_desk_keyring_known)
        self.activated.connect(self.on_activated)
        self.on_desk_keyring_known()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Not before somebody wants to keep something: D-Bus is asked.
        self._desk.look_for_keyring()

    @property
    def place(self) -> SecretPlace:
        """What is chosen."""
        place: SecretPlace = self.currentData()
        return place

    def choose(self, place: SecretPlace) -> None:
        """Choose a place, if it can be chosen."""
        row = self.findData(place)
        if self.model().index(row, 0).flags() & Qt.ItemFlag.ItemIsEnabled:
            self._is_free = False
            self.setCurrentIndex(row)

    @Slot()
    def on_desk_keyring_known(self) -> None:
        """The keyring can be used, or not, and why."""
        reason = self._desk.keyring_reason()
        row = self.findData(SecretPlace.KEYRING)
        self.set_entry(row, place_words(SecretPlace.KEYRING), reason)
        if self._is_free and not reason:
            self.setCurrentIndex(row)

    @Slot()
    def on_activated(self) -> None:
        """A person has chosen."""
        self._is_free = False
