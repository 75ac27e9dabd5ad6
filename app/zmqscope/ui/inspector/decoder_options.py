"""What a format cannot say about itself: encoding, type and shape, schema. GUI thread."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.dtypes import NUMBER_TYPES
from zmqscope.core.decode.encodings import ENCODINGS, known_encoding
from zmqscope.core.decode.payload import NO_OPTIONS, DecodeOptions, DecoderChoice
from zmqscope.core.decode.schemas import SchemaError, message_names
from zmqscope.models.background import Background
from zmqscope.models.decode_options import (
    ENCODED,
    SCHEMED,
    SHAPED,
    WITH_MESSAGE,
    is_single,
    number_type,
    read_shape,
    with_number_type,
)
from zmqscope.models.format import one_line
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.inspector.sentence import Sentence
from zmqscope.ui.theme import Theme

_SCHEMA_FILES = "*.proto *.pb *.desc *.binpb *.protoset *.fds *.avsc"
_MAX_SKIP = 2_000_000_000


class DecoderOptions(QFrame):
    """Fields for one decoder; each change counts at once.

    Args:
        theme: Icons.
    """

    options_changed = Signal(object)
    """DecoderChoice with what is in the fields now."""
    closed = Signal()
    """The user is done."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._decoder = ""
        self._layers: tuple[str, ...] | None = None
        self._options = NO_OPTIONS
        self._names_of = ""
        self._loading = Background(self)
        self._loading.done.connect(self.on_loading_done)
        self.setProperty("role", "details")
        self.encoding = QComboBox()
        self.kind = QComboBox()
        self.order = QComboBox()
        self.skip = QSpinBox()
        self.shape = QLineEdit()
        self.schema = QPushButton()
        self.message = QComboBox()
        self._problem = Sentence("problem")
        self._problem.setContentsMargins(0, 0, 0, 0)
        self._rows: list[tuple[tuple[str, ...], QLabel, QWidget]] = []
        self._lay_out(theme)
        self._fill()

    def _lay_out(self, theme: Theme) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 6, 8, 6)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[tuple[str, ...], str, QWidget], ...] = (
            (ENCODED, self.tr("Encoding"), self.encoding),
            (SHAPED, self.tr("Type"), self.kind),
            (SHAPED, self.tr("Order"), self.order),
            (SHAPED, self.tr("Skip"), self.skip),
            (SHAPED, self.tr("Shape"), self.shape),
            (SCHEMED, self.tr("Schema"), self.schema),
            (WITH_MESSAGE, self.tr("Message"), self.message),
        )
        for line, (decoders, words, field) in enumerate(rows):
            label = QLabel(words)
            label.setProperty("tone", "muted")
            label.setBuddy(field)
            grid.addWidget(label, line, 0)
            grid.addWidget(field, line, 1)
            self._rows.append((decoders, label, field))
        grid.addWidget(self._problem, len(rows), 0, 1, 2)
        close = IconButton(theme, "x", self.tr("Close the options"))
        close.clicked.connect(self.closed)
        grid.addWidget(close, 0, 2, len(rows), 1, Qt.AlignmentFlag.AlignTop)

    def _fill(self) -> None:
        for combo in (self.encoding, self.kind, self.order, self.message):
            # The panel must not grow wider for the longest name.
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            combo.setMinimumContentsLength(6)
        for narrow in (self.schema, self.shape, self.skip):
            narrow.setMinimumWidth(60)
            narrow.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.encoding.setEditable(True)
        self.encoding.addItem(self.tr("as it looks"), "")
        for each in ENCODINGS:
            self.encoding.addItem(each.title, each.name)
        self.kind.addItem(self.tr("as it looks"), "")
        for kind in NUMBER_TYPES:
            self.kind.addItem(kind.title, kind.code)
        self.order.addItem(self.tr("little-endian"), False)
        self.order.addItem(self.tr("big-endian"), True)
        self.skip.setRange(0, _MAX_SKIP)
        self.skip.setSuffix(self.tr(" bytes"))
        self.shape.setPlaceholderText(self.tr("one row; or 480, 640 or -1, 3"))
        for field, name in (
            (self.encoding, self.tr("Encoding of the text")),
            (self.kind, self.tr("Type of the numbers")),
            (self.order, self.tr("Byte order of the numbers")),
            (self.skip, self.tr("Bytes before the first number")),
            (self.shape, self.tr("Shape of the array")),
            (self.message, self.tr("Message of the schema")),
        ):
            field.setAccessibleName(name)
            field.setToolTip(name)
        self.encoding.activated.connect(self.on_encoding_chosen)
        line = self.encoding.lineEdit()
        if line is not None:
            line.editingFinished.connect(self.on_encoding_chosen)
        self.kind.activated.connect(self.on_number_chosen)
        self.order.activated.connect(self.on_number_chosen)
        self.skip.valueChanged.connect(self.on_skip_changed)
        self.shape.textEdited.connect(self.on_shape_edited)
        self.schema.clicked.connect(self.on_schema_clicked)
        self.message.activated.connect(self.on_message_chosen)

    # ---- what is shown ----------------------------------------------------------------------

    def set_decoder(
        self, decoder: str, choice: DecoderChoice | None, layers: tuple[str, ...]
    ) -> None:
        """Show what was told a decoder.

        Args:
            decoder: Its name.
            choice: The user's choice for the frame, if there is one.
            layers: Compressions that were taken off.
        """
        is_other = decoder != self._decoder
        self._decoder = decoder
        self._layers = None if choice is None else choice.layers
        self._options = NO_OPTIONS if choice is None else choice.options
        for decoders, label, field in self._rows:
            label.setVisible(decoder in decoders)
            field.setVisible(decoder in decoders)
        if is_other:
            self._problem.set_words("")
        self._show()

    def _show(self) -> None:
        options = self._options
        code, big = number_type(options)
        fields = (self.encoding, self.kind, self.order, self.skip, self.shape)
        blockers = [QSignalBlocker(field) for field in fields]
        at = self.encoding.findData(options.encoding)
        if at >= 0:
            self.encoding.setCurrentIndex(at)
        elif not self.encoding.hasFocus():
            self.encoding.setEditText(options.encoding)
        self.kind.setCurrentIndex(max(0, self.kind.findData(code)))
        if options.dtype[:1] in ("<", ">"):
            self.order.setCurrentIndex(int(big))
        self.order.setEnabled(bool(code) and not is_single(code))
        self.skip.setValue(options.skip)
        if read_shape(self.shape.text()) != options.shape:
            self.shape.setText(", ".join(map(str, options.shape)))
        del blockers
        name = Path(options.schema).name if options.schema else self.tr("Choose a file…")
        self.schema.setText(one_line(name).replace("&", "&&"))
        self.schema.setAccessibleName(self.tr("Schema: {0}").format(one_line(name)))
        self.schema.setToolTip(self.tr("Choose a .proto file, a descriptor set or an .avsc file"))
        if options.schema != self._names_of and self._decoder in SCHEMED:
            self._load(options.schema)

    def take_focus(self) -> None:
        """Begin with the first field."""
        for decoders, _label, field in self._rows:
            if self._decoder in decoders:
                field.setFocus()
                return

    def _tell(self, options: DecodeOptions) -> None:
        self._options = options
        self.options_changed.emit(DecoderChoice(self._decoder, self._layers, options))

    # ---- text and numbers -------------------------------------------------------------------

    @Slot()
    def on_encoding_chosen(self) -> None:
        """Another encoding was chosen or typed."""
        text = self.encoding.currentText().strip()
        at = self.encoding.findText(text)
        try:
            name = str(self.encoding.itemData(at)) if at >= 0 else known_encoding(text)
        except DecodeError as error:
            self._problem.set_words(one_line(error.text))
            return
        self._problem.set_words("")
        if name != self._options.encoding:
            self._tell(replace(self._options, encoding=name))

    @Slot()
    def on_number_chosen(self) -> None:
        """Another type or byte order was chosen."""
        code, big = str(self.kind.currentData()), bool(self.order.currentData())
        self._tell(with_number_type(self._options, code, big=big))

    @Slot(int)
    def on_skip_changed(self, skip: int) -> None:
        """The numbers begin elsewhere."""
        self._tell(replace(self._options, skip=skip))

    @Slot(str)
    def on_shape_edited(self, text: str) -> None:
        """Another shape is being typed."""
        shape = read_shape(text)
        self.shape.setProperty("problem", shape is None)
        self.shape.style().polish(self.shape)
        if shape is None:
            self._problem.set_words(
                self.tr("That is no shape. Write numbers apart by commas; one may be -1.")
            )
            return
        self._problem.set_words("")
        if shape != self._options.shape:
            self._tell(replace(self._options, shape=shape))

    # ---- schemas ----------------------------------------------------------------------------

    @Slot()
    def on_schema_clicked(self) -> None:
        """A schema is to be chosen."""
        kinds = self.tr("Schemas ({0});;All files (*)").format(_SCHEMA_FILES)
        path, _kind = QFileDialog.getOpenFileName(
            self, self.tr("Choose a schema"), self._options.schema, kinds
        )
        if path:
            self.use_schema(path)

    def use_schema(self, path: str) -> None:
        """Read frames by this schema from now on, once it has been read itself."""
        self._options = replace(self._options, schema=path, message="")
        self._load(path)
        self._show()

    def _load(self, path: str) -> None:
        self._names_of = path
        self.message.clear()
        self._problem.set_words("")
        if not path:
            self._loading.drop()
            return
        self.message.addItem(self.tr("Reading the schema…"), "")
        self._loading.start(partial(_names_or_problem, path))

    @Slot(object)
    def on_loading_done(self, answer: list[str] | str) -> None:
        """The schema was read, or could not be."""
        self.message.clear()
        if isinstance(answer, str):
            self._problem.set_words(one_line(answer))
            self._names_of = ""
        else:
            for name in answer:
                self.message.addItem(name, name)
            at = self.message.findData(self._options.message)
            self.message.setCurrentIndex(max(0, at))
            if at < 0 and answer and self._decoder in WITH_MESSAGE:
                self._options = replace(self._options, message=answer[0])
        self._tell(self._options)

    @Slot()
    def on_message_chosen(self) -> None:
        """Another message of the schema was chosen."""
        self._tell(replace(self._options, message=str(self.message.currentData() or "")))

    # ---- keys -------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        is_esc = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_esc and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _names_or_problem(path: str) -> list[str] | str:
    """Messages of a schema, or why there are none. Any thread."""
    try:
        return message_names(path)
    except SchemaError as error:
        return f"{error.problem.text} {error.problem.hint}".strip()
