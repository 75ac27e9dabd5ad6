"""Asks for a file and writes the topology as it was when asked, as SVG. GUI thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QObject, QRectF, QStandardPaths, Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

from zmqscope.models.format import format_clock_time
from zmqscope.ui.file_saver import FileSaver
from zmqscope.ui.theme import Theme
from zmqscope.ui.topology.scene import TopologyScene

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController

_SUFFIX = ".svg"


class TopologyExporter(QObject):
    """The way from the command to a file.

    Args:
        scene: What is drawn.
        theme: The ground of the picture.
        controller: Where notices go.
        parent: Parent of the dialogs.
    """

    def __init__(
        self, scene: TopologyScene, theme: Theme, controller: EngineController, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._scene = scene
        self._theme = theme
        self._clock = controller.clock
        self._saver = FileSaver(controller, parent, self.tr("Export topology"))
        self._picture = b""
        self._folder = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )

    @Slot()
    def ask(self) -> None:
        """Ask where to; what is drawn now is what will be written."""
        self._picture = self.picture()
        stamp = format_clock_time(self._clock.now_ns(), 0).replace(":", "-")
        dialog = QFileDialog(self._window, self.tr("Export topology"), self._folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("SVG picture (*.svg)"))
        dialog.setDefaultSuffix("svg")
        dialog.selectFile(f"zmqscope-topology-{stamp}{_SUFFIX}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.on_dialog_file_selected)
        dialog.open()

    def picture(self) -> bytes:
        """The whole topology as SVG, in the colours of the theme; text stays text."""
        whole = self._scene.content_rect()
        target = QRectF(0.0, 0.0, whole.width(), whole.height())
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        # Qt's resolution: a pixel of the scene is then a unit of the picture.
        generator.setResolution(self._window.logicalDpiX())
        generator.setSize(target.size().toSize())
        generator.setViewBox(target)
        generator.setTitle(self.tr("ZMQ Scope topology"))
        painter = QPainter(generator)
        painter.fillRect(target, self._theme.color("panel"))
        self._scene.render(painter, target, whole)
        painter.end()
        return bytes(buffer.data().data())

    @Slot(str)
    def on_dialog_file_selected(self, name: str) -> None:
        """Write the file."""
        path = Path(name)
        if path.suffix.lower() != _SUFFIX:
            path = path.with_name(f"{path.name}{_SUFFIX}")
        self._folder = str(path.parent)
        self.save(path, self._picture)

    def save(self, path: Path, picture: bytes) -> bool:
        """Write a file and say so; a failure is told in a box and in the events.

        Args:
            path: Where to.
            picture: What.

        Returns:
            Whether it was written.
        """
        words = self.tr("The topology was saved as {0}.").format(path)
        return self._saver.save(path, picture, words)
