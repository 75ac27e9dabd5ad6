"""Why no window can open, told before Qt aborts."""

from __future__ import annotations

import subprocess
import sys

import pytest

from zmqscope.bootstrap.display_check import why_no_window

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has X11 and Wayland")


def test_no_display_at_all() -> None:
    reason = why_no_window({})
    assert reason is not None
    assert "there is no display" in reason


def test_display_that_does_not_answer() -> None:
    reason = why_no_window({"DISPLAY": ":987"})
    assert reason is not None
    assert "does not answer" in reason


def test_offscreen_needs_no_display() -> None:
    assert why_no_window({"QT_QPA_PLATFORM": "offscreen"}) is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "there is no display"),
        (["sub:tcp//x"], "sub:tcp//x"),
        (["sub:tcp://localhost:5556", "--report", "/no/such/folder/r.json"], "does not exist"),
    ],
)
def test_the_command_says_one_sentence_and_exits_with_2(arguments: list[str], words: str) -> None:
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-m", "zmqscope", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
