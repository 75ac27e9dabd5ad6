"""Reads and writes files of keys and passwords. Any thread that may wait for a disk.

A secret file is never readable by others, not for an instant, and never half written.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from datetime import datetime

from zmqscope.core.errors import UserError
from zmqscope.core.security.certificates import (
    PUBLIC_SUFFIX,
    SECRET_SUFFIX,
    Certificate,
    CertificateError,
    parse_certificate,
    public_text,
    secret_text,
)
from zmqscope.core.security.secret import KeyPair, Secret
from zmqscope.core.types import Problem
from zmqscope.core.wording import quoted

_MOST_BYTES = 65_536
_LONGEST_PASSWORD = 255  # its length is one byte on the wire (RFC 24)
_SECRET_MODE, _PUBLIC_MODE = 0o600, 0o644
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_PLATFORM: str = sys.platform
_CHOOSE = "Check the path, or choose the file anew."


class SecretFileError(UserError):
    """A file that cannot be read or written, or does not hold what it should."""


# ---- reading ----------------------------------------------------------------------------------


def read_file(path: str) -> Secret:
    """All bytes of an ordinary file of at most 64 KiB.

    Raises:
        SecretFileError: It cannot be read; says which file and what to do.
    """
    try:
        # Not blocking: a FIFO would wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SecretFileError(f"{quoted(path)} is no ordinary file.", _CHOOSE)
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from None
    finally:
        os.close(descriptor)
    if len(data) > _MOST_BYTES:
        raise SecretFileError(
            f"{quoted(path)} is too large to be a file of keys or of a password.", _CHOOSE
        )
    return Secret(data)


def load_certificate(path: str) -> Certificate:
    """Read a certificate file, public or secret.

    Raises:
        SecretFileError: It cannot be read, or is none.
    """
    return _parsed(path, read_file(path))


def _parsed(path: str, content: Secret) -> Certificate:
    try:
        return parse_certificate(content.reveal().decode())
    except UnicodeDecodeError:
        raise SecretFileError(
            f"{quoted(path)} is no certificate: it is no text.", _CHOOSE
        ) from None
    except CertificateError as error:
        text = f"{quoted(path)} cannot be used. {error.problem.text}"
        raise SecretFileError(text, error.problem.hint) from None


def load_key_pair(path: str) -> KeyPair:
    """Read a secret certificate.

    Raises:
        SecretFileError: It cannot be read, or has no secret key.
    """
    pair = load_certificate(path).pair
    if pair is None:
        raise SecretFileError(
            f"{quoted(path)} holds only a public key.",
            f"Choose the file that ends in {SECRET_SUFFIX}; it has both keys.",
        )
    return pair


def load_password(path: str) -> Secret:
    """Read a password: the file's only line.

    Raises:
        SecretFileError: It cannot be read, or holds none that PLAIN could carry.
    """
    password = Secret(read_file(path).reveal().rstrip(b"\r\n"))
    problem = password_problem(password)
    if problem is not None:
        raise SecretFileError(f"{quoted(path)} cannot be used. {problem.text}", problem.hint)
    return password


def password_problem(password: Secret) -> Problem | None:
    """Why PLAIN cannot carry a password; None if it can (RFC 24, zmq_setsockopt(3))."""
    size = len(password.reveal())
    if not size:
        return Problem("The password is empty.", "Keep the password there, and nothing else.")
    if b"\n" in password.reveal():
        return Problem("A password is one line.", "Keep the password there, and nothing else.")
    if size > _LONGEST_PASSWORD:
        return Problem(
            f"The password has {size} bytes; PLAIN carries at most {_LONGEST_PASSWORD}.",
            "Choose a shorter one on both sides.",
        )
    return None


def exposure_problem(path: str) -> Problem | None:
    """A warning if others may read or change a secret file; None if not, or not to be known."""
    if _PLATFORM == "win32":
        return None  # its permissions are not in the mode
    try:
        mode = os.stat(path).st_mode
        folder = os.path.dirname(os.path.realpath(path))
        folder_mode = os.stat(folder).st_mode
    except (OSError, ValueError):
        return None
    if mode & _OTHERS:
        return Problem(
            f"Other users of this machine may open {quoted(path)}, which holds a secret.",
            "Close it to them: chmod 600 and the path.",
        )
    # In /tmp and its like only the owner of a file may put another one in its place.
    if folder_mode & stat.S_IWOTH and not folder_mode & stat.S_ISVTX:
        return Problem(
            f"Other users of this machine may put another file in the place of {quoted(path)}.",
            "Close its folder to them: chmod o-w and the folder.",
        )
    return None


def _unreadable(path: str, error: Exception) -> SecretFileError:
    if isinstance(error, FileNotFoundError):
        return SecretFileError(f"There is no file {quoted(path)}.", _CHOOSE)
    if isinstance(error, PermissionError):
        return SecretFileError(
            f"{quoted(path)} may not be read.", "Ask for the right to read it, or use another."
        )
    reason = error.strerror if isinstance(error, OSError) else None
    return SecretFileError(f"{quoted(path)} cannot be read: {reason or 'no path'}.", _CHOOSE)


# ---- writing ----------------------------------------------------------------------------------


def write_key_pair(
    folder: str,
    name: str,
    pair: KeyPair,
    metadata: tuple[tuple[str, str], ...] = (),
    *,
    overwrite: bool = False,
) -> tuple[str, str]:
    """Write both certificate files of a pair, as ``zmq.auth.create_certificates`` names them.

    Args:
        folder: Where; has to be there.
        name: What both files are called, without an ending.
        pair: The keys.
        metadata: Names and values for both files.
        overwrite: Whether files that are there already may be replaced.

    Returns:
        Paths of the public and the secret file.

    Raises:
        UserError: One could not be written, or is there already.
    """
    if not name or name != os.path.basename(name) or name.startswith("."):
        raise SecretFileError("This is no name for a file.", "Type letters and digits.")
    public_path = os.path.join(folder, f"{name}{PUBLIC_SUFFIX}")
    secret_path = os.path.join(folder, f"{name}{SECRET_SUFFIX}")
    if not overwrite:
        for path in (public_path, secret_path):
            if os.path.lexists(path):
                raise _is_there(path)
    write_secret_certificate(secret_path, pair, metadata, overwrite=overwrite)
    write_public_certificate(public_path, pair.public, metadata, overwrite=overwrite)
    return public_path, secret_path


def write_secret_certificate(
    path: str,
    pair: KeyPair,
    metadata: tuple[tuple[str, str], ...] = (),
    *,
    overwrite: bool = False,
) -> None:
    """Write one secret certificate, which only its owner can read; see ``write_key_pair``."""
    write_secret(path, secret_text(pair, datetime.now(), metadata), overwrite=overwrite)


def write_public_certificate(
    path: str,
    public: str,
    metadata: tuple[tuple[str, str], ...] = (),
    *,
    overwrite: bool = False,
) -> None:
    """Write one public certificate; see ``write_key_pair``."""
    text = public_text(public, datetime.now(), metadata).encode()
    _write(path, text, _PUBLIC_MODE, overwrite)


def write_secret(path: str, content: Secret, *, overwrite: bool = False) -> None:
    """Write a file that only its owner can read, whole or not at all.

    Raises:
        SecretFileError: It could not be written, or is there already.
    """
    _write(path, content.reveal(), _SECRET_MODE, overwrite)


def _write(path: str, content: bytes, mode: int, overwrite: bool) -> None:
    folder = os.path.dirname(path) or "."
    draft = os.path.join(folder, f".{os.path.basename(path)}.{secrets.token_hex(8)}")
    try:
        try:
            _write_draft(draft, content, mode)
            _put_in_place(draft, path, overwrite)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(draft)
        _sync_folder(folder)
    except FileExistsError:
        raise _is_there(path) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise SecretFileError(
            f"{quoted(path)} cannot be written: {reason or 'no path'}.",
            "Choose another folder, or free the path.",
        ) from None


def _write_draft(draft: str, content: bytes, mode: int) -> None:
    """The content under a name of its own, with its final mode from the first instant."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(draft, flags | getattr(os, "O_BINARY", 0), mode)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _put_in_place(draft: str, path: str, overwrite: bool) -> None:
    """Raises ``FileExistsError`` if something is there that may not be replaced."""
    if overwrite:
        os.replace(draft, path)
        return
    try:
        os.link(draft, path)  # the one way to rename that replaces nothing
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links, such as FAT: the window between is the best there is.
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.rename(draft, path)


def _sync_folder(folder: str) -> None:
    """So that the new name outlives a loss of power, where folders can be synced."""
    if _PLATFORM == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_there(path: str) -> SecretFileError:
    return SecretFileError(
        f"{quoted(path)} is there already.", "Choose another name, or say that it is replaced."
    )
