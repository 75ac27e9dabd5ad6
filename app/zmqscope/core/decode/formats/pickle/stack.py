"""What a pickle puts on its stack and remembers, as descriptions. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.decode.formats.pickle.items import Form, Item
from zmqscope.core.decode.formats.pickle.ops import Op

UNFINISHED = "unfinished"
"""The type of what a pickle had begun to make where it ends."""


class MachineError(Exception):
    """Opcodes that no pickler writes.

    Args:
        text: Why, in one sentence without its full stop.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Stack:
    """Stack and memo.

    Args:
        data: The pickle.

    Attributes:
        data: The pickle.
        stack: What is on it, marks included.
        memo: What was remembered.
        protocol: What the pickle says.
        imports: Names of all globals, in order.
        buffers: Out-of-band buffers that it asks for.
        popped: Where the opcode is that had pushed what was taken last; something remembered was
            made elsewhere.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.stack: list[Item] = []
        self.memo: dict[int, Item] = {}
        self.protocol = 0
        self.imports: dict[str, None] = {}
        self.buffers = 0
        self.popped = 0
        self._marks: list[int] = []
        self._places: list[int] = []

    def push(self, item: Item, place: int | None = None) -> None:
        """Put something on the stack; ``place`` is where its opcodes begin, if not at its own."""
        self.stack.append(item)
        self._places.append(item.start if place is None else place)

    def pop(self) -> Item:
        """Take the topmost thing, which must not be a mark."""
        item = self.top()
        self.stack.pop()
        self.popped = self._places.pop()
        return item

    def top(self) -> Item:
        """The topmost thing, which must not be a mark."""
        if not self.stack or self.stack[-1].form is Form.MARK:
            raise MachineError("The stack is empty")
        return self.stack[-1]

    def mark(self, op: Op) -> None:
        """Remember where a container's items begin."""
        self._marks.append(len(self.stack))
        self.push(Item(Form.MARK, op.start, op.stop))

    def to_mark(self) -> tuple[Item, list[Item]]:
        """Take the topmost mark and all above it."""
        if not self._marks:
            raise MachineError("There is no mark")
        at = self._marks.pop()
        mark, items = self.stack[at], self.stack[at + 1 :]
        del self.stack[at:]
        del self._places[at:]
        return mark, items

    def pop_any(self) -> None:
        """What POP does: it takes marks too."""
        if not self.stack:
            raise MachineError("The stack is empty")
        self.popped = self._places.pop()
        if self.stack.pop().form is Form.MARK:
            self._marks.pop()

    def settle(self) -> None:
        """Put what is unfinished into what it would become, as after the end of a cut pickle."""
        while self._marks:
            mark, items = self.to_mark()
            if self.stack and self.stack[-1].form in _GROWING:
                _fill(self.stack[-1], items)
            else:
                self.push(_unfinished(mark.start, items))
        if len(self.stack) > 1:
            first, rest = self.stack[0], self.stack[1:]
            if first.form in _GROWING:
                _fill(first, rest)
                self.stack = [first]
            else:
                self.stack = [_unfinished(first.start, self.stack)]


_GROWING = (Form.LIST, Form.SET, Form.DICT)


def _fill(target: Item, items: list[Item]) -> None:
    # What follows something imported are most likely arguments of a call that is not there yet.
    pending = next((at for at, item in enumerate(items[:-1]) if item.form is Form.GLOBAL), None)
    if pending is not None:
        items = [*items[:pending], _unfinished(items[pending].start, items[pending:])]
    if target.form is Form.DICT:
        target.add_pairs(items)
    else:
        target.add(items)
    if items:
        target.stop = max(target.stop, items[-1].stop)


def _unfinished(start: int, items: list[Item]) -> Item:
    stop = items[-1].stop if items else start
    item = Item(Form.TUPLE, start, max(start, stop), UNFINISHED)
    item.items = list(items)
    return item
