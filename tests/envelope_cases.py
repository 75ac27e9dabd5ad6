"""Messages with what an envelope must say of them, shown whole and as a table has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tests.decoder_checks import check_envelope
from tests.envelope_rig import HEAD_BYTES, HEAD_FRAMES, labels
from zmqscope.core.capture.store import RowView
from zmqscope.core.envelopes.envelope import Envelope, Outline, Sighting
from zmqscope.core.types import Direction, RowId, SocketId, SocketType
from zmqscope.models.messages.message_text import payload_start

SENT, RECEIVED = Direction.SENT, Direction.RECEIVED

Sample = tuple[tuple[bytes, ...], SocketType | None, Direction]


class Case(NamedTuple):
    """A message.

    Attributes:
        frames: All of it.
        kind: The type of the socket that saw it.
        summary: What the envelope says of it; empty if it must not know it.
        direction: Which way it went.
        labels: Names of its frames, if they matter.
    """

    frames: tuple[bytes, ...]
    kind: SocketType | None
    summary: str
    direction: Direction = RECEIVED
    labels: tuple[str, ...] = ()


def samples(cases: Iterable[Case]) -> list[Sample]:
    """The messages alone, those that are known."""
    return [(case.frames, case.kind, case.direction) for case in cases if case.summary]


def outline_of(
    frames: tuple[bytes, ...],
    kind: SocketType | None,
    direction: Direction = RECEIVED,
    *,
    is_cut: bool = False,
) -> Outline:
    """A message as the inspector sees it, or as a table does; its start is what the table finds."""
    seen = frames[:HEAD_FRAMES] if is_cut else frames
    heads = tuple(frame[:HEAD_BYTES] for frame in seen) if is_cut else seen
    sizes = tuple(map(len, seen))
    row = RowView(RowId(0), 0, SocketId(1), direction, len(frames), sum(sizes), heads, sizes)
    return Outline(heads, sizes, len(frames), payload_start(row, kind), kind, direction)


def seen(envelope: Envelope, case: Case, *, is_cut: bool = False) -> Sighting:
    """The sighting of a message.

    Raises:
        AssertionError: It was not recognised.
    """
    sighting = envelope.see(outline_of(case.frames, case.kind, case.direction, is_cut=is_cut))
    assert sighting is not None, case.frames
    return sighting


def check_case(envelope: Envelope, case: Case) -> None:
    """An envelope says of a message what it must, whole or cut, and decodes its own frames."""
    for is_cut in (False, True):
        view = outline_of(case.frames, case.kind, case.direction, is_cut=is_cut)
        sighting = envelope.see(view)
        if not case.summary:
            assert sighting is None or sighting.confidence < 0.5, sighting
            continue
        assert sighting is not None, case.frames
        assert sighting.summary == case.summary
        assert check_envelope(envelope, view, case.frames)
        if case.labels:
            assert tuple(labels(sighting)) == case.labels
