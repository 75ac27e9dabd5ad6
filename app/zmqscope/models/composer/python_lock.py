"""A socket's lock in a pyzmq script: read from where it is kept, never the secret itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from zmqscope.core.security.lock import Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.core.security.secrets import KEYRING_SERVICE, server_key_path
from zmqscope.models.composer.python_literal import bytes_literal, text_literal


def lock_imports(lock: Lock) -> tuple[list[str], list[str]]:
    """Import lines that a script with this lock needs: of the standard library, and of others."""
    others = ["import zmq"]
    if _certificates(lock):
        others.append("import zmq.auth")
    if _needs_authenticator(lock):
        others.append("from zmq.auth.thread import ThreadAuthenticator")
    if lock.secret is not None and lock.secret.place is SecretPlace.KEYRING:
        others.insert(0, "import keyring")
    asks = _needs_authenticator(lock) or (
        lock.secret is not None and lock.secret.place is SecretPlace.SESSION
    )
    standard = ["import getpass"] if asks else []
    if _has_certificate_in_keyring(lock):
        standard.append("import re")
    is_file = lock.secret is not None and lock.secret.place is SecretPlace.FILE
    if is_file and lock.mechanism is Mechanism.PLAIN:
        standard.append("from pathlib import Path")
    return standard, others


def lock_lines(lock: Lock) -> Iterator[str]:
    """What locks ``socket``, before it is bound or connected."""
    if lock.mechanism is Mechanism.PLAIN:
        yield from _plain_server() if lock.is_server else _plain_client(lock)
    elif lock.mechanism is Mechanism.CURVE:
        yield from _pair(lock)
        yield "socket.set(zmq.CURVE_PUBLICKEY, public)"
        yield "socket.set(zmq.CURVE_SECRETKEY, secret)"
        yield from _curve_server() if lock.is_server else _curve_client(lock)
    elif lock.is_server:
        yield "# Here everybody may come in; zmq.auth can look at addresses as ZMQ Scope does."


def lock_ending(lock: Lock) -> list[str]:
    """What has to be done once ``socket`` is closed."""
    return ["authenticator.stop()"] if _needs_authenticator(lock) else []


def _needs_authenticator(lock: Lock) -> bool:
    """Without somebody to ask, libzmq lets nobody in by PLAIN."""
    return lock.mechanism is Mechanism.PLAIN and lock.is_server


def _has_certificate_in_keyring(lock: Lock) -> bool:
    is_keyring = lock.secret is not None and lock.secret.place is SecretPlace.KEYRING
    return is_keyring and lock.mechanism is Mechanism.CURVE


def _certificates(lock: Lock) -> bool:
    if lock.mechanism is not Mechanism.CURVE:
        return False
    is_file = lock.secret is not None and lock.secret.place is SecretPlace.FILE
    return is_file or server_key_path(lock) is not None


def _plain_server() -> Iterator[str]:
    yield "# Who may come in; in ZMQ Scope the access list says so."
    yield "authenticator = ThreadAuthenticator(context)"
    yield "authenticator.start()"
    yield 'password = getpass.getpass("Password that a client has to show as “user”: ")'
    yield 'authenticator.configure_plain(passwords={"user": password})'
    yield "socket.set(zmq.PLAIN_SERVER, 1)"


def _plain_client(lock: Lock) -> Iterator[str]:
    yield f"socket.set(zmq.PLAIN_USERNAME, {_encoded(lock.user)})"
    if lock.secret is None:
        return
    value = _read(lock.secret, "Password: ")
    if lock.secret.place is SecretPlace.FILE:
        value = f'{value}.rstrip(b"\\r\\n")'
    yield f"socket.set(zmq.PLAIN_PASSWORD, {value})"


def _pair(lock: Lock) -> Iterator[str]:
    if lock.secret is None:
        yield "public, secret = zmq.curve_keypair()  # nobody has to know this client"
    elif lock.secret.place is SecretPlace.FILE:
        path = text_literal(lock.secret.name)
        yield f"public, secret = zmq.auth.load_certificate({path})"
    elif lock.secret.place is SecretPlace.KEYRING:
        name = text_literal(lock.secret.name)
        yield f'certificate = keyring.get_password("{KEYRING_SERVICE}", {name})'
        yield "secret = re.search('secret-key = \"(.+)\"', certificate)[1].encode()"
        yield "public = zmq.curve_public(secret)"
    else:
        yield f"secret = {_read(lock.secret, 'Secret key, 40 letters: ')}"
        yield "public = zmq.curve_public(secret)"


def _curve_server() -> Iterator[str]:
    yield "socket.set(zmq.CURVE_SERVER, 1)"
    yield "# Here every client that knows our public key may come in; zmq.auth can look at theirs."


def _curve_client(lock: Lock) -> Iterator[str]:
    path = server_key_path(lock)
    key = bytes_literal(lock.server_key.encode("utf-8", "surrogateescape"))
    if path is not None:
        key = f"zmq.auth.load_certificate({text_literal(path)})[0]"
    yield f"socket.set(zmq.CURVE_SERVERKEY, {key})"


def _read(ref: SecretRef, prompt: str) -> str:
    """An expression for the bytes of a secret."""
    match ref.place:
        case SecretPlace.FILE:
            return f"Path({text_literal(ref.name)}).read_bytes()"
        case SecretPlace.KEYRING:
            name = text_literal(ref.name)
            return f'keyring.get_password("{KEYRING_SERVICE}", {name}).encode()'
        case SecretPlace.SESSION:
            return f"getpass.getpass({text_literal(prompt)}).encode()"


def _encoded(text: str) -> str:
    return bytes_literal(text.encode()) if text.isascii() else f"{text_literal(text)}.encode()"
