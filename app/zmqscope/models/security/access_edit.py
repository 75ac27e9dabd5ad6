"""Access lists as they are changed by hand: new copies, names, words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from zmqscope.core.security.access import (
    AccessList,
    AccessMode,
    AllowedKey,
    AllowedUser,
    PasswordHash,
)
from zmqscope.core.security.lock import Lock
from zmqscope.core.security.zap_domain import LONGEST_ACCESS_BYTES
from zmqscope.core.types import Problem

_CONTEXT = "AccessEdit"
MAX_NAME = 60


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


# ---- one list -------------------------------------------------------------------------------


def with_user(access: AccessList, name: str, password: PasswordHash) -> AccessList:
    """With a user more, or with another password for one that is there."""
    user = AllowedUser(name, password)
    users = [user if known.name == name else known for known in access.users]
    if user not in users:
        users.append(user)
    return replace(access, users=tuple(users))


def without_user(access: AccessList, name: str) -> AccessList:
    """Without a user."""
    return replace(access, users=tuple(user for user in access.users if user.name != name))


def with_key(access: AccessList, public: str, label: str) -> AccessList:
    """With a client key more, or with another label for one that is there."""
    key = AllowedKey(public, label)
    keys = [key if known.public == public else known for known in access.keys]
    if key not in keys:
        keys.append(key)
    return replace(access, keys=tuple(keys))


def without_key(access: AccessList, public: str) -> AccessList:
    """Without a client key."""
    return replace(access, keys=tuple(key for key in access.keys if key.public != public))


def with_address(access: AccessList, address: str, *, allowed: bool) -> AccessList:
    """With an address or network that may come, or may not; it is on one side alone."""
    clean = without_address(access, address)
    if allowed:
        return replace(clean, allow=(*clean.allow, address))
    return replace(clean, deny=(*clean.deny, address))


def without_address(access: AccessList, address: str) -> AccessList:
    """Without an address or network, on either side."""
    return replace(
        access,
        allow=tuple(known for known in access.allow if known != address),
        deny=tuple(known for known in access.deny if known != address),
    )


# ---- all lists ------------------------------------------------------------------------------


def list_named(lists: Sequence[AccessList], name: str) -> AccessList:
    """The list with this name, or a fresh one."""
    return next((access for access in lists if access.name == name), AccessList(name))


def with_list(lists: Sequence[AccessList], access: AccessList) -> tuple[AccessList, ...]:
    """With a list more, or instead of the one that has its name."""
    if any(known.name == access.name for known in lists):
        return tuple(access if known.name == access.name else known for known in lists)
    return (*lists, access)


def with_name(lists: Sequence[AccessList], old: str, new: str) -> tuple[AccessList, ...]:
    """With a list under another name, at the place where it was."""
    return tuple(replace(each, name=new) if each.name == old else each for each in lists)


def goes_by(lock: Lock, name: str) -> bool:
    """Whether a socket with this lock asks the list of this name."""
    return lock.asks_access and lock.access_name == name


def list_name_problem(name: str, taken: Sequence[str]) -> Problem | None:
    """What is wrong with the name of a new list."""
    clean = name.strip()
    if not clean:
        return Problem(_tr("A list needs a name."), _tr("Type one."))
    if not clean.isprintable():
        return Problem(_tr("The name has characters that do not print."), _tr("Type it anew."))
    if len(clean) > MAX_NAME or len(clean.encode()) > LONGEST_ACCESS_BYTES:
        return Problem(_tr("The name is too long."), _tr("Take a shorter one."))
    if clean in taken:
        return Problem(_tr("There is a list with this name."), _tr("Choose another name."))
    return None


# ---- words ----------------------------------------------------------------------------------


def mode_title(mode: AccessMode) -> str:
    """A mode as a choice."""
    match mode:
        case AccessMode.ANYONE:
            return _tr("Anyone")
        case AccessMode.LISTED:
            return _tr("Only those listed")
        case AccessMode.ASK:
            return _tr("Ask me")


def mode_words(mode: AccessMode) -> str:
    """What a mode does, in one sentence."""
    match mode:
        case AccessMode.ANYONE:
            return _tr("Every peer comes in; a listed user still has to show the right password.")
        case AccessMode.LISTED:
            return _tr("Everybody else is refused, and told so.")
        case AccessMode.ASK:
            return _tr("A peer that is not listed waits outside until you have answered.")


def _mode_short(mode: AccessMode) -> str:
    match mode:
        case AccessMode.ANYONE:
            return _tr("anyone comes in")
        case AccessMode.LISTED:
            return _tr("only those listed come in")
        case AccessMode.ASK:
            return _tr("you are asked about unknown peers")


def rename_words(sockets: int) -> str:
    """What renaming a list does to the sockets that go by it."""
    if not sockets:
        return _tr("No socket goes by it now; specs kept elsewhere still say the old name.")
    words = _tr("{0} sockets go by it and take the new name: those that are open are opened anew.")
    if sockets == 1:
        words = _tr("One socket goes by it and takes the new name: if open, it is opened anew.")
    return words.format(f"{sockets:,}")


def list_words(access: AccessList) -> str:
    """What a list amounts to, in one line."""
    parts = [_mode_short(access.mode)]
    for count, one, many in (
        (len(access.users), _tr("1 user"), _tr("{0} users")),
        (len(access.keys), _tr("1 client key"), _tr("{0} client keys")),
        (len(access.allow), _tr("1 address allowed"), _tr("{0} addresses allowed")),
        (len(access.deny), _tr("1 address denied"), _tr("{0} addresses denied")),
    ):
        if count:
            parts.append(one if count == 1 else many.format(f"{count:,}"))
    return " · ".join(parts)
