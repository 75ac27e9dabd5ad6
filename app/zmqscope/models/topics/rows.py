"""Which topics are shown, in which order, with which figures. GUI thread.

A refresh costs a few passes over arrays; no object is made for a topic.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.topics import OTHER_TOPICS, SECOND_NS, TopicTable
from zmqscope.models.topics.cells import TopicColumn
from zmqscope.models.topics.find import TopicFinder
from zmqscope.models.topics.keys import TopicKeys
from zmqscope.models.topics.order import NameOrder, by_socket, by_value

FIRST_ID = OTHER_TOPICS + 1
"""The lowest topic id that stands for a name."""


class TopicRows:
    """The shown topics as an array of ids.

    Args:
        table: The topics.
        name_of: The name of a socket id, to sort by.

    Attributes:
        keys: What topics are.
        figures: Their figures when they were last read.
        ids: int32[n], the shown ones from the top down.
        finder: What the names have to contain.
        second: The second that the figures are of.
    """

    def __init__(self, table: TopicTable, name_of: Callable[[int], str]) -> None:
        self._table = table
        self._name_of = name_of
        self.keys = TopicKeys.of(table)
        self.figures = table.figures(0)
        self.ids: NDArray[np.int32] = np.zeros(0, np.int32)
        self.finder = TopicFinder("")
        self.second = 0
        self._names = NameOrder(self.keys)
        self._known = FIRST_ID

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def known(self) -> int:
        """Topics there are, shown or not."""
        return self._known - FIRST_ID

    def read(self, now_ns: int) -> None:
        """Take the figures of ``now_ns``, or of the second that the engine has come to.

        The display's time is that of its tick; figures of two seconds must not stand side by side.
        """
        latest = int(self.keys.second[: len(self._table)].max())
        self.second = max(now_ns // SECOND_NS, latest)
        self.figures = self._table.figures(self.second * SECOND_NS)

    def arrived(self) -> NDArray[np.int32]:
        """Ids of new topics that are to be shown; takes note of all new ones."""
        first, self._known = self._known, len(self.figures)
        found = self.finder.matches(self.keys, first, self._known)
        return (first + np.flatnonzero(found)).astype(np.int32)

    def append(self, ids: NDArray[np.int32]) -> None:
        """Show topics at the end."""
        self.ids = np.concatenate((self.ids, ids))

    def find(self, finder: TopicFinder) -> None:
        """Show the topics that a filter finds, in the order of their appearance."""
        self.finder = finder
        self._known = FIRST_ID
        self.ids = self.arrived()

    def sorted_ids(self, column: TopicColumn, *, descending: bool) -> NDArray[np.int32]:
        """The shown topics in the order of a column."""
        if column is TopicColumn.TOPIC:
            return self._by_name(descending=descending)
        if column is TopicColumn.SOCKET:
            return by_socket(self.ids, self.keys, self._name_of, descending=descending)
        return by_value(self.ids, self._figure(column)[self.ids], descending=descending)

    def _by_name(self, *, descending: bool) -> NDArray[np.int32]:
        shown = np.zeros(self._known, np.bool_)
        shown[self.ids] = True
        listed = self._names.ids(self._known)
        result = listed[shown[listed]]
        return result[::-1].copy() if descending else result

    def _figure(self, column: TopicColumn) -> NDArray[np.int64]:
        match column:
            case TopicColumn.RATE:
                return self.figures.per_s
            case TopicColumn.BYTES:
                return self.figures.bytes
            case TopicColumn.LAST:
                return self.figures.last_row
        return self.figures.messages

    def position(self, topic: int) -> int:
        """Where a topic is shown; -1 if it is not."""
        found = np.flatnonzero(self.ids == topic)
        return int(found[0]) if len(found) else -1
