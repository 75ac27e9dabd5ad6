"""Numbers, text and bytes of a pickle. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.decode.formats.pickle.items import Form, Item
from zmqscope.core.decode.formats.pickle.ops import Op, argument

_CONSTANTS: dict[str, tuple[str, bool | None]] = {
    "NONE": ("NoneType", None),
    "NEWTRUE": ("bool", True),
    "NEWFALSE": ("bool", False),
}

_TYPES = {
    "INT": "int",
    "BININT": "int",
    "BININT1": "int",
    "BININT2": "int",
    "LONG": "int",
    "LONG1": "int",
    "LONG4": "int",
    "FLOAT": "float",
    "BINFLOAT": "float",
    # What Python 2 called str: bytes of an encoding that is not said.
    "STRING": "str (Python 2)",
    "BINSTRING": "str (Python 2)",
    "SHORT_BINSTRING": "str (Python 2)",
    "UNICODE": "str",
    "SHORT_BINUNICODE": "str",
    "BINUNICODE": "str",
    "BINUNICODE8": "str",
    "SHORT_BINBYTES": "bytes",
    "BINBYTES": "bytes",
    "BINBYTES8": "bytes",
    "BYTEARRAY8": "bytearray",
}

_EAGER = 4_096
_BYTES = frozenset(("SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8"))
_UTF8 = frozenset(("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"))


def leaf(data: bytes, op: Op) -> Item | None:
    """What an opcode pushes, if it is a leaf; long text and bytes stay where they are."""
    code = op.name
    name = _TYPES.get(code)
    if name is None:
        constant = _CONSTANTS.get(code)
        if constant is None:
            return None
        return Item(Form.LEAF, op.start, op.stop, constant[0], constant[1])
    if code in _BYTES or code in _UTF8:
        raw = op.arg, op.arg_stop
        if op.arg_stop - op.arg > _EAGER:
            return Item(Form.LEAF, op.start, op.stop, name, None, "", raw)
        value = argument(data, op)
        return Item(Form.LEAF, op.start, op.stop, name, value, "", raw)
    value = argument(data, op)
    item = Item(Form.LEAF, op.start, op.stop, name, value)
    if isinstance(value, bool):
        item.type = "bool"
    elif value is None:
        item.text = f"of {op.arg_stop - op.arg:,} bytes"
        item.note = "Too long to be written, or broken"
    elif isinstance(value, bytes):
        item.value = _python2_text(value)
    return item


def _python2_text(value: bytes) -> str | bytes:
    if not value.isascii():
        return value
    text = value.decode("ascii")
    return (
        text
        if text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable()
        else value
    )


def whole_value(data: bytes, item: Item) -> Item:
    """The same leaf with its value, if that was left where it is."""
    if item.raw is None or item.value is not None:
        return item
    part = data[item.raw[0] : item.raw[1]]
    value = part.decode("utf-8", "replace") if item.type == "str" else part
    return Item(item.form, item.start, item.stop, item.type, value, raw=item.raw)
