"""The ways in which one frame can be looked at, and the one that suits it. Pure, any thread."""

from __future__ import annotations

from enum import Enum

from zmqscope.core.decode.decoded import Decoded, Listing, Numbers, Picture, TextBody, Tree
from zmqscope.models.formats import FrameFound
from zmqscope.models.frame_text import FrameForm, FrameReading


class FrameView(Enum):
    """A way to look at a frame; the values are their names in the window."""

    TREE = "Tree"
    JSON = "JSON"
    TEXT = "Text"
    NUMBERS = "Numbers"
    PICTURE = "Picture"
    LISTING = "Listing"
    HEX = "Hex"


def views_of(found: FrameFound, raw: FrameReading) -> tuple[FrameView, ...]:
    """What there is to look at, the best first; text and hex always are."""
    views = _body_views(found.reading.decoded) or _plain_views(raw)
    views.extend(view for view in (FrameView.TEXT, FrameView.HEX) if view not in views)
    return tuple(views)


def natural_view(found: FrameFound, raw: FrameReading) -> FrameView:
    """The view that suits a frame."""
    return views_of(found, raw)[0]


def wanted_view(views: tuple[FrameView, ...], wanted: FrameView | None) -> FrameView:
    """The view that is closest to the one that the user chose; structure goes for structure."""
    if wanted is None or wanted in views:
        return wanted or views[0]
    if wanted in (FrameView.TREE, FrameView.JSON):
        return next((v for v in views if v in (FrameView.TREE, FrameView.JSON)), views[0])
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
