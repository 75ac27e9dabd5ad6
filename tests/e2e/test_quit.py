"""The app ends within two seconds whatever goes on, and takes its demo with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.e2e.conftest import Desktop

PEERS = Path(__file__).parents[1] / "peers"

pytestmark = pytest.mark.window


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def quit_in_time(desktop: Desktop) -> str:
    """Close the window; what was said on stderr."""
    started = time.monotonic()
    _, said = desktop.quit()
    assert desktop.app is not None
    assert time.monotonic() - started < desktop.limit_s
    assert desktop.app.returncode == 0
    assert "Traceback" not in said
    return said


def test_idle(desktop: Desktop) -> None:
    desktop.start()
    assert quit_in_time(desktop) == ""


def test_connects_to_nobody_and_unknown_hosts(desktop: Desktop) -> None:
    desktop.start(
        *[f"push:tcp://127.0.0.1:{free_port()}" for _ in range(5)],
        "sub:tcp://no-such-host.invalid:5556",
        "req:ipc:///nonexistent/path",
    )
    assert quit_in_time(desktop) == ""


def test_flood_arriving(desktop: Desktop) -> None:
    port = free_port()
    desktop.start(f"pull:@tcp://127.0.0.1:{port}")
    flood = subprocess.Popen(
        [
            sys.executable, str(PEERS / "flood.py"), "PUSH", f"tcp://127.0.0.1:{port}",
            "--rate", "0", "--seconds", "20",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        time.sleep(2)  # let it flood
        assert quit_in_time(desktop) == ""
    finally:
        flood.kill()
        flood.communicate(timeout=10)


def test_in_the_middle_of_a_dialog(desktop: Desktop) -> None:
    app = desktop.start()
    desktop.ready()
    desktop.summon("New socket", "ctrl+n")
    desktop.type("sub:tcp://loc")
    os.kill(app.pid, signal.SIGTERM)
    _, said = app.communicate(timeout=desktop.limit_s)
    assert (app.returncode, said) == (0, "")


def test_ipc_files_are_gone(desktop: Desktop) -> None:
    path = desktop.folder / "x.sock"
    desktop.start(f"rep:@ipc://{path}", "pull:@ipc://*")
    desktop.until(path.exists)
    quit_in_time(desktop)
    assert not path.exists()


def demo_child(app: subprocess.Popen[str]) -> psutil.Process | None:
    for child in psutil.Process(app.pid).children(recursive=True):
        if "--serve-demo" in child.cmdline():
            return child
    return None


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGABRT])
def test_the_demo_dies_with_the_app(desktop: Desktop, how: signal.Signals) -> None:
    app = desktop.start("--demo")
    child = desktop.until(lambda: demo_child(app))
    os.kill(app.pid, how)
    app.communicate(timeout=60)
    # A compiler that nobody could stop may have both cores for itself.
    desktop.until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    if how in (signal.SIGTERM, signal.SIGINT):
        assert app.returncode == 0


def test_closing_the_window_ends_the_demo_and_leaves_no_folder(desktop: Desktop) -> None:
    desktop.environment["TMPDIR"] = str(desktop.folder)
    app = desktop.start("--demo")
    child = desktop.until(lambda: demo_child(app))
    desktop.until(lambda: list(desktop.folder.glob("zmqscope-demo-*/*")))
    quit_in_time(desktop)
    desktop.until(lambda: not child.is_running())
    assert list(desktop.folder.glob("zmqscope-demo-*")) == []


PICTURES = """
import struct
import sys
import time

from PySide6.QtCore import QBuffer
from PySide6.QtGui import QImage

from zmqscope.bootstrap.app import run_app
from zmqscope.cli import parse_arguments
from zmqscope.models.background import Background
from zmqscope.ui.inspector.picture_view import read_picture

SIDE = 2_000
head = struct.pack("<IiiHHIIiiII", 40, SIDE, SIDE, 1, 24, 0, 0, 0, 0, 0, 0)
bitmap = b"BM" + struct.pack("<IHHI", 54 + 3 * SIDE**2, 0, 0, 54) + head + bytes(3 * SIDE**2)
buffer = QBuffer()
buffer.open(QBuffer.OpenModeFlag.WriteOnly)
QImage(64, 64, QImage.Format.Format_RGB32).save(buffer, "JPEG")
jpeg = bytes(buffer.data())
kept = []


def look():
    read_picture(jpeg[:-10], "jpeg")
    end = time.monotonic() + 4
    while time.monotonic() < end:
        assert not read_picture(bitmap, "bmp")[0].isNull()


def begin(_workbench):
    kept.append(Background())
    kept[0].start(look)


sys.exit(run_app(parse_arguments(["--exit-after", "1"]), begin))
"""


def test_pictures_being_decoded_and_one_of_them_damaged() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PICTURES],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
