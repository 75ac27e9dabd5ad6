"""The menu that says how a frame is to be read. GUI thread."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QWidget

from zmqscope.core.decode.decoded import TextBody
from zmqscope.core.decode.encodings import ENCODINGS
from zmqscope.core.decode.payload import NO_OPTIONS, DecodeOptions, DecoderChoice, Payload
from zmqscope.models.format import one_line
from zmqscope.models.inspector.decode_options import ENCODED, takes_options
from zmqscope.models.inspector.inspected import Inspected, body_of
from zmqscope.models.inspector.reading_words import percent, topic_words
from zmqscope.ui.key_menu import KeyMenu

_SNIFFED_BYTES = 64 * 1024
_LEAST_SHOWN = 0.05
_FOUND_ANYWAY = ("utf-8", "ascii")


class DecoderMenu(KeyMenu):
    """Decoders with the likeliest first, compressions, encodings, and for whom the choice is.

    Args:
        message: The message.
        index: Which of its frames.
        for_topic: Whether a choice is for the topic alone.
        parent: Owner.
    """

    chosen = Signal(object)
    """DecoderChoice, or None to leave it to the frame."""
    scope_chosen = Signal(bool)
    """Whether choices are for the topic alone from now on."""
    options_wanted = Signal(str)
    """The name of a decoder whose options are to be seen."""

    def __init__(self, message: Inspected, index: int, *, for_topic: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._message = message
        self._index = index
        self._choice = message.choice(index)
        self._reading = message.found(index).reading
        self._group = QActionGroup(self)
        self._add_decoders()
        self.addSeparator()
        self._add_compressions()
        if self._decoder in ENCODED:
            self._add_encodings()
        if takes_options(self._decoder):
            options = self.addAction(self.tr("Options…"))
            options.triggered.connect(self.on_options)
        self._add_scope(for_topic)
        self.aboutToHide.connect(self.deleteLater)

    @property
    def _decoder(self) -> str:
        return self._choice.decoder if self._choice is not None else self._reading.decoder

    @property
    def _options(self) -> DecodeOptions:
        return DecodeOptions() if self._choice is None else self._choice.options

    # ---- decoders ---------------------------------------------------------------------------

    def _add_decoders(self) -> None:
        leave = self.addAction(self.tr("Leave it to the frame"))
        leave.setCheckable(True)
        leave.setChecked(self._choice is None)
        leave.triggered.connect(self.on_leave)
        registry, data = self._message.formats.registry, self._reading.data
        head = data[:_SNIFFED_BYTES]
        payload = Payload(head, len(data) > len(head), len(data))
        likely = {
            guess.decoder: guess.confidence
            for guess in registry.guesses(payload)
            if guess.confidence >= _LEAST_SHOWN
        }
        if likely:
            self.addSeparator()
            for name, confidence in likely.items():
                self._add_decoder(name, f"{registry.title(name)}\t{percent(confidence)}")
        rest = [name for name in registry.decoders if name not in likely]
        if rest:
            self.addSeparator()
            for name in sorted(rest, key=lambda each: registry.title(each).lower()):
                self._add_decoder(name, registry.title(name))

    def _add_decoder(self, name: str, words: str) -> None:
        action = self.addAction(words.replace("&", "&&"))
        action.setData(name)
        action.setCheckable(True)
        action.setChecked(self._choice is not None and self._choice.decoder == name)
        action.triggered.connect(self.on_decoder)

    @Slot()
    def on_leave(self) -> None:
        """The frame is to be read as it looks."""
        self.chosen.emit(None)

    @Slot()
    def on_decoder(self) -> None:
        """A decoder was chosen; what is known of its options stays."""
        name = str(self._sent().data())
        if self._choice is not None and self._choice.decoder == name:
            choice = self._choice
        else:
            layers = None if self._choice is None else self._choice.layers
            choice = DecoderChoice(name, layers, self._found_out(name))
        self.chosen.emit(choice)
        if takes_options(name) and name not in ENCODED:
            self.options_wanted.emit(name)

    def _found_out(self, name: str) -> DecodeOptions:
        """What a decoder has to find out from a whole frame, kept for all further ones.

        The table sees only the beginnings of frames: too little to tell an encoding by.
        """
        decoder = self._message.formats.registry.decoders.get(name)
        if name not in ENCODED or decoder is None:
            return NO_OPTIONS
        body = body_of(decoder.decode(Payload(self._reading.data), NO_OPTIONS), TextBody)
        if not isinstance(body, TextBody) or body.bom or body.encoding in _FOUND_ANYWAY:
            return NO_OPTIONS
        return DecodeOptions(encoding=body.encoding)

    # ---- compressions and encodings ---------------------------------------------------------

    def _add_compressions(self) -> None:
        registry = self._message.formats.registry
        menu = KeyMenu(self)
        menu.setTitle(self.tr("Compression"))
        self.addMenu(menu)
        group = QActionGroup(menu)
        current = None if self._choice is None else self._choice.layers
        choices: list[tuple[str, tuple[str, ...] | None]] = [
            (self.tr("As it looks"), None),
            (self.tr("None"), ()),
            *((layer.title, (name,)) for name, layer in registry.layers.items()),
        ]
        if current is not None and len(current) > 1:
            choices.append((" + ".join(map(registry.title, current)), current))
        for words, layers in choices:
            action = menu.addAction(words)
            action.setData(layers)
            action.setCheckable(True)
            action.setChecked(layers == current)
            action.triggered.connect(self.on_compression)
            group.addAction(action)

    @Slot()
    def on_compression(self) -> None:
        """Another compression was chosen."""
        layers = self._sent().data()
        wanted = None if layers is None else tuple(layers)
        decoder = self._decoder or self._decoder_behind(wanted)
        if wanted is None and self._choice is None:
            self.chosen.emit(None)
            return
        self.chosen.emit(DecoderChoice(decoder, wanted, self._options))

    def _decoder_behind(self, layers: tuple[str, ...] | None) -> str:
        """What the bytes behind a compression look like."""
        registry = self._message.formats.registry
        frame = self._message.frames[self._index]
        inner = registry.read(Payload(frame), DecoderChoice("", layers)).data
        guesses = registry.guesses(Payload(inner[:_SNIFFED_BYTES], len(inner) > _SNIFFED_BYTES))
        return guesses[0].decoder if guesses else ""

    def _add_encodings(self) -> None:
        menu = KeyMenu(self)
        menu.setTitle(self.tr("Encoding"))
        self.addMenu(menu)
        known = ((each.name, each.title) for each in ENCODINGS)
        for name, title in (("", self.tr("As it looks")), *known):
            action = menu.addAction(title)
            action.setData(name)
            action.setCheckable(True)
            action.setChecked(name == self._options.encoding)
            action.triggered.connect(self.on_encoding)

    @Slot()
    def on_encoding(self) -> None:
        """Another encoding was chosen."""
        options = replace(self._options, encoding=str(self._sent().data()))
        layers = None if self._choice is None else self._choice.layers
        self.chosen.emit(DecoderChoice(self._decoder, layers, options))

    @Slot()
    def on_options(self) -> None:
        """The options are to be seen."""
        self.options_wanted.emit(self._decoder)

    # ---- for whom ---------------------------------------------------------------------------

    def _add_scope(self, for_topic: bool) -> None:
        if self._message.topic is None:
            return
        self.addSeparator()
        group = QActionGroup(self)
        topic = self.tr("Only for topic {0}").format(topic_words(self._message))
        everything = self.tr("For all of {0}").format(one_line(self._message.socket_name))
        for words, value in ((topic, True), (everything, False)):
            action = self.addAction(words.replace("&", "&&"))
            action.setData(value)
            action.setCheckable(True)
            action.setChecked(value == for_topic)
            action.triggered.connect(self.on_scope)
            group.addAction(action)

    @Slot()
    def on_scope(self) -> None:
        """The choice is for others than before."""
        self.scope_chosen.emit(bool(self._sent().data()))

    def _sent(self) -> QAction:
        sender = self.sender()
        assert isinstance(sender, QAction)
        return sender
