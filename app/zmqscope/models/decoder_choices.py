"""How the user wants frames to be read: a choice sticks to a topic or a socket. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from zmqscope.core.decode.payload import DecoderChoice
from zmqscope.core.types import SocketId

_Key = tuple[SocketId, bytes | None, int]


class DecoderChoices(QObject):
    """Choices by socket, topic and place.

    A *place* counts frames from the first behind topic or routing ids: 0 is that frame, -1 the one
    before it. So a choice holds for messages with and without routing ids.
    """

    changed = Signal()
    """Frames may have to be read another way from now on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices: dict[_Key, DecoderChoice] = {}

    def choose(
        self, socket_id: SocketId, topic: bytes | None, place: int, choice: DecoderChoice | None
    ) -> None:
        """Read frames so from now on.

        Args:
            socket_id: The socket.
            topic: The topic; None for all of the socket, which forgets choices for single topics
                at this place.
            place: Which frame.
            choice: How; None to leave it to the frame again.
        """
        if topic is None:
            for key in [k for k in self._choices if k[0] == socket_id and k[2] == place]:
                del self._choices[key]
        key = (socket_id, topic, place)
        if choice is None:
            self._choices.pop(key, None)
        else:
            self._choices[key] = choice
        self.changed.emit()

    def choice(self, socket_id: SocketId, topic: bytes | None, place: int) -> DecoderChoice | None:
        """How to read a frame; the topic's choice comes before the socket's."""
        if not self._choices:
            return None
        if topic is not None:
            found = self._choices.get((socket_id, topic, place))
            if found is not None:
                return found
        return self._choices.get((socket_id, None, place))

    def sticks_to_topic(self, socket_id: SocketId, topic: bytes | None, place: int) -> bool:
        """Whether the choice for a frame is one for its topic alone."""
        return topic is not None and (socket_id, topic, place) in self._choices
