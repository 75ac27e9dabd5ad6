"""What one can do with bytes: the slots behind their actions. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from zmqscope.core.decode.field_path import BYTES, FieldPath
from zmqscope.models.format import format_bytes, one_line
from zmqscope.models.hex.copy import CopyForm, copy_text
from zmqscope.models.inspector.frame_copy import MAX_COPIED_BYTES
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.file_saver import ExportError, write_file
from zmqscope.ui.inspector.hex_actions import CONTEXT_MENU, COPY_ACTIONS, NEEDS_BYTES, hex_actions
from zmqscope.ui.inspector.hex_view import HexView

AskPath = Callable[[QWidget, str], Path | None]
"""Asks for a file to write, given the dialog's parent and a name to begin with."""

_WHOLE = FieldPath((BYTES,))


def ask_for_path(parent: QWidget, name: str) -> Path | None:
    """Where to save bytes; None if the user does not want to after all."""
    title = QCoreApplication.translate("HexCommands", "Save bytes to file")
    chosen, _filter = QFileDialog.getSaveFileName(parent, title, name)
    return Path(chosen) if chosen else None


class HexCommands(QObject):
    """Registers the actions on bytes; copies and saves.

    Args:
        view: The bytes.
        ask_path: Asks where to save.
        parent: The pane; dialogs open over it.

    Attributes:
        form_of: The number form in which so many bytes are being read; empty for none.
    """

    said = Signal(str)
    """What was done, in one sentence."""

    def __init__(self, view: HexView, ask_path: AskPath, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self._ask_path = ask_path
        self._window = parent
        self._path = _WHOLE
        self._actions: dict[str, QAction] = {}
        self.form_of: Callable[[int], str] = lambda _size: ""

    def register(
        self, actions: ActionRegistry, callbacks: dict[str, Callable[..., object]]
    ) -> None:
        """Add the actions.

        Args:
            actions: Where to.
            callbacks: What the pane does itself, by id.
        """
        own: dict[str, Callable[..., object]] = {
            **dict.fromkeys(COPY_ACTIONS, self.on_copy),
            "hex.copy_path": self.on_copy_path,
            "hex.select_all": self._view.select_all,
            "hex.save_selection": self.on_save_selection,
            **callbacks,
        }
        for action in hex_actions():
            self._actions[action.id] = actions.add(action, own[action.id])
        self.set_path(_WHOLE)

    def set_path(self, path: FieldPath) -> None:
        """Other bytes are shown; ``path`` says whose, without a span."""
        self._path = path
        for action_id in NEEDS_BYTES:
            self._actions[action_id].setEnabled(bool(self._view.data))

    def fill_menu(self, menu: QMenu) -> None:
        """Put the actions into a menu."""
        for action_id in CONTEXT_MENU:
            if action_id:
                menu.addAction(self._actions[action_id])
            else:
                menu.addSeparator()

    def _span(self) -> tuple[int, int]:
        """What is meant: the selected bytes, or all."""
        start, stop = self._view.selection
        return (start, stop) if stop > start else (0, len(self._view.data))

    # ---- copying ----------------------------------------------------------------------------

    @Slot()
    def on_copy(self) -> None:
        """Copy in the form of the action that was chosen."""
        self.copy(COPY_ACTIONS[self.sender().objectName()])

    def copy(self, form: CopyForm) -> None:
        """Copy the selected bytes, or all of them; the first of them if there are too many."""
        start, stop = self._span()
        size = stop - start
        part = self._view.data[start : min(stop, start + MAX_COPIED_BYTES)]
        if not part:
            return
        text = copy_text(part, form, start, self._view.model.base)
        # A clipboard ends at the first zero on some systems, and no editor shows one.
        QGuiApplication.clipboard().setText(text.replace("\0", "\\x00"))
        self._say_copied(size, form)

    def _say_copied(self, size: int, form: CopyForm) -> None:
        name = _form_name(form)
        if size <= MAX_COPIED_BYTES:
            self.said.emit(self.tr("Copied {0} as {1}.").format(format_bytes(size), name))
            return
        words = self.tr("Copied the first {0} of {1} as {2}; save them to have all.")
        self.said.emit(words.format(format_bytes(MAX_COPIED_BYTES), format_bytes(size), name))

    @Slot(int)
    def on_view_copied(self, size: int) -> None:
        """The view has copied the selected bytes as hex."""
        start, stop = self._view.reach
        self._say_copied(max(size, stop - start), CopyForm.HEX)

    @Slot()
    def on_copy_path(self) -> None:
        """Copy where the selected bytes stand."""
        start, stop = self._view.reach
        if stop > start:
            path = self._path
            form = self.form_of(stop - start)
            span = FieldPath(path.source, frame=path.frame, span=(start, stop), form=form)
            self.copy_words(str(span))

    @Slot(str)
    def copy_words(self, words: str) -> None:
        """Copy a value or a path, and say so."""
        QGuiApplication.clipboard().setText(words)
        shown = words if len(words) <= 80 else f"{words[:79]}…"
        self.said.emit(self.tr("Copied {0}").format(one_line(shown)))

    # ---- saving -----------------------------------------------------------------------------

    @Slot()
    def on_save_selection(self) -> None:
        """Write the selected bytes, or all, to a file."""
        # The dialog runs an event loop: what is saved is what was shown when it was asked for.
        data, (start, stop) = self._view.data, self._span()
        name = _file_name(self._path, start, stop)
        path = self._ask_path(self._window, name) if data else None
        if path is None:
            return
        try:
            write_file(path, data if (start, stop) == (0, len(data)) else data[start:stop])
        except ExportError as error:
            self.said.emit(str(error))
            return
        words = self.tr("Saved {0} to {1}.")
        self.said.emit(words.format(format_bytes(stop - start), one_line(str(path))))


def _file_name(path: FieldPath, start: int, stop: int) -> str:
    """What to call a file of some bytes: ``frame2-bytes-4-8.bin``."""
    frame = () if path.frame is None else (f"frame{path.frame}",)
    return "-".join((*frame, *path.source, str(start), str(stop))) + ".bin"


def _form_name(form: CopyForm) -> str:
    names = {
        CopyForm.HEX: _tr("hex"),
        CopyForm.HEX_PLAIN: _tr("plain hex"),
        CopyForm.DUMP: _tr("dump"),
        CopyForm.TEXT: _tr("text"),
        CopyForm.ESCAPED: _tr("escaped string"),
        CopyForm.PYTHON: _tr("Python"),
        CopyForm.C_ARRAY: _tr("C array"),
        CopyForm.BASE64: _tr("Base64"),
    }
    return names[form]


def _tr(text: str) -> str:
    return QCoreApplication.translate("HexCommands", text)
