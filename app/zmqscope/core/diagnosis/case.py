"""What a rule is given, and what it gives. Pure, any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from zmqscope.core.diagnosis.asking import Question, ask
from zmqscope.core.diagnosis.finding import Finding, Fix, FixKind, Rule
from zmqscope.core.diagnosis.observation import EndpointView, Observation, Scene
from zmqscope.core.diagnosis.patience import Patience
from zmqscope.core.types import Endpoint, Severity

S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """One socket before the doctor.

    Attributes:
        seen: The socket.
        scene: All others.
        now_ns: Now, on the monotonic clock.
        patience: How long to wait before speaking.
    """

    seen: Observation
    scene: Scene
    now_ns: int
    patience: Patience

    def found(
        self,
        rule: Rule,
        severity: Severity,
        text: str,
        why: str,
        *fixes: Fix,
        at: Endpoint | None = None,
        since_ns: int = 0,
        grace_ns: int = 0,
        question: Question | None = None,
    ) -> Candidate:
        """A candidate about this socket.

        Args:
            rule: Which rule found it.
            severity: See ``Finding``.
            text: What happens, as what follows the socket's name and a colon.
            why: Why, and what to do.
            fixes: The most likely first.
            at: The endpoint; None for the socket as a whole.
            since_ns: Since when, on the monotonic clock; 0 for since it was found first.
            grace_ns: How long that has to last before it is told.
            question: What to ask, so as to know more.
        """
        finding = Finding(self.seen.socket_id, rule, severity, text, why, fixes[:4], at)
        return Candidate(finding, since_ns, grace_ns, question)

    def question(self, view: EndpointView) -> Question | None:
        """What to ask at an endpoint; None where nobody can be asked, or needs to be."""
        return ask(self.seen, self.scene, view, self.now_ns)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a rule has found; told once it has lasted for its grace time.

    Attributes:
        finding: Its words; without times.
        since_ns: Since when, on the monotonic clock; 0 for since it was found first.
        grace_ns: How long it has to last.
        question: What to ask, so as to know more; None if nothing.
    """

    finding: Finding
    since_ns: int = 0
    grace_ns: int = 0
    question: Question | None = None


SocketCheck = Callable[[Case], Iterable[Candidate]]
"""A rule about a socket as a whole."""
EndpointCheck = Callable[[Case, EndpointView], Candidate | None]
"""A rule about one endpoint."""


def fix(kind: FixKind, endpoint: Endpoint | None = None, value: int = 0) -> Fix:
    """A button."""
    return Fix(kind, endpoint, value)


def times(count: int) -> str:
    """How often, in words."""
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def seconds(duration_ns: int) -> str:
    """A duration, such as ``6.2 s`` or ``3 min``."""
    duration_ns = max(duration_ns, 0)
    if duration_ns < 60 * S:
        return f"{duration_ns / S:.1f} s"
    minutes = duration_ns // (60 * S)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def counted(count: int, one: str, many: str = "") -> str:
    """A number and what it counts."""
    return f"1 {one}" if count == 1 else f"{count:,} {many or one + 's'}"


def sentence(text: str) -> str:
    """What follows a name and a colon as a sentence of its own."""
    is_address = "://" in text.partition(" ")[0]
    return f"{text if is_address else text[:1].upper() + text[1:]}."


def clause(sentence: str) -> str:
    """A sentence as what follows a name and a colon."""
    text = sentence.rstrip(".")
    is_word = text[1:2].islower() or text[1:2] == " "
    return text[:1].lower() + text[1:] if is_word else text
