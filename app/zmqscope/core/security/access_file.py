"""The user's access lists in one file: hashes and public keys, no secret. Any thread, one writer.

JSON, readable by its owner only, replaced as a whole. A file that cannot be used is kept aside
under another name, and never overwritten.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import itertools
import json
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zmqscope.core.errors import UserError
from zmqscope.core.security.access import (
    AccessList,
    AccessMode,
    AllowedKey,
    AllowedUser,
    PasswordHash,
)
from zmqscope.core.security.access_rules import address_problem
from zmqscope.core.security.keys import KEY_LETTERS
from zmqscope.core.wording import quoted

_VERSION = 1
_MOST_BYTES = 16 << 20
_OWNER_ONLY = 0o600
_FOLDER_MODE = 0o700
_START_ANEW = (
    "Set the access lists up anew, or mend the file, give it its name back and start again."
)


class AccessFileError(UserError):
    """Access lists could not be read or written."""


class _BrokenError(Exception):
    """What is wrong with a file's content."""


# ---- reading -----------------------------------------------------------------------------------


def read_access(path: Path) -> tuple[AccessList, ...]:
    """The access lists of a file; none if there is no file.

    Raises:
        AccessFileError: It cannot be read. A broken file has been given another name.
    """
    try:
        data = _content(path)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise AccessFileError(
            f"The access lists in {path} cannot be read: {_reason(error)}.",
            "Whoever is not known is asked for. Make the file readable and start again.",
        ) from error
    try:
        return _parse(data)
    except _BrokenError as error:
        raise AccessFileError(
            f"The access lists in {path} cannot be used: {error}. {_set_aside(path)}", _START_ANEW
        ) from None


def _content(path: Path) -> bytes:
    """The bytes of an ordinary file; none if it is something else, or too large.

    Others may write to it no longer: whoever can puts himself on the list.
    """
    # Not blocking: a FIFO would wait for its writer.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            return b""
        if stat.S_ISREG(mode) and stat.S_IMODE(mode) & ~_OWNER_ONLY and hasattr(os, "fchmod"):
            with contextlib.suppress(OSError):
                os.fchmod(descriptor, _OWNER_ONLY)
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(_MOST_BYTES + 1)
    finally:
        os.close(descriptor)
    return data if len(data) <= _MOST_BYTES else b""


def _set_aside(path: Path) -> str:
    """Give a broken file another name; the sentence that says which."""
    for number in itertools.count(1):
        other = path.with_name(f"{path.name}.broken-{number}")
        if not other.exists():
            break
    try:
        path.rename(other)
    except OSError as error:
        return f"It stays where it is, for it cannot be renamed: {_reason(error)}."
    return f"It is kept as {other.name}."


def _parse(data: bytes) -> tuple[AccessList, ...]:
    try:
        content = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _BrokenError("it is damaged or no JSON") from None
    version = _item(content, "version", int)
    if version != _VERSION:
        raise _BrokenError(f"it is of version {version}, and this program knows version {_VERSION}")
    lists = tuple(_list(each) for each in _item(content, "lists", list))
    if len({each.name for each in lists}) != len(lists):
        raise _BrokenError("two lists have the same name")
    return lists


def _list(content: Any) -> AccessList:
    name = _item(content, "name", str)
    if not name:
        raise _BrokenError("a list has no name")
    try:
        mode = AccessMode(_item(content, "mode", str))
    except ValueError:
        raise _BrokenError(f"the list {quoted(name)} has a mode that is none") from None
    return AccessList(
        name,
        mode,
        tuple(_user(each) for each in _item(content, "users", list)),
        tuple(_key(each) for each in _item(content, "keys", list)),
        tuple(_address(each) for each in _item(content, "allow", list)),
        tuple(_address(each) for each in _item(content, "deny", list)),
    )


def _user(content: Any) -> AllowedUser:
    salt, digest = (_bytes(_item(content, key, str)) for key in ("salt", "scrypt"))
    return AllowedUser(_item(content, "name", str), PasswordHash(salt, digest))


def _key(content: Any) -> AllowedKey:
    public = _item(content, "public", str)
    if len(public) != KEY_LETTERS:
        raise _BrokenError("a client’s public key is not 40 letters long")
    return AllowedKey(public, _item(content, "label", str))


def _address(content: Any) -> str:
    if not isinstance(content, str) or address_problem(content) is not None:
        raise _BrokenError("an entry among the addresses is no address")
    return content


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _BrokenError("the hash of a password is damaged") from None


def _item(content: Any, key: str, kind: type[Any]) -> Any:
    found = content.get(key) if isinstance(content, dict) else None
    if not isinstance(found, kind) or isinstance(found, bool):
        raise _BrokenError(f"“{key}” is missing or not what it should be")
    return found


# ---- writing -----------------------------------------------------------------------------------


def write_access(path: Path, lists: Sequence[AccessList]) -> None:
    """Replace a file's access lists as a whole; only its owner can read it.

    Raises:
        AccessFileError: It cannot be written; what was there before is untouched.
    """
    text = json.dumps({"version": _VERSION, "lists": [_as_plain(each) for each in lists]}, indent=1)
    try:
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        _replace(path, text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise AccessFileError(
            f"The access lists cannot be saved in {path}: {_reason(error)}.",
            "They hold until the program ends. Make room or see to the folder’s permissions, and "
            "change them again.",
        ) from error


def _replace(path: Path, data: bytes) -> None:
    # Made for its owner alone from the start; a link is followed, so that it stays one.
    target = path.resolve()
    descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _OWNER_ONLY)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _as_plain(access: AccessList) -> dict[str, Any]:
    return {
        "name": access.name,
        "mode": access.mode.value,
        "users": [
            {
                "name": user.name,
                "salt": _as_text(user.password.salt),
                "scrypt": _as_text(user.password.digest),
            }
            for user in access.users
        ],
        "keys": [{"public": key.public, "label": key.label} for key in access.keys],
        "allow": list(access.allow),
        "deny": list(access.deny),
    }


def _as_text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
