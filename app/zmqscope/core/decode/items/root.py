"""What stands at the top of a payload of self-describing items: one, several, or a beginning.

Pure, any thread.
"""

from __future__ import annotations

from zmqscope.core.decode.broken import BrokenError
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.items.tree import (
    PAGE,
    Clock,
    ItemReader,
    TooSlowError,
)
from zmqscope.core.decode.node import Node
from zmqscope.core.decode.payload import Payload
from zmqscope.core.wording import counted


def read_items(reader: ItemReader, payload: Payload) -> tuple[Node, str, tuple[str, ...]]:
    """The root of a payload's fields, its type in a few words, and what the reader must know.

    Raises:
        DecodeError: Nothing can be read.
    """
    size = len(payload.data)
    if not size:
        raise DecodeError("There are no bytes.", 0)
    try:
        stop = reader.skip(0, Clock())
    except TooSlowError:
        note = f"Only structure is read: {size:,} bytes are too many to be checked as a whole."
        return _root(reader, None, (note,))
    except BrokenError as problem:
        if not reader.opens(0):
            raise DecodeError(problem.text, problem.at) from None
        return _root(reader, None, () if problem.is_cut and payload.is_cut else (problem.text,))
    if stop == size:
        return _root(reader, stop, ())
    count = _sequence(reader, stop, payload)
    if count == 0:
        rest = size - stop
        words = counted(rest, "byte follows", "bytes follow")
        return _root(reader, stop, (f"{words} the value, from byte {stop:,} on.",))
    root = reader.sequence_node(count)
    if count is None:
        return root, "sequence", ("Values stand one after the other.",)
    return root, f"sequence({count:,})", (f"{count:,} values stand one after the other.",)


def _root(
    reader: ItemReader, stop: int | None, notes: tuple[str, ...]
) -> tuple[Node, str, tuple[str, ...]]:
    root = reader.node(0, stop, None, None)
    if root.children is None:
        return root, root.type, notes
    count = "" if root.count is None else f"({root.count:,})"
    return root, root.type + count, notes


def _sequence(reader: ItemReader, at: int, payload: Payload) -> int | None:
    """How many items fill the payload; None if that is not known, 0 if they do not."""
    size = len(payload.data)
    holds_containers = reader.opens(0)
    clock, count = Clock(), 1
    try:
        while at < size:
            # A map with a line feed behind it is no sequence of a map and the number ten.
            if holds_containers and not reader.opens(at):
                return 0
            at = reader.skip(at, clock)
            count += 1
            if not count % PAGE:
                clock.check()
    except TooSlowError:
        return None
    except BrokenError as problem:
        return None if problem.is_cut and payload.is_cut and count > 1 else 0
    # Where more bytes follow, more items may.
    return None if payload.is_cut else count
