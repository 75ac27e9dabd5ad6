"""Generated load: what is to be sent and how fast, checked, and how it goes. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from zmqscope.core.types import JobId, Problem, SocketId, SocketSpec, SocketType
from zmqscope.core.wording import counted

MIN_RATE_PER_S = 0.1
MAX_RATE_PER_S = 10_000_000.0
MAX_COUNT = 10**15
MAX_DIGITS = 20
"""Digits of the largest number that 64 bits hold."""

_U64 = 2**64
_DEFAULT_SNDHWM = 1_000
_SUBSCRIPTIONS = (b"\x00", b"\x01")
_TAKES_TURNS = (SocketType.REQ, SocketType.REP)


class CounterFormat(Enum):
    """How a counter is written into a payload."""

    BIG_ENDIAN = "u64 big-endian"
    LITTLE_ENDIAN = "u64 little-endian"
    DECIMAL = "decimal digits"


@dataclass(frozen=True, slots=True)
class CounterSpec:
    """A number in the payload that is one more in each message.

    Attributes:
        frame: Index of the frame that it stands in.
        offset: Index of its first byte there; it replaces what stands there.
        format: How it is written.
        digits: Width of decimal digits, filled with zeros; not used otherwise.
        start: The first number.
    """

    frame: int
    offset: int
    format: CounterFormat = CounterFormat.BIG_ENDIAN
    digits: int = 8
    start: int = 0

    @property
    def width(self) -> int:
        """Bytes that it takes."""
        return self.digits if self.format is CounterFormat.DECIMAL else 8

    @property
    def limit(self) -> int:
        """The first number that does not fit; the counter goes on at 0 there."""
        return min(10**self.digits, _U64) if self.format is CounterFormat.DECIMAL else _U64

    def encode(self, index: int) -> bytes:
        """The bytes of the counter in message ``index`` of a load."""
        number = (self.start + index) % self.limit
        if self.format is CounterFormat.DECIMAL:
            return str(number).zfill(self.digits).encode()
        return number.to_bytes(8, "big" if self.format is CounterFormat.BIG_ENDIAN else "little")


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What to send, how fast and how often.

    Attributes:
        frames: The message.
        rate_per_s: Messages/s; None is as fast as it goes.
        count: Messages in all; None goes on until stopped.
        counter: The number in the payload, if any.
    """

    frames: tuple[bytes, ...] = field(repr=False)
    rate_per_s: float | None = None
    count: int | None = None
    counter: CounterSpec | None = None

    @property
    def message_bytes(self) -> int:
        """Bytes of one message."""
        return sum(map(len, self.frames))

    def frames_of(self, index: int) -> tuple[bytes, ...]:
        """The frames of message ``index``, with its counter."""
        counter = self.counter
        if counter is None:
            return self.frames
        frame = self.frames[counter.frame]
        end = counter.offset + counter.width
        numbered = frame[: counter.offset] + counter.encode(index) + frame[end:]
        return (*self.frames[: counter.frame], numbered, *self.frames[counter.frame + 1 :])


class LoadEnd(Enum):
    """Why a load does not run any more."""

    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LoadSnapshot:
    """A load as it is now, or as it ended.

    Attributes:
        job_id: Its number.
        socket_id: Where it sends.
        asked_per_s: The rate that was asked for; None is as fast as it goes.
        count: Messages that were asked for; None is until stopped.
        sent: Messages that libzmq took.
        sent_bytes: Their payload.
        seconds: How long it has run.
        rate_per_s: Messages/s over the last second.
        blocked_times: How often libzmq took nothing, for want of a peer or of room in its queue.
        blocked_s: For how long in all.
        given_up: Messages that were due and will not be made up for.
        end: Why it ended; None while it runs.
        problem: What keeps it from sending, or why it ended by itself.
    """

    job_id: JobId
    socket_id: SocketId
    asked_per_s: float | None
    count: int | None = None
    sent: int = 0
    sent_bytes: int = 0
    seconds: float = 0.0
    rate_per_s: float = 0.0
    blocked_times: int = 0
    blocked_s: float = 0.0
    given_up: int = 0
    end: LoadEnd | None = None
    problem: Problem | None = None

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.end is None

    @property
    def mean_per_s(self) -> float:
        """Messages/s over all the time it has run."""
        return self.sent / self.seconds if self.seconds > 0 else 0.0


# ---- what cannot be done --------------------------------------------------------------------


def plan_problem(spec: SocketSpec, plan: LoadPlan) -> Problem | None:
    """Why a load cannot be sent from a socket; None if it can.

    What a single message lacks is ``engine.reasons.frames_problem``'s to say.
    """
    return (
        _type_problem(spec.type)
        or _pace_problem(plan)
        or (counter_problem(spec.type, plan.frames, plan.counter) if plan.counter else None)
        or _message_problem(spec, plan)
        or _memory_problem(spec, plan)
    )


def _type_problem(kind: SocketType) -> Problem | None:
    if kind in _TAKES_TURNS:
        return Problem(
            f"A {kind.name} takes turns with its peer: it cannot send one message after another.",
            "Send the load from a DEALER or ROUTER instead.",
        )
    if not kind.can_send:
        return Problem(f"A {kind.name} only receives.", "Choose a socket that can send.")
    return None


def _pace_problem(plan: LoadPlan) -> Problem | None:
    rate = plan.rate_per_s
    if rate is not None and not MIN_RATE_PER_S <= rate <= MAX_RATE_PER_S:
        return Problem(
            "The rate is out of range.",
            f"Choose {MIN_RATE_PER_S:g} to {MAX_RATE_PER_S:,.0f} messages a second, or flat out.",
        )
    if plan.count is not None and not 1 <= plan.count <= MAX_COUNT:
        return Problem(
            "The number of messages is out of range.",
            f"Choose 1 to {MAX_COUNT:,}, or send until stopped.",
        )
    return None


def counter_problem(
    kind: SocketType | None, frames: tuple[bytes, ...], counter: CounterSpec
) -> Problem | None:
    """Why a counter cannot stand in a message.

    Args:
        kind: The type of the socket; None if there is none yet.
        frames: The message.
        counter: Where it is to stand, and how.
    """
    if not 0 <= counter.frame < len(frames):
        return Problem(
            f"The counter is to stand in frame {counter.frame + 1}, which does not exist.",
            "Choose another frame, or add one.",
        )
    if kind is not None and kind.routes_by_identity and counter.frame == 0:
        return Problem(
            "Frame 1 is the routing id: with a counter in it, it would name no peer.",
            "Put the counter into another frame.",
        )
    if counter.format is CounterFormat.DECIMAL and not 1 <= counter.digits <= MAX_DIGITS:
        return Problem("The counter has no such width.", f"Choose 1 to {MAX_DIGITS} digits.")
    size = len(frames[counter.frame])
    if counter.offset < 0 or counter.offset + counter.width > size:
        return Problem(
            f"The counter takes {counted(counter.width, 'byte')} from byte {counter.offset} on, "
            f"and frame {counter.frame + 1} has {counted(size, 'byte')}.",
            "Make the frame longer, or let the counter begin further left.",
        )
    if not 0 <= counter.start < counter.limit:
        return Problem(
            "The counter cannot begin there.", f"Choose a number from 0 to {counter.limit - 1:,}."
        )
    return None


def _message_problem(spec: SocketSpec, plan: LoadPlan) -> Problem | None:
    frames, counter = plan.frames, plan.counter
    if spec.type is SocketType.STREAM and frames and not frames[-1]:
        return Problem(
            "An empty second frame closes the connection.", "Write the bytes that are to be sent."
        )
    if spec.type is SocketType.XSUB and frames:
        is_numbered = counter is not None and counter.frame == 0 and counter.offset == 0
        if is_numbered or frames[0][:1] in _SUBSCRIPTIONS:
            return Problem(
                "A message of an XSUB that begins with 00 or 01 changes its subscriptions.",
                "Begin the message, and not the counter, with another byte.",
            )
    return None


def _memory_problem(spec: SocketSpec, plan: LoadPlan) -> Problem | None:
    if plan.rate_per_s is None and sndhwm_of(spec) == 0:
        return Problem(
            "This socket has no high-water mark (sndhwm=0): flat out, its queue would fill the "
            "memory.",
            "Choose a rate, or open it with an sndhwm.",
        )
    return None


def sndhwm_of(spec: SocketSpec) -> int:
    """Messages that wait for one peer at most; 0 is without limit (man zmq_setsockopt)."""
    value = dict(spec.options).get("sndhwm", _DEFAULT_SNDHWM)
    return value if isinstance(value, int) else _DEFAULT_SNDHWM
