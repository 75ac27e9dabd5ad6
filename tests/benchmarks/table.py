"""The table that a person reads."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.row import Row, Spread

_WIDTHS = (24, 24, 34, 22, 32, 7)
_HEADS = ("row", "measured", "reference", "ratio", "aim", "reached")
_REACHED = {True: "yes", False: "NO", None: "–"}


def heading() -> str:
    """The first two lines."""
    return f"{_line(_HEADS)}\n{_line(tuple('-' * (width - 1) for width in _WIDTHS))}"


def row_lines(row: Row) -> str:
    """A row, and under it what has to be said about it."""
    return "\n".join((_line(_cells(row)), *(f"    {note}" for note in row.notes)))


def facts(title: str, values: dict[str, str]) -> str:
    """Names and values, a line each."""
    return "\n".join((f"{title}:", *(f"  {name:12} {value}" for name, value in values.items())))


def _cells(row: Row) -> tuple[str, ...]:
    reference = ""
    if row.reference is not None:
        reference = f"{_figure(row.reference)} {row.reference_name}"
    return (
        row.name,
        "none" if row.measured is None else f"{_figure(row.measured)} {row.unit}",
        reference,
        "" if row.ratio is None else _ratio(row.ratio),
        row.aim,
        _REACHED[row.reached],
    )


def _line(cells: tuple[str, ...]) -> str:
    return " ".join(_padded(cells)).rstrip()


def _padded(cells: tuple[str, ...]) -> Iterator[str]:
    for cell, width in zip(cells, _WIDTHS, strict=True):
        yield cell.ljust(width - 1)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{round(value, 2):g}"


def _ratio(ratio: Spread) -> str:
    if ratio.low == ratio.high:
        return f"{ratio.median:.2f}"
    return f"{ratio.median:.2f} ({ratio.low:.2f}–{ratio.high:.2f})"
