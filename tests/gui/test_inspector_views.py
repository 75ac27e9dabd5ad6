"""Numbers, pictures, listings and protocols in the inspector; hostile ones, too."""

from __future__ import annotations

import hmac
import io
import json
import os
import pickle
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.inspector_rig import PULL, ROUTER, SUB, InspectorRig, clipboard
from zmqscope.core.decode.payload import DecodeOptions, DecoderChoice
from zmqscope.models.inspector.frame_views import FrameView
from zmqscope.ui.inspector.key_file_menu import KeyFileMenu
from zmqscope.ui.inspector.sentence import Sentence
from zmqscope.ui.theme import ThemeMode

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[InspectorRig]:
    rig = InspectorRig(qtbot, tmp_path)
    yield rig
    rig.panel.close()


def png(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA", (width, height), (200, 30, 60, 120)).save(buffer, "PNG")
    return buffer.getvalue()


def as_numbers(rig: InspectorRig, dtype: str, shape: tuple[int, ...] = ()) -> None:
    options = DecodeOptions(dtype=dtype, shape=shape)
    rig.panel.decoding.on_decoder_chosen(DecoderChoice("numbers", None, options))


# ---- where things are and where the keyboard is -------------------------------------------------


def test_figures_never_lie_on_the_curve(rig: InspectorRig) -> None:
    rig.panel.resize(330, 420)
    rig.show(PULL, np.sin(np.arange(400) / 20).astype("<f4").tobytes())
    as_numbers(rig, "<f4")
    numbers = rig.panel.content.bodies.numbers
    figures = next(s for s in numbers.findChildren(Sentence) if "400 numbers" in s.text())
    assert figures.geometry().top() > numbers.plot.geometry().bottom()
    assert numbers.table.geometry().top() > figures.geometry().bottom()


def test_what_is_below_stays_where_it_is_however_many_frames_there_are(rig: InspectorRig) -> None:
    rig.show(SUB, b"EUR", b'{"px":1}')
    before = rig.panel.decoder.y()
    rig.show(SUB, b"EUR", *[b'{"px":1}'] * 30)
    assert rig.panel.decoder.y() == before


def test_the_keyboard_goes_along_from_view_to_view(rig: InspectorRig) -> None:
    rig.panel.activateWindow()
    rig.show(PULL, json.dumps({"px": 1.5}).encode())
    rig.trigger("focus")
    bodies, seen = rig.panel.content.bodies, []
    rig.qtbot.waitUntil(bodies.tree.tree.hasFocus)
    for _ in range(4):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Key.Key_V)
        seen.append((rig.view, QApplication.focusWidget()))
    assert seen == [
        (FrameView.JSON, bodies.text.text),
        (FrameView.TEXT, bodies.text.text),
        (FrameView.HEX, rig.panel.content.hex),
        (FrameView.TREE, bodies.tree.tree),
    ]


# ---- numbers ------------------------------------------------------------------------------------


def test_interleaved_columns_have_curves_and_a_legend_of_their_own(rig: InspectorRig) -> None:
    rig.show(PULL, np.stack([np.arange(50), -np.arange(50)], 1).astype("<f4").tobytes())
    as_numbers(rig, "<f4", (-1, 2))
    plot = rig.panel.content.bodies.numbers.plot
    assert plot.legend == ["[:, 0]", "[:, 1]"]
    assert "[:, 1]" in plot.accessibleName()
    image = plot.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(20, 80)}
    for number in range(2):
        assert rig.theme.curve_color(number).name() in seen
    as_numbers(rig, "<c8")
    assert plot.legend == ["re", "im"]
    as_numbers(rig, "<f4")
    assert plot.legend == []


def test_numbers_with_figures_and_their_bytes(rig: InspectorRig) -> None:
    rig.show(PULL, np.array([1.5, -2, np.nan, 4], "<f4").tobytes())
    as_numbers(rig, "<f4")
    assert rig.view is FrameView.NUMBERS
    assert "4 numbers · min -2 · max 4" in rig.words()
    assert "1 NaN" in rig.words()
    numbers = rig.panel.content.bodies.numbers
    assert [numbers.numbers.index(row, 1).data() for row in range(4)] == [
        "1.5",
        "-2.0",
        "nan",
        "4.0",
    ]
    numbers.table.setCurrentIndex(numbers.numbers.index(3, 1))
    assert rig.panel.content.hex_pane.selection == (12, 16)
    rig.panel.content.hex.choose(5, 6)
    assert numbers.table.currentIndex().row() == 1
    numbers.table.setFocus()
    QTest.keyClick(numbers.table, Key.Key_C, Ctrl)
    assert clipboard() == "-2.0"


def test_the_figures_of_complex_numbers_say_that_they_are_magnitudes(rig: InspectorRig) -> None:
    rig.show(PULL, np.array([3 + 4j, -1], "<c8").tobytes())
    as_numbers(rig, "<c8")
    assert "2 numbers · min |z| 1 · max |z| 5 · mean |z| 3" in rig.words()
    as_numbers(rig, "<f4")
    assert "4 numbers · min -1 · max 4" in rig.words()


def test_in_little_room_the_figures_stay_whole_and_the_curve_gives_way(rig: InspectorRig) -> None:
    rig.show(PULL, np.sin(np.arange(900)).astype("<c8").tobytes())
    as_numbers(rig, "<c8")
    numbers = rig.panel.content.bodies.numbers
    assert numbers.plot.isVisible()
    labels = [one for one in numbers.findChildren(QLabel) if "900 numbers" in one.text()]
    seen = set()
    for height in (700, 460, 400, 360, 320, 280, 700):
        rig.panel.resize(330, height)
        QApplication.processEvents()
        (words,) = labels
        assert words.height() >= words.heightForWidth(words.width())
        assert words.geometry().bottom() < numbers.table.y()
        assert not numbers.plot.isVisible() or numbers.plot.geometry().bottom() < words.y()
        seen.add(numbers.plot.isVisible())
    assert seen == {True, False}
    assert numbers.plot.isVisible()


def test_two_dimensions_are_a_grid(rig: InspectorRig) -> None:
    rig.show(PULL, np.arange(12, dtype="<u2").tobytes())
    as_numbers(rig, "<u2", (3, 4))
    numbers = rig.panel.content.bodies.numbers.numbers
    assert (numbers.rowCount(), numbers.columnCount()) == (3, 5)
    assert numbers.index(2, 4).data() == "11"
    as_numbers(rig, "<u2", (3, 2, 2))
    assert numbers.index(3, 0).data() == "[1, 1]"


def test_a_hundred_million_numbers_open_at_once(rig: InspectorRig) -> None:
    rig.show(PULL, bytes(8))
    as_numbers(rig, "|u1")
    started = time.thread_time()
    rig.show(PULL, bytes(100_000_000))
    assert time.thread_time() - started < 10.0
    table = rig.panel.content.bodies.numbers.table
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    table.viewport().repaint()
    rig.qtbot.waitUntil(lambda: "100,000,000 numbers · min 0" in rig.words())
    assert "evenly spread" in rig.words()


# ---- pictures -----------------------------------------------------------------------------------


def test_a_picture_is_drawn_with_its_facts(rig: InspectorRig) -> None:
    rig.show(PULL, png(30, 20))
    assert rig.view is FrameView.PICTURE
    canvas = rig.panel.content.bodies.picture.canvas
    rig.qtbot.waitUntil(lambda: not canvas.image.isNull())
    assert canvas.image.width() == 30
    assert "30 × 20" in rig.words()
    assert "transparent" in rig.words()


def test_a_picture_that_claims_too_much_is_refused_in_words(rig: InspectorRig) -> None:
    head = struct.pack(">IIBBBBB", 1_000_000, 1_000_000, 8, 6, 0, 0, 0)
    chunk = b"IHDR" + head
    body = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    body += struct.pack(">I", zlib.crc32(chunk)) + b"\0" * 40
    rig.show(PULL, body)
    rig.look(FrameView.PICTURE)
    rig.qtbot.waitUntil(lambda: "1,000,000 × 1,000,000" in rig.words())
    assert rig.panel.content.bodies.picture.canvas.image.isNull()
    assert rig.panel.content.hex_pane.data == body


def test_a_broken_picture_says_so(rig: InspectorRig) -> None:
    rig.show(PULL, png(30, 20)[:60])
    if rig.view is not FrameView.PICTURE:
        rig.look(FrameView.PICTURE)
    rig.qtbot.waitUntil(lambda: "cannot be drawn" in rig.words())


# ---- listings -----------------------------------------------------------------------------------


def test_a_pickle_is_listed_and_linked_to_its_bytes(rig: InspectorRig) -> None:
    data = pickle.dumps({"a": [1, 2]})
    rig.show(PULL, data)
    rig.look(FrameView.LISTING)
    listing = rig.panel.content.bodies.listing
    assert rig.panel.decoder.tabs.button(FrameView.LISTING).isVisible()
    listing.setCurrentIndex(listing.lines.index(2, 1))
    span = listing.lines.line(2).span
    assert rig.panel.content.hex_pane.selection == (span.start, span.stop)
    last = listing.lines.line(listing.lines.rowCount() - 1).span
    rig.panel.content.hex.choose(last.start, last.stop)
    assert listing.currentIndex().row() == listing.lines.rowCount() - 1
    rig.trigger("copy")
    assert "PROTO" in clipboard()


# ---- protocols ----------------------------------------------------------------------------------


def jupyter(code: str = "1+1") -> tuple[bytes, ...]:
    header = {
        "msg_id": "m",
        "session": "s",
        "username": "u",
        "date": "2026-01-01T00:00:00Z",
        "msg_type": "execute_request",
        "version": "5.3",
    }
    parts = [json.dumps(part).encode() for part in (header, {}, {}, {"code": code})]
    return (b"\x00abc", b"<IDS|MSG>", b"f" * 64, *parts)


def test_a_protocol_names_its_frames_and_sums_up(rig: InspectorRig) -> None:
    rig.show(ROUTER, *jupyter())
    line = rig.panel.head.envelope
    assert line.line.words.startswith("Jupyter · guessed, ")
    assert 'execute_request "1+1"' in line.line.words
    assert "not checked" in line.notes
    assert "header" in rig.message.title(3)
    assert rig.panel.head.ribbon.chosen == 6
    help_wanted = QSignalSpy(rig.panel.help_requested)
    buttons = {b.accessibleName(): b for b in line.findChildren(QToolButton) if b.isVisible()}
    assert "Give connection file…" in buttons
    buttons["What this protocol is"].click()
    assert "jupyter" in help_wanted.at(0)[0]
    rig.show(ROUTER, b"\x00abc", b"", b"something else")
    assert not line.isVisible()


def test_a_wrong_signature_is_a_problem(rig: InspectorRig) -> None:
    rig.show(ROUTER, *jupyter())
    path = rig.folder / "kernel-1.json"
    path.write_text(
        json.dumps(
            {
                "key": "secret",
                "signature_scheme": "hmac-sha256",
                "transport": "tcp",
                "ip": "127.0.0.1",
                "shell_port": 1,
                "iopub_port": 2,
                "stdin_port": 3,
                "control_port": 4,
                "hb_port": 5,
            }
        )
    )
    rig.panel.news.use_key_file(str(path))
    assert (
        "wrong" in rig.panel.head.envelope.notes.lower() or "not" in rig.panel.head.envelope.notes
    )
    assert "secret" not in rig.words()
    rig.panel.news.use_key_file(str(rig.folder / "no.json"))
    assert rig.panel.head.envelope.isVisible()


# ---- hostile ------------------------------------------------------------------------------------

HOSTILE = {
    "deep json": b'{"a":' * 100_000,
    "deep array": b"[" * 100_000 + b"]" * 100_000,
    "msgpack bomb": b"\xdd\xff\xff\xff\xff" + b"\xdd\xff\xff\xff\xff" * 1_000,
    "cbor bomb": b"\x9b" + b"\xff" * 8 + b"\x9b" + b"\xff" * 800,
    "zlib bomb": zlib.compress(zlib.compress(b"\0" * 50_000_000, 9), 9),
    "html": b"<img src='file:///etc/passwd'><script>alert(1)</script>" * 20,
    "controls": "\x1b]0;title\x07\u202e\u2066\ufeff\0".encode() * 100,
    "random": bytes((n * 7919) >> 3 & 0xFF for n in range(5_000)),
    "empty": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_frames_open_in_every_view(rig: InspectorRig, name: str) -> None:
    frame = HOSTILE[name]
    started = time.thread_time()
    rig.show(SUB, b"EUR", frame)
    for decoder in ("", *rig.formats.registry.decoders):
        if decoder:
            rig.panel.decoding.on_decoder_chosen(DecoderChoice(decoder, ()))
        for view in FrameView:
            rig.look(view)
    assert time.thread_time() - started < 60.0
    rig.look(FrameView.HEX)
    assert rig.panel.content.hex_pane.data == frame


def test_the_theme_turns_for_every_view(rig: InspectorRig) -> None:
    for frame in (pickle.dumps([1]), png(8, 8), b"text", np.arange(9.0).tobytes()):
        rig.show(PULL, frame)
        rig.theme.set_mode(ThemeMode.DARK)
        before = rig.panel.grab().toImage()
        rig.theme.set_mode(ThemeMode.LIGHT)
        assert rig.panel.grab().toImage() != before


def test_what_is_laid_out_is_remembered(rig: InspectorRig) -> None:
    rig.show(PULL, b"some text")
    assert rig.panel.content.hex_pane.isVisible()
    rig.trigger("bytes")
    assert not rig.panel.content.hex_pane.isVisible()
    assert rig.settings.get_text("inspector.bytes_below") == "off"
    rig.panel.content.text.setFocus()
    QTest.keyClick(rig.panel.content.text, Key.Key_B)
    assert rig.panel.content.hex_pane.isVisible()


def test_every_control_has_a_name_and_a_tooltip(rig: InspectorRig) -> None:
    rig.show(PULL, zlib.compress(pickle.dumps([1])))
    for button in rig.panel.findChildren(QToolButton):
        assert button.accessibleName(), button.text()
        assert button.toolTip(), button.accessibleName()


def connection_file(folder: Path, name: str, key: str) -> str:
    path = folder / name
    path.write_text(
        json.dumps({"key": key, "signature_scheme": "hmac-sha256", "kernel_name": "python3"})
    )
    return str(path)


def key_menu(rig: InspectorRig) -> KeyFileMenu:
    buttons = rig.panel.head.envelope.findChildren(QToolButton)
    next(b for b in buttons if b.accessibleName() == "Give connection file…").click()
    (menu,) = [m for m in rig.panel.findChildren(KeyFileMenu) if m.isVisible()]
    return menu


def test_connection_files_are_offered_the_newest_first(
    rig: InspectorRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(rig.folder))
    for age_s, name in ((7_300, "kernel-old.json"), (130, "kernel-mid.json")):
        path = connection_file(rig.folder, name, f"secret of {name}")
        os.utime(path, (time.time() - age_s, time.time() - age_s))
    newest = connection_file(rig.folder, "kernel-new.json", "secret")
    parts = (b'{"msg_type":"execute_request","msg_id":"1"}', b"{}", b"{}", b'{"code":"1+1"}')
    sum_ = hmac.new(b"secret", b"".join(parts), "sha256").hexdigest().encode()
    rig.show(ROUTER, b"\x00abc", b"<IDS|MSG>", sum_, *parts)
    menu = key_menu(rig)
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == [
        "kernel-new.json\tjust now",
        "kernel-mid.json\t2 min ago",
        "kernel-old.json\t2 h ago",
        "Try all of these",
        "Choose a file…",
    ]
    menu.actions()[1].trigger()
    menu.close()
    assert rig.panel.head.envelope.problem
    menu = key_menu(rig)
    assert menu.actions()[1].isChecked()
    next(a for a in menu.actions() if a.text() == "Try all of these").trigger()
    menu.close()
    assert not rig.panel.head.envelope.problem
    assert "keys of 2 files" in rig.words()
    menu = key_menu(rig)
    assert next(a.data() for a in menu.actions() if a.isChecked()) == newest
    assert not any("Try all" in a.text() for a in menu.actions())
    menu.close()
    assert "secret" not in rig.words()
