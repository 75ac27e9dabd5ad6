"""The figures of the status bar, and how each is written. Plain Python; any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.kernels.kernel_set import KernelState
from zmqscope.models.format import (
    UNKNOWN,
    format_byte_rate,
    format_count,
    format_memory_mb,
    format_rate,
)

_CONTEXT = "Ledger"


@dataclass(frozen=True, slots=True)
class LedgerFigures:
    """What the status bar shows; None is a figure that cannot be known.

    Attributes:
        captured: Messages received or sent and stored since the start.
        received_per_s: Messages received a second, all sockets.
        received_bytes_per_s: Payload bytes of those.
        sent_per_s: Messages sent a second, all sockets.
        sent_bytes_per_s: Payload bytes of those.
        dropped_in_queues: Messages that this app took from a socket and could not store.
        evicted: Messages that left memory because the budget was reached.
        cleared: Messages that the user cleared.
        memory_bytes: Bytes that messages in memory take.
        budget_bytes: Bytes that they may take.
        drain: The way messages come from the sockets.
        kernels: How far the faster way is.
        kernels_reason: Why there is none, where there is none.
        frames_per_s: Refreshes of the window a second; None while it has nothing to draw.
    """

    captured: int = 0
    received_per_s: float | None = None
    received_bytes_per_s: float | None = None
    sent_per_s: float | None = None
    sent_bytes_per_s: float | None = None
    dropped_in_queues: int | None = None
    evicted: int = 0
    cleared: int = 0
    memory_bytes: int = 0
    budget_bytes: int = 0
    drain: str = ""
    kernels: KernelState = KernelState.WAITING
    kernels_reason: str = ""
    frames_per_s: float | None = None


class FigureText(NamedTuple):
    """One figure, ready to be drawn: muted label, value, muted rest.

    Attributes:
        key: Which figure.
        label: What it is, before the value.
        value: The figure.
        suffix: Unit or second figure behind it.
        tone: Token of the value's colour.
        tip: What exactly it counts.
    """

    key: str
    label: str
    value: str
    suffix: str
    tone: str
    tip: str


def figure_texts(figures: LedgerFigures) -> list[FigureText]:
    """All figures in the order of the status bar."""
    return [
        _captured(figures),
        _rate("received", figures.received_per_s, figures.received_bytes_per_s),
        _rate("sent", figures.sent_per_s, figures.sent_bytes_per_s),
        _dropped(figures),
        _gone(figures),
        _memory(figures),
        _drain(figures),
        _frames(figures),
    ]


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def _captured(figures: LedgerFigures) -> FigureText:
    tip = _tr("Messages received and sent since the start, whether they are still in memory or not")
    return FigureText("captured", _tr("captured"), format_count(figures.captured), "", "text", tip)


def _rate(key: str, per_s: float | None, bytes_per_s: float | None) -> FigureText:
    label, tip = {
        "received": (
            "↓",
            _tr("Messages and payload bytes received a second, all sockets together"),
        ),
        "sent": ("↑", _tr("Messages and payload bytes sent a second, all sockets together")),
    }[key]
    if per_s is None:
        return FigureText(key, label, _tr(UNKNOWN), "", "muted", tip)
    volume = "" if bytes_per_s is None else format_byte_rate(bytes_per_s)
    return FigureText(key, label, format_rate(per_s), volume, "text", tip)


def _dropped(figures: LedgerFigures) -> FigureText:
    label = _tr("dropped in our queues")
    tip = _tr(
        "Messages that this app took from a socket and could not keep, each larger than the whole "
        "memory budget. What the network or a peer dropped before is not in this figure."
    )
    dropped = figures.dropped_in_queues
    if dropped is None:
        return FigureText("dropped", label, _tr(UNKNOWN), "", "muted", tip)
    return FigureText(
        "dropped", label, format_count(dropped), "", "broken" if dropped else "text", tip
    )


def _gone(figures: LedgerFigures) -> FigureText:
    gone = figures.evicted + figures.cleared
    tip = _tr(
        "Captured messages that can no longer be shown: {evicted} made room when the memory budget "
        "was reached, {cleared} were cleared by you. Counters and rates still include them."
    ).format(evicted=format_count(figures.evicted), cleared=format_count(figures.cleared))
    return FigureText("gone", _tr("no longer in memory"), format_count(gone), "", "text", tip)


def _memory(figures: LedgerFigures) -> FigureText:
    used, budget = format_memory_mb(figures.memory_bytes), format_memory_mb(figures.budget_bytes)
    tip = _tr(
        "Memory that captured messages take, of what they may take; beyond it the oldest make "
        "room. 1 MB is 1,048,576 bytes. Ctrl+, changes the budget."
    )
    return FigureText("memory", _tr("memory"), f"{used} / {budget} MB", "", "text", tip)


def _drain(figures: LedgerFigures) -> FigureText:
    known = bool(figures.drain)
    value = figures.drain if known else _tr(UNKNOWN)
    tone = "text" if known else "muted"
    suffix, tip = _drain_words(figures)
    return FigureText("drain", _tr("drain"), value, suffix, tone, tip)


def _drain_words(figures: LedgerFigures) -> tuple[str, str]:
    """What stands behind the drain's name, and its tip."""
    tip = _tr("How messages come from the sockets into memory: {how}")
    if figures.drain == "native":
        return "", tip.format(how=_tr("by compiled code, at the pace of libzmq."))
    match figures.kernels:
        case KernelState.LOADING:
            how = _tr("by Python for now; compiled code takes over in a moment.")
            return _tr("→ native, loading"), tip.format(how=how)
        case KernelState.COMPILING:
            how = _tr(
                "by Python for now; code for this machine is being compiled, once, and takes over "
                "in about half a minute."
            )
            return _tr("→ native, compiling"), tip.format(how=how)
        case KernelState.UNAVAILABLE:
            how = _tr("by Python, complete but slower. No compiled code: {reason}.")
            return "", tip.format(how=how.format(reason=figures.kernels_reason))
    return "", tip.format(how=_tr("by Python."))


def _frames(figures: LedgerFigures) -> FigureText:
    tip = _tr("Refreshes of this window a second; idle means that nothing new has to be drawn")
    if figures.frames_per_s is None:
        return FigureText("frames", "", _tr("idle"), "", "muted", tip)
    return FigureText("frames", "", f"{figures.frames_per_s:.0f}", _tr("fps"), "text", tip)
