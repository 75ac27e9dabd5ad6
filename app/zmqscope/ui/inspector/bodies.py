"""The views of what a frame means, one at a time, made when they are first needed. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from zmqscope.core.decode.decoded import Listing, Numbers, Picture, TextBody, Tree
from zmqscope.core.decode.node import Node, NodeKind
from zmqscope.models.formats import FrameFound
from zmqscope.models.inspector.frame_text import FrameForm, FrameReading
from zmqscope.models.inspector.frame_views import FrameView
from zmqscope.models.inspector.inspected import body_of
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.listing_view import ListingView
from zmqscope.ui.inspector.numbers_view import NumbersView
from zmqscope.ui.inspector.picture_view import PictureView
from zmqscope.ui.inspector.text_pane import TextPane
from zmqscope.ui.inspector.tree_pane import TreePane
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme


class FrameBodies(QStackedWidget):
    """Tree, text, numbers, picture or listing.

    Args:
        theme: Colours and fonts.
        actions: Where the inspector's actions are registered.
        settings: Remembers how wide the tree's columns are; None forgets.

    Attributes:
        tree: The fields.
        text: The text.
        numbers: The numbers.
        picture: The picture.
        listing: The listing.
    """

    bytes_selected = Signal(int, int)
    """By the user: bytes of what the decoder was given, or of ``text.frame``; equal for none."""

    def __init__(
        self, theme: Theme, actions: ActionRegistry, settings: Settings | None = None
    ) -> None:
        super().__init__()
        self._view = FrameView.TEXT
        self.tree = TreePane(theme, actions, settings)
        self.text = TextPane(theme)
        self.numbers = NumbersView(theme)
        self.picture = PictureView(theme)
        self.listing = ListingView(theme)
        for page in (self.text, self.tree, self.numbers, self.picture, self.listing):
            self.addWidget(page)
        self.tree.field_selected.connect(self.on_field_selected)
        self.numbers.bytes_selected.connect(self.bytes_selected)
        self.listing.bytes_selected.connect(self.bytes_selected)
        self.text.bytes_selected.connect(self.bytes_selected)
        self.setMinimumHeight(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        # Not what the largest of the pages would like: the splitter decides.
        return QSize(60, 40)

    def key_widgets(self) -> tuple[QWidget, ...]:
        """What may have the keyboard."""
        return (
            self.tree.tree,
            self.text.text,
            self.numbers.table,
            self.picture.canvas,
            self.listing,
        )

    @property
    def current(self) -> QWidget:
        """What is in sight."""
        return self._page(self._view)

    def _page(self, view: FrameView) -> QWidget:
        return {
            FrameView.TREE: self.tree,
            FrameView.NUMBERS: self.numbers,
            FrameView.PICTURE: self.picture,
            FrameView.LISTING: self.listing,
        }.get(view, self.text)

    def show_view(self, view: FrameView, found: FrameFound, raw: FrameReading) -> str:
        """Show a frame; the views that are out of sight let go of theirs.

        Args:
            view: How.
            found: What it turned out to be.
            raw: What it looks like as text.

        Returns:
            Why it cannot be shown so; empty if it can.
        """
        before, self._view = self._view, view
        if self._page(before) is not self._page(view):
            self._clear(before)
        self.setCurrentWidget(self._page(view))
        reading = found.reading
        decoded, data = reading.decoded, reading.data
        match view:
            case FrameView.TREE:
                body = body_of(decoded, Tree)
                root = body.root if isinstance(body, Tree) else None
                self.tree.set_root(root, reading.source)
            case FrameView.NUMBERS:
                body = body_of(decoded, Numbers)
                self.numbers.set_numbers(body if isinstance(body, Numbers) else None, data)
            case FrameView.PICTURE:
                body = body_of(decoded, Picture)
                self.picture.set_picture(body if isinstance(body, Picture) else None, data)
            case FrameView.LISTING:
                body = body_of(decoded, Listing)
                self.listing.set_listing(body if isinstance(body, Listing) else None)
            case FrameView.JSON:
                return self._show_json(found)
            case FrameView.TEXT:
                self.text.set_source(self._plain(found, raw).text(FrameForm.TEXT), is_json=False)
            case FrameView.HEX:
                self._clear(before)
        return ""

    def _show_json(self, found: FrameFound) -> str:
        reading = FrameReading(found.reading.data)
        problem = reading.json_problem
        self.text.set_source(reading.text(FrameForm.JSON), is_json=not problem)
        return problem

    @staticmethod
    def _plain(found: FrameFound, raw: FrameReading) -> FrameReading:
        """The frame as text in the encoding that its decoder says it has."""
        body = body_of(found.reading.decoded, TextBody)
        if not isinstance(body, TextBody) or (found.offset and not found.is_packed):
            return raw
        return FrameReading(found.reading.data, body.encoding, body.bom)

    def _clear(self, view: FrameView) -> None:
        match view:
            case FrameView.TREE:
                self.tree.set_root(None)
            case FrameView.NUMBERS:
                self.numbers.set_numbers(None, b"")
            case FrameView.PICTURE:
                self.picture.set_picture(None, b"")
            case FrameView.LISTING:
                self.listing.set_listing(None)
            case FrameView.TEXT | FrameView.JSON:
                self.text.set_source(None, is_json=False)

    def show_nothing(self) -> None:
        """Let go of the frame."""
        self._clear(self._view)

    # ---- bytes ------------------------------------------------------------------------------

    def select_bytes(self, start: int, stop: int) -> Node | None:
        """Select what stands in some bytes, without saying so.

        Returns:
            The field; None if there is none or the view has no fields.
        """
        match self._view:
            case FrameView.TREE:
                return self.tree.select_bytes(start, stop)
            case FrameView.NUMBERS:
                self.numbers.select_bytes(start)
            case FrameView.LISTING:
                self.listing.select_bytes(start)
            case FrameView.TEXT | FrameView.JSON:
                self.text.select_bytes(start, stop)
        return None

    @Slot(object)
    def on_field_selected(self, node: Node) -> None:
        """A field is current: its bytes are."""
        span = node.span
        if span is None:
            self.bytes_selected.emit(0, 0)
        elif node.kind is NodeKind.ERROR:
            self.bytes_selected.emit(span.start, max(span.stop, span.start + 1))
        else:
            self.bytes_selected.emit(span.start, span.stop)
