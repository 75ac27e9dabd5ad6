"""A real window on a display of its own, driven from outside."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.display import virtual_display
from tests.e2e.screen import Box, Pixels, pixels
from tests.kernel_rig import load_kernels

_KEY_LOST_S = 0.8
_APPEARS_S = 10.0
_TRIES = 3


def slowness() -> float:
    """How many times as long as on a machine of its own the app may take, now: at least 1."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Desktop:
    """One virtual display, and the app on it.

    Args:
        environment: Leads to the display.
        folder: For settings, reports and ipc files.
    """

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.folder = folder
        self.app: subprocess.Popen[str] | None = None
        self.started_s = 0.0
        self.took_s = 0.0

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the app with a report and settings of its own, and wait for its window."""
        app = self.launch(*arguments)
        self.until(self.window)
        self.until(self.is_running)
        self.took_s = time.monotonic() - self.started_s
        return app

    def launch(self, *arguments: str) -> subprocess.Popen[str]:
        """The same without waiting."""
        command = [
            sys.executable, "-m", "zmqscope", "--settings", str(self.folder / "settings.ini"),
            "--report", str(self.folder / "report.json"), "--size", "1280x800", *arguments,
        ]  # fmt: skip
        self.started_s = time.monotonic()
        self.app = subprocess.Popen(
            command, env=self.environment, stderr=subprocess.PIPE, text=True
        )
        return self.app

    def is_running(self) -> bool:
        """Whether the engine's thread is up: only then is there anything to report."""
        assert self.app is not None
        assert self.app.poll() is None, "the app ended"
        return "zmqscope-engine\n" in self._thread_names()

    @property
    def limit_s(self) -> float:
        """How long it may take to end: two seconds, but longer where starting took long, too."""
        return 2.0 + 2 * self.took_s

    def until(self, condition: Callable[[], Any], timeout_s: float = 60) -> Any:
        """Wait until a condition holds, and return what it gave."""
        deadline = time.monotonic() + timeout_s
        while not (found := condition()):
            assert time.monotonic() < deadline, f"not within {timeout_s} s"
            time.sleep(0.02)
        return found

    def window(self) -> str:
        """The id of the app's main window, or nothing."""
        return self.xdotool("search", "--onlyvisible", "--name", "ZMQ Scope").split("\n")[0]

    def xdotool(self, *arguments: str) -> str:
        """Run xdotool on this display; its output."""
        done = subprocess.run(
            ["xdotool", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout.strip()

    def key(self, *keys: str) -> None:
        """Press keys in the focused window."""
        self.xdotool("key", "--delay", "40", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self.xdotool("type", "--delay", "8", text)

    # ---- what a person does and sees ----------------------------------------------------------

    def ready(self) -> None:
        """Wait until the engine runs: by then the panels are in their places, with their actions.

        The engine's thread is the sign of it, as nothing that can be seen is: it starts last.
        """
        self.until(self.is_running)
        self.in_window("ZMQ Scope")

    def _thread_names(self) -> Iterator[str]:
        assert self.app is not None
        for task in Path(f"/proc/{self.app.pid}/task").iterdir():
            with contextlib.suppress(OSError):  # it has just ended
                yield (task / "comm").read_text()

    def active_window(self) -> str:
        """The title of the window that has the keyboard."""
        return self.xdotool("getactivewindow", "getwindowname")

    def in_window(self, title: str, timeout_s: float = 60) -> None:
        """Wait until a window whose title begins so has the keyboard."""
        self.until(lambda: self.active_window().startswith(title), timeout_s)

    def summon(self, title: str, *keys: str) -> None:
        """Press keys that open a dialog; on a busy machine, a key can get lost between windows."""
        for _ in range(_TRIES):
            self.key(*keys)
            with contextlib.suppress(AssertionError):
                self.in_window(title, _APPEARS_S * slowness())
                return
        raise AssertionError(f"{title} does not appear")

    def do(self, words: str) -> None:
        """Choose an action in the command palette."""
        self.key("ctrl+k")
        self.type(words)
        self.key("Return")

    def open_socket(self, spec: str) -> None:
        """Open a socket in the dialog, without the mouse."""
        self.summon("New socket", "ctrl+n")
        self.type(spec)
        self.key("Return")
        self.in_window("ZMQ Scope")

    def box(self) -> Box:
        """Where the main window is, without its frame."""
        found: dict[str, str] = {}

        def is_known() -> bool:
            # A window that is being mapped has no geometry for a moment.
            said = self.xdotool("getwindowgeometry", "--shell", self.window())
            pairs = (line.partition("=") for line in said.split())
            found.update((key, value) for key, _, value in pairs)
            return "X" in found

        self.until(is_known)
        return Box(int(found["X"]), int(found["Y"]), int(found["WIDTH"]), int(found["HEIGHT"]))

    def picture(self, box: Box) -> Pixels:
        """What stands in a part of the screen."""
        return pixels(self.environment["DISPLAY"], box)

    def click(self, x: int, y: int) -> None:
        """Click at a point of the screen."""
        self.xdotool("mousemove", str(x), str(y), "click", "1")

    def quit(self, timeout_s: float = 60) -> tuple[dict[str, Any], str]:
        """Close the window as a person does; the report and what was said on stderr."""
        assert self.app is not None
        self.xdotool("windowactivate", "--sync", self.window())
        # openbox asks the window to close, as its button does. On a busy machine a key can come
        # before openbox has taken hold of the keyboard for a window that is new.
        self.key("alt+F4")
        try:
            return self.wait(_KEY_LOST_S)
        except subprocess.TimeoutExpired:
            self.key("alt+F4")
            return self.wait(timeout_s)

    def wait(self, timeout_s: float) -> tuple[dict[str, Any], str]:
        """Wait for the end; the report and what was said on stderr."""
        assert self.app is not None
        _, said = self.app.communicate(timeout=timeout_s)
        report: dict[str, Any] = json.loads((self.folder / "report.json").read_text())
        return report, said

    def clean_up(self) -> None:
        """End the app if a test left it running."""
        if self.app is not None and self.app.poll() is None:
            self.app.kill()
            self.app.communicate(timeout=10)


@pytest.fixture(scope="session", autouse=True)
def compiled_kernels() -> None:
    """Once for all: on a new machine each app would begin to compile them, and end too early."""
    load_kernels()


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    """A display of its own for one test."""
    with virtual_display(1600, 1000) as environment:
        made = Desktop(environment, tmp_path)
        yield made
        made.clean_up()
