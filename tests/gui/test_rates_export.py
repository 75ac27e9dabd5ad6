"""What is written of the plot: SVG, PNG, CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from tests.gui.rates_panel_rig import RatesPanelRig, opened_rates
from zmqscope.core.types import Notice, Severity
from zmqscope.ui.file_saver import ExportError, write_file
from zmqscope.ui.rates.export import ExportFormat, format_of, render
from zmqscope.ui.rates.picture import visible_pieces


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[RatesPanelRig]:
    with opened_rates(qtbot, tmp_path) as made:
        yield made


def test_svg_draws_every_shown_curve_within_the_plot(rig: RatesPanelRig) -> None:
    rig.busy(3)
    rig.sockets.put(1, "a<b>&c")
    rig.settle()
    snapshot = rig.panel._display.snapshot()
    root = ElementTree.fromstring(render(snapshot, ExportFormat.SVG, rig.theme.palette))
    lines = root.findall(".//{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 3
    for line in lines:
        xs = [float(pair.split(",")[0]) for pair in line.get("points", "").split()]
        assert min(xs) >= 51.9
    words = [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any(word.startswith("a<b>&c ↓ 100/s") for word in words)
    assert any(word.startswith("messages/s · ") for word in words)


def test_png_is_a_picture_of_twice_the_size(rig: RatesPanelRig) -> None:
    rig.busy(3)
    rig.settle()
    snapshot = rig.panel._display.snapshot()
    image = QImage.fromData(render(snapshot, ExportFormat.PNG, rig.theme.palette))
    assert image.width() == 2 * snapshot.width
    colors = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 7)
        for y in range(0, image.height())
    }
    assert rig.theme.curve_color(0).name() in colors
    assert QColor(rig.theme.palette.panel).name() in colors


def test_csv_has_what_is_shown(rig: RatesPanelRig) -> None:
    rig.busy(2)
    rig.settle()
    rig.entries()[0].click()
    snapshot = rig.panel._display.snapshot()
    text = render(snapshot, ExportFormat.CSV, rig.theme.palette).decode()
    header, *rows = csv.reader(io.StringIO(text))
    assert header == ["time", "socket 2 received [messages/s]"]
    assert 119 <= len(rows) <= 122
    assert {row[1] for row in rows} == {"200"}


@pytest.mark.parametrize(
    ("name", "otherwise", "path", "wanted"),
    [
        ("a.SVG", ExportFormat.PNG, "a.SVG", ExportFormat.SVG),
        ("rates", ExportFormat.CSV, "rates.csv", ExportFormat.CSV),
        ("v1.2", ExportFormat.PNG, "v1.2.png", ExportFormat.PNG),
    ],
)
def test_the_name_says_the_format(
    name: str, otherwise: ExportFormat, path: str, wanted: ExportFormat
) -> None:
    assert format_of(Path(name), otherwise) == (Path(path), wanted)


def test_a_failed_write_is_a_sentence(rig: RatesPanelRig, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="No such file or directory"):
        write_file(tmp_path / "missing" / "a.png", b"x")
    notices: list[Notice] = []
    rig.sockets.notice_posted.connect(notices.append)
    rig.busy(1)
    snapshot = rig.panel._display.snapshot()
    exporter = rig.panel._exporter
    assert not exporter.save(tmp_path, ExportFormat.SVG, snapshot)
    assert notices[0].severity is Severity.ERROR
    assert notices[0].text.endswith("could not be written: Is a directory.")
    box = rig.panel.findChild(QMessageBox)
    assert box is not None
    box.close()
    target = tmp_path / "rates.svg"
    assert exporter.save(target, ExportFormat.SVG, snapshot)
    assert notices[1].severity is Severity.INFO
    assert target.read_bytes().startswith(b"<svg")


def test_lines_are_cut_exactly_at_the_edges() -> None:
    x = np.array([-1.0, 1.0, 3.0, 5.0, 11.0])
    y = np.array([5.0, 5.0, 25.0, 5.0, 5.0])
    pieces = visible_pieces(x, y, QRectF(0, 0, 10, 10))
    assert [piece[0].tolist() for piece in pieces] == [[0.0, 1.0, 1.5], [4.5, 5.0, 10.0]]
    assert [piece[1].tolist() for piece in pieces] == [[5.0, 5.0, 10.0], [10.0, 5.0, 5.0]]
    assert visible_pieces(x[:0], y[:0], QRectF(0, 0, 10, 10)) == []
