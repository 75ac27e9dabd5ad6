"""What two decoded messages differ in, a field at a time. Pure, any thread."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal, InvalidOperation, Overflow
from enum import Enum

from zmqscope.core.decode.field_path import Step
from zmqscope.core.decode.node import MAX_NODE_TEXT, Node, NodeKind

_EXACT = Context(prec=40, traps=[InvalidOperation, Overflow])
_MOST_BITS = 4_096


class ChangeKind(Enum):
    """What became of a field."""

    EQUAL = "equal"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    ORDER = "order"
    """The same keys stand in another order: a remark, not a change."""
    UNREAD = "unread"
    """Not compared any further: it is too deep."""


@dataclass(frozen=True, slots=True)
class Side:
    """A field in one of the two messages.

    Attributes:
        steps: The way from the root.
        node: What it is there.
    """

    steps: tuple[Step, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Change:
    """A field in both messages, as far as it is there.

    Attributes:
        kind: What became of it.
        before: It in the message before; None where it was added.
        after: It in the message behind; None where it was removed.
        is_other_type: Whether it is something else now, such as a text in place of a number.
    """

    kind: ChangeKind
    before: Side | None
    after: Side | None
    is_other_type: bool = False

    @property
    def side(self) -> Side:
        """It in the message behind, or where it was last."""
        side = self.after or self.before
        assert side is not None, "a change has at least one side"
        return side

    @property
    def difference(self) -> Decimal | float | None:
        """What was added to a number, or the seconds to a time; None where that says nothing."""
        if self.kind is not ChangeKind.CHANGED or self.before is None or self.after is None:
            return None
        first, second = self.before.node.value, self.after.node.value
        if isinstance(first, datetime) and isinstance(second, datetime):
            if (first.tzinfo is None) != (second.tzinfo is None):
                return None
            return (second - first).total_seconds()
        return number_difference(first, second)


def number_difference(first: object, second: object) -> Decimal | None:
    """Second minus first, exact in the digits that both are written with.

    As floats, 1.08409 - 1.08412 would be -2.9999999999752447e-05.
    """
    pair = []
    for value in (first, second):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if isinstance(value, float) and not math.isfinite(value):
            return None
        if isinstance(value, int) and value.bit_length() > _MOST_BITS:
            return None
        pair.append(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))
    if all(isinstance(value, int) for value in (first, second)):
        return Context(prec=2 * _MOST_BITS).subtract(pair[1], pair[0])
    try:
        return _EXACT.subtract(pair[1], pair[0])
    except (InvalidOperation, Overflow):
        return None


def same_leaf(first: Node, second: Node) -> bool:
    """Whether two fields without children have the same value.

    NaN is the same as NaN, zero and minus zero are not, nor are 1 and 1.0; how wide a number is
    written is no matter.
    """
    if first.kind is not second.kind:
        return False
    one, two = first.value, second.value
    if one is None or two is None:
        return one is two and first.text == second.text and _same_words(first, second)
    if type(one) is not type(two):
        return False
    if isinstance(one, float) and isinstance(two, float):
        if math.isnan(one) or math.isnan(two):
            return math.isnan(one) and math.isnan(two)
        if one != two or math.copysign(1, one) != math.copysign(1, two):
            return False
        return first.text == second.text or _says_the_same(first, second)
    if first.kind is NodeKind.OTHER and first.type != second.type:
        return False
    return one == two and (first.text == second.text or _says_the_same(first, second))


def _says_the_same(first: Node, second: Node) -> bool:
    """Whether texts differ, but not what they say, although Python has the same value for both.

    A float has not all digits of 1.00000000000000000001, a datetime no nanoseconds. Where a text
    is shorter than its value, as that of a float of 32 bits, the value counts.
    """
    if first.kind is NodeKind.TIME:
        return False
    if first.kind is not NodeKind.NUMBER or not isinstance(first.value, float):
        return True
    try:
        is_short = any(float(node.text) != node.value for node in (first, second))
        return is_short or Decimal(first.text) == Decimal(second.text)
    except (ValueError, InvalidOperation):
        return False


def is_cut(node: Node) -> bool:
    """Whether its text is only the beginning of a value that nothing else tells."""
    return node.value is None and (len(node.text) >= MAX_NODE_TEXT or node.text.endswith("…"))


def _same_words(first: Node, second: Node) -> bool:
    return first.kind is not NodeKind.OTHER or first.type == second.type


def is_other_type(first: Node, second: Node) -> bool:
    """Whether a field is something else now."""
    if first.kind is not second.kind:
        return True
    if first.kind is NodeKind.NUMBER:
        return type(first.value) is not type(second.value)
    return first.kind is NodeKind.OTHER and first.type != second.type
