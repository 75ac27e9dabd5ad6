"""Lines of a comparison, and what they say. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.compare.bytes import Run, RunKind
from zmqscope.core.decode.compare.changes import Change, ChangeKind
from zmqscope.core.decode.compare.text import LineChange
from zmqscope.core.decode.field_path import FieldPath, Index, Step
from zmqscope.core.decode.node import Node, NodeKind
from zmqscope.models.format import format_bytes, format_duration

MAX_VALUE_CHARS = 1_000
MAX_PATH_CHARS = 2_000
"""Characters of names that a line's path takes at most; of a longer one its end is shown."""

_SHOWN_BYTES = 24
_AHEAD = 8

COUNTED = frozenset((ChangeKind.CHANGED, ChangeKind.ADDED, ChangeKind.REMOVED))
"""Kinds that are changes; the others are remarks."""

SIGNS = {
    ChangeKind.CHANGED: "~",
    ChangeKind.ADDED: "+",
    ChangeKind.REMOVED: "−",
    ChangeKind.EQUAL: "=",
    ChangeKind.ORDER: "↕",
    ChangeKind.UNREAD: "?",
}


@dataclass(frozen=True, slots=True)
class CompareRow:
    """A line: a frame, or something in it.

    Attributes:
        kind: What became of it.
        frame: Which pair of frames, from 0.
        label: What it is called; foreign text.
        path: Its field path; empty for a frame, for a line of text, and where it is too long.
        before: What it was; foreign text.
        after: What it is; foreign text.
        difference: The difference in a few words.
        is_frame: Whether it stands for a whole frame.
        at: Offset of its first byte in the frame before and in the one behind, where it has one.
    """

    kind: ChangeKind
    frame: int
    label: str
    path: str = ""
    before: str = ""
    after: str = ""
    difference: str = ""
    is_frame: bool = False
    at: tuple[int, int] | None = None

    @property
    def key(self) -> tuple[int, str, bool]:
        """What makes it the same line in the comparison of other messages."""
        return self.frame, self.path or self.label, self.is_frame


def change_row(change: Change, frame: int, path: FieldPath) -> CompareRow:
    """A field.

    Args:
        change: What became of it.
        frame: Which pair of frames.
        path: The path of the frame's root, which the field's is made from.
    """
    steps, is_whole = _last_steps(change.side.steps)
    for step in steps:
        path = path.child(step)
    old = "" if change.before is None else value_text(change.before.node)
    new = "" if change.after is None else value_text(change.after.node)
    if change.before and change.after and change.kind is ChangeKind.CHANGED and old == new:
        old, new = _far_behind(change.before.node, change.after.node) or (old, new)
    label = field_label(path)
    if is_whole:
        return CompareRow(change.kind, frame, label, str(path), old, new, _difference(change))
    return CompareRow(change.kind, frame, f"…{label}", "", old, new, _difference(change))


def _last_steps(steps: tuple[Step, ...]) -> tuple[list[Step], bool]:
    """The steps that a line has room for, and whether these are all.

    Names come from strangers: a field far down may stand in 20,000 lines with megabytes of them.
    """
    room, kept = MAX_PATH_CHARS, list[Step]()
    for step in reversed(steps):
        room -= 12 if isinstance(step, Index) else len(step.text) + 3
        if room < 0:
            if not kept and not isinstance(step, Index):
                kept.append(replace(step, text=step.text[:MAX_PATH_CHARS]))
            return kept[::-1], False
        kept.append(step)
    return kept[::-1], True


def _far_behind(first: Node, second: Node) -> tuple[str, str] | None:
    """Long values from where they differ; None if that is not what makes them look the same."""
    one, two = first.value, second.value
    if isinstance(one, str) and isinstance(two, str):
        start = max(0, _same_chars(one, two) - _AHEAD)
        parts = one[start : start + MAX_VALUE_CHARS], two[start : start + MAX_VALUE_CHARS]
    elif isinstance(one, bytes) and isinstance(two, bytes):
        start = max(0, _same_chars(one, two) - _AHEAD)
        stop = start + _SHOWN_BYTES
        parts = one[start:stop].hex(" "), two[start:stop].hex(" ")
    else:
        return None
    more = "…" if start else ""
    return more + parts[0], more + parts[1]


def _same_chars(one: str | bytes, two: str | bytes) -> int:
    """How much both begin with; by halves, since comparing whole parts is what is fast."""
    low, high = 0, min(len(one), len(two))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == two[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def field_label(path: FieldPath) -> str:
    """A path without what all fields of a frame begin with."""
    head = str(FieldPath(path.source, frame=path.frame))
    rest = str(path)[len(head) :]
    return rest.removeprefix(".") or path.source[-1]


def value_text(node: Node) -> str:
    """A field's value in one line: of a container, what it is and how much is in it."""
    if node.children is None:
        return node.text
    count = "" if node.count is None else f"({node.count:,})"
    return node.text or f"{node.type}{count}"


def number_text(value: Decimal | float) -> str:
    """A difference with its sign."""
    text = f"{value:+,f}" if isinstance(value, Decimal) and _is_short(value) else f"{value:+g}"
    if "." in text and "e" not in text.lower():
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−", 1) if text.startswith("-") else text


def _is_short(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -12 and value.adjusted() <= 20


def _difference(change: Change) -> str:
    if change.kind is ChangeKind.ORDER:
        return _tr("other order")
    if change.kind is ChangeKind.UNREAD:
        return _tr("too deep")
    if change.kind is not ChangeKind.CHANGED or change.before is None or change.after is None:
        return ""
    first, second = change.before.node, change.after.node
    if change.is_other_type:
        return f"{_kind_word(first, second)} → {_kind_word(second, first)}"
    value = change.difference
    if value is not None and first.kind is NodeKind.TIME:
        sign = "+" if value >= 0 else ""
        return sign + format_duration(round(float(value) * 1e9))
    if value is not None:
        return number_text(value)
    sizes = [_length(node) for node in (first, second)]
    if sizes[0] is None or sizes[1] is None or sizes[0] == sizes[1]:
        return ""
    unit = _tr("B") if first.kind is NodeKind.BYTES else _tr("chars")
    return f"{number_text(Decimal(sizes[1] - sizes[0]))} {unit}"


def _kind_word(node: Node, other: Node) -> str:
    return node.kind.value if node.kind is not other.kind else node.type or node.kind.value


def _length(node: Node) -> int | None:
    return len(node.value) if isinstance(node.value, str | bytes) else None


def line_row(change: LineChange, frame: int) -> CompareRow:
    """A line of a text."""
    number = change.after or change.before or 0
    words = _tr("line {0}").format(f"{number:,}")
    if change.before and change.after and change.before != change.after:
        words += _tr(" (was {0})").format(f"{change.before:,}")
    return CompareRow(
        change.kind,
        frame,
        words,
        "",
        change.old[:MAX_VALUE_CHARS],
        change.new[:MAX_VALUE_CHARS],
        _grown(len(change.new) - len(change.old)) if change.kind is ChangeKind.CHANGED else "",
    )


def _grown(chars: int) -> str:
    return f"{number_text(Decimal(chars))} {_tr('chars')}" if chars else ""


_RUN_KINDS = {
    RunKind.EQUAL: ChangeKind.EQUAL,
    RunKind.REPLACED: ChangeKind.CHANGED,
    RunKind.INSERTED: ChangeKind.ADDED,
    RunKind.DELETED: ChangeKind.REMOVED,
}


def run_row(run: Run, frame: int, path: FieldPath, data: tuple[bytes, bytes]) -> CompareRow:
    """A stretch of bytes.

    Args:
        run: Where it is.
        frame: Which pair of frames.
        path: Path of all bytes of the frame.
        data: Both frames.
    """
    span = run.before if run.kind is RunKind.DELETED else run.after
    text = str(FieldPath(path.source, frame=path.frame, span=span))
    sign = {RunKind.INSERTED: "+", RunKind.DELETED: "−"}.get(run.kind, "")
    return CompareRow(
        _RUN_KINDS[run.kind],
        frame,
        f"0x{span[0]:04x}",
        text,
        bytes_text(data[0], run.before),
        bytes_text(data[1], run.after),
        f"{sign}{format_bytes(run.length)}",
        at=(run.before[0], run.after[0]),
    )


def bytes_text(data: bytes, span: tuple[int, int]) -> str:
    """The first bytes of a stretch as hex."""
    start, stop = span
    more = " …" if stop - start > _SHOWN_BYTES else ""
    return data[start : min(stop, start + _SHOWN_BYTES)].hex(" ") + more


def from_where_they_differ(old: str, new: str, room: int) -> tuple[str, str]:
    """Two texts without most of what both begin with, if they could not be told apart otherwise.

    Args:
        old: The one.
        new: The other one.
        room: Characters that can be seen.
    """
    most = min(len(old), len(new))
    same = 0
    while same < most and old[same] == new[same]:
        same += 1
    seen = room - 3
    if old == new or same < seen or max(len(old), len(new)) <= room:
        return old, new
    start = max(1, same - max(0, room // 4))
    return "…" + old[start:], "…" + new[start:]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Compare", text)
