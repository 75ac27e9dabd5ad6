"""What the command line asked for, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zmqscope.core.types import SocketSpec


@dataclass(frozen=True, slots=True)
class LaunchOptions:
    """What the command line asked for.

    Attributes:
        specs: Sockets to open.
        demo: Whether to open the demo.
        exit_after_s: Close by the ordinary way out after so many seconds.
        report: Where to write the measured run's JSON.
        settings: File for the settings instead of the user's own.
        theme: ``dark`` or ``light`` for this run.
        size: Window width and height in pixels for this run.
    """

    specs: tuple[SocketSpec, ...]
    demo: bool
    exit_after_s: float | None
    report: Path | None
    settings: Path | None
    theme: str | None
    size: tuple[int, int] | None
