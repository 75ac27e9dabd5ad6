"""Topics: what first frames say, numbered in the order of their appearance, with live figures.

Written by the engine thread, by ``assign`` here or by a kernel; read by any thread. The columns are
the truth; the dictionary here and the kernels' hash slots are two indexes over the same columns,
each of which catches up with what the other has added.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.columns import Columns
from zmqscope.core.types import Direction, SocketId, SocketType

NO_TOPIC = 0
"""Topic id of messages that have none."""
OTHER_TOPICS = 1
"""Topic id of messages whose topic found no room in the table, or is too long for it."""

MAX_TOPICS = 65_536
MAX_TOPIC_BYTES = 255
_KEY_BYTES = 4 * 1024 * 1024
_HASH_SLOTS = 2 * MAX_TOPICS
# Looked at in one go by ``find``, so that a kernel's many new topics do not hold up its caller.
_STEP = 1_000
SECOND_NS = 1_000_000_000

# Places in ``counts``.
TOPICS, KEY_BYTES_USED, HASHED, SEPARATOR = 0, 1, 2, 3
NO_SEPARATOR = -1


class TopicRule(IntEnum):
    """Which messages of a socket have a topic."""

    NEVER = 0
    WITH_TWO_FRAMES = 1
    ALWAYS = 2


_PUBLISHING = (
    *(SocketType.PUB, SocketType.SUB, SocketType.XPUB, SocketType.XSUB),
    *(SocketType.RADIO, SocketType.DISH),
)


def topic_rule(socket_type: SocketType) -> TopicRule:
    """What the first frame means on a socket of this type.

    On publishing types it is what subscriptions match (RFC 29) or a group (RFC 48), on ROUTER,
    SERVER, PEER and STREAM a routing id
    (RFC 28). On the others it is what two programs have agreed upon: a job's number would soon fill
    the table.
    """
    if socket_type in _PUBLISHING:
        return TopicRule.ALWAYS
    return TopicRule.WITH_TWO_FRAMES if socket_type.routes_by_identity else TopicRule.NEVER


@dataclass(frozen=True, slots=True)
class TopicKey:
    """What a topic id stands for.

    Attributes:
        socket_id: The socket that carried it.
        direction: Which way.
        name: The bytes of the first frame, up to the separator if there is one.
    """

    socket_id: SocketId
    direction: Direction
    name: bytes


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """Figures of topic ids 0 to n - 1, copied at one moment; those of ``NO_TOPIC`` are zero.

    Attributes:
        messages: int64[n], since the start.
        bytes: int64[n], payload of all frames since the start.
        last_row: int64[n], row id of the newest message; -1 if there was none.
        per_s: int64[n], messages in the last whole second.
    """

    messages: NDArray[np.int64]
    bytes: NDArray[np.int64]
    last_row: NDArray[np.int64]
    per_s: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.messages)


class TopicTable:
    """At most 65,536 topics; the rest count as ``OTHER_TOPICS``."""

    def __init__(self) -> None:
        self._counts = np.array([2, 0, 2, NO_SEPARATOR], np.int64)
        self._keys = np.zeros(_KEY_BYTES, np.uint8)
        self._key_start = np.zeros(MAX_TOPICS, np.int64)
        self._key_size = np.zeros(MAX_TOPICS, np.int32)
        self._socket = np.zeros(MAX_TOPICS, np.int32)
        self._direction = np.zeros(MAX_TOPICS, np.uint8)
        self._slot_hash = np.zeros(_HASH_SLOTS, np.uint64)
        self._slot_id = np.zeros(_HASH_SLOTS, np.int32)
        self._messages = np.zeros(MAX_TOPICS, np.int64)
        self._bytes = np.zeros(MAX_TOPICS, np.int64)
        self._last_row = np.full(MAX_TOPICS, -1, np.int64)
        self._second = np.zeros(MAX_TOPICS, np.int64)
        self._in_second = np.zeros(MAX_TOPICS, np.int64)
        self._in_second_before = np.zeros(MAX_TOPICS, np.int64)
        self._ids: dict[tuple[int, int, bytes], int] = {}
        self._known = 2

    # ---- reading: any thread ----------------------------------------------------------------

    def __len__(self) -> int:
        """One past the highest topic id."""
        return int(self._counts[TOPICS])

    @property
    def is_full(self) -> bool:
        """Whether new topics now count as others."""
        return len(self) >= MAX_TOPICS

    def key(self, topic: int) -> TopicKey | None:
        """What a topic id stands for; None for ``NO_TOPIC`` and ``OTHER_TOPICS``."""
        if topic in (NO_TOPIC, OTHER_TOPICS):
            return None
        start = int(self._key_start[topic])
        name = self._keys[start : start + int(self._key_size[topic])].tobytes()
        return TopicKey(
            SocketId(int(self._socket[topic])), Direction(int(self._direction[topic])), name
        )

    def figures(self, now_ns: int) -> TopicFigures:
        """The figures of all topics at ``now_ns`` on the capture clock."""
        count = len(self)
        age = now_ns // SECOND_NS - self._second[:count]
        per_s = np.where(
            # The engine may have counted in the next second already.
            age <= 0,
            self._in_second_before[:count],
            np.where(age == 1, self._in_second[:count], 0),
        )
        return TopicFigures(
            self._messages[:count].copy(),
            self._bytes[:count].copy(),
            self._last_row[:count].copy(),
            per_s,
        )

    def published(self, socket_id: SocketId, direction: Direction) -> list[tuple[bytes, int]]:
        """All topics of a socket in one direction, and how many messages each has had."""
        count = len(self)
        mine = (self._socket[:count] == socket_id) & (self._direction[:count] == direction)
        mine[: min(count, OTHER_TOPICS + 1)] = False
        ids = np.flatnonzero(mine)
        starts, sizes = self._key_start[ids].tolist(), self._key_size[ids].tolist()
        keys, messages = self._keys, self._messages[ids].tolist()
        return [
            (keys[start : start + size].tobytes(), number)
            for start, size, number in zip(starts, sizes, messages, strict=True)
        ]

    def count_of(self, topic: int) -> tuple[int, int]:
        """Messages of a topic id, and payload bytes of all their frames."""
        return int(self._messages[topic]), int(self._bytes[topic])

    @property
    def separator(self) -> int | None:
        """The byte before which topics end now; None if they are whole."""
        separator = int(self._counts[SEPARATOR])
        return None if separator == NO_SEPARATOR else separator

    def counts_alone(self, name: bytes) -> bool:
        """Whether messages with this first frame are counted by themselves."""
        separator = self.separator
        is_cut = separator is not None and separator in name
        return len(name) <= MAX_TOPIC_BYTES and not is_cut and not self.is_full

    def columns(self) -> Columns:
        """The arrays themselves, in the order in which kernels take them."""
        return Columns(
            self._counts,
            self._keys,
            self._key_start,
            self._key_size,
            self._socket,
            self._direction,
            self._slot_hash,
            self._slot_id,
            self._messages,
            self._bytes,
            self._last_row,
            self._second,
            self._in_second,
            self._in_second_before,
        )

    # ---- writing: the engine thread ---------------------------------------------------------

    def set_separator(self, separator: int | None) -> None:
        """End topics of messages that come from now on before this byte; None: nowhere."""
        self._counts[SEPARATOR] = NO_SEPARATOR if separator is None else separator

    def find(self, socket_id: SocketId, direction: Direction, name: bytes) -> int | None:
        """The id of a topic; None if there is none, or not yet (``is_caught_up``)."""
        self._catch_up(_STEP)
        return self._ids.get((socket_id, direction, name))

    @property
    def is_caught_up(self) -> bool:
        """Whether ``find`` knows all that a kernel has added."""
        return self._known == len(self)

    def assign(
        self, socket_id: int, direction: int, first_frames: list[bytes | None]
    ) -> NDArray[np.int32]:
        """Topic ids of messages.

        Args:
            socket_id: Their socket.
            direction: Their direction.
            first_frames: For each message the first 256 bytes of the frame that holds its topic;
                None if it has none.

        Returns:
            int32[n].
        """
        self._catch_up()
        separator = int(self._counts[SEPARATOR])
        end = bytes([separator]) if separator != NO_SEPARATOR else None
        result = np.zeros(len(first_frames), np.int32)
        for index, frame in enumerate(first_frames):
            if frame is not None:
                name = frame if end is None else frame.partition(end)[0]
                result[index] = self._id(socket_id, direction, name)
        return result

    def note(
        self,
        topics: NDArray[np.int32],
        sizes: NDArray[np.int64],
        times_ns: NDArray[np.int64],
        first_row: int,
    ) -> None:
        """Count messages that were stored.

        Args:
            topics: int32[n], as ``assign`` gave them.
            sizes: int64[n], payload bytes.
            times_ns: int64[n], ascending.
            first_row: Row id of the first; the others follow.
        """
        found = np.flatnonzero(topics)
        if not len(found):
            return
        ids = topics[found]
        np.add.at(self._messages, ids, 1)
        np.add.at(self._bytes, ids, sizes[found])
        self._last_row[ids] = first_row + found
        seconds = times_ns[found] // SECOND_NS
        for second in np.unique(seconds).tolist():
            self._count_in_second(ids[seconds == second], second)

    def _count_in_second(self, ids: NDArray[np.int32], second: int) -> None:
        late, counts = np.unique(ids, return_counts=True)
        age = second - self._second[late]
        newer = age > 0
        before = np.where(age == 1, self._in_second[late], 0)
        self._in_second_before[late[newer]] = before[newer]
        self._in_second[late[newer]] = 0
        self._second[late[newer]] = second
        self._in_second[late] += counts

    def _catch_up(self, most: int = MAX_TOPICS) -> None:
        end = min(len(self), self._known + most)
        for topic in range(self._known, end):
            key = self.key(topic)
            if key is not None:
                self._ids[int(key.socket_id), int(key.direction), key.name] = topic
        self._known = end

    def _id(self, socket_id: int, direction: int, name: bytes) -> int:
        known = self._ids.get((socket_id, direction, name))
        if known is not None:
            return known
        topic, start = len(self), int(self._counts[KEY_BYTES_USED])
        if len(name) > MAX_TOPIC_BYTES or topic >= MAX_TOPICS or start + len(name) > _KEY_BYTES:
            return OTHER_TOPICS
        self._keys[start : start + len(name)] = np.frombuffer(name, np.uint8)
        self._key_start[topic], self._key_size[topic] = start, len(name)
        self._socket[topic], self._direction[topic] = socket_id, direction
        self._counts[KEY_BYTES_USED] = start + len(name)
        # Last: readers go by this number.
        self._counts[TOPICS] = topic + 1
        self._ids[socket_id, direction, name] = topic
        self._known = topic + 1
        return topic
