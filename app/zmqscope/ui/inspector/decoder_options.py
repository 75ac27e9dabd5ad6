"""What a format cannot say about itself: encoding, type and shape, schema. GUI thread."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from zmqscope.core.decode.dtypes import NUMBER_TYPES
from zmqscope.core.decode.payload import NO_OPTIONS, DecodeOptions, DecoderChoice
from zmqscope.models.inspector.decode_options import (
    ENCODED,
    SCHEMED,
    SHAPED,
    WITH_MESSAGE,
    is_single,
    number_type,
    read_shape,
    with_number_type,
)
from zmqscope.ui.claimed_keys import claims_escape
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.inspector.encoding_field import EncodingField
from zmqscope.ui.inspector.message_field import MessageField, SchemaRead
from zmqscope.ui.inspector.schema_field import SchemaField
from zmqscope.ui.inspector.sentence import Sentence
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_MAX_SKIP = 2_000_000_000


class DecoderOptions(QFrame):
    """Fields for one decoder; each change counts at once.

    Args:
        theme: Icons.
        settings: Remembers schemas; None forgets.
    """

    options_changed = Signal(object)
    """DecoderChoice with what is in the fields now."""
    closed = Signal()
    """The user is done."""

    def __init__(self, theme: Theme, settings: Settings | None = None) -> None:
        super().__init__()
        self._data = b""
        self._for_topic = True
        self._decoder = ""
        self._layers: tuple[str, ...] | None = None
        self._options = NO_OPTIONS
        self.setProperty("role", "details")
        self.encoding = EncodingField()
        self.kind = QComboBox()
        self.order = QComboBox()
        self.skip = QSpinBox()
        self.shape = QLineEdit()
        self.schema = SchemaField(theme, settings)
        self.message = MessageField()
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
        for field in (self.encoding, self.kind, self.order, self.message, self.shape, self.skip):
            _keep_narrow(field)
        self.kind.addItem(self.tr("as it looks"), "")
        for kind in NUMBER_TYPES:
            self.kind.addItem(kind.title, kind.code)
        self.order.addItem(self.tr("little-endian"), False)
        self.order.addItem(self.tr("big-endian"), True)
        self.skip.setRange(0, _MAX_SKIP)
        self.skip.setSuffix(self.tr(" bytes"))
        # The style sheet's padding on the left does not reach the text of a spin box.
        self.skip.lineEdit().setTextMargins(7, 0, 0, 0)
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
        self.encoding.chosen.connect(self.on_encoding_chosen)
        self.encoding.refused.connect(self._problem.set_words)
        self.kind.activated.connect(self.on_number_chosen)
        self.order.activated.connect(self.on_number_chosen)
        self.skip.valueChanged.connect(self.on_skip_changed)
        self.shape.textEdited.connect(self.on_shape_edited)
        self.schema.chosen.connect(self.use_schema)
        self.schema.again_wanted.connect(self.on_again_wanted)
        self.message.activated.connect(self.on_message_chosen)
        self.message.names_read.connect(self.on_names_read)

    # ---- what is shown ----------------------------------------------------------------------

    def set_decoder(
        self,
        decoder: str,
        choice: DecoderChoice | None,
        data: bytes = b"",
        *,
        for_topic: bool = True,
    ) -> None:
        """Show what was told a decoder.

        Args:
            decoder: Its name.
            choice: The user's choice for the frame, if there is one.
            data: What it reads: tells which message of a schema is the likeliest.
            for_topic: Whether the choice is for one topic, which has messages of one kind.
        """
        self._for_topic = for_topic
        is_other = decoder != self._decoder
        self._data = data
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
        self.encoding.set_encoding(options.encoding)
        self.kind.setCurrentIndex(max(0, self.kind.findData(code)))
        if options.dtype[:1] in ("<", ">"):
            self.order.setCurrentIndex(int(big))
        self.order.setEnabled(bool(code) and not is_single(code))
        self.skip.setValue(options.skip)
        if read_shape(self.shape.text()) != options.shape:
            self.shape.setText(", ".join(map(str, options.shape)))
        del blockers
        self.schema.set_path(options.schema)
        if options.schema != self.message.schema and self._decoder in SCHEMED:
            self.message.load(options.schema, self._data)
        elif self.message.isEnabled():
            self.message.choose(options.message)

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

    @Slot(str)
    def on_encoding_chosen(self, name: str) -> None:
        """Another encoding was chosen or typed."""
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

    @Slot(str)
    def use_schema(self, path: str) -> None:
        """Read frames by this schema from now on, once it has been read itself."""
        self.message.schema = ""
        # At once, so that it counts even if another frame is shown before it has been read.
        self._tell(replace(self._options, schema=path, message=""))
        if self.message.schema != path:
            self._show()

    @Slot()
    def on_again_wanted(self) -> None:
        """The file, or one that it imports, may have changed."""
        self.message.load(self._options.schema, self._data)

    @property
    def is_reading(self) -> bool:
        """Whether a schema is being read."""
        return self.message.is_reading

    @Slot(object)
    def on_names_read(self, answer: SchemaRead) -> None:
        """There are other messages to choose from."""
        if not answer.problem:
            self.schema.remember(self._options.schema)
        options = self._options
        if self._decoder in WITH_MESSAGE and options.message not in answer.names:
            likeliest = answer.likeliest if self._for_topic else ""
            self._options = options = replace(options, message=likeliest)
        self.message.choose(options.message)
        self._tell(options)

    @Slot()
    def on_message_chosen(self) -> None:
        """Another message of the schema was chosen."""
        self._tell(replace(self._options, message=str(self.message.currentData() or "")))

    # ---- keys -------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        return claims_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _keep_narrow(field: QWidget) -> None:
    """The panel must not grow wider for the longest name."""
    if isinstance(field, QComboBox):
        field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        field.setMinimumContentsLength(6)
    else:
        field.setMinimumWidth(60)
        field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
