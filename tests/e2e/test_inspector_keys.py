"""The inspector by keyboard alone, in a real window: frames, fields, decoders, bytes, comparison.

What was copied is pasted into the composer and sent to a peer, which tells what it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.conftest import Desktop
from tests.e2e.screen import difference
from tests.peers.launch import PeerProcess

pytestmark = [pytest.mark.window, pytest.mark.slow]

LOCAL = "tcp://127.0.0.1:*"
SLOW_S = 60.0
"""A machine that does much else takes so long for a thing that takes 0.1 s."""
FIRST = {"seq": 1, "imu": {"accel": [0.5, 0.25, 9.81], "ok": True}, "note": "steady"}
SECOND = {"seq": 1, "imu": {"accel": [0.5, 0.75, 9.81], "ok": True}, "note": "steady"}
HEADER = b'{"robot":"r2"}'


class Inspecting:
    """The app with a publisher to look at, and a pair that hears what is pasted.

    Args:
        desktop: Where the app runs.
        publisher: An XPUB.
        ear: A PAIR.
    """

    def __init__(self, desktop: Desktop, publisher: PeerProcess, ear: PeerProcess) -> None:
        self.desktop = desktop
        self.publisher = publisher
        self.ear = ear
        self.heard = 0
        self.report: dict[str, Any] = {}

    def paste(self) -> None:
        """Send what is in the clipboard to the ear, alone in one frame."""
        desktop = self.desktop
        desktop.key("ctrl+j", "ctrl+a", "ctrl+v", "ctrl+Return")
        self.heard += 1
        self.ear.do("await", count=self.heard, any=True)
        assert self.ear.next_fact(SLOW_S) == {"received": self.heard}

    def seen(self, *keys: str) -> None:
        """Press keys that change what stands on the right, and wait until they have."""
        column = self.desktop.box().part(0.75, 0.08, 0.99, 0.58)
        before = self.desktop.picture(column)
        self.desktop.key(*keys)
        self.desktop.until(
            lambda: difference(before, self.desktop.picture(column)) > 0.0005, SLOW_S
        )


@pytest.fixture
def inspecting(desktop: Desktop) -> Iterator[Inspecting]:
    with (
        PeerProcess("twelve.py", "XPUB", "--bind", LOCAL) as publisher,
        PeerProcess("twelve.py", "PAIR", "--bind", LOCAL) as ear,
    ):
        desktop.start(
            f"pair:{ear.endpoint},name=ear", f"sub:{publisher.endpoint},topic=imu,name=robot"
        )
        publisher.do("await", count=1, any=True)
        assert publisher.next_fact(60) == {"received": 1}  # the subscription
        desktop.ready()
        yield Inspecting(desktop, publisher, ear)


def publish(inspecting: Inspecting, *messages: tuple[bytes, ...]) -> None:
    """Publish messages, and select the first one in the table."""
    desktop, centre = inspecting.desktop, inspecting.desktop.box().part(0.3, 0.16, 0.6, 0.4)
    empty = desktop.picture(centre)
    for message in messages:
        inspecting.publisher.say(*message)
    inspecting.publisher.do("flushed")
    assert inspecting.publisher.next_fact(SLOW_S) == {"sent": len(messages)}
    desktop.until(lambda: difference(empty, desktop.picture(centre)) > 0.001, SLOW_S)
    inspecting.seen("F6", "Home")


def heard(inspecting: Inspecting) -> list[str]:
    """What was pasted, in turn, once the app has ended without a complaint."""
    inspecting.report, said = inspecting.desktop.quit()
    assert said == ""
    return [bytes.fromhex(body).decode() for (body,) in inspecting.ear.finish()["messages"]]


def test_a_field_is_found_and_its_path_copied(inspecting: Inspecting) -> None:
    desktop = inspecting.desktop
    publish(inspecting, (b"imu", HEADER, packed(FIRST)), (b"imu", HEADER, packed(SECOND)))
    # The frame behind the one shown at first.
    inspecting.seen("shift+F6", "3")
    inspecting.seen("shift+F")
    desktop.type("9.81")
    inspecting.seen("Return", "Escape")
    desktop.key("ctrl+shift+c")
    inspecting.paste()
    # The next message is shown the same way: same frame, same field, to be opened and left by keys.
    inspecting.seen("F6", "Down")
    inspecting.seen("shift+F6", "Up")
    desktop.key("shift+p")
    inspecting.paste()
    inspecting.seen("shift+F6", "Up", "Up", "Left")
    desktop.key("ctrl+c")
    inspecting.paste()
    assert heard(inspecting) == [
        "frame3.json.imu.accel[2]",
        "frame3.json.imu.accel[1]",
        json.dumps([0.5, 0.75, 9.81], indent=2),
    ]


def test_another_decoder_is_chosen_for_the_topic(inspecting: Inspecting) -> None:
    publish(
        inspecting, (b"imu", packed(FIRST)), (b"imu", packed(SECOND)), (b"imu.b", packed(FIRST))
    )
    inspecting.seen("shift+F6", "d")
    inspecting.seen("t", "Return")
    inspecting.seen("F6", "Down", "Down")
    assert heard(inspecting) == []
    assert [row["decoders"] for row in inspecting.report["last"]] == [["text"], ["text"], ["json"]]


def test_bytes_are_marked_and_the_frame_is_saved(inspecting: Inspecting) -> None:
    desktop = inspecting.desktop
    publish(inspecting, (b"imu", packed(FIRST)))
    # From view to view, the keyboard goes along.
    inspecting.seen("shift+F6", "v")
    inspecting.seen("v")
    inspecting.seen("h")
    inspecting.seen("ctrl+Home", "Right", "Right", "shift+Right", "shift+Right")
    desktop.key("ctrl+y", "l")
    inspecting.paste()
    path = desktop.folder / "frame.json"
    desktop.key("shift+F6", "ctrl+alt+s")
    desktop.until(lambda: desktop.active_window().startswith("Save frame to file"), SLOW_S)
    desktop.key("ctrl+a")
    desktop.type(str(path))
    desktop.key("Return")
    desktop.until(lambda: path.exists() and path.stat().st_size == len(packed(FIRST)), SLOW_S)
    desktop.until(lambda: desktop.active_window().startswith("ZMQ Scope"), SLOW_S)
    assert path.read_bytes() == packed(FIRST)
    (words,) = heard(inspecting)
    assert words.startswith("bytes[2:")


def test_changes_are_walked_through_and_back_to_the_table(inspecting: Inspecting) -> None:
    desktop = inspecting.desktop
    publish(inspecting, (b"imu", packed(FIRST)), (b"imu", packed(SECOND)))
    inspecting.seen("Down")
    inspecting.seen("F4")
    inspecting.seen("F7")
    desktop.key("ctrl+alt+shift+F7")
    inspecting.paste()
    inspecting.seen("shift+F6")
    inspecting.seen("F6", "Up")
    assert heard(inspecting) == ["json.imu.accel[1]"]


def packed(value: dict[str, Any]) -> bytes:
    """A body as JSON."""
    return json.dumps(value, separators=(",", ":")).encode()
