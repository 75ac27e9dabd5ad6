"""A display of one's own: Xvfb with openbox, ended by process id."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator


@contextlib.contextmanager
def virtual_display(width: int = 1600, height: int = 1000) -> Iterator[dict[str, str]]:
    """Start Xvfb on a free number and openbox on it.

    Yields:
        An environment in which windows open there.
    """
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        [
            "Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24",
            "-nolisten", "tcp", "-noreset",
        ],
        pass_fds=(write_end,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        number = pipe.readline().strip()
    if not number:
        server.wait(5)
        raise RuntimeError("Xvfb did not start")
    environment = {
        **{key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"},
        "DISPLAY": f":{number}",
        "QT_QPA_PLATFORM": "xcb",
    }
    manager = subprocess.Popen(
        ["openbox", "--sm-disable"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield environment
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(10)
