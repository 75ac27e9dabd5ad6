"""A generated load in words: how fast, how many, what holds it up. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from zmqscope.core.load import LoadEnd, LoadSnapshot
from zmqscope.models.format import format_bytes, format_count, format_duration, one_line

_CONTEXT = "LoadLine"

_S = 1_000_000_000
_UNITS = ("", " k", " M")
_MISSES_BELOW = 0.99
"""A share of the asked rate; the second that is measured is not exact."""

_SETTLED_S = 1.0


def rate_words(per_s: float) -> str:
    """Messages/s with three figures: ``99.8 k/s``, ``1.23 M/s``, ``100/s``, ``0.5/s``."""
    unit = 0
    while per_s >= 999.5 and unit < len(_UNITS) - 1:
        per_s, unit = per_s / 1_000, unit + 1
    digits = 0 if per_s >= 99.95 else 1 if per_s >= 9.995 else 2
    text = f"{per_s:.{digits}f}"
    shown = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{shown}{_UNITS[unit]}/s"


def asked_words(per_s: float | None) -> str:
    """What was asked for: a rate, or as fast as it goes."""
    return _tr("flat out") if per_s is None else rate_words(per_s)


@dataclass(frozen=True, slots=True)
class LoadLine:
    """One load, as lists and the generator show it.

    Attributes:
        snapshot: The load as it is now.
        socket_name: What its socket was called last.
        preview: The message, in one line.
        is_stopping: Whether it was told to stop.
    """

    snapshot: LoadSnapshot
    socket_name: str
    preview: str
    is_stopping: bool = False

    @property
    def tone(self) -> str:
        """The theme token of its state."""
        load = self.snapshot
        if load.end is not None:
            return "broken" if load.end is LoadEnd.FAILED else "muted"
        return "waiting" if load.problem or self.misses_its_rate else "received"

    @property
    def misses_its_rate(self) -> bool:
        """Whether it runs, and clearly slower than asked."""
        load = self.snapshot
        if load.asked_per_s is None or not load.running or load.seconds < _SETTLED_S:
            return False
        return load.rate_per_s < _MISSES_BELOW * load.asked_per_s - 1

    def title(self) -> str:
        """Which socket, and how fast it should go or how it ended."""
        load = self.snapshot
        words = asked_words(load.asked_per_s) if load.running else self.state_words()
        return f"{one_line(self.socket_name)} · {words}"

    def state_words(self) -> str:
        """Whether it runs, or how it ended."""
        end = self.snapshot.end
        if end is None:
            return _tr("stopping") if self.is_stopping else _tr("running")
        words = {LoadEnd.COMPLETE: _tr("all sent"), LoadEnd.STOPPED: _tr("stopped")}
        return words.get(end, _tr("ended"))

    def counts(self) -> str:
        """How fast it goes or went, and how many messages went."""
        return f"{self._pace()} · {self._sent()}"

    def pace(self) -> str:
        """What it reaches, of what was asked for."""
        asked = self.snapshot.asked_per_s
        if asked is None:
            return _tr("{0}, flat out").format(self._pace())
        return _tr("{0} of {1}").format(self._pace(), rate_words(asked))

    def _pace(self) -> str:
        load = self.snapshot
        return rate_words(load.rate_per_s if load.running else load.mean_per_s)

    def _sent(self) -> str:
        return _tr("{0} sent").format(format_count(self.snapshot.sent))

    def figures(self) -> str:
        """Everything else that was measured, in one line."""
        load = self.snapshot
        parts = [self._sent(), format_bytes(load.sent_bytes), _seconds(load.seconds)]
        if load.blocked_s >= 0.001:
            parts.append(_tr("blocked {0}").format(_seconds(load.blocked_s)))
        if load.given_up:
            parts.append(_tr("{0} given up").format(format_count(load.given_up)))
        return " · ".join(parts)

    def figures_meaning(self) -> str:
        """What the figures mean, for a tooltip."""
        return _tr(
            "Sent: messages that libzmq took. Blocked: how long it took none, for want of a peer "
            "or of room in its queue. Given up: messages that were due more than 0.1 s ago."
        )

    def share(self) -> float | None:
        """How much of all that was asked for is sent, 0 to 1; None without an end."""
        count = self.snapshot.count
        return None if count is None else min(1.0, self.snapshot.sent / count)

    def reason(self) -> str:
        """Why it ended, or what holds it up; empty if all is well."""
        problem = self.snapshot.problem
        if problem is not None:
            return one_line(problem.sentence())
        if self.misses_its_rate:
            if self.snapshot.blocked_s > 0:
                return _tr(
                    "Slower than asked: the peer does not take more, or libzmq's queue is too "
                    "short for such bursts. A larger sndhwm helps with the latter."
                )
            return _tr("Slower than asked: this machine does not send more of these messages.")
        return ""


def _seconds(seconds: float) -> str:
    return format_duration(round(seconds * _S))


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
