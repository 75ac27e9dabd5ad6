"""The folder where our own sockets and their links meet, by ipc. Engine thread."""

from __future__ import annotations

import hashlib
import itertools
import shutil
import tempfile


class PrivateFolder:
    """Made when the first path is wanted; only this user may look into it."""

    def __init__(self) -> None:
        self._path: str | None = None
        self._numbers = itertools.count(1)

    def new_path(self) -> str:
        """A path that nothing is at."""
        return f"{self._home()}/{next(self._numbers)}"

    def unix_path(self, address: str, scheme: str) -> str:
        """Where the unix socket of an ipc or inproc endpoint is; inproc names have theirs here."""
        if scheme == "inproc":
            return f"{self._home()}/{hashlib.sha256(address.encode()).hexdigest()[:24]}"
        path = address.removeprefix("ipc://")
        return f"\0{path[1:]}" if path.startswith("@") else path

    def remove(self) -> None:
        """With all that is in it."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)

    def _home(self) -> str:
        if self._path is None:
            self._path = tempfile.mkdtemp(prefix="zmqscope-links-")
        return self._path
