"""Avro's logical types in readable form. Pure, any thread.

Source: the Avro specification, "Logical Types"; what does not fit is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from zmqscope.core.decode.node import Node, NodeKind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_DIGITS = 1_000
_TICKS = {"millis": 1_000, "micros": 1_000_000, "nanos": 1_000_000_000}


def logical(node: Node, definition: Mapping[str, Any]) -> Node:
    """A leaf as its logical type says.

    Args:
        node: The leaf, with its value.
        definition: Its type in the schema; empty for a plain one.
    """
    name = definition.get("logicalType")
    if not isinstance(name, str):
        return node
    named = replace(node, type=f"{node.type} {name[:40]}")
    kind, _, unit = name.rpartition("-")
    if kind in ("timestamp", "local-timestamp") and unit in _TICKS:
        return _timestamp(named, _TICKS[unit], is_local=kind != "timestamp")
    if kind == "time" and unit in _TICKS:
        return _time(named, _TICKS[unit])
    reader = _READERS.get(name)
    return named if reader is None else reader(named, definition)


def _timestamp(node: Node, ticks: int, *, is_local: bool) -> Node:
    if not isinstance(node.value, int):
        return node
    seconds, rest = divmod(node.value, ticks)
    try:
        value = _EPOCH + timedelta(seconds=seconds, microseconds=rest * 1_000_000 // ticks)
    except OverflowError:
        return replace(node, note="No valid time: before the year 1 or after 9999")
    text = value.replace(microsecond=0, tzinfo=None).isoformat() + _fraction(rest, ticks)
    if is_local:
        return replace(node, kind=NodeKind.TIME, text=text, value=value.replace(tzinfo=None))
    return replace(node, kind=NodeKind.TIME, text=f"{text}Z", value=value)


def _fraction(rest: int, ticks: int) -> str:
    digits = len(str(ticks)) - 1
    return f".{rest:0{digits}}".rstrip("0") if rest else ""


def _time(node: Node, ticks: int) -> Node:
    if not isinstance(node.value, int) or not 0 <= node.value < 86_400 * ticks:
        return node
    seconds, rest = divmod(node.value, ticks)
    minutes, second = divmod(seconds, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}:{second:02}{_fraction(rest, ticks)}"
    return replace(node, kind=NodeKind.TIME, text=text)


def _date(node: Node, definition: Mapping[str, Any]) -> Node:
    del definition
    if not isinstance(node.value, int):
        return node
    try:
        value = date(1970, 1, 1) + timedelta(days=node.value)
    except OverflowError:
        return node
    return replace(node, kind=NodeKind.TIME, text=value.isoformat(), value=value)


def _decimal(node: Node, definition: Mapping[str, Any]) -> Node:
    scale = definition.get("scale", 0)
    part = node.value
    if not isinstance(scale, int) or not 0 <= scale <= _MOST_DIGITS:
        return node
    if not isinstance(part, bytes) or len(part) > _MOST_DIGITS // 3:
        return node
    whole = int.from_bytes(part, "big", signed=True)
    digits = tuple(map(int, str(abs(whole))))
    text = f"{Decimal((whole < 0, digits, -scale)):f}"
    return replace(node, kind=NodeKind.NUMBER, text=text, value=float(text))


def _duration(node: Node, definition: Mapping[str, Any]) -> Node:
    del definition
    part = node.value
    if not isinstance(part, bytes) or len(part) != 12:
        return node
    months, days, millis = (int.from_bytes(part[at : at + 4], "little") for at in (0, 4, 8))
    return replace(node, kind=NodeKind.OTHER, text=f"{months} months {days} days {millis} ms")


_READERS: dict[str, Callable[[Node, Mapping[str, Any]], Node]] = {
    "date": _date,
    "decimal": _decimal,
    "duration": _duration,
}
