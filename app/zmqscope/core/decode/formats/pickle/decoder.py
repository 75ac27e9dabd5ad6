"""Pickles: disassembled and read symbolically, never loaded. Pure, any thread.

A pickle is a program. This decoder knows its opcodes and writes down what they would do; it has no
way to import or call anything.
"""

from __future__ import annotations

from dataclasses import replace

from zmqscope.core.decode.decoded import Decoded, DecodeError, Listing, Tree
from zmqscope.core.decode.formats.pickle.items import Form, Item
from zmqscope.core.decode.formats.pickle.listing import is_usual, listing_lines
from zmqscope.core.decode.formats.pickle.machine import MAX_OPS, Machine, run
from zmqscope.core.decode.formats.pickle.ops import OpError
from zmqscope.core.decode.formats.pickle.plain import MOST_OPS, read_plain
from zmqscope.core.decode.formats.pickle.preview import item_line, plain_line
from zmqscope.core.decode.formats.pickle.sniff import FIRST_BYTES, likelihood
from zmqscope.core.decode.formats.pickle.stack import MachineError
from zmqscope.core.decode.formats.pickle.tree import Way, item_node
from zmqscope.core.decode.node import Node, NodeKind, error_node
from zmqscope.core.decode.payload import DecodeOptions, Payload
from zmqscope.core.wording import shortened

WARNING = "Disassembled, not loaded: a pickle can run any program."

_NAMED = 8


class PickleDecoder:
    """Python's pickle, protocols 0 to 5."""

    name = "pickle"
    title = "Pickle"
    first_bytes = FIRST_BYTES

    def sniff(self, payload: Payload) -> float:
        """See ``sniff.py``."""
        return likelihood(payload)

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        """What it would make, and its opcodes.

        Raises:
            DecodeError: Not even the first opcode is one.
        """
        del options
        data = payload.data
        machine, at, problem = run(data)
        if problem is not None and at == 0:
            raise DecodeError(f"{problem}.", 0)
        notes = [WARNING, *_import_notes(machine)]
        if machine.buffers:
            notes.append(f"{machine.buffers:,} of its buffers are sent beside it, in other frames.")
        if problem is None and at < len(data):
            rest = len(data) - at
            words = "1 byte follows" if rest == 1 else f"{rest:,} bytes follow"
            notes.append(f"{words} behind its end.")
        if problem is None and len(machine.stack) > 1:
            notes.append("What it leaves below its result is not shown; see its listing.")
        end = _end_node(problem, at, payload)
        item = _result(machine, is_whole=problem is None)
        root = item_node(Way(data, item), None) if item is not None else _nothing()
        tree = Tree(root if end is None else _with_end(root, end))
        listing = Listing("Disassembly", lambda: listing_lines(data))
        return Decoded((tree, listing), _type(machine, root), tuple(notes))

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        """What it would make, in one line.

        Raises:
            DecodeError: Not even the first opcode is one.
        """
        del options
        plain = read_plain(payload.data)
        if plain is not None:
            return plain_line(plain)
        machine, at, problem = run(payload.data, MOST_OPS)
        if problem is not None and at == 0:
            raise DecodeError(f"{problem}.", 0)
        item = _result(machine, is_whole=problem is None)
        if item is None:
            return f"pickle {machine.protocol}"
        is_cut = problem is not None
        head = f"pickle {machine.protocol} {_word(item, is_whole=not is_cut)}"
        return item_line(head, payload.data, item, is_cut=is_cut)


def _result(machine: Machine, *, is_whole: bool) -> Item | None:
    """What loading would give: the topmost thing at the end, whatever is left below it."""
    if not is_whole:
        machine.settle()
    return machine.stack[-1] if machine.stack else None


def _nothing() -> Node:
    return Node(None, NodeKind.NULL, "nothing", "nothing", count=0)


def _word(item: Item, *, is_whole: bool) -> str:
    if item.form in (Form.LEAF, Form.CALL, Form.GLOBAL):
        return item.type
    count = len(item.pairs) or len(item.items)
    return f"{item.type}({count})" if is_whole else item.type


def _type(machine: Machine, root: Node) -> str:
    count = f"({root.count:,})" if root.count is not None and not root.text else ""
    return f"protocol {machine.protocol} {root.type}{count}"


def _import_notes(machine: Machine) -> list[str]:
    """The names that loading it would import, those that plain data does not need first."""
    if not machine.imports:
        return []
    names = sorted(machine.imports, key=is_usual)
    shown = ", ".join(shortened(name, 80) for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    odd = [name for name in names if not is_usual(name)]
    said = f" Plain data never needs {shortened(odd[0], 80)}: do not load it." if odd else ""
    return [f"Loading it would import {shown}{more}.{said}"]


def _end_node(problem: OpError | MachineError | None, at: int, payload: Payload) -> Node | None:
    if problem is None:
        return None
    if not problem.text:
        return error_node(f"Only the first {MAX_OPS:,} opcodes are read here; see its listing", at)
    if isinstance(problem, OpError) and problem.is_cut and payload.is_cut:
        return error_node(f"From byte {at} on it is not here", at)
    return error_node(f"{problem.text}; what comes before it is shown", at)


def _with_end(root: Node, end: Node) -> Node:
    """The same tree with a last child that says why it ends."""
    inner = root.children
    if inner is None:
        if root.step is None and root.kind is NodeKind.NULL and not root.span:
            return replace(root, kind=NodeKind.ARRAY, text="", children=lambda: iter((end,)))
        return replace(root, note=end.text)
    return replace(root, children=lambda: (node for part in (inner(), (end,)) for node in part))


PICKLE = PickleDecoder()
