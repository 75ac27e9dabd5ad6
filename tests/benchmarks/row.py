"""A line of the table, and what a run was asked to do."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


class RowFailedError(Exception):
    """A row could not be measured; says why."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure of several rounds."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Of one value a round."""
        return cls(statistics.median(values), min(values), max(values))

    @classmethod
    def of_ratios(cls, values: Sequence[float], references: Sequence[float]) -> Spread:
        """Each round's value against the reference of the same round."""
        pairs = zip(values, references, strict=True)
        return cls.of([value / reference for value, reference in pairs])


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        name: What was measured.
        measured: The figure, a median where there were rounds; None if there was none.
        unit: Of the figure and its reference.
        reference: The same in the reference.
        reference_name: What the reference is.
        ratio: Measured against reference, by rounds.
        aim: What should be reached.
        reached: Whether it was; None where it is not judged.
        figures: Everything else worth keeping.
        notes: What a reader has to know of this figure, in sentences.
    """

    name: str
    measured: float | None
    unit: str
    reference: float | None = None
    reference_name: str = ""
    ratio: Spread | None = None
    aim: str = ""
    reached: bool | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """How thoroughly to measure.

    Attributes:
        short: Only prove that it works; times are not judged.
        rounds: How often reference and app take turns.
        window_s: Length of one measured window, without what is cut off.
        minutes: Length of the soak.
        native_came: Whether the app's native drain came up the last time; None: not tried yet.
    """

    short: bool = False
    rounds: int = 5
    window_s: float = 2.0
    minutes: float = 60.0
    native_came: bool | None = None

    @property
    def cut_s(self) -> float:
        """What is cut off the beginning of each window."""
        return 0.2 if self.short else 0.5

    @property
    def calm_s(self) -> float:
        """Display intervals count from so long after the beginning of load."""
        return self.cut_s if self.short else 1.0

    @property
    def native_wait_s(self) -> float:
        """How long to wait for the native drain, which has to be compiled at its first start."""
        if self.native_came is False:
            return 0.0
        return 12.0 if self.short else 60.0

    def judged(self, reached: bool) -> bool | None:
        """An aim that depends on time; not judged in the short form."""
        return None if self.short else reached

    def say(self, what: str) -> None:
        """Tell on stderr what goes on."""
        print(f"bench: {what}", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Topic:
    """A module of rows.

    Attributes:
        name: Asks for all of its lines.
        lines: Names that can be asked for alone, in order.
        run: Measures the lines that are asked for.
        by_default: Whether it runs when nothing is named.
    """

    name: str
    lines: tuple[str, ...]
    run: Callable[[Plan, frozenset[str]], Iterator[Row]]
    by_default: bool = True
