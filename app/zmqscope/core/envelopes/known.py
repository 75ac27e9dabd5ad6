"""All envelopes, and the one that knows a message best. Pure, any thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from zmqscope.core.envelopes.envelope import Envelope, Outline, Sighting

SHOWN_CONFIDENCE = 0.5
"""A sighting below this is not shown."""

_SURE = 0.95
"""Nobody else is asked then: the table asks about each row in sight."""


class KnownEnvelopes:
    """Envelopes by name.

    Args:
        envelopes: Among equally sure ones the earlier one wins.

    Attributes:
        by_name: All of them.
    """

    def __init__(self, envelopes: Iterable[Envelope]) -> None:
        self.by_name: Mapping[str, Envelope] = MappingProxyType({e.name: e for e in envelopes})
        self._all = tuple(self.by_name.values())

    def see(self, outline: Outline) -> Sighting | None:
        """The message as the protocol reads it that knows it best; None if none does."""
        best: Sighting | None = None
        for envelope in self._all:
            sighting = envelope.see(outline)
            if sighting is not None and (best is None or sighting.confidence > best.confidence):
                best = sighting
                if best.confidence >= _SURE:
                    break
        return best if best is not None and best.confidence >= SHOWN_CONFIDENCE else None
