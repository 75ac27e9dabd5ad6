"""How a spec says where a secret is: ``file:/path``, ``keyring:name``, ``session:name``.

Pure, any thread. No error repeats what might be the secret itself.
"""

from __future__ import annotations

import os
import re

from zmqscope.core.errors import SpecError
from zmqscope.core.security.keys import clean_key
from zmqscope.core.security.lock import Lock, SecretPlace, SecretRef
from zmqscope.core.types import Problem
from zmqscope.core.wording import quoted

KEYRING_SERVICE = "zmqscope"
"""What all our entries in the system's keyring belong to."""

LONGEST_NAME = 200
"""Characters of an entry's name in the keyring or in memory."""

_PREFIX = re.compile(r"\s*(file|keyring|session)\s*:(.*)", re.DOTALL | re.IGNORECASE)
_LONGEST_PATH = 4_096
_HOW = "Type secret=file:/path, secret=keyring:name or secret=session:name."
_FILE = "file:"


def parse_secret_ref(text: str) -> SecretRef:
    """Read where a secret is.

    Args:
        text: Such as ``file:/home/me/keys/client.key_secret``; ``~`` is the home folder.

    Raises:
        SpecError: It names no place. The text is not repeated: it may be the secret.
    """
    found = _PREFIX.fullmatch(text)
    if found is None:
        if not text.strip():
            raise SpecError("secret= does not say where the secret is.", _HOW)
        raise SpecError(
            "secret= takes no secret itself, because a spec is shown, copied and saved.", _HOW
        )
    place, name = SecretPlace(found[1].lower()), found[2]
    if place is SecretPlace.FILE:
        name = os.path.expanduser(name)
    ref = SecretRef(place, name)
    problem = secret_ref_problem(ref)
    if problem is not None:
        raise SpecError(problem.text, problem.hint)
    return ref


def format_secret_ref(ref: SecretRef) -> str:
    """Write where a secret is; ``parse_secret_ref`` gives it back."""
    return f"{ref.place.value}:{ref.name}"


def secret_ref_problem(ref: SecretRef) -> Problem | None:
    """Why a place cannot hold a secret; None if it can."""
    if ref.place is SecretPlace.FILE:
        return path_problem(ref.name)
    where = "keyring" if ref.place is SecretPlace.KEYRING else "session"
    if not ref.name.strip():
        return Problem(f"{where}: has no name after it.", f"Type one, as in {where}:camera.")
    if ref.name != ref.name.strip() or not ref.name.isprintable():
        return Problem(
            f"The name after {where}: has characters that do not print, or blanks around it.",
            f"Type a plain one, as in {where}:camera.",
        )
    if len(ref.name) > LONGEST_NAME:
        return Problem(
            f"The name after {where}: is longer than {LONGEST_NAME} characters.",
            "Type a shorter one.",
        )
    return None


def path_problem(path: str) -> Problem | None:
    """Why a path cannot be one of a secret or certificate file; None if it can.

    Whether there is such a file is seen when it is read.
    """
    if not path:
        return Problem("file: has no path after it.", "Type one, as in file:/home/me/server.key.")
    if "\0" in path or len(path) > _LONGEST_PATH:
        return Problem("What follows file: is no path.", "Choose the file anew.")
    if not os.path.isabs(path):
        return Problem(
            f"{quoted(path)} is no absolute path.", "Type the whole path, beginning with “/”."
        )
    return None


# ---- the server's key -------------------------------------------------------------------------


def parse_server_key(text: str) -> str:
    """Read ``server_key=``: a public key as ``clean_key`` takes it, or ``file:/path``.

    Returns:
        The key in Z85, or ``file:`` and the absolute path of a public certificate.

    Raises:
        UserError: It is neither.
    """
    # No key ever made begins with these letters: one in 10^11 would.
    if not text.strip().lower().startswith(_FILE):
        return clean_key(text)
    path = os.path.expanduser(text.lstrip()[len(_FILE) :])
    problem = path_problem(path)
    if problem is not None:
        raise SpecError(problem.text, problem.hint)
    return f"{_FILE}{path}"


def server_key_path(lock: Lock) -> str | None:
    """The file that a lock's server key is in; None if the lock has the key itself, or none."""
    return lock.server_key[len(_FILE) :] if lock.server_key.startswith(_FILE) else None


def needs_reading(lock: Lock) -> bool:
    """Whether something has to be read before a socket with this lock can be opened."""
    return lock.secret is not None or server_key_path(lock) is not None
