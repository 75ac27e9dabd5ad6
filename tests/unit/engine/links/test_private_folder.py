"""Paths of a folder that nobody else may look into, and that goes in the end."""

from __future__ import annotations

import stat
from pathlib import Path

from zmqscope.engine.links.private_folder import PrivateFolder


def test_paths_are_new_and_the_folder_is_ours_alone() -> None:
    folder = PrivateFolder()
    first, second = Path(folder.new_path()), Path(folder.new_path())
    home = first.parent
    assert first != second
    assert second.parent == home
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    folder.remove()
    assert not home.exists()


def test_where_unix_sockets_are() -> None:
    folder = PrivateFolder()
    assert folder.unix_path("ipc:///tmp/a", "ipc") == "/tmp/a"
    assert folder.unix_path("ipc://@name", "ipc") == "\0name"
    long = "inproc://" + "x" * 300
    path = folder.unix_path(long, "inproc")
    assert path == folder.unix_path(long, "inproc")
    assert len(path) < 100  # a unix socket's path has room for 107 bytes
    folder.remove()


def test_one_that_was_never_needed_was_never_made() -> None:
    PrivateFolder().remove()
