"""What each of a pickle's opcodes does to stack and memo. Pure, any thread.

Source: the comments of CPython's ``Lib/pickletools.py``, which define just that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zmqscope.core.decode.formats.pickle.items import Form, Item
from zmqscope.core.decode.formats.pickle.ops import Op, argument
from zmqscope.core.decode.formats.pickle.stack import MachineError, Stack

Act = Callable[[Stack, Op], None]


def _empty(form: Form) -> Act:
    def act(stack: Stack, op: Op) -> None:
        stack.push(Item(form, op.start, op.stop, form.value))

    return act


def _from_mark(form: Form) -> Act:
    def act(stack: Stack, op: Op) -> None:
        mark, items = stack.to_mark()
        item = Item(form, mark.start, op.stop, form.value)
        if form is Form.DICT:
            item.add_pairs(items)
        else:
            item.items = items
        stack.push(item)

    return act


def _tuple_of(count: int) -> Act:
    def act(stack: Stack, op: Op) -> None:
        items = [stack.pop() for _ in range(count)][::-1]
        item = Item(Form.TUPLE, stack.popped, op.stop, "tuple")
        item.items = items
        stack.push(item)

    return act


def _growing(stack: Stack, op: Op, forms: tuple[Form, ...]) -> Item:
    """What an opcode puts something into."""
    target = stack.top()
    if target.form not in forms:
        raise MachineError(f"{op.name} cannot put anything into {target.type or target.text}")
    target.stop = max(target.stop, op.stop)
    return target


# Anything that is called may turn out to have append and __setitem__.
_LISTS = (Form.LIST, Form.SET, Form.CALL, Form.PERSISTENT)
_DICTS = (Form.DICT, Form.CALL, Form.PERSISTENT)


def _append(stack: Stack, op: Op) -> None:
    item = stack.pop()
    _growing(stack, op, _LISTS).add((item,))


def _appends(stack: Stack, op: Op) -> None:
    _, items = stack.to_mark()
    _growing(stack, op, _LISTS).add(items)


def _set_item(stack: Stack, op: Op) -> None:
    value = stack.pop()
    key = stack.pop()
    _growing(stack, op, _DICTS).add_pairs((key, value))


def _set_items(stack: Stack, op: Op) -> None:
    _, items = stack.to_mark()
    _growing(stack, op, _DICTS).add_pairs(items)


def _dup(stack: Stack, op: Op) -> None:
    del op
    stack.push(stack.top())


def _pop(stack: Stack, op: Op) -> None:
    del op
    stack.pop_any()


def _pop_mark(stack: Stack, op: Op) -> None:
    del op
    stack.to_mark()


def _number(stack: Stack, op: Op) -> int:
    value = argument(stack.data, op)
    if not isinstance(value, int):
        raise MachineError(f"{op.name} has no number")
    return value


def _put(stack: Stack, op: Op) -> None:
    stack.memo[_number(stack, op)] = stack.top()


def _memoize(stack: Stack, op: Op) -> None:
    del op
    stack.memo[len(stack.memo)] = stack.top()


def _get(stack: Stack, op: Op) -> None:
    number = _number(stack, op)
    item = stack.memo.get(number)
    if item is None:
        raise MachineError(f"Nothing is remembered as {number}")
    stack.push(item, op.start)


def _import(stack: Stack, name: str, start: int, stop: int) -> Item:
    stack.imports.setdefault(name)
    return Item(Form.GLOBAL, start, stop, "global", text=name)


def _global(stack: Stack, op: Op) -> None:
    stack.push(_import(stack, _global_name(stack, op), op.start, op.stop))


def _global_name(stack: Stack, op: Op) -> str:
    return str(argument(stack.data, op)).replace(" ", ".")


def _stack_global(stack: Stack, op: Op) -> None:
    name = stack.pop()
    module = stack.pop()
    start = stack.popped
    parts = [each.value if isinstance(each.value, str) else "?" for each in (module, name)]
    stack.push(_import(stack, ".".join(parts), start, op.stop))


def _call(stack: Stack, target: Item, args: Sequence[Item], op: Op, start: int) -> Item:
    item = Item(Form.CALL, start, op.stop, "call")
    item.items = [target, *args]
    item.arguments = len(args)
    stack.push(item)
    return item


def _reduce(stack: Stack, op: Op) -> None:
    args = stack.pop()
    target = stack.pop()
    listed = args.items if args.form is Form.TUPLE else [args]
    _call(stack, target, listed, op, stack.popped)


def _new_object(stack: Stack, op: Op) -> None:
    _reduce(stack, op)
    stack.top().type = "object"


def _new_object_ex(stack: Stack, op: Op) -> None:
    keywords = stack.pop()
    _new_object(stack, op)
    stack.top().pairs = list(keywords.pairs)


def _inst(stack: Stack, op: Op) -> None:
    target = _import(stack, _global_name(stack, op), op.start, op.stop)
    mark, args = stack.to_mark()
    _call(stack, target, args, op, mark.start).type = "object"


def _obj(stack: Stack, op: Op) -> None:
    mark, items = stack.to_mark()
    if not items:
        raise MachineError("OBJ has no class")
    _call(stack, items[0], items[1:], op, mark.start).type = "object"


def _build(stack: Stack, op: Op) -> None:
    state = stack.pop()
    target = stack.top()
    target.state = state
    target.stop = max(target.stop, op.stop)


def _extension(stack: Stack, op: Op) -> None:
    name = f"extension code {_number(stack, op)}"
    stack.imports.setdefault(name)
    stack.push(Item(Form.GLOBAL, op.start, op.stop, "global", text=name))


def _persistent(stack: Stack, op: Op) -> None:
    text = str(argument(stack.data, op))
    value = Item(Form.LEAF, op.arg, op.arg_stop, "str", text)
    _push_persistent(stack, value, op.start, op.stop)


def _binary_persistent(stack: Stack, op: Op) -> None:
    value = stack.pop()
    _push_persistent(stack, value, stack.popped, op.stop)


def _push_persistent(stack: Stack, value: Item, start: int, stop: int) -> None:
    item = Item(Form.PERSISTENT, start, stop, "persistent id")
    item.items = [value]
    stack.push(item)


def _next_buffer(stack: Stack, op: Op) -> None:
    number = stack.buffers
    stack.buffers += 1
    text = f"out-of-band buffer {number}"
    stack.push(Item(Form.BUFFER, op.start, op.stop, "buffer", text=text))


def _protocol(stack: Stack, op: Op) -> None:
    stack.protocol = _number(stack, op)


ACTS: dict[str, Act] = {
    "MARK": Stack.mark,
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
"""What each opcode does but for those that push a leaf, and those that do nothing to the stack."""
