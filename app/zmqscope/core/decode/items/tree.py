"""Trees over self-describing binary items (MessagePack, CBOR), read where somebody looks.

Pure, any thread. A format's reader knows its heads; what they have in common is here: children
one by one, keys that come twice, payloads that end early, and items too large to be passed over.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator

from zmqscope.core.decode.broken import BrokenError
from zmqscope.core.decode.field_path import Index, Key, Name, Step
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node

PAGE = 1_000
"""Children that are read within one budget of time."""

_PAGE_SECONDS = 0.08
_KEY_BYTES = 64


class TooSlowError(Exception):
    """An item is so large that its end was not found in time."""


class Clock:
    """A budget of this thread's own time: what else the machine does costs nothing of it.

    Args:
        seconds: How much.
    """

    __slots__ = ("_end", "_seconds")

    def __init__(self, seconds: float = _PAGE_SECONDS) -> None:
        self._seconds = seconds
        self._end = time.thread_time() + seconds

    def check(self) -> None:
        """Look at it.

        Raises:
            TooSlowError: It is used up.
        """
        if time.thread_time() > self._end:
            raise TooSlowError

    def start_again(self) -> None:
        """Begin the next page with a full budget."""
        self._end = time.thread_time() + self._seconds


def ends_early(size: int, what: str) -> BrokenError:
    """The bytes are used up inside of something."""
    return BrokenError(f"The bytes end at {size:,}, within {what}.", size, is_cut=True)


def slow_node(at: int) -> Node:
    """Stands for everything behind an item whose end was not found in time."""
    return error_node(
        f"What follows the field at byte {at:,} is not shown: passing over it takes too long.", at
    )


def alike_end(data: bytes, at: int, width: int, count: int) -> int:
    """Where a run of items with the same first byte ends: how many there are of at most ``count``.

    Args:
        data: The payload.
        at: Where the first one begins.
        width: Bytes of each; all of it is known by the first byte.
        count: Items at most.

    Returns:
        Offset behind the last one; ``at`` if they are not all alike.
    """
    stop = at + min(count, (len(data) - at) // width) * width
    return stop if data[at:stop:width].count(data[at]) * width == stop - at else at


class Keys:
    """Makes the steps of a map's fields: what comes again gets a number."""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: dict[Name | Key, int] = {}

    def step(self, first: Name | Key) -> Name | Key:
        """The step of the next field of that key."""
        nth = self._seen.get(first, 0) + 1
        self._seen[first] = nth
        if nth == 1:
            return first
        return Name(first.text, nth) if isinstance(first, Name) else Key(first.text, nth)


def bytes_key(raw: bytes) -> Key:
    """A key of bytes, as Python writes them."""
    if len(raw) <= _KEY_BYTES:
        return Key(repr(raw))
    return Key(f"{raw[:_KEY_BYTES]!r}…{len(raw)}")


class ItemReader(ABC):
    """Reads the items of one payload.

    Args:
        data: The payload.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data

    @abstractmethod
    def skip(self, at: int, clock: Clock) -> int:
        """Offset behind the item that begins at ``at``.

        Raises:
            BrokenError: It cannot be read to its end.
            TooSlowError: Its end was not found in time.
        """

    @abstractmethod
    def node(self, at: int, stop: int | None, step: Step | None, key_span: Span | None) -> Node:
        """The item at ``at`` as a field.

        Args:
            at: Where it begins.
            stop: Where it ends; None if only a container's beginning can be read.
            step: How it is reached.
            key_span: Bytes of its key.
        """

    @abstractmethod
    def key(self, at: int, stop: int) -> Name | Key:
        """The key that stands there."""

    @abstractmethod
    def opens(self, at: int) -> bool:
        """Whether a container begins there that can be shown without its end."""

    def ends(self, at: int) -> bool:
        """Whether a sign stands there that ends a container without a count."""
        raise NotImplementedError

    # ---- children ---------------------------------------------------------------------------

    def array_children(self, at: int, count: int | None) -> Iterator[Node]:
        """The items of an array; ``count`` is None where a sign ends it."""
        clock = Clock()
        index = 0
        while count is None or index < count:
            if index and not index % PAGE:
                clock.start_again()
            try:
                if count is None and self.ends(at):
                    return
                stop = self.skip(at, clock)
            except (BrokenError, TooSlowError) as problem:
                yield from self._last(at, Index(index), None, problem)
                return
            yield self.node(at, stop, Index(index), None)
            at = stop
            index += 1

    def map_children(self, at: int, count: int | None) -> Iterator[Node]:
        """The fields of a map; ``count`` is None where a sign ends it."""
        clock, keys = Clock(), Keys()
        index = 0
        while count is None or index < count:
            if index and not index % PAGE:
                clock.start_again()
            try:
                if count is None and self.ends(at):
                    return
                key_stop = self.skip(at, clock)
            except (BrokenError, TooSlowError) as problem:
                yield self._sentence(at, problem)
                return
            step, key_span, at = keys.step(self.key(at, key_stop)), Span(at, key_stop), key_stop
            try:
                stop = self.skip(at, clock)
            except (BrokenError, TooSlowError) as problem:
                yield from self._last(at, step, key_span, problem)
                return
            yield self.node(at, stop, step, key_span)
            at = stop
            index += 1

    def sequence_children(self) -> Iterator[Node]:
        """Items one after the other that fill the payload."""
        clock = Clock()
        at = index = 0
        while at < len(self.data):
            if index and not index % PAGE:
                clock.start_again()
            try:
                stop = self.skip(at, clock)
            except (BrokenError, TooSlowError) as problem:
                yield from self._last(at, Index(index), None, problem)
                return
            yield self.node(at, stop, Index(index), None)
            at = stop
            index += 1

    def _last(
        self, at: int, step: Step, key_span: Span | None, problem: BrokenError | TooSlowError
    ) -> Iterator[Node]:
        """As much as there is of an item without end, and why nothing follows."""
        if self.opens(at):
            yield self.node(at, None, step, key_span)
        yield self._sentence(at, problem)

    @staticmethod
    def _sentence(at: int, problem: BrokenError | TooSlowError) -> Node:
        if isinstance(problem, BrokenError):
            return error_node(problem.text, problem.at)
        return slow_node(at)

    def sequence_node(self, count: int | None) -> Node:
        """All items of the payload under one root."""
        return Node(
            None,
            NodeKind.ARRAY,
            "sequence",
            count=count,
            span=Span(0, len(self.data)),
            children=self.sequence_children,
        )
