"""Reads a pickle symbolically: containers are put together, calls only written down. Any thread.

Nothing is imported, called or built but ``Item``s. Source: the comments of CPython's
``Lib/pickletools.py``, which define what each opcode does to stack and memo.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zmqscope.core.decode.formats.pickle_items import Form, Item
from zmqscope.core.decode.formats.pickle_leaves import leaf
from zmqscope.core.decode.formats.pickle_ops import Op, OpError, argument, read_op

MAX_OPS = 25_000
"""Opcodes that are read at most; the listing goes on."""


_MEMOIZE = 0x94


class MachineError(Exception):
    """Opcodes that no pickler writes.

    Args:
        text: Why, in one sentence without its full stop.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Machine:
    """Stack and memo.

    Args:
        data: The pickle.

    Attributes:
        stack: What is on it, marks included.
        memo: What was remembered.
        protocol: What the pickle says.
        imports: Names of all globals, in order.
        buffers: Out-of-band buffers that it asks for.
        popped: Where the opcode is that had pushed what was taken last; something remembered was
            made elsewhere.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.stack: list[Item] = []
        self.memo: dict[int, Item] = {}
        self.protocol = 0
        self.imports: dict[str, None] = {}
        self.buffers = 0
        self.popped = 0
        self._marks: list[int] = []
        self._places: list[int] = []

    def step(self, op: Op) -> None:
        """Take one opcode.

        Raises:
            MachineError: The stack does not have what it takes.
        """
        act = _ACTS.get(op.name)
        if act is not None:
            act(self, op)
        else:
            item = leaf(self._data, op)
            if item is not None:
                self.stack.append(item)
                self._places.append(op.start)

    # ---- the stack --------------------------------------------------------------------------

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
    if target.form is Form.DICT:
        target.add_pairs(items)
    else:
        target.add(items)
    if items:
        target.stop = max(target.stop, items[-1].stop)


def _unfinished(start: int, items: list[Item]) -> Item:
    stop = items[-1].stop if items else start
    item = Item(Form.TUPLE, start, max(start, stop), "unfinished")
    item.items = list(items)
    return item


def run(data: bytes, limit: int = MAX_OPS) -> tuple[Machine, int, OpError | MachineError | None]:
    """Read a pickle as far as it goes.

    Args:
        data: The pickle.
        limit: Opcodes at most.

    Returns:
        The machine; one past the last byte that was read; why that is not the end: an error whose
        text is empty stands for the limit.
    """
    machine = Machine(data)
    at = count = 0
    try:
        while at < len(data):
            if data[at] == _MEMOIZE and count < limit:
                # Every third opcode is this one, so it takes the short way.
                machine.memo[len(machine.memo)] = machine.top()
                at, count = at + 1, count + 1
                continue
            op = read_op(data, at)
            if op.name == "STOP":
                if not machine.stack:
                    raise MachineError("The stack is empty at the end")
                return machine, op.stop, None
            if count >= limit:
                return machine, at, OpError("", at)
            machine.step(op)
            at, count = op.stop, count + 1
        raise OpError("The pickle has no end", at, is_cut=True)
    except (OpError, MachineError) as error:
        return machine, at, error


# ---- what opcodes do -----------------------------------------------------------------------------

Act = Callable[[Machine, Op], None]


def _empty(form: Form) -> Act:
    def act(machine: Machine, op: Op) -> None:
        machine.push(Item(form, op.start, op.stop, form.value))

    return act


def _from_mark(form: Form) -> Act:
    def act(machine: Machine, op: Op) -> None:
        mark, items = machine.to_mark()
        item = Item(form, mark.start, op.stop, form.value)
        if form is Form.DICT:
            item.add_pairs(items)
        else:
            item.items = items
        machine.push(item)

    return act


def _tuple_of(count: int) -> Act:
    def act(machine: Machine, op: Op) -> None:
        items = [machine.pop() for _ in range(count)][::-1]
        item = Item(Form.TUPLE, machine.popped, op.stop, "tuple")
        item.items = items
        machine.push(item)

    return act


def _growing(machine: Machine, op: Op, forms: tuple[Form, ...]) -> Item:
    """What an opcode puts something into."""
    target = machine.top()
    if target.form not in forms:
        raise MachineError(f"{op.name} cannot put anything into {target.type or target.text}")
    target.stop = max(target.stop, op.stop)
    return target


# Anything that is called may turn out to have append and __setitem__.
_LISTS = (Form.LIST, Form.SET, Form.CALL, Form.PERSISTENT)
_DICTS = (Form.DICT, Form.CALL, Form.PERSISTENT)


def _append(machine: Machine, op: Op) -> None:
    item = machine.pop()
    _growing(machine, op, _LISTS).add((item,))


def _appends(machine: Machine, op: Op) -> None:
    _, items = machine.to_mark()
    _growing(machine, op, _LISTS).add(items)


def _set_item(machine: Machine, op: Op) -> None:
    value = machine.pop()
    key = machine.pop()
    _growing(machine, op, _DICTS).add_pairs((key, value))


def _set_items(machine: Machine, op: Op) -> None:
    _, items = machine.to_mark()
    _growing(machine, op, _DICTS).add_pairs(items)


def _dup(machine: Machine, op: Op) -> None:
    del op
    machine.push(machine.top())


def _pop(machine: Machine, op: Op) -> None:
    del op
    machine.pop_any()


def _pop_mark(machine: Machine, op: Op) -> None:
    del op
    machine.to_mark()


def _number(machine: Machine, op: Op) -> int:
    value = argument(machine._data, op)
    if not isinstance(value, int):
        raise MachineError(f"{op.name} has no number")
    return value


def _put(machine: Machine, op: Op) -> None:
    machine.memo[_number(machine, op)] = machine.top()


def _memoize(machine: Machine, op: Op) -> None:
    del op
    machine.memo[len(machine.memo)] = machine.top()


def _get(machine: Machine, op: Op) -> None:
    number = _number(machine, op)
    item = machine.memo.get(number)
    if item is None:
        raise MachineError(f"Nothing is remembered as {number}")
    machine.push(item, op.start)


def _import(machine: Machine, name: str, start: int, stop: int) -> Item:
    machine.imports.setdefault(name)
    return Item(Form.GLOBAL, start, stop, "global", text=name)


def _global(machine: Machine, op: Op) -> None:
    machine.push(_import(machine, _global_name(machine, op), op.start, op.stop))


def _global_name(machine: Machine, op: Op) -> str:
    return str(argument(machine._data, op)).replace(" ", ".")


def _stack_global(machine: Machine, op: Op) -> None:
    name = machine.pop()
    module = machine.pop()
    start = machine.popped
    parts = [each.value if isinstance(each.value, str) else "?" for each in (module, name)]
    machine.push(_import(machine, ".".join(parts), start, op.stop))


def _call(machine: Machine, target: Item, args: Sequence[Item], op: Op, start: int) -> Item:
    item = Item(Form.CALL, start, op.stop, "call")
    item.items = [target, *args]
    item.arguments = len(args)
    machine.push(item)
    return item


def _reduce(machine: Machine, op: Op) -> None:
    args = machine.pop()
    target = machine.pop()
    listed = args.items if args.form is Form.TUPLE else [args]
    _call(machine, target, listed, op, machine.popped)


def _new_object(machine: Machine, op: Op) -> None:
    _reduce(machine, op)
    machine.top().type = "object"


def _new_object_ex(machine: Machine, op: Op) -> None:
    keywords = machine.pop()
    _new_object(machine, op)
    machine.top().pairs = list(keywords.pairs)


def _inst(machine: Machine, op: Op) -> None:
    target = _import(machine, _global_name(machine, op), op.start, op.stop)
    mark, args = machine.to_mark()
    _call(machine, target, args, op, mark.start).type = "object"


def _obj(machine: Machine, op: Op) -> None:
    mark, items = machine.to_mark()
    if not items:
        raise MachineError("OBJ has no class")
    _call(machine, items[0], items[1:], op, mark.start).type = "object"


def _build(machine: Machine, op: Op) -> None:
    state = machine.pop()
    target = machine.top()
    target.state = state
    target.stop = max(target.stop, op.stop)


def _extension(machine: Machine, op: Op) -> None:
    name = f"extension code {_number(machine, op)}"
    machine.imports.setdefault(name)
    machine.push(Item(Form.GLOBAL, op.start, op.stop, "global", text=name))


def _persistent(machine: Machine, op: Op) -> None:
    text = str(argument(machine._data, op))
    value = Item(Form.LEAF, op.arg, op.arg_stop, "str", text)
    _push_persistent(machine, value, op.start, op.stop)


def _binary_persistent(machine: Machine, op: Op) -> None:
    value = machine.pop()
    _push_persistent(machine, value, machine.popped, op.stop)


def _push_persistent(machine: Machine, value: Item, start: int, stop: int) -> None:
    item = Item(Form.PERSISTENT, start, stop, "persistent id")
    item.items = [value]
    machine.push(item)


def _next_buffer(machine: Machine, op: Op) -> None:
    number = machine.buffers
    machine.buffers += 1
    text = f"out-of-band buffer {number}"
    machine.push(Item(Form.BUFFER, op.start, op.stop, "buffer", text=text))


def _protocol(machine: Machine, op: Op) -> None:
    machine.protocol = _number(machine, op)


_ACTS: dict[str, Act] = {
    "MARK": Machine.mark,
    "EMPTY_LIST": _empty(Form.LIST),
    "EMPTY_TUPLE": _empty(Form.TUPLE),
    "EMPTY_DICT": _empty(Form.DICT),
    "EMPTY_SET": _empty(Form.SET),
    "LIST": _from_mark(Form.LIST),
    "TUPLE": _from_mark(Form.TUPLE),
    "DICT": _from_mark(Form.DICT),
    "FROZENSET": _from_mark(Form.FROZENSET),
    "TUPLE1": _tuple_of(1),
    "TUPLE2": _tuple_of(2),
    "TUPLE3": _tuple_of(3),
    "APPEND": _append,
    "APPENDS": _appends,
    "ADDITEMS": _appends,
    "SETITEM": _set_item,
    "SETITEMS": _set_items,
    "DUP": _dup,
    "POP": _pop,
    "POP_MARK": _pop_mark,
    "PUT": _put,
    "BINPUT": _put,
    "LONG_BINPUT": _put,
    "MEMOIZE": _memoize,
    "GET": _get,
    "BINGET": _get,
    "LONG_BINGET": _get,
    "GLOBAL": _global,
    "STACK_GLOBAL": _stack_global,
    "REDUCE": _reduce,
    "NEWOBJ": _new_object,
    "NEWOBJ_EX": _new_object_ex,
    "INST": _inst,
    "OBJ": _obj,
    "BUILD": _build,
    "EXT1": _extension,
    "EXT2": _extension,
    "EXT4": _extension,
    "PERSID": _persistent,
    "BINPERSID": _binary_persistent,
    "NEXT_BUFFER": _next_buffer,
    "PROTO": _protocol,
}
