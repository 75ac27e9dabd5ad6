"""Version, and the licences of what ships with the app. GUI thread."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from zmqscope import __version__
from zmqscope.ui.resources import resource_path
from zmqscope.ui.theme import Theme

_LICENCES = (
    ("Inter: SIL Open Font License 1.1", ("fonts", "Inter-OFL.txt")),
    ("JetBrains Mono: SIL Open Font License 1.1", ("fonts", "JetBrainsMono-OFL.txt")),
    ("Lucide icons: ISC License", ("icons", "LICENSE")),
)
_MARK_PX = 48


class AboutDialog(QDialog):
    """Says what this is, in which version, and whose work it carries.

    Args:
        theme: Fonts.
        parent: The window.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About ZMQ Scope"))
        self.resize(520, 460)
        mark = QLabel()
        mark.setPixmap(self.windowIcon().pixmap(_MARK_PX, _MARK_PX))
        name = QLabel("ZMQ Scope")
        name.setFont(theme.ui_font(QFont.Weight.DemiBold, 18.0))
        version = QLabel(
            self.tr("Version {version} · Qt {qt} · Python {python}").format(
                version=__version__, qt=qVersion(), python=platform.python_version()
            )
        )
        version.setProperty("tone", "muted")
        version.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QLabel(self.tr("See ZeroMQ traffic as it happens. Free software, MIT License."))
        texts = QVBoxLayout()
        texts.setSpacing(3)
        for label in (name, version, words):
            texts.addWidget(label)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(texts, 1)
        licences = QPlainTextEdit(_licences())
        licences.setReadOnly(True)
        licences.setFont(theme.data_font(size_px=11.0))
        licences.setAccessibleName(self.tr("Licences of fonts and icons"))
        licences.setToolTip(self.tr("Licences of fonts and icons"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.setFocus()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addLayout(top)
        column.addWidget(licences, 1)
        column.addWidget(buttons)


def _licences() -> str:
    parts = []
    for title, path in _LICENCES:
        text = resource_path(*path).read_text(encoding="utf-8").strip()
        parts.append(f"{title}\n\n{text}")
    return "\n\n\n".join(parts) + "\n"
