"""The ways in which one frame can be looked at, and the one that suits it. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.decoded import Decoded, Listing, Numbers, Picture, TextBody, Tree
from zmqscope.core.types import SocketId
from zmqscope.models.inspector.frame_text import FrameForm, FrameReading
from zmqscope.models.inspector.inspected import Inspected


class FrameView(Enum):
    """A way to look at a frame; the values are their names in the window."""

    TREE = "Tree"
    JSON = "JSON"
    TEXT = "Text"
    NUMBERS = "Numbers"
    PICTURE = "Picture"
    LISTING = "Listing"
    HEX = "Hex"


_FIELDS = (FrameView.TREE, FrameView.JSON)


@dataclass(frozen=True, slots=True)
class ViewChoice:
    """How a frame is shown.

    Attributes:
        view: The view.
        offered: All views that there are to choose from.
        chosen: What the user chose for its socket; None where that is left to the frame.
        excuse: Why it is not what the user chose, a sentence; empty if it is.
    """

    view: FrameView
    offered: tuple[FrameView, ...]
    chosen: FrameView | None
    excuse: str = ""


class ViewChoices:
    """What the user chose lasts for the socket; without a choice frames are what they are."""

    def __init__(self) -> None:
        self._chosen: dict[SocketId, FrameView | None] = {}

    def choose(self, socket_id: SocketId, view: FrameView | None) -> None:
        """Show a socket's frames so from now on, or as what they are."""
        self._chosen[socket_id] = view

    def view_for(self, message: Inspected, index: int, *, asked: bool) -> ViewChoice:
        """How to show a frame.

        Args:
            message: The message.
            index: Which of its frames.
            asked: Whether the choice was made for this very frame; one that was made while
                looking at another gives way where it does not fit.
        """
        views = views_of(message, index)
        chosen = self._chosen.get(message.message.socket_id)
        view = _closest(views, chosen)
        if asked and chosen is FrameView.JSON:
            # Whatever the frame is: the view then says where it is no JSON.
            view = chosen
        elif not asked and chosen is FrameView.TEXT and not message.is_text(index):
            view = views[0]
        offered = views if view in views else (*views[:-1], view, views[-1])
        return ViewChoice(view, offered, chosen, _excuse(chosen, view))


def _excuse(chosen: FrameView | None, view: FrameView) -> str:
    if chosen is None or chosen is view or (chosen in _FIELDS and view in _FIELDS):
        return ""
    words = _tr("Shown as {0}: this frame is not {1}.")
    return words.format(view.value, chosen.value)


def views_of(message: Inspected, index: int) -> tuple[FrameView, ...]:
    """What there is to look at, the best first; text and hex always are."""
    found = message.found(index)
    views = _body_views(found.reading.decoded) or _plain_views(message.reading(index))
    views.extend(view for view in (FrameView.TEXT, FrameView.HEX) if view not in views)
    return tuple(views)


def _closest(views: tuple[FrameView, ...], wanted: FrameView | None) -> FrameView:
    """The view that is closest to the one that the user chose; structure goes for structure."""
    if wanted is None or wanted in views:
        return wanted or views[0]
    if wanted in _FIELDS:
        return next((view for view in views if view in _FIELDS), views[0])
    return views[0]


def _body_views(decoded: Decoded | None) -> list[FrameView]:
    views: list[FrameView] = []
    for body in () if decoded is None else decoded.bodies:
        match body:
            case Tree():
                view = FrameView.TREE
            case TextBody(is_json=True):
                view = FrameView.JSON
            case TextBody():
                view = FrameView.TEXT
            case Numbers():
                view = FrameView.NUMBERS
            case Picture():
                view = FrameView.PICTURE
            case Listing():
                view = FrameView.LISTING
        if view not in views:
            views.append(view)
    return views


def _plain_views(raw: FrameReading) -> list[FrameView]:
    """For want of a decoder: what the bytes look like."""
    form = raw.natural
    if form is FrameForm.JSON:
        return [FrameView.JSON]
    return [FrameView.TEXT] if form is FrameForm.TEXT else [FrameView.HEX, FrameView.TEXT]


def _tr(text: str) -> str:
    return QCoreApplication.translate("FrameViews", text)
