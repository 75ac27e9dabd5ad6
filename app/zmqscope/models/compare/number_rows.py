"""What is said of arrays of numbers that differ. Pure, any thread."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.compare.changes import ChangeKind, number_difference
from zmqscope.core.decode.compare.numbers import NumbersComparison
from zmqscope.core.decode.decoded import Numbers
from zmqscope.core.decode.field_path import FieldPath, Index
from zmqscope.models.compare.rows import CompareRow, field_label, number_text


def number_notes(found: NumbersComparison) -> list[str]:
    """How many numbers differ, and by how much; nothing where none do."""
    shared = min(len(found.before), len(found.after))
    if not found.changed:
        return []
    words = [_tr("{0} of {1} numbers differ").format(f"{found.changed:,}", f"{shared:,}")]
    if found.most is not None:
        words.append(_tr("by {0} at most").format(f"{found.most:g}"))
    return [", ".join(words) + "."]


def element_row(
    found: NumbersComparison,
    place: int,
    kind: ChangeKind,
    frame: int,
    body: Numbers,
    path: FieldPath,
) -> CompareRow:
    """One number.

    Args:
        found: Both arrays.
        place: Which of their elements.
        kind: What became of it.
        frame: Which pair of frames.
        body: The array behind.
        path: The path of its frame.
    """
    old, new = found.before[place].item(), found.after[place].item()
    difference = number_difference(old, new) if kind is ChangeKind.CHANGED else None
    for index in _indices(place, body.shape):
        path = path.child(Index(index))
    return CompareRow(
        kind,
        frame,
        field_label(path),
        str(path),
        f"{found.before[place]}",
        f"{found.after[place]}",
        "" if difference is None else number_text(difference),
    )


def _indices(place: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Where an element is, a number for each dimension."""
    if len(shape) < 2:
        return (place,)
    try:
        return tuple(int(index) for index in np.unravel_index(place, shape))
    except ValueError:
        return (place,)


def length_row(found: NumbersComparison, frame: int, body: Numbers) -> CompareRow:
    """That one array is longer."""
    sizes = len(found.before), len(found.after)
    kind = ChangeKind.ADDED if sizes[1] > sizes[0] else ChangeKind.REMOVED
    return CompareRow(
        kind,
        frame,
        f"[{min(sizes)}…{max(sizes) - 1}]",
        "",
        _tr("{0} numbers").format(f"{sizes[0]:,}"),
        _tr("{0} numbers").format(f"{sizes[1]:,}"),
        f"{sizes[1] - sizes[0]:+,}".replace("-", "−"),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Compare", text)
