"""One value of a field, in full and on its own. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from zmqscope.core.decode.node import Node
from zmqscope.models.format import format_bytes, one_line
from zmqscope.models.inspector.frame_text import FrameText
from zmqscope.models.inspector.node_words import value_text
from zmqscope.ui.inspector.hex_view import HexView
from zmqscope.ui.inspector.text_view import FrameTextView
from zmqscope.ui.theme import Theme

_MAX_PATH_CHARS = 200


class ValueDialog(QDialog):
    """Shows a text with its lines, bytes as hex; does not keep the rest of the window waiting.

    Args:
        theme: Colours and fonts.
        node: The field.
        path: Where it is, as text.
        parent: What it belongs to.

    Attributes:
        text: Where a text is shown.
    """

    def __init__(self, theme: Theme, node: Node, path: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Value"))
        where = QLabel(one_line(path[:_MAX_PATH_CHARS]))
        where.setProperty("tone", "data")
        where.setTextFormat(Qt.TextFormat.PlainText)
        where.setWordWrap(True)
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.addWidget(where)
        self.text = FrameTextView(theme)
        self.text.setAccessibleName(self.tr("Value"))
        size: str
        if isinstance(node.value, bytes):
            view = HexView(theme)
            view.set_frame(node.value)
            column.addWidget(view, 1)
            size = format_bytes(len(node.value))
        else:
            words = value_text(node)
            self.text.set_text(FrameText(_bytes_of(words), pretty=False), is_json=False)
            self.text.show_all()
            column.addWidget(self.text, 1)
            size = self.tr("{0} characters").format(f"{len(words):,}")
        facts = QLabel(" · ".join(part for part in (one_line(node.type), size) if part))
        facts.setProperty("tone", "muted")
        facts.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(facts)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.resize(560, 380)


def _bytes_of(text: str) -> bytes:
    # A lone surrogate has no UTF-8; it is shown by its number.
    return text.encode(errors="backslashreplace")
