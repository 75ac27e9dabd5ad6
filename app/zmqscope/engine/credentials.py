"""Reads what a lock needs from files, the keyring and memory. A thread that may wait."""

from __future__ import annotations

from zmqscope.core.errors import UserError
from zmqscope.core.security.certificates import parse_certificate
from zmqscope.core.security.keys import KeyKind, clean_key
from zmqscope.core.security.lock import Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.core.security.secret import Credentials, KeyPair, Secret
from zmqscope.core.security.secret_files import (
    exposure_problem,
    load_certificate,
    password_problem,
    read_file,
)
from zmqscope.core.security.secrets import format_secret_ref, server_key_path
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.types import Problem
from zmqscope.core.wording import quoted
from zmqscope.engine.key_maker import make_key_pair, public_of
from zmqscope.engine.keyring_store import read_from_keyring


def read_credentials(lock: Lock, session: SessionSecrets) -> Credentials:
    """Everything that a lock refers to.

    Raises:
        UserError: Something is missing or broken; says which file or entry, and what to do.
    """
    path = server_key_path(lock)
    server_key = lock.server_key if path is None else load_certificate(path).public
    warning = _warning(lock.secret)
    if lock.mechanism is Mechanism.CURVE:
        pair = _pair(lock, session)
        return Credentials(pair=pair, server_key=server_key, warning=warning)
    if lock.secret is None:
        return Credentials()
    return Credentials(password=_password(lock.secret, session), warning=warning)


def ready_credentials(lock: Lock) -> Credentials:
    """What a lock needs that refers to nothing; at once."""
    is_curve = lock.mechanism is Mechanism.CURVE
    return Credentials(pair=make_key_pair() if is_curve else None, server_key=lock.server_key)


def _pair(lock: Lock, session: SessionSecrets) -> KeyPair:
    if lock.secret is None:
        # Nobody has to know a client: a pair for this opening alone.
        return make_key_pair()
    return read_pair(lock.secret, session)


def read_pair(ref: SecretRef, session: SessionSecrets) -> KeyPair:
    """A key pair: a secret certificate, or a secret key alone.

    Raises:
        UserError: There is none.
    """
    where = quoted(format_secret_ref(ref))
    try:
        text = _content(ref, session).reveal().decode()
        if "public-key" not in text:
            secret = Secret(clean_key(text, KeyKind.SECRET).encode())
            return KeyPair(public_of(secret), secret)
        pair = parse_certificate(text).pair
    except UnicodeDecodeError:
        raise UserError(
            f"{where} holds no key pair.", "Choose a .key_secret file, or make a pair."
        ) from None
    except _NotFoundError as error:
        raise UserError(error.problem.text, error.problem.hint) from None
    except UserError as error:
        raise UserError(
            f"{where} cannot be used. {error.problem.text}", error.problem.hint
        ) from None
    if pair is None:
        raise UserError(
            f"{where} holds only a public key.",
            "Choose the file that ends in .key_secret; it has both keys.",
        )
    if public_of(pair.secret) != pair.public:
        raise UserError(
            f"The two keys in {where} do not belong together.",
            "Copy the file again, or make a pair.",
        )
    return pair


def _password(ref: SecretRef, session: SessionSecrets) -> Secret:
    where = quoted(format_secret_ref(ref))
    content = _content(ref, session)
    if ref.place is SecretPlace.FILE:
        content = Secret(content.reveal().rstrip(b"\r\n"))
    problem = password_problem(content)
    if problem is not None:
        raise UserError(f"{where} cannot be used. {problem.text}", problem.hint)
    return content


class _NotFoundError(UserError):
    """What was to be read could not be had at all; the words say where."""


def _content(ref: SecretRef, session: SessionSecrets) -> Secret:
    try:
        match ref.place:
            case SecretPlace.FILE:
                return read_file(ref.name)
            case SecretPlace.KEYRING:
                return read_from_keyring(ref.name)
    except UserError as error:
        raise _NotFoundError(error.problem.text, error.problem.hint) from None
    secret = session.get(ref.name)
    if secret is None:
        raise _NotFoundError(
            f"The secret {quoted(ref.name)} was kept for one session only, and is gone.",
            "Type it again in the socket’s lock, or keep it in a file.",
        )
    return secret


def _warning(ref: SecretRef | None) -> Problem | None:
    if ref is None or ref.place is not SecretPlace.FILE:
        return None
    return exposure_problem(ref.name)
