"""Where the keys lead among bytes. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from zmqscope.models.hex.grid import GROUP_BYTES


def key_target(
    event: QKeyEvent, caret: int, size: int, per_line: int, page_lines: int
) -> int | None:
    """The byte that a key leads to, perhaps one that does not exist; None for any other key.

    Args:
        event: The key.
        caret: Where the cursor is.
        size: How many bytes there are.
        per_line: Bytes in a line.
        page_lines: Lines in sight.
    """
    ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    step, page = GROUP_BYTES if ctrl else 1, max(1, page_lines - 1) * per_line
    column, lowest = caret % per_line, max(0, size - 1) // per_line * per_line
    return {
        Qt.Key.Key_Left: caret - step,
        Qt.Key.Key_Right: caret + step,
        Qt.Key.Key_Up: caret - per_line if caret >= per_line else caret,
        Qt.Key.Key_Down: caret + per_line if caret < lowest else caret,
        Qt.Key.Key_PageUp: max(column, caret - page),
        Qt.Key.Key_PageDown: min(lowest + column, caret + page),
        Qt.Key.Key_Home: 0 if ctrl else caret - column,
        Qt.Key.Key_End: size - 1 if ctrl else caret - column + per_line - 1,
    }.get(Qt.Key(event.key()))
