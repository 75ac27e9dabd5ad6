"""How a socket is locked: mechanism, side, and where its secret is. Pure, any thread.

No secret is ever in here: a lock is part of a spec, which is shown, copied and saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

DEFAULT_ACCESS = "default"
"""The access list of a server that names none."""


class Mechanism(Enum):
    """ZMTP's security mechanisms (RFC 23, 24, 25); values are their names on the wire."""

    NULL = "NULL"
    PLAIN = "PLAIN"
    CURVE = "CURVE"


class SecretPlace(Enum):
    """Where a secret is kept; values are the prefixes in a spec."""

    FILE = "file"
    KEYRING = "keyring"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret is, never the secret itself.

    Attributes:
        place: A file of the user's, the system's keyring, or this run's memory alone.
        name: The absolute path, the entry in the keyring, or the name in memory.
    """

    place: SecretPlace
    name: str


@dataclass(frozen=True, slots=True)
class Lock:
    """What a socket asks of its peers, or shows them.

    Attributes:
        mechanism: NULL, PLAIN or CURVE.
        is_server: Whether it is the side that peers have to show something to. With NULL this only
            means that the access list is asked about addresses.
        user: The name that a PLAIN client shows.
        secret: The password of a PLAIN client; the key pair of a CURVE server or client. A CURVE
            client without one makes a pair for each time that it opens. PLAIN servers have none.
        server_key: The server's public key that a CURVE client expects: Z85 (RFC 32), 40 letters;
            or ``file:`` and the absolute path of a public certificate, read when it opens.
        access: Name of the access list that a server goes by; empty is ``DEFAULT_ACCESS``.
    """

    mechanism: Mechanism = Mechanism.NULL
    is_server: bool = False
    user: str = ""
    secret: SecretRef | None = None
    server_key: str = ""
    access: str = ""

    @property
    def asks_access(self) -> bool:
        """Whether the authenticator is asked about each peer."""
        return self.is_server

    @property
    def access_name(self) -> str:
        """The access list that it goes by."""
        return self.access or DEFAULT_ACCESS


NO_LOCK = Lock()
"""NULL, and nobody is asked: what every socket has unless something else is said."""
