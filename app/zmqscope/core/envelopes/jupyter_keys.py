"""Keys of Jupyter kernels, from the connection files that the user names. Any thread.

A key never leaves this module: it is neither shown nor written, and errors do not repeat what a
file holds.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import platformdirs

from zmqscope.core.errors import UserError
from zmqscope.core.security.secret import Secret
from zmqscope.core.security.secret_files import SecretFileError, read_file
from zmqscope.core.wording import quoted

MOST_BYTES = 8_000_000
"""Bytes that are checked at most, times the number of keys: about 25 ms without SHA extensions."""

_LISTED_FILES = 50
_CHOOSE = "Choose the kernel's file; %connect_info in a notebook shows where it is."
_SCHEME = "hmac-"
_PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
_PLATFORM: str = sys.platform


class ConnectionFileError(UserError):
    """A file that is no connection file, or cannot be read."""


@dataclass(frozen=True, slots=True)
class KernelKey:
    """A kernel as its connection file describes it.

    Attributes:
        path: The file.
        kernel: The kernel's name, such as ``python3``; empty if the file does not say.
        hash_name: Name of the hash, such as ``sha256``.
        ports: Names and numbers of its ports, as far as there are any.
        secret: The key; empty if the kernel signs nothing.
    """

    path: str
    kernel: str
    hash_name: str
    ports: tuple[tuple[str, int], ...] = ()
    secret: Secret = field(default_factory=lambda: Secret(b""), repr=False, compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether the kernel signs nothing."""
        return not self.secret.reveal()

    @property
    def title(self) -> str:
        """Kernel and file in a few words."""
        name = os.path.basename(self.path)
        return f"kernel {self.kernel}, connection file {name}" if self.kernel else name

    def signature(self, frames: Sequence[bytes]) -> bytes:
        """What the kernel writes before these frames, in hex digits."""
        if self.is_empty:
            return b""
        sum_ = hmac.new(self.secret.reveal(), digestmod=self.hash_name)
        for frame in frames:
            sum_.update(frame)
        return sum_.hexdigest().encode()


class Verdict(Enum):
    """What a signature turned out to be."""

    RIGHT = "right"
    WRONG = "wrong"
    UNSIGNED = "unsigned"
    NO_KEYS = "no keys"
    TOO_LARGE = "too large"


class KeyRing:
    """The keys that the user gave, the one that fitted last first.

    Signatures may be checked on a thread of their own while the user adds a file.
    """

    def __init__(self) -> None:
        self._keys: tuple[KernelKey, ...] = ()
        self._lock = threading.Lock()

    @property
    def keys(self) -> tuple[KernelKey, ...]:
        """All of them."""
        return self._keys

    def add_connection_file(self, path: str) -> KernelKey:
        """Read a connection file; one that was given before is read anew.

        Args:
            path: Where it is.

        Raises:
            ConnectionFileError: It cannot be read, or is no connection file.
        """
        key = read_connection_file(path)
        with self._lock:
            self._keys = (key, *(each for each in self._keys if each.path != key.path))
        return key

    def forget(self, path: str) -> None:
        """Forget a file's key; nothing happens if there is none."""
        path = os.path.abspath(path)
        with self._lock:
            self._keys = tuple(key for key in self._keys if key.path != path)

    def verify(self, signature: bytes, frames: Sequence[bytes]) -> tuple[Verdict, KernelKey | None]:
        """Whether one of the keys made a signature, and which one.

        Args:
            signature: Hex digits.
            frames: What was signed, in this order.
        """
        given = self._keys
        keys = [key for key in given if not key.is_empty]
        if not signature:
            unsigned = next((key for key in given if key.is_empty), None)
            return Verdict.UNSIGNED, unsigned
        if not keys:
            return Verdict.NO_KEYS, None
        if sum(map(len, frames)) * len(keys) > MOST_BYTES:
            return Verdict.TOO_LARGE, None
        for key in keys:
            if hmac.compare_digest(key.signature(frames), signature):
                self._put_first(key)
                return Verdict.RIGHT, key
        return Verdict.WRONG, None

    def _put_first(self, key: KernelKey) -> None:
        with self._lock:
            # It may have been forgotten or read anew meanwhile.
            if any(each is key for each in self._keys):
                self._keys = (key, *(each for each in self._keys if each is not key))


def read_connection_file(path: str) -> KernelKey:
    """Read the connection file of a kernel (Jupyter client: Messaging, Connection files).

    Raises:
        ConnectionFileError: It cannot be read, or is no connection file; says which file and
            what to do.
    """
    path = os.path.abspath(os.path.expanduser(path))
    try:
        content = json.loads(read_file(path).reveal())
    except SecretFileError as error:
        raise ConnectionFileError(error.problem.text, error.problem.hint) from None
    except (ValueError, RecursionError):
        # The error itself would quote the file.
        raise ConnectionFileError(f"{quoted(path)} is no JSON.", _CHOOSE) from None
    if not isinstance(content, dict) or "signature_scheme" not in content:
        raise ConnectionFileError(
            f"{quoted(path)} is no connection file: it has no signature_scheme.", _CHOOSE
        )
    key, scheme = content.get("key", ""), content["signature_scheme"]
    if not isinstance(key, str):
        raise ConnectionFileError(f"The key in {quoted(path)} is no text.", _CHOOSE)
    hash_name = str(scheme).removeprefix(_SCHEME)
    if not str(scheme).startswith(_SCHEME) or not _is_hash(hash_name):
        raise ConnectionFileError(
            f"{quoted(path)} asks for the signature scheme {quoted(str(scheme))}.",
            "Only hmac- and the name of a hash, such as hmac-sha256, can be checked.",
        )
    name = content.get("kernel_name", "")
    ports = tuple(
        (port, number)
        for port in _PORTS
        if isinstance(number := content.get(port), int) and 0 < number < 65_536
    )
    kernel = name if isinstance(name, str) and name.isprintable() else ""
    return KernelKey(path, kernel[:60], hash_name, ports, Secret(key.encode()))


def _is_hash(name: str) -> bool:
    # Hashes of variable length have no hex digest without a length.
    return name in hashlib.algorithms_available and not name.startswith("shake")


# ---- where Jupyter puts them ------------------------------------------------------------------


def runtime_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder in which Jupyter keeps the connection files of running kernels.

    As ``jupyter --runtime-dir`` (jupyter_core.paths) finds it.

    Args:
        environment: Its variables count.
    """
    if folder := environment.get("JUPYTER_RUNTIME_DIR"):
        return Path(folder)
    return _data_folder(environment) / "runtime"


def _data_folder(environment: Mapping[str, str]) -> Path:
    if folder := environment.get("JUPYTER_DATA_DIR"):
        return Path(folder)
    if environment.get("JUPYTER_PLATFORM_DIRS", "").lower() in ("1", "true", "yes", "on"):
        return Path(platformdirs.user_data_dir("jupyter", appauthor=False))
    home = Path(environment.get("HOME") or Path.home())
    if _PLATFORM == "darwin":
        return home / "Library" / "Jupyter"
    if _PLATFORM == "win32":
        return Path(environment.get("APPDATA") or home / ".jupyter" / "data") / "jupyter"
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "jupyter"


def runtime_files(environment: Mapping[str, str] = os.environ) -> list[tuple[Path, float]]:
    """Connection files in Jupyter's runtime folder, the newest first, at most 50.

    Args:
        environment: Its variables count.

    Returns:
        Paths, and how many seconds ago each was written. Empty if there is no such folder.
    """
    folders = [runtime_folder(environment)]
    if old := environment.get("XDG_RUNTIME_DIR"):
        folders.append(Path(old) / "jupyter")  # where Jupyter had them until 2020
    now, found = time.time(), []
    for folder in dict.fromkeys(folders):
        try:
            with os.scandir(folder) as entries:
                found += [
                    (Path(entry.path), max(0.0, now - entry.stat().st_mtime))
                    for entry in entries
                    if entry.name.endswith(".json")
                    and entry.name.startswith("kernel-")
                    and entry.is_file()
                ]
        except OSError:
            continue
    return sorted(found, key=lambda file: file[1])[:_LISTED_FILES]
