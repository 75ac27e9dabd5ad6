"""Offers the socket types, the drafts in a section of their own. GUI thread."""

from __future__ import annotations

from zmqscope.core.types import SocketType
from zmqscope.models.sockets import socket_words
from zmqscope.ui.sockets.meaning_combo import MeaningCombo
from zmqscope.ui.theme import Theme

_SECTIONS = 2


class TypeCombo(MeaningCombo):
    """Every socket type with what it does.

    Args:
        theme: Colours and fonts.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, max((kind.name for kind in SocketType), key=len))
        stable = [kind for kind in SocketType if not kind.is_draft]
        drafts = [kind for kind in SocketType if kind.is_draft]
        self.add_section(self.tr("Stable types"))
        for kind in stable:
            self.add_entry(kind.name, kind, socket_words.type_words(kind))
        self.add_section(
            self.tr("Draft types"),
            self.tr("libzmq may still change them; peers need a build with drafts"),
        )
        for kind in drafts:
            self.add_entry(kind.name, kind, socket_words.type_words(kind))
        self.setMaxVisibleItems(len(SocketType) + _SECTIONS)
        self.setAccessibleName(self.tr("Socket type"))
        self.setToolTip(self.tr("What kind of ZeroMQ socket to open"))
        self.fit_list()
