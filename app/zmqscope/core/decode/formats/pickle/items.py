"""What a pickle would make, as things that only describe it. Pure, any thread."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from zmqscope.core.decode.node import Value


class Form(Enum):
    """What something in a pickle is."""

    LEAF = "leaf"
    LIST = "list"
    TUPLE = "tuple"
    SET = "set"
    FROZENSET = "frozenset"
    DICT = "dict"
    GLOBAL = "global"
    """Something that would be imported: ``text`` is its full name."""
    CALL = "call"
    """Something that would be called: ``items`` are the callable and its arguments."""
    PERSISTENT = "persistent id"
    BUFFER = "out-of-band buffer"
    MARK = "mark"


class Item:
    """Something on the stack of a pickle; it may hold itself.

    Args:
        form: What it is.
        start: Where the opcodes that make it begin.
        stop: Where they end.
        type: Its type in Python's words.
        value: A leaf's value; None also where it is too long and ``raw`` tells where it is.
        text: Names of globals and extensions.
        raw: Where the bytes of text or bytes stand.
        note: What the reader should know.

    Attributes:
        items: Elements; of calls the callable, its arguments, and what was appended.
        pairs: Entries of dictionaries; of calls, what was set by key.
        state: What ``__setstate__`` or ``__dict__`` would get.
        arguments: How many of a call's ``items`` are arguments, behind the callable.
    """

    __slots__ = (
        *("form", "start", "stop", "type", "value", "text", "raw", "note"),
        *("items", "pairs", "state", "arguments"),
    )

    def __init__(
        self,
        form: Form,
        start: int,
        stop: int,
        type: str = "",
        value: Value = None,
        text: str = "",
        raw: tuple[int, int] | None = None,
        note: str = "",
    ) -> None:
        self.form = form
        self.start = start
        self.stop = stop
        self.type = type
        self.value = value
        self.text = text
        self.raw = raw
        self.note = note
        # Tens of thousands of leaves need no lists of their own; nothing grows but by assignment.
        self.items: Sequence[Item] = ()
        self.pairs: Sequence[tuple[Item, Item]] = ()
        self.state: Item | None = None
        self.arguments = 0

    @property
    def called(self) -> str:
        """The name of what a call would call; empty if it is not known."""
        if self.form is not Form.CALL or not self.items:
            return ""
        target = self.items[0]
        return target.text if target.form is Form.GLOBAL else ""

    @property
    def args(self) -> Sequence[Item]:
        """A call's arguments."""
        return self.items[1 : 1 + self.arguments]

    def add(self, items: Sequence[Item]) -> None:
        """Append elements."""
        if isinstance(self.items, list):
            self.items.extend(items)
        else:
            self.items = [*self.items, *items]

    def add_pairs(self, items: Sequence[Item]) -> None:
        """Set entries: a key, its value, and so on."""
        pairs = zip(items[::2], items[1::2], strict=False)
        if isinstance(self.pairs, list):
            self.pairs.extend(pairs)
        else:
            self.pairs = [*self.pairs, *pairs]
