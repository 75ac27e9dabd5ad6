"""Asks for the topic of a subscription message. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QPushButton, QWidget

from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat, check_frame
from zmqscope.ui.composer.controls import keep_on_screen


class TopicPopup(QFrame):
    """A field for the topic, as text or hex, and a button. Closes when one clicks elsewhere."""

    topic_chosen = Signal(bytes, bool)
    """The topic, and whether to cancel it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._cancel = False
        self.setProperty("role", "popup")
        self._format = QComboBox()
        self._format.addItem(self.tr("text"), FrameFormat.TEXT)
        self._format.addItem(self.tr("hex"), FrameFormat.HEX)
        self._format.setAccessibleName(self.tr("Format of the topic"))
        self._format.setToolTip(self.tr("Whether the topic is typed as text or as hex."))
        self._topic = QLineEdit()
        self._topic.setPlaceholderText(self.tr("topic, empty for all"))
        self._topic.setAccessibleName(self.tr("Topic"))
        self._topic.setToolTip(self.tr("Everything that begins with it; empty means everything."))
        self._topic.setMinimumWidth(150)
        self._write = QPushButton(self.tr("Write"))
        self._write.setProperty("kind", "primary")
        self._write.setToolTip(self.tr("Write the message; it is sent with Send."))
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.setSpacing(6)
        for widget in (self._format, self._topic, self._write):
            box.addWidget(widget)
        self._topic.textChanged.connect(self.on_topic_changed)
        self._format.currentIndexChanged.connect(self.on_topic_changed)
        self._topic.returnPressed.connect(self.on_write_clicked)
        self._write.clicked.connect(self.on_write_clicked)

    def ask(self, button: QWidget, *, cancel: bool) -> None:
        """Open below a button.

        Args:
            button: Where.
            cancel: Whether the topic is to be cancelled.
        """
        self._cancel = cancel
        self.adjustSize()
        self.move(keep_on_screen(self, button.mapToGlobal(QPoint(0, button.height() + 4))))
        self.show()
        self._topic.setFocus()
        self._topic.selectAll()

    def _bytes(self) -> bytes | None:
        return check_frame(FrameDraft(self._format.currentData(), self._topic.text())).data

    @Slot()
    def on_topic_changed(self) -> None:
        """Only what can be read can be written."""
        is_good = self._bytes() is not None
        self._write.setEnabled(is_good)
        self._topic.setProperty("problem", not is_good)
        self._topic.style().unpolish(self._topic)
        self._topic.style().polish(self._topic)

    @Slot()
    def on_write_clicked(self) -> None:
        """Done."""
        topic = self._bytes()
        if topic is not None:
            self.hide()
            self.topic_chosen.emit(topic, self._cancel)
