"""A process with an inspector, off screen: opens one large frame in one view and scrolls it.

``python -m tests.benchmarks.scroll_process VIEW MEGABYTES STEPS [QT_ARGS]`` prints JSON: what
opening it took until it was painted, what each step of scrolling took, and the same of the hex
view of 1 MB, all in ms of the window's thread.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from tests.gui.message_rig import SocketList, put
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import RowId, SocketType
from zmqscope.models.formats import Formats
from zmqscope.models.inspector.frame_views import FrameView
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.panel import InspectorPanel
from zmqscope.ui.inspector.saving import ask_for_path
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme, ThemeMode

MB = 1_000_000
_LARGE, _PEER = 1, 2
_WIDTH, _HEIGHT = 900, 900
_COPIES = 3
_NOISE = Random(1).randbytes(MB)


def _noise(size: int) -> bytes:
    return _NOISE * (size // MB)


def _waves(size: int) -> bytes:
    wave = np.sin(np.arange(MB // 4, dtype=np.float32) / 50).astype("<f4").tobytes()
    return wave * (size // len(wave))


def _words(size: int) -> bytes:
    line = "A line of ordinary text, such as a log has — with a number: {:07d}\n"
    block = "".join(line.format(at) for at in range(15_000)).encode()
    return block * (size // len(block))


def _items(size: int) -> bytes:
    block = ",".join(f'{{"id":{at},"v":[{at / 7:.3f},null]}}' for at in range(30_000)).encode()
    return b"[" + b",".join([block] * (size // len(block))) + b"]"


def _pickled(size: int) -> bytes:
    return b"\x80\x02](" + b"K\x01" * (size // 2) + b"e."


def _bitmap(size: int) -> bytes:
    """A picture of as many pixels as one is shown with, and more behind it."""
    width = height = 4_000
    body = _noise(3 * width * height)
    fields = (40, width, height, 1 | 24 << 16, 0, len(body), 0, 0, 0, 0)
    head = b"".join(field.to_bytes(4, "little") for field in fields)
    total = 14 + len(head) + len(body)
    begin = b"BM" + total.to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little")
    return begin + head + body + bytes(max(0, size - total))


VIEWS: dict[FrameView, Callable[[int], bytes]] = {
    FrameView.TREE: _items,
    FrameView.TEXT: _words,
    FrameView.HEX: _noise,
    FrameView.NUMBERS: _waves,
    FrameView.LISTING: _pickled,
    FrameView.PICTURE: _bitmap,
}
"""What is looked at in each of them, by its size."""


class Looker:
    """Shows frames and takes the time.

    Args:
        folder: For settings.
    """

    def __init__(self, folder: Path) -> None:
        self.store = CaptureStore(1 << 30)
        sockets = SocketList()
        for number in (_LARGE, _PEER):
            sockets.add(number, SocketType.PULL, f"socket {number}")
        theme = Theme(ThemeMode.DARK)
        settings = Settings(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))
        self.panel = InspectorPanel(
            self.store,
            sockets.as_controller(),
            theme,
            ActionRegistry(theme),
            Formats(),
            settings,
            ask_for_path,
        )
        self.panel.resize(_WIDTH, _HEIGHT)
        self.panel.show()
        QApplication.processEvents()

    def row_of(self, socket_id: int, data: bytes) -> RowId:
        """Store a frame."""
        put(self.store, socket_id, (data,))
        return RowId(self.store.end_row - 1)

    def choose(self, row: RowId, view: FrameView) -> None:
        """Have the frames of a row's socket shown so from now on."""
        self.panel.show_row(row)
        QApplication.processEvents()
        self.panel.viewing.on_view_asked(view)
        QApplication.processEvents()
        if self.panel.content.view is not view:
            raise SystemExit(f"{view.value} is not offered, but {self.panel.content.view.value}")

    def scroller(self) -> QAbstractScrollArea:
        """What scrolls."""
        content = self.panel.content
        areas: dict[FrameView, QAbstractScrollArea] = {
            FrameView.TREE: content.bodies.tree.tree,
            FrameView.HEX: content.hex,
            FrameView.NUMBERS: content.bodies.numbers.table,
            FrameView.LISTING: content.bodies.listing,
            FrameView.PICTURE: content.bodies.picture.canvas,
        }
        return areas.get(content.view, content.bodies.text.text)

    def opened_ms(self, row: RowId) -> float:
        """Show a row; what it took until its view was painted."""
        self.panel.show_row(None)
        QApplication.processEvents()
        begin_ns = time.thread_time_ns()
        self.panel.show_row(row)
        self.scroller().viewport().repaint()
        return (time.thread_time_ns() - begin_ns) / 1e6

    def scrolled_ms(self, steps: int) -> list[float]:
        """Page down, then jump about as somebody drags the handle; what each step took."""
        QApplication.processEvents()
        bar = self.scroller().verticalScrollBar()
        took: list[float] = []
        for place in self._places(bar.pageStep(), steps):
            begin_ns = time.thread_time_ns()
            bar.setValue(place if place >= 0 else bar.maximum() * -place // 1_000)
            # It also paints what the new place has made stale.
            QApplication.processEvents()
            took.append((time.thread_time_ns() - begin_ns) / 1e6)
        return took

    @staticmethod
    def _places(page: int, steps: int) -> Iterator[int]:
        """Places in lines; below 0: in thousandths of all that there is by then."""
        random = Random(2)
        yield from (page * at for at in range(1, steps // 2))
        yield from (-random.randint(1, 1_000) for _ in range(steps - steps // 2))


def copied_ms(data: bytes) -> float:
    """What a copy of so many bytes takes: the best of some."""
    took = []
    for _ in range(_COPIES):
        begin_ns = time.thread_time_ns()
        bytes(memoryview(data))
        took.append((time.thread_time_ns() - begin_ns) / 1e6)
    return min(took)


def main() -> None:
    """Measure one view."""
    view, megabytes, steps = FrameView(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    application = QApplication([sys.argv[0], *sys.argv[4:]])
    make = VIEWS[view]
    with tempfile.TemporaryDirectory() as folder:
        looker = Looker(Path(folder))
        # What is imported for the first frame of a kind is not the large one's doing.
        looker.choose(looker.row_of(_LARGE, make(2 * MB)), view)
        looker.choose(looker.row_of(_PEER, _noise(MB)), FrameView.HEX)
        peer = RowId(looker.store.end_row - 1)
        data = make(megabytes * MB)
        row = looker.row_of(_LARGE, data)
        print(
            json.dumps(
                {
                    "view": view.value,
                    "size": len(data),
                    "peer_open_ms": looker.opened_ms(peer),
                    "peer_step_ms": looker.scrolled_ms(steps),
                    "copy_ms": copied_ms(data),
                    "open_ms": looker.opened_ms(row),
                    "step_ms": looker.scrolled_ms(steps),
                    "lines": looker.scroller().verticalScrollBar().maximum(),
                }
            )
        )
        application.processEvents()
    # A picture may still be on its way on another thread: nobody waits for it.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
