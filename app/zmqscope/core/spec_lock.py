"""The items of a socket spec that make up its lock: read and written. Pure, any thread.

``lock=`` names mechanism and side; ``user=``, ``secret=``, ``server_key=`` and ``access=`` say the
rest. What might be a secret itself is never repeated in an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from zmqscope.core import percent
from zmqscope.core.errors import SpecError, UserError
from zmqscope.core.security.keys import KeyTextError, is_key, names_secret_key
from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism
from zmqscope.core.security.lock_check import lock_name
from zmqscope.core.security.secrets import (
    format_secret_ref,
    parse_secret_ref,
    parse_server_key,
)
from zmqscope.core.wording import nearest, quoted

LOCKS: dict[str, tuple[Mechanism, bool]] = {
    "plain-client": (Mechanism.PLAIN, False),
    "plain-server": (Mechanism.PLAIN, True),
    "curve-client": (Mechanism.CURVE, False),
    "curve-server": (Mechanism.CURVE, True),
    "null-server": (Mechanism.NULL, True),
}
"""What can follow ``lock=``: mechanism, and whether it is the server's side."""

LOCK_KEYS = frozenset({"lock", "user", "secret", "server_key", "access"})

_MEANT = {"plain": "plain-client", "curve": "curve-client"}
_NONE = frozenset({"", "none", "null", "off", "no", "null-client"})


@dataclass(slots=True)
class LockDraft:
    """What has been read so far of a lock."""

    lock: Lock = NO_LOCK
    seen: set[str] = field(default_factory=set)

    def read(self, key: str, value: str) -> None:
        """Take an item in.

        Args:
            key: One of ``LOCK_KEYS``.
            value: What follows the equals sign.

        Raises:
            SpecError: It cannot be used; what to type instead.
        """
        if key in self.seen:
            raise SpecError(f"{key}= is there twice.", "Delete one of them.")
        self.seen.add(key)
        match key:
            case "lock":
                mechanism, is_server = _parse_lock(value)
                self.lock = replace(self.lock, mechanism=mechanism, is_server=is_server)
            case "user":
                self.lock = replace(self.lock, user=_decoded(key, value))
            case "access":
                self.lock = replace(self.lock, access=_decoded(key, value))
            case "secret":
                self.lock = replace(self.lock, secret=parse_secret_ref(_unseen(key, value)))
            case _:
                self.lock = replace(self.lock, server_key=_parse_key(key, value))

    def keep_as_typed(self, key: str, value: str) -> None:
        """Keep a value that cannot be used, if it can be no secret: a server key half typed."""
        if key == "server_key" and not self.lock.server_key and not names_secret_key(value):
            self.lock = replace(self.lock, server_key=value)


def format_lock(lock: Lock) -> list[str]:
    """The items of a lock, for ``LockDraft`` to read; none for no lock."""
    name = lock_name(lock)
    items = [f"lock={name}"] if name else []
    if lock.user:
        items.append(f"user={_encoded(lock.user)}")
    if lock.secret is not None:
        items.append(f"secret={_encoded(format_secret_ref(lock.secret))}")
    if lock.server_key:
        items.append(f"server_key={_encoded(lock.server_key)}")
    if lock.access:
        items.append(f"access={_encoded(lock.access)}")
    return items


def _parse_lock(value: str) -> tuple[Mechanism, bool]:
    word = value.lower().replace("_", "-")
    found = LOCKS.get(word)
    if found is not None:
        return found
    if word in _NONE:
        raise SpecError(
            "lock= names no lock." if not word else f"lock={word} is what a socket has anyway.",
            f"Leave it out, or type one of {', '.join(LOCKS)}.",
        )
    if word in _MEANT:
        raise SpecError(
            f"lock={word} does not say which side this socket is.",
            f"Type lock={word}-client, or lock={word}-server if others have to show something.",
        )
    meant = nearest(word, LOCKS)
    raise SpecError(
        f"There is no lock {quoted(value)}.",
        f"Did you mean lock={meant}?" if meant else f"Type one of {', '.join(LOCKS)}.",
    )


def _parse_key(key: str, value: str) -> str:
    # A key as it was copied: its percent signs begin nothing. An encoded one is longer.
    try:
        return parse_server_key(value if is_key(value) else _unseen(key, value))
    except KeyTextError as error:
        raise SpecError(error.problem.text, error.problem.hint) from None


def _unseen(key: str, value: str) -> str:
    """A decoded value that no error may show."""
    try:
        # A path may be no UTF-8.
        return percent.decode(value).decode("utf-8", "surrogateescape")
    except UserError:
        raise SpecError(
            f"The value of {key}= is not percent-encoded text.",
            "Type a percent sign itself as %25, and a comma as %2C.",
        ) from None


def _decoded(key: str, value: str) -> str:
    try:
        text = percent.decode(value).decode()
    except UnicodeDecodeError:
        raise SpecError(f"{key}= is not UTF-8 text.", "Type the name anew.") from None
    if not text:
        raise SpecError(f"{key}= has no name after it.", "Type one, or leave it out.")
    return text


def _encoded(text: str) -> str:
    return percent.encode(text.encode("utf-8", "surrogateescape"))
