"""A pickle's opcodes as a listing with remarks about what they would do. Pure, any thread."""

from __future__ import annotations

from collections.abc import Iterator

from zmqscope.core.decode.decoded import ListingLine
from zmqscope.core.decode.formats.pickle.items import Form
from zmqscope.core.decode.formats.pickle.machine import MAX_OPS, Machine
from zmqscope.core.decode.formats.pickle.ops import Op, OpError, argument, ops
from zmqscope.core.decode.formats.pickle.stack import MachineError
from zmqscope.core.decode.formats.pickle.tree import brief
from zmqscope.core.decode.node import Span
from zmqscope.core.wording import shortened

_SHOWN = 64
_IMPORTS = ("GLOBAL", "STACK_GLOBAL", "INST", "EXT1", "EXT2", "EXT4")
_CALLS = ("REDUCE", "NEWOBJ", "NEWOBJ_EX", "INST", "OBJ")
_HARMLESS = (
    *("collections.", "datetime.", "decimal.", "fractions.", "uuid.", "copyreg.", "copy_reg."),
    *("numpy.core.", "numpy._core.", "_codecs.encode", "pathlib."),
)
_HARMLESS_NAMES = (
    *("numpy.dtype", "numpy.ndarray", "builtins.set", "builtins.frozenset", "builtins.complex"),
    *("builtins.bytearray", "builtins.bytes", "builtins.slice", "builtins.range"),
    *("__builtin__.set", "__builtin__.frozenset", "__builtin__.complex"),
)


def is_usual(name: str) -> bool:
    """Whether pickles of plain data import this; that does not make a pickle safe."""
    return name in _HARMLESS_NAMES or name.startswith(_HARMLESS)


def listing_lines(data: bytes) -> Iterator[ListingLine]:
    """All opcodes in order; what cannot be read is the last line."""
    machine: Machine | None = Machine(data)
    at = 0
    try:
        for count, op in enumerate(ops(data)):
            note = ""
            if machine is not None:
                try:
                    note = _remark(machine, op)
                except MachineError as error:
                    note, machine = f"{error.text}: no pickler writes that", None
            if count >= MAX_OPS and machine is not None:
                # The machine's stack grows with each opcode; the listing itself costs nothing.
                note, machine = note or "From here on without remarks", None
            yield ListingLine(Span(op.start, op.stop), _text(data, op), note)
            at = op.stop
    except OpError as error:
        yield ListingLine(Span(error.at, len(data)), error.text)
        return
    if at < len(data):
        yield ListingLine(Span(at, len(data)), f"{len(data) - at:,} bytes behind the end")


def _remark(machine: Machine, op: Op) -> str:
    machine.step(op)
    top = machine.stack[-1] if machine.stack else None
    if top is None:
        return ""
    if op.name in _IMPORTS:
        name = shortened(top.called or top.text, 200)
        if is_usual(name):
            return f"Would import {name}"
        return f"Would import {name}, which may do anything"
    if op.name in _CALLS:
        return f"Would call {brief(machine.data, top)}"
    if op.name == "BUILD":
        return "Would set attributes, by __setstate__ if there is one"
    if op.name.endswith("PERSID"):
        return "Would ask the program for something by its id"
    if op.name.endswith("GET") and top.form is not Form.MARK:
        return brief(machine.data, top)
    return ""


def _text(data: bytes, op: Op) -> str:
    if not op.form:
        return op.name
    size = op.arg_stop - op.arg
    if size > _SHOWN * 4:
        return f"{op.name} {data[op.arg : op.arg + _SHOWN]!r}… ({size:,} bytes)"
    return f"{op.name} {_short(argument(data, op))}"


def _short(value: object) -> str:
    if value is None:
        return "?"
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 512:
        return hex(value)[:_SHOWN] + "…"
    text = repr(value)
    return text if len(text) <= 2 * _SHOWN else text[: 2 * _SHOWN] + "…"
