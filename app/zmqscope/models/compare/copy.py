"""A comparison as text or JSON for the clipboard. Pure, any thread."""

from __future__ import annotations

import json

from zmqscope.models.compare.comparison import Comparison
from zmqscope.models.compare.rows import COUNTED, SIGNS, CompareRow
from zmqscope.models.compare.words import side_words
from zmqscope.models.format import one_line
from zmqscope.models.inspector.inspected import Inspected


def as_text(comparison: Comparison) -> str:
    """All changes, a line each: sign, path, before → after, difference."""
    lines = [
        f"− {side_words(comparison.before)}",
        f"+ {side_words(comparison.after)}",
    ]
    for row in comparison.rows:
        if row.is_frame:
            lines.append(f"{SIGNS[row.kind]} {one_line(row.label)}: {row.difference}")
        else:
            lines.append(f"  {row_text(row)}")
    lines += comparison.notes
    return "\n".join(lines)


def row_text(row: CompareRow) -> str:
    """One line of it."""
    name, old, new = (one_line(text) for text in (row.path or row.label, row.before, row.after))
    values = " → ".join(text for text in (old, new) if text)
    difference = f"  ({row.difference})" if row.difference else ""
    return f"{SIGNS[row.kind]} {name}  {values}{difference}"


def as_json(comparison: Comparison) -> str:
    """The same for programs: both messages, and for each frame its changes."""
    frames: list[dict[str, object]] = []
    changes: list[dict[str, str]] = []
    for row in comparison.rows:
        if row.is_frame:
            pair = comparison.pairs[row.frame]
            changes = []
            frames.append(
                {
                    "before": None if pair.before is None else pair.before + 1,
                    "after": None if pair.after is None else pair.after + 1,
                    "is": row.kind.value,
                    "changes": changes,
                }
            )
        elif row.kind in COUNTED:
            changes.append(
                {
                    "path": row.path or row.label,
                    "change": row.kind.value,
                    "before": row.before,
                    "after": row.after,
                    "difference": row.difference.replace("−", "-"),
                }
            )
    whole = {
        "before": _message(comparison.before),
        "after": _message(comparison.after),
        "frames": frames,
        "notes": comparison.notes,
        "is_complete": comparison.is_done and comparison.is_whole,
    }
    # Lone surrogates, which foreign text may hold, have no UTF-8.
    return json.dumps(whole, indent=2)


def _message(message: Inspected) -> dict[str, object]:
    facts = message.message
    return {
        "number": facts.row + 1,
        "time_ns": facts.time_ns,
        "socket": message.socket_name,
        "direction": facts.direction.name.lower(),
    }
