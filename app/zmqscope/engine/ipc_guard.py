"""Care for ipc paths: a bind must not steal a live one, nor leave its own behind. Loop thread."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import tempfile

from zmqscope.core.types import Problem

_PREFIX = "ipc://"
_FOLDER_PREFIX = "zmqscope-ipc-"


def ipc_bind_problem(address: str) -> Problem | None:
    """Why an ipc address should not be bound, or None.

    libzmq removes an existing socket file before it binds (ipc_listener.cpp), so a second bind
    would silently cut the first program off: ask whether somebody listens there.
    """
    if not address.startswith(_PREFIX):
        return None
    path = address.removeprefix(_PREFIX)
    if path == "*":
        return None
    if path.startswith("@"):
        return None
    if os.path.isdir(path):
        return Problem(f"{path} is a folder.", "Name a file in it, such as ipc:///tmp/app.sock.")
    if not os.path.lexists(path):
        return None
    if not _is_socket(path):
        return Problem(
            f"{path} exists and is not a socket; binding there would delete it.",
            "Choose another path.",
        )
    if not has_listener(path):
        return None
    return Problem(
        f"{address} is already in use.",
        "Another program is bound there: stop it, or choose another path.",
    )


def has_listener(path: str) -> bool:
    """Whether a program is bound to the socket file of a path."""
    if not _is_socket(path):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            probe.connect(path)
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:
            pass
    return True


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.lstat(path).st_mode)
    except OSError:
        return False


class IpcFile:
    """The socket file of a bound ipc address, removed when we unbind: libzmq leaves it behind.

    Args:
        address: The real address, after the bind.
    """

    def __init__(self, address: str) -> None:
        path = address.removeprefix(_PREFIX)
        is_file = address.startswith(_PREFIX) and not path.startswith("@")
        self._path = path if is_file else ""
        self._identity = _identity(self._path)

    def remove(self) -> None:
        """Remove the file, unless somebody else's lies there by now."""
        if self._path and self._identity and _identity(self._path) == self._identity:
            with contextlib.suppress(OSError):
                os.unlink(self._path)
        self.remove_folder()

    def remove_folder(self) -> None:
        """Remove the folder too if ``private_ipc_address`` made it and it is empty."""
        folder = os.path.dirname(self._path)
        if os.path.basename(folder).startswith(_FOLDER_PREFIX):
            with contextlib.suppress(OSError):
                os.rmdir(folder)


def private_ipc_address() -> str:
    """An address in a new folder that only this user can enter."""
    return f"{_PREFIX}{tempfile.mkdtemp(prefix=_FOLDER_PREFIX)}/socket"


def _identity(path: str) -> tuple[int, int, int] | None:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    # Inode numbers are given out again at once: the time tells a new file from ours.
    return found.st_dev, found.st_ino, found.st_mtime_ns
