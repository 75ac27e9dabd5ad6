"""The topology as a picture in a file."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from tests.gui.topology_rig import TopologyRig
from zmqscope.core.types import Severity
from zmqscope.ui.theme import ThemeMode


@pytest.fixture
def rig(qtbot: QtBot) -> TopologyRig:
    return TopologyRig(qtbot)


@pytest.fixture
def full(rig: TopologyRig) -> TopologyRig:
    rig.open_sockets()
    rig.tell()
    rig.refresh()
    return rig


_SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("mode", list(ThemeMode))
def test_exports_text_as_text_in_both_themes(
    full: TopologyRig, tmp_path: Path, mode: ThemeMode
) -> None:
    full.theme.set_mode(mode)
    path = tmp_path / "topology.svg"
    assert full.panel.exporter.save(path, full.panel.exporter.picture())
    root = ElementTree.parse(path).getroot()
    assert root.tag == f"{_SVG}svg"
    texts = {
        text for node in root.iter(f"{_SVG}text") if (text := "".join(node.itertext()).strip())
    }
    assert {"jobs", "orders", "PULL", "This app", "This machine", "Other hosts"} <= texts
    assert "10.0.4.2" in texts
    colors = {node.get("fill") for node in root.iter()} | {
        node.get("stroke") for node in root.iter()
    }
    ground = full.theme.color("panel").name()
    assert ground in {QColor(color).name() for color in colors if color and color.startswith("#")}
    assert "saved as" in full.sockets.notices[-1].text


def test_asks_where_to_export(full: TopologyRig, tmp_path: Path) -> None:
    full.trigger("export")
    (dialog,) = full.panel.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "picture"))
    dialog.close()
    assert (tmp_path / "picture.svg").read_bytes().startswith(b"<?xml")


def test_a_file_that_cannot_be_written_is_told(full: TopologyRig, tmp_path: Path) -> None:
    assert not full.panel.exporter.save(tmp_path / "nowhere" / "x.svg", b"<svg/>")
    (box,) = full.panel.findChildren(QMessageBox)
    assert "could not be written" in box.text()
    box.close()
    assert full.sockets.notices[-1].severity is Severity.ERROR
