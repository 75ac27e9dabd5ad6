"""The keys that the app has seen, by name and place; no secrets. GUI thread."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from zmqscope.core.security.lock import SecretPlace, SecretRef

MAX_ENTRIES = 200
_MAX_TEXT = 4_096


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One line of the book.

    Attributes:
        name: What the user calls it.
        public: The public key in Z85.
        secret: Where the secret half is; None for a key that is somebody else's.
    """

    name: str
    public: str
    secret: SecretRef | None = None


class KeyBook(QObject):
    """Remembers keys from one run to the next, the latest first.

    Args:
        read: Gives the text back that was kept.
        keep: Keeps a text.
        parent: Owner.
    """

    changed = Signal()
    """An entry came, went or was renamed."""

    def __init__(
        self, read: Callable[[], str], keep: Callable[[str], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._keep = keep
        self._entries = _read(read())

    @property
    def entries(self) -> tuple[KeyEntry, ...]:
        """All of them, the latest first."""
        return self._entries

    @property
    def pairs(self) -> tuple[KeyEntry, ...]:
        """Those whose secret half is within reach."""
        return tuple(entry for entry in self._entries if entry.secret is not None)

    def of(self, secret: SecretRef) -> KeyEntry | None:
        """The pair that is kept there, if it is in the book."""
        return next((entry for entry in self._entries if entry.secret == secret), None)

    def named(self, public: str) -> str:
        """What the user calls a public key; empty if it is not in the book."""
        return next((entry.name for entry in self._entries if entry.public == public), "")

    def add(self, entry: KeyEntry) -> None:
        """Put a key first; one in the same place, or the same foreign one, makes way."""
        others = [known for known in self._entries if not _is_same(known, entry)]
        self._take((entry, *others)[:MAX_ENTRIES])

    def remove(self, entry: KeyEntry) -> None:
        """Strike a key out; its file or keyring entry is left alone."""
        self._take(tuple(known for known in self._entries if known != entry))

    def _take(self, entries: tuple[KeyEntry, ...]) -> None:
        if entries == self._entries:
            return
        self._entries = entries
        lasting = [e for e in entries if e.secret is None or e.secret.place is not _SESSION]
        self._keep(json.dumps([_record(entry) for entry in lasting]))
        self.changed.emit()


_SESSION = SecretPlace.SESSION


def _is_same(one: KeyEntry, other: KeyEntry) -> bool:
    if one.secret is None and other.secret is None:
        return one.public == other.public
    return one.secret == other.secret


def _record(entry: KeyEntry) -> dict[str, str]:
    record = {"name": entry.name, "public": entry.public}
    if entry.secret is not None:
        record |= {"place": entry.secret.place.value, "at": entry.secret.name}
    return record


def _read(text: str) -> tuple[KeyEntry, ...]:
    """What was kept; lines that make no sense are passed over."""
    try:
        records = json.loads(text) if text else []
    except ValueError:
        return ()
    if not isinstance(records, list):
        return ()
    entries = (_entry(record) for record in records[:MAX_ENTRIES])
    return tuple(entry for entry in entries if entry is not None)


def _entry(record: object) -> KeyEntry | None:
    if not isinstance(record, dict):
        return None
    values = [record.get(key, "") for key in ("name", "public", "place", "at")]
    if not all(isinstance(value, str) and len(value) <= _MAX_TEXT for value in values):
        return None
    name, public, place, at = values
    if not place:
        return KeyEntry(name, public)
    try:
        return KeyEntry(name, public, SecretRef(SecretPlace(place), at))
    except ValueError:
        return None
