"""What the app remembers from one run to the next, typed. GUI thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from zmqscope.ui.theme import ThemeMode

MEBIBYTE = 1024 * 1024
DEFAULT_BUDGET_BYTES = 512 * MEBIBYTE
MIN_BUDGET_BYTES = 64 * MEBIBYTE
MAX_BUDGET_BYTES = 65_536 * MEBIBYTE
MAX_RECENT_SPECS = 10
_LARGEST_BYTE = 255

_THEME_MODE = "theme_mode"
_MEMORY_BUDGET = "memory_budget_bytes"
_TOPIC_SEPARATOR = "topic_separator"
_RECENT_SPECS = "recent_specs"


class Settings(QObject):
    """Typed access to a QSettings; a value that makes no sense reads as its default.

    Args:
        store: Where values are kept.
        parent: Owner.
    """

    changed = Signal(str)
    """The name of a property that has another value now."""

    def __init__(self, store: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store

    @property
    def theme_mode(self) -> ThemeMode:
        """Whose wish the theme follows."""
        try:
            return ThemeMode(self.get_text(_THEME_MODE))
        except ValueError:
            return ThemeMode.SYSTEM

    @theme_mode.setter
    def theme_mode(self, mode: ThemeMode) -> None:
        if mode is not self.theme_mode:
            self.set_text(_THEME_MODE, mode.value)
            self.changed.emit(_THEME_MODE)

    @property
    def memory_budget_bytes(self) -> int:
        """Bytes that captured messages may take; 64 MiB to 64 GiB."""
        text = self.get_text(_MEMORY_BUDGET)
        if not text.isascii() or not text.isdecimal():
            return DEFAULT_BUDGET_BYTES
        return min(MAX_BUDGET_BYTES, max(MIN_BUDGET_BYTES, int(text)))

    @memory_budget_bytes.setter
    def memory_budget_bytes(self, budget_bytes: int) -> None:
        bounded = min(MAX_BUDGET_BYTES, max(MIN_BUDGET_BYTES, budget_bytes))
        if bounded != self.memory_budget_bytes:
            self.set_text(_MEMORY_BUDGET, str(bounded))
            self.changed.emit(_MEMORY_BUDGET)

    @property
    def topic_separator(self) -> int | None:
        """The byte that topics end before; None if the whole first frame is the topic."""
        text = self.get_text(_TOPIC_SEPARATOR)
        if not text.isascii() or not text.isdecimal() or int(text) > _LARGEST_BYTE:
            return None
        return int(text)

    @topic_separator.setter
    def topic_separator(self, separator: int | None) -> None:
        if separator != self.topic_separator:
            self.set_text(_TOPIC_SEPARATOR, "" if separator is None else str(separator))
            self.changed.emit(_TOPIC_SEPARATOR)

    @property
    def recent_specs(self) -> list[str]:
        """Socket specs opened lately, newest first."""
        value = self._store.value(_RECENT_SPECS)
        # QSettings gives a list of one back as the bare string.
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list):
            return []
        return [item for item in items if isinstance(item, str) and item][:MAX_RECENT_SPECS]

    def add_recent_spec(self, spec: str) -> None:
        """Put a spec first; the oldest beyond ten are forgotten."""
        before = self.recent_specs
        after = [spec, *(item for item in before if item != spec)][:MAX_RECENT_SPECS]
        if after != before:
            self._store.setValue(_RECENT_SPECS, after)
            self.changed.emit(_RECENT_SPECS)

    def clear_recent_specs(self) -> None:
        """Forget the sockets that were opened lately."""
        if self.recent_specs:
            self._store.remove(_RECENT_SPECS)
            self.changed.emit(_RECENT_SPECS)

    @property
    def folder(self) -> Path:
        """Where the settings are, and what else the app keeps."""
        return Path(self._store.fileName()).absolute().parent

    @property
    def access_path(self) -> Path:
        """Where the access lists are kept, beside these settings."""
        return self.folder / f"{Path(self._store.fileName()).stem}-access.json"

    # ---- state of the panels ----------------------------------------------------------------

    def get_bytes(self, key: str) -> bytes:
        """A panel's own state; empty if there is none."""
        value = self._store.value(key)
        return bytes(value.data()) if isinstance(value, QByteArray) else b""

    def set_bytes(self, key: str, value: bytes) -> None:
        """Keep a panel's own state."""
        self._store.setValue(key, QByteArray(value))

    def get_text(self, key: str, default: str = "") -> str:
        """A panel's own text; the default if there is none."""
        value = self._store.value(key)
        return value if isinstance(value, str) else default

    def set_text(self, key: str, value: str) -> None:
        """Keep a panel's own text."""
        self._store.setValue(key, value)

    def save(self) -> None:
        """Write everything to disk now."""
        self._store.sync()
