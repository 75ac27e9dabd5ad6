"""How frames are read: by which decoder, for which frames, how much unpacked. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from zmqscope.core.decode.payload import DecoderChoice
from zmqscope.models.formats import Formats
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.ui.inspector.decoder_bar import DecoderBar
from zmqscope.ui.inspector.late_news import LateNews
from zmqscope.ui.inspector.ribbon import FrameRibbon


class FrameDecoding(QObject):
    """Takes what the user chooses in the decoder bar to the message.

    Args:
        ribbon: Says which frame is shown.
        bar: Where decoders are chosen.
        news: Unpacks more, and checks signatures.
        formats: What bytes may mean, and what was chosen.
        parent: The panel.
    """

    changed = Signal()
    """The frame is to be read and shown anew."""

    def __init__(
        self,
        ribbon: FrameRibbon,
        bar: DecoderBar,
        news: LateNews,
        formats: Formats,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._ribbon = ribbon
        self._bar = bar
        self._news = news
        self._message: Inspected | None = None
        self._for_topic = True
        bar.chosen.connect(self.on_decoder_chosen)
        bar.scope_chosen.connect(self.on_scope_chosen)
        bar.more_wanted.connect(self.on_more_wanted)
        news.unpacked.connect(self.on_unpacked)
        news.keys_changed.connect(self.on_keys_changed)
        formats.choices.changed.connect(self.on_choices_changed)

    def set_message(self, message: Inspected | None) -> None:
        """Another message is shown, or none."""
        self._message = message
        self._news.set_message(message)
        if message is None:
            self.set_frame(0)

    def set_nothing(self) -> None:
        """A frame is not to be read at all."""
        self._news.drop_unpacking()
        self._bar.set_frame(None, 0, for_topic=self._for_topic)

    def set_frame(self, index: int) -> None:
        """Say how a frame of the message is read."""
        self._news.drop_unpacking()
        self._bar.set_frame(self._message, index, for_topic=self._for_topic)

    @Slot(object)
    def on_decoder_chosen(self, choice: DecoderChoice | None) -> None:
        """Read such frames another way from now on."""
        if self._message is not None:
            self._message.choose(self._ribbon.chosen, choice, for_topic=self._for_topic)

    @Slot(bool)
    def on_scope_chosen(self, for_topic: bool) -> None:
        """The choice is to hold for the topic, or for all of the socket."""
        self._for_topic = for_topic
        message, index = self._message, self._ribbon.chosen
        choice = None if message is None else message.choice(index)
        if message is not None and choice is not None:
            message.choose(index, None, for_topic=True)
            message.choose(index, choice, for_topic=for_topic)

    @Slot()
    def on_choices_changed(self) -> None:
        """Frames may have to be read another way, whoever said so."""
        if self._message is not None:
            self._message.forget()
            self._ribbon.update_titles()
            self.changed.emit()

    @Slot()
    def on_more_wanted(self) -> None:
        """Unpack more of the frame."""
        if self._message is not None:
            self._bar.set_unpacking(True)
            self._news.unpack_more(self._message, self._ribbon.chosen)

    @Slot(bool)
    def on_unpacked(self, is_there: bool) -> None:
        """More of the frame was unpacked, or it is not wanted any more."""
        self._bar.set_unpacking(False)
        if is_there:
            self.changed.emit()

    @Slot()
    def on_keys_changed(self) -> None:
        """Signatures may be judged in another way now."""
        self._news.set_message(self._message)
