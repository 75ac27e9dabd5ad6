"""A lock, its choices and the places of secrets in words. Pure."""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication

from zmqscope.core.security.access import AccessList
from zmqscope.core.security.lock import Lock, SecretPlace, SecretRef
from zmqscope.core.security.secrets import server_key_path
from zmqscope.models.format import one_line
from zmqscope.models.security.access_edit import list_words
from zmqscope.models.security.lock_draft import LockChoice, choice_of

_CONTEXT = "LockWords"
_SHORT_KEY = 12


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def choice_title(choice: LockChoice) -> str:
    """A choice as the list names it."""
    match choice:
        case LockChoice.NONE:
            return _tr("none")
        case LockChoice.PLAIN_CLIENT:
            return _tr("PLAIN client")
        case LockChoice.PLAIN_SERVER:
            return _tr("PLAIN server")
        case LockChoice.CURVE_CLIENT:
            return _tr("CURVE client")
        case LockChoice.CURVE_SERVER:
            return _tr("CURVE server")
        case LockChoice.ACCESS:
            return _tr("access list")


def choice_words(choice: LockChoice) -> str:
    """What a choice means, in one sentence."""
    match choice:
        case LockChoice.NONE:
            return _tr("NULL: whoever reaches the socket talks with it, in clear.")
        case LockChoice.PLAIN_CLIENT:
            return _tr("Shows a name and a password; everything travels in clear.")
        case LockChoice.PLAIN_SERVER:
            return _tr("Asks for a name and a password; everything travels in clear.")
        case LockChoice.CURVE_CLIENT:
            return _tr("Encrypts, and talks only with the server whose key it knows.")
        case LockChoice.CURVE_SERVER:
            return _tr("Encrypts, and lets clients in by their keys.")
        case LockChoice.ACCESS:
            return _tr("NULL, in clear; but lets peers in by their addresses.")


def place_title(place: SecretPlace) -> str:
    """Where a secret can be kept, as a choice."""
    match place:
        case SecretPlace.KEYRING:
            return _tr("System keyring")
        case SecretPlace.FILE:
            return _tr("A file")
        case SecretPlace.SESSION:
            return _tr("Only until I quit")


def place_words(place: SecretPlace) -> str:
    """What keeping it there means, in one sentence."""
    match place:
        case SecretPlace.KEYRING:
            return _tr("Locked by the system; there again next time.")
        case SecretPlace.FILE:
            return _tr("Readable by you alone (0600); there again next time.")
        case SecretPlace.SESSION:
            return _tr("In memory alone; gone when the app ends.")


def ref_words(ref: SecretRef) -> str:
    """Where a secret is, in the middle of a sentence."""
    name = one_line(ref.name)
    match ref.place:
        case SecretPlace.KEYRING:
            return _tr("in the system keyring, as “{0}”").format(name)
        case SecretPlace.FILE:
            return _tr("in the file {0}").format(name)
        case SecretPlace.SESSION:
            return _tr("in memory until you quit, as “{0}”").format(name)


def short_ref(ref: SecretRef) -> str:
    """Where a secret is, as short as a table wants it."""
    match ref.place:
        case SecretPlace.KEYRING:
            return _tr("keyring")
        case SecretPlace.FILE:
            return one_line(os.path.basename(ref.name))
        case SecretPlace.SESSION:
            return _tr("until you quit")


def lock_lines(lock: Lock, access: AccessList | None = None) -> tuple[str, ...]:
    """What a socket has, in words; the first line is what it is.

    Args:
        lock: The lock.
        access: The access list that it goes by, if that is known.
    """
    choice = choice_of(lock)
    lines = [f"{_title(choice)} · {choice_words(choice)}"]
    if choice is LockChoice.PLAIN_CLIENT:
        lines.append(_tr("Its name is “{0}”.").format(one_line(lock.user)))
        empty = _tr("Its password is empty.")
        lines.append(_kept(_tr("Its password is {0}."), lock.secret) or empty)
    elif choice is LockChoice.CURVE_CLIENT:
        lines.append(_server_words(lock))
        fresh = _tr("It makes a fresh key pair each time it opens.")
        lines.append(_kept(_tr("Its key pair is {0}."), lock.secret) or fresh)
    elif choice is LockChoice.CURVE_SERVER:
        lines.append(_kept(_tr("Its key pair is {0}."), lock.secret))
    if lock.asks_access:
        words = _tr("Goes by the access list “{0}”").format(one_line(lock.access_name))
        lines.append(f"{words}: {list_words(access)}." if access is not None else f"{words}.")
    return tuple(line for line in lines if line)


def _title(choice: LockChoice) -> str:
    if choice is LockChoice.NONE:
        return _tr("No lock")
    return _tr("Access list") if choice is LockChoice.ACCESS else choice_title(choice)


def _kept(words: str, secret: SecretRef | None) -> str:
    return words.format(ref_words(secret)) if secret is not None else ""


def _server_words(lock: Lock) -> str:
    path = server_key_path(lock)
    if path is not None:
        return _tr("Expects the server’s public key in {0}.").format(one_line(path))
    return _tr("Expects the server whose public key begins with {0}…").format(
        lock.server_key[:_SHORT_KEY]
    )
