"""The names of the ways to look at a frame, side by side. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from zmqscope.models.inspector.frame_views import FrameView
from zmqscope.ui.theme import Theme

_PADDING_PX = 12


class ViewTabs(QWidget):
    """One button for each view that a frame has.

    Args:
        theme: Font.
    """

    view_chosen = Signal(object)
    """FrameView that the user wants."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._font = theme.ui_font(size_px=12.0)
        self._buttons: dict[FrameView, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._words = {
            FrameView.TREE: (self.tr("Tree"), self.tr("The fields as a tree (J)")),
            FrameView.JSON: (self.tr("JSON"), self.tr("The JSON laid out (J, twice)")),
            FrameView.TEXT: (self.tr("Text"), self.tr("The bytes as text (T)")),
            FrameView.NUMBERS: (self.tr("Numbers"), self.tr("The bytes as numbers")),
            FrameView.PICTURE: (self.tr("Picture"), self.tr("The picture drawn")),
            FrameView.LISTING: (self.tr("Listing"), self.tr("The bytes one after the other")),
            FrameView.HEX: (self.tr("Hex"), self.tr("The bytes alone (H)")),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for number, (view, (words, help_words)) in enumerate(self._words.items()):
            button = QToolButton()
            button.setCheckable(True)
            button.setFont(self._font)
            button.setToolTip(help_words)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._buttons[view] = button
            self._group.addButton(button, number)
            row.addWidget(button)
            self._name(button, words)
        self._group.idClicked.connect(self.on_group_id_clicked)

    def _name(self, button: QToolButton, words: str) -> None:
        # The style adds room for an icon that is not there.
        button.setFixedWidth(QFontMetrics(self._font).horizontalAdvance(words) + _PADDING_PX)
        button.setText(words.replace("&", "&&"))
        button.setAccessibleName(self.tr("Show as {0}").format(words))

    def button(self, view: FrameView) -> QToolButton:
        """The button of a view."""
        return self._buttons[view]

    def set_views(
        self, views: tuple[FrameView, ...], shown: FrameView, listing_title: str = ""
    ) -> None:
        """Offer these views.

        Args:
            views: What the frame has.
            shown: What is in sight.
            listing_title: What its listing is called.
        """
        if listing_title:
            self._name(self._buttons[FrameView.LISTING], listing_title)
        for view, button in self._buttons.items():
            button.setVisible(view in views)
        self._buttons[shown].setChecked(True)

    @Slot(int)
    def on_group_id_clicked(self, number: int) -> None:
        """A view was chosen."""
        self.view_chosen.emit(list(self._words)[number])
