"""The messages of a schema to choose from, read on a thread of their own. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox

from zmqscope.core.decode.schema_files import likeliest_message, message_names
from zmqscope.core.decode.schemas import SchemaError
from zmqscope.models.background import Background

_LOOKED_AT_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class SchemaRead:
    """What a schema has to choose from.

    Attributes:
        names: Full names of its messages.
        likeliest: The one that the frame is most likely of; empty if that is not known.
        problem: Why there are none, a sentence; it is said where the frame would be.
    """

    names: tuple[str, ...] = ()
    likeliest: str = ""
    problem: str = ""


class MessageField(QComboBox):
    """Fills itself with what a schema holds; not enabled while there is nothing to choose.

    Attributes:
        schema: The file whose messages it has, or is about to have.
    """

    names_read = Signal(object)
    """SchemaRead: what there is to choose from now."""

    def __init__(self) -> None:
        super().__init__()
        self.schema = ""
        self._loading = Background(self)
        self._loading.done.connect(self.on_loading_done)

    @property
    def is_reading(self) -> bool:
        """Whether a schema is being read."""
        return self._loading.is_busy

    def load(self, path: str, data: bytes) -> None:
        """Read a schema, or none.

        Args:
            path: The file.
            data: A frame: tells which message is the likeliest.
        """
        self.schema = path
        self.clear()
        self.setEnabled(False)
        if not path:
            self._loading.drop()
            return
        self.addItem(self.tr("Reading the schema…"), "")
        self._loading.start(partial(_read_schema, path, data[:_LOOKED_AT_BYTES]))

    def choose(self, name: str) -> None:
        """Show a message as the chosen one, without saying so; the first entry for none."""
        self.setCurrentIndex(max(0, self.findData(name)))

    @Slot(object)
    def on_loading_done(self, answer: SchemaRead) -> None:
        """The schema was read, or could not be; then the frame's place says why."""
        self.clear()
        if len(answer.names) > 1:
            self.addItem(self.tr("the one that fits best"), "")
        for name in answer.names:
            self.addItem(name, name)
        self.setEnabled(bool(answer.names))
        self.names_read.emit(answer)


def _read_schema(path: str, data: bytes) -> SchemaRead:
    """Messages of a schema, or why there are none. Any thread."""
    try:
        names = tuple(message_names(path))
        return SchemaRead(names, likeliest_message(path, data))
    except SchemaError as error:
        return SchemaRead(problem=str(error))
