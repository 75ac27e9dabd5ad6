"""Asks for a file and writes the plot as it was when asked. GUI thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from zmqscope.models.format import format_clock_time
from zmqscope.ui.file_saver import FileSaver
from zmqscope.ui.rates.display import RatesDisplay
from zmqscope.ui.rates.export import ExportFormat, format_of, render
from zmqscope.ui.rates.picture import Snapshot
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController


class PlotExporter(QObject):
    """The way from the command to a file.

    Args:
        display: What is plotted.
        theme: Colours of the picture.
        controller: Where notices go.
        parent: Parent of the dialogs.
    """

    def __init__(
        self, display: RatesDisplay, theme: Theme, controller: EngineController, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._display = display
        self._theme = theme
        self._saver = FileSaver(controller, parent, self.tr("Export plot"))
        self._folder = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        self._snapshot: Snapshot | None = None
        self._dialog: QFileDialog | None = None
        self._filters = {
            self.tr("PNG picture (*.png)"): ExportFormat.PNG,
            self.tr("SVG picture (*.svg)"): ExportFormat.SVG,
            self.tr("CSV table (*.csv)"): ExportFormat.CSV,
        }

    @Slot()
    def ask(self) -> None:
        """Ask where to; what is plotted now is what will be written."""
        self._snapshot = self._display.snapshot()
        stamp = format_clock_time(self._snapshot.frame.shown.end_ns, 0).replace(":", "-")
        dialog = QFileDialog(self._window, self.tr("Export plot"), self._folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(self._filters))
        dialog.selectFile(f"zmqscope-rates-{stamp}.png")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.on_dialog_file_selected)
        dialog.filterSelected.connect(self.on_dialog_filter_selected)
        self._dialog = dialog
        dialog.open()

    @Slot(str)
    def on_dialog_filter_selected(self, chosen: str) -> None:
        """Let the name in the dialog end as its format does."""
        if self._dialog is None:
            return
        for name in self._dialog.selectedFiles()[:1]:
            path = Path(name)
            if path.suffix.lower() in {f".{known.value}" for known in ExportFormat}:
                self._dialog.selectFile(path.with_suffix(f".{self._filters[chosen].value}").name)

    @Slot(str)
    def on_dialog_file_selected(self, name: str) -> None:
        """Write the file."""
        if self._dialog is None or self._snapshot is None:
            return
        otherwise = self._filters.get(self._dialog.selectedNameFilter(), ExportFormat.PNG)
        path, wanted = format_of(Path(name), otherwise)
        self._folder = str(path.parent)
        self.save(path, wanted, self._snapshot)
        self._dialog = self._snapshot = None

    def save(self, path: Path, wanted: ExportFormat, snapshot: Snapshot) -> bool:
        """Write a file and say so; a failure is told in a box and in the events.

        Args:
            path: Where to.
            wanted: The format.
            snapshot: What to write.

        Returns:
            Whether it was written.
        """
        content = render(snapshot, wanted, self._theme.palette)
        words = self.tr("The plot was saved as {path}.").format(path=path)
        return self._saver.save(path, content, words)
