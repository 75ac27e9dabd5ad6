"""Measures of the topology: how large nodes are, and how much air there is between them. Pure."""

from __future__ import annotations

from typing import NamedTuple

SOCKET_WIDTH, SOCKET_HEIGHT = 172.0, 44.0
CARD_WIDTH = 176.0
HEAD_HEIGHT, ROW_HEIGHT, FOOT_HEIGHT = 25.0, 19.0, 5.0

LEAST_FIT = 0.87
"""How small the picture is made to fit: letters of 11 pixels stay above 9.5."""

_FLAT_PX = 420.0


class Air(NamedTuple):
    """Gaps, in pixels of the scene.

    Attributes:
        node_gap: Between nodes of a column: lines of farther ones pass here.
        trunk: Between lanes: room for a label and for lines to part.
        own_gap: Between columns of this app's sockets: room for labels.
        card_gap: Between columns of cards.
    """

    node_gap: float
    trunk: float
    own_gap: float
    card_gap: float


WIDE = Air(22.0, 172.0, 116.0, 52.0)
"""Where there is room enough."""
TIGHT = Air(13.0, 124.0, 94.0, 34.0)
"""In a dock at the window's bottom."""


def air_for(room: tuple[float, float]) -> Air:
    """How much air there is in a view of this width and height, in pixels."""
    return TIGHT if room[1] < _FLAT_PX else WIDE
