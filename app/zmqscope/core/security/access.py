"""Who may come in: access lists, and those who knock. Frozen, any thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NewType

from zmqscope.core.security.lock import DEFAULT_ACCESS, Mechanism
from zmqscope.core.types import SocketId

KnockId = NewType("KnockId", int)
"""Number of an unknown peer that waits for an answer; never used twice."""


class AccessMode(Enum):
    """What becomes of a peer that is not on the list (addresses that are denied never come in)."""

    ANYONE = "anyone"
    LISTED = "listed"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A password as it is kept: scrypt (RFC 7914), salted; shown to nobody.

    Attributes:
        salt: Random bytes.
        digest: What the password gives with it.
    """

    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AllowedUser:
    """A PLAIN user."""

    name: str
    password: PasswordHash


@dataclass(frozen=True, slots=True)
class AllowedKey:
    """A CURVE client's public key, and whose it is."""

    public: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class AccessList:
    """Who may come in.

    Attributes:
        name: What sockets call it.
        mode: What becomes of those that are not on it.
        users: Names and passwords, for PLAIN.
        keys: Public keys, for CURVE.
        allow: Addresses and networks (``192.168.1.0/24``) that alone may come; empty is all.
        deny: Addresses and networks that never come in; stronger than ``allow``.
    """

    name: str = DEFAULT_ACCESS
    mode: AccessMode = AccessMode.ASK
    users: tuple[AllowedUser, ...] = ()
    keys: tuple[AllowedKey, ...] = ()
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


class Verdict(Enum):
    """The answer to a knock."""

    LET_IN = "let in"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Knock:
    """An unknown peer at the door of one socket. Nothing passes until it is answered.

    Attributes:
        knock_id: Its number; the same peer that tries again keeps it.
        socket_id: At whose door.
        access: The access list that is in question.
        mechanism: What it speaks.
        address: Its IP address; empty where that cannot be known (ipc).
        identity: Its routing id; mostly empty.
        user: Its name, for PLAIN.
        key: Its public key in Z85, for CURVE.
        time_ns: When it knocked first, on the capture clock.
        tries: How often it has knocked.
        is_open: Whether it still waits for an answer.
        password: What stands for its password, for PLAIN: told a moment after it was let in, so
            that it can go on the list.
    """

    knock_id: KnockId
    socket_id: SocketId
    access: str
    mechanism: Mechanism
    address: str
    identity: bytes
    user: str
    key: str
    time_ns: int
    tries: int = 1
    is_open: bool = True
    password: PasswordHash | None = field(default=None, repr=False)
