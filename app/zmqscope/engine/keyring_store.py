"""The system's keyring, through the ``keyring`` library. Never the GUI's or the loop's thread.

Each call may wait for as long as the user takes to unlock the keyring.
"""

from __future__ import annotations

import logging
from types import TracebackType

from zmqscope.core.errors import UserError
from zmqscope.core.security.secret import Secret
from zmqscope.core.security.secrets import KEYRING_SERVICE
from zmqscope.core.types import Problem
from zmqscope.core.wording import quoted

log = logging.getLogger(__name__)

_REOPEN = "then open the socket again"
_AGAIN = "then try again"
_USE_A_FILE = "Keep it in a file instead (secret=file:/path), or for this session only."


class KeyringUnusableError(UserError):
    """There is no keyring, or it does not give or take the entry."""


def read_from_keyring(name: str) -> Secret:
    """An entry.

    Raises:
        KeyringUnusableError: It cannot be had; says what to do instead.
    """
    import keyring

    with _InWords(name, _REOPEN):
        value = keyring.get_password(KEYRING_SERVICE, name)
    if value is None:
        raise KeyringUnusableError(
            f"The keyring has no entry {quoted(name)} of ZMQ Scope’s.",
            "Type the password or make the key pair anew, and store it under this name.",
        )
    return Secret(value.encode())


def store_in_keyring(name: str, secret: Secret) -> Problem | None:
    """Keep a secret under a name, in place of what was there; why it failed, or None."""
    import keyring

    try:
        text = secret.reveal().decode()
        with _InWords(name):
            keyring.set_password(KEYRING_SERVICE, name, text)
    except UnicodeDecodeError:
        return Problem("The keyring keeps only text.", "Keep this one in a file instead.")
    except KeyringUnusableError as error:
        return error.problem
    return None


def forget_in_keyring(name: str) -> Problem | None:
    """Delete an entry; why it failed, or None. Somebody may have deleted it before."""
    import keyring
    from keyring.errors import PasswordDeleteError

    try:
        with _InWords(name):
            try:
                keyring.delete_password(KEYRING_SERVICE, name)
            except PasswordDeleteError:
                if keyring.get_password(KEYRING_SERVICE, name) is not None:
                    raise
    except KeyringUnusableError as error:
        return error.problem
    return None


def keyring_problem() -> Problem | None:
    """Why this system has no keyring to use; None if it seems to have one. Never prompts."""
    import keyring
    from keyring.backends import fail, null

    try:
        with _InWords(""):
            backend = keyring.get_keyring()
    except KeyringUnusableError as error:
        return error.problem
    if isinstance(backend, fail.Keyring | null.Keyring):
        return _without_keyring()
    return None


class _InWords:
    """Backends come from anybody and raise anything; what they say might hold the secret.

    Neither the words nor the traceback of what is raised instead has it.
    """

    def __init__(self, name: str, then: str = _AGAIN) -> None:
        self._name = name
        self._then = then

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception):
            raise _unusable(self._name, error, self._then) from None


def _without_keyring() -> Problem:
    return Problem("This system has no keyring that could be used.", _USE_A_FILE)


def _unusable(name: str, error: Exception, then: str) -> KeyringUnusableError:
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    log.info("keyring: %s", type(error).__name__)
    if isinstance(error, NoKeyringError):
        problem = _without_keyring()
        return KeyringUnusableError(problem.text, problem.hint)
    entry = f" for {quoted(name)}" if name else ""
    if isinstance(error, KeyringLocked):
        return KeyringUnusableError(f"The keyring is locked{entry}.", f"Unlock it, {then}.")
    if isinstance(error, InitError):
        # Of the Secret Service also where its prompt was closed, or it has ended.
        return KeyringUnusableError(
            f"The keyring is locked{entry}, or does not run.", f"Unlock it or start it, {then}."
        )
    return KeyringUnusableError(f"The keyring failed{entry} ({type(error).__name__}).", _USE_A_FILE)
