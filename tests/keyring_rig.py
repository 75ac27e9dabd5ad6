"""Keyrings for tests: real backends of the ``keyring`` library that live in this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import keyring
import keyring.core
import keyring.errors
from keyring.backend import KeyringBackend


class MemoryKeyring(KeyringBackend):
    """Keeps entries in memory.

    Attributes:
        entries: By service and name.
        gate: Cleared, nothing is answered: as while its user looks for a password.
        failure: Raised instead of an answer.
        is_read_only: Nothing is deleted.
    """

    priority = 1.0

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.gate = threading.Event()
        self.gate.set()
        self.failure: Exception | None = None
        self.is_read_only = False

    def _wait(self) -> None:
        self.gate.wait()
        if self.failure is not None:
            raise self.failure

    def get_password(self, service: str, username: str) -> str | None:
        """An entry."""
        self._wait()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep an entry."""
        self._wait()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget an entry."""
        self._wait()
        if self.is_read_only or self.entries.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not found")


def system_without_one() -> KeyringBackend:
    """What the library takes where the system has no keyring."""
    return keyring.core.load_keyring("keyring.backends.fail.Keyring")


def switched_off() -> KeyringBackend:
    """What the library takes where its user wants none."""
    return keyring.core.load_keyring("keyring.backends.null.Keyring")


@contextmanager
def using(backend: KeyringBackend) -> Iterator[None]:
    """The keyring of this process, for a while."""
    before = keyring.get_keyring()
    keyring.set_keyring(backend)
    try:
        yield
    finally:
        keyring.set_keyring(before)
