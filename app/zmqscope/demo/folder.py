"""What parent and child agree on: the ipc folder, and how the child learns of it.

Free of zmq: the parent imports it before the window is painted.
"""

from __future__ import annotations

import os
import tempfile

FOLDER_VARIABLE = "ZMQSCOPE_DEMO_FOLDER"
"""Where the ipc sockets go: an empty folder, made and in the end removed by the parent too."""

PARENT_VARIABLE = "ZMQSCOPE_DEMO_PARENT"
"""The parent's process id, set if its main thread starts the child (see ``ParentWatch``)."""

FOLDER_PREFIX = "zmqscope-demo-"

_LONGEST_IPC_PATH = 100
_LONGEST_NAME = 24


def make_folder() -> str:
    """A private folder whose path is short enough for ipc (sun_path is 108 bytes, 104 on macOS)."""
    root = tempfile.gettempdir()
    longest = len(os.fsencode(root)) + len(FOLDER_PREFIX) + _LONGEST_NAME
    if longest > _LONGEST_IPC_PATH and os.path.isdir("/tmp"):
        root = "/tmp"
    return tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=root)
