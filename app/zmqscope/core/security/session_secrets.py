"""Secrets that last as long as the app runs, in memory only. Any thread."""

from __future__ import annotations

import threading

from zmqscope.core.errors import UserError
from zmqscope.core.security.secret import Secret

_MOST = 1_000


class SessionSecrets:
    """By name; made once, at the start. Never written anywhere."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: dict[str, Secret] = {}

    def put(self, name: str, secret: Secret) -> None:
        """Keep a secret, in place of one of the same name.

        Raises:
            UserError: There are too many already.
        """
        with self._lock:
            if name not in self._secrets and len(self._secrets) >= _MOST:
                raise UserError(
                    f"More than {_MOST} secrets are kept in memory already.",
                    "Keep it in a file or in the keyring.",
                )
            self._secrets[name] = secret

    def get(self, name: str) -> Secret | None:
        """A secret; None if there is none of this name."""
        with self._lock:
            return self._secrets.get(name)

    def forget(self, name: str) -> None:
        """Drop a secret, if it is there."""
        with self._lock:
            self._secrets.pop(name, None)

    def names(self) -> tuple[str, ...]:
        """What there is, in the order in which it came."""
        with self._lock:
            return tuple(self._secrets)

    def __repr__(self) -> str:
        return f"SessionSecrets({len(self._secrets)})"
