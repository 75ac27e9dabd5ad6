"""Values that must not be seen: passwords and secret keys in memory. Any thread.

Nothing here shows, formats, copies or pickles what it holds; only ``reveal`` gives it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import NoReturn, SupportsIndex

from zmqscope.core.types import Problem


class Secret:
    """A password or a secret key.

    Args:
        value: Its bytes; a secret key in Z85.
    """

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = bytes(value)

    def reveal(self) -> bytes:
        """The secret itself: for libzmq, a file or the keyring, and nothing else."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value, other._value)

    def __hash__(self) -> int:
        return id(type(self))

    def __repr__(self) -> str:
        return "Secret(…)"

    def __format__(self, specification: str) -> NoReturn:
        raise TypeError("a secret is not put into text")

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a secret is neither copied nor pickled")


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A CURVE key pair.

    Attributes:
        public: The public key in Z85.
        secret: The secret key in Z85.
    """

    public: str
    secret: Secret


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a lock needs besides itself, read from where it is kept.

    Attributes:
        password: Of a PLAIN client.
        pair: Of a CURVE server or client.
        server_key: Public key in Z85 that a CURVE client expects.
        warning: What is wrong with where it is kept, though it could be read.
    """

    password: Secret | None = field(default=None, repr=False)
    pair: KeyPair | None = field(default=None, repr=False)
    server_key: str = ""
    warning: Problem | None = None
