"""Keeps passwords and key pairs where the user wants them, and finds public keys. Any thread.

Everything here may wait for a disk or a keyring: it is run as an errand.
"""

from __future__ import annotations

import contextlib
import os
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from zmqscope.core.errors import UserError
from zmqscope.core.security import secret_files
from zmqscope.core.security.certificates import SECRET_SUFFIX, secret_text
from zmqscope.core.security.lock import SecretPlace, SecretRef
from zmqscope.core.security.secret import KeyPair, Secret
from zmqscope.core.security.secrets import secret_ref_problem
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.engine.credentials import read_pair
from zmqscope.engine.key_maker import make_key_pair
from zmqscope.engine.keyring_store import (
    forget_in_keyring,
    keyring_problem,
    store_in_keyring,
)
from zmqscope.models.security.key_book import KeyEntry

_CONTEXT = "Vault"
_FOLDER_MODE = 0o700


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


class Vault:
    """The three places of secrets.

    Args:
        session: Those that last until the app ends.
    """

    def __init__(self, session: SessionSecrets) -> None:
        self._session = session

    def keyring_reason(self) -> str:
        """Why the system's keyring cannot be used; empty if it can."""
        problem = keyring_problem()
        return problem.text if problem is not None else ""

    # ---- keeping ----------------------------------------------------------------------------

    def keep_password(self, ref: SecretRef, password: Secret, *, replaces: bool) -> None:
        """Keep a password.

        Args:
            ref: Where.
            password: It.
            replaces: Whether a file that is there may make way.

        Raises:
            UserError: It could not be kept there.
        """
        _check(ref)
        if ref.place is SecretPlace.FILE:
            _make_folder(os.path.dirname(ref.name))
            content = Secret(password.reveal() + b"\n")
            secret_files.write_secret(ref.name, content, overwrite=replaces)
            return
        self._keep_by_name(ref, password)

    def _keep_by_name(self, ref: SecretRef, secret: Secret) -> None:
        if ref.place is SecretPlace.SESSION:
            self._session.put(ref.name, secret)
            return
        problem = store_in_keyring(ref.name, secret)
        if problem is not None:
            raise UserError(problem.text, problem.hint)

    def make_pair(self, name: str, place: SecretPlace, folder: str) -> KeyEntry:
        """Make a key pair and keep it.

        Args:
            name: What the files or the entry are called.
            place: Where.
            folder: Where the files go.

        Raises:
            UserError: It could not be kept there.
        """
        return self._keep_pair(name, make_key_pair(), place, folder)

    def _keep_pair(self, name: str, pair: KeyPair, place: SecretPlace, folder: str) -> KeyEntry:
        if place is SecretPlace.FILE:
            _make_folder(folder)
            _, path = secret_files.write_key_pair(folder, name, pair)
            return KeyEntry(name, pair.public, SecretRef(place, path))
        ref = SecretRef(place, name)
        _check(ref)
        self._keep_by_name(ref, secret_text(pair, datetime.now()))
        return KeyEntry(name, pair.public, ref)

    # ---- reading ----------------------------------------------------------------------------

    def public_of(self, ref: SecretRef) -> str:
        """The public key of a pair.

        Raises:
            UserError: There is none.
        """
        return read_pair(ref, self._session).public

    def open_file(self, path: str) -> KeyEntry:
        """A certificate file as an entry of the book: a pair where it has both keys.

        Raises:
            UserError: It is none.
        """
        name = os.path.basename(path)
        certificate = secret_files.load_certificate(path)
        if certificate.secret is None:
            return KeyEntry(os.path.splitext(name)[0], certificate.public)
        ref = SecretRef(SecretPlace.FILE, path)
        return KeyEntry(name.removesuffix(SECRET_SUFFIX), self.public_of(ref), ref)

    # ---- writing elsewhere ------------------------------------------------------------------

    def export_public(self, entry: KeyEntry, path: str, *, overwrite: bool) -> str:
        """Write a public certificate; its path.

        Raises:
            UserError: It could not be written.
        """
        secret_files.write_public_certificate(path, entry.public, overwrite=overwrite)
        return path

    def export_secret(self, entry: KeyEntry, path: str, *, overwrite: bool) -> str:
        """Write a secret certificate, which only its owner can read; its path.

        Raises:
            UserError: The pair could not be read, or not be written.
        """
        if entry.secret is None:
            raise UserError(_tr("This is somebody else’s key: there is no secret half here."))
        pair = read_pair(entry.secret, self._session)
        secret_files.write_secret_certificate(path, pair, overwrite=overwrite)
        return path

    # ---- forgetting -------------------------------------------------------------------------

    def forget(self, entry: KeyEntry) -> None:
        """Delete the secret half from keyring or memory; files are left alone.

        Raises:
            UserError: The keyring did not let it go.
        """
        ref = entry.secret
        if ref is None or ref.place is SecretPlace.FILE:
            return
        if ref.place is SecretPlace.SESSION:
            self._session.forget(ref.name)
            return
        problem = forget_in_keyring(ref.name)
        if problem is not None:
            raise UserError(problem.text, problem.hint)


def _check(ref: SecretRef) -> None:
    problem = secret_ref_problem(ref)
    if problem is not None:
        raise UserError(problem.text, problem.hint)


def _make_folder(folder: str) -> None:
    """Where the app itself proposes to keep files, there may be no folder yet."""
    with contextlib.suppress(OSError):
        os.makedirs(folder, _FOLDER_MODE, exist_ok=True)
