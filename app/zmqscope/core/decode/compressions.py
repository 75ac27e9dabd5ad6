"""Compressions: told by their marks, and taken off, one inside another. Any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.decoder import SHOWN_CONFIDENCE, Layer
from zmqscope.core.decode.first_byte import by_first_byte
from zmqscope.core.decode.payload import Payload

MAX_LAYERS = 8
"""Compressions inside compressions that are taken off by themselves."""

_MOST_TIMES_LIMIT = 4
_KEPT_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class LayerReading:
    """A compression that was taken off.

    Attributes:
        name: Its name.
        packed: Bytes before.
        unpacked: Bytes behind it, as far as they were given out.
        is_cut: Whether there are more.
        problem: Why it stopped early; empty if it did not.
    """

    name: str
    packed: int
    unpacked: int
    is_cut: bool = False
    problem: str = ""


class Compressions:
    """All that are known.

    Args:
        layers: One for each.
        ceilings: The most that some of them ever say, by name.

    Attributes:
        by_name: Each under its name.
    """

    def __init__(self, layers: Iterable[Layer], ceilings: Mapping[str, float]) -> None:
        self.by_name: Mapping[str, Layer] = MappingProxyType({each.name: each for each in layers})
        self._by_byte = by_first_byte(self.by_name.values(), ceilings)
        # The table asks for the compression of a frame, and then for its preview.
        self._last: tuple[Payload | None, tuple[Layer, float] | None] = (None, None)

    def guess(self, payload: Payload) -> tuple[Layer, float] | None:
        """The likeliest compression, and how likely it is; None below what is shown."""
        seen, guessed = self._last
        if seen is payload:
            return guessed
        best, found = SHOWN_CONFIDENCE, None
        if payload.data:
            for ceiling, layer in self._by_byte[payload.data[0]]:
                if best >= ceiling:
                    break
                confidence = layer.sniff(payload)
                if confidence > best:
                    best, found = confidence, layer
        guessed = None if found is None else (found, best)
        if len(payload.data) <= _KEPT_BYTES:
            self._last = (payload, guessed)
        return guessed

    def take_off_wanted(
        self, payload: Payload, names: Iterable[str], limit: int
    ) -> tuple[Payload, tuple[LayerReading, ...]]:
        """Take off those that the user names; where one fails, nothing is left."""
        readings: list[LayerReading] = []
        for name in names:
            layer = self.by_name.get(name)
            if layer is None:
                break
            try:
                payload, reading = _unpacked(layer, payload, limit)
            except DecodeError as error:
                size = len(payload.data)
                readings.append(LayerReading(layer.name, size, 0, problem=error.text))
                return Payload(b""), tuple(readings)
            readings.append(reading)
        return payload, tuple(readings)

    def take_off_guessed(
        self, payload: Payload, limit: int, is_rather_read: Callable[[Payload, float], bool]
    ) -> tuple[Payload, tuple[LayerReading, ...]]:
        """Take off those that it seems to have.

        Args:
            payload: Bytes.
            limit: Bytes that each gives out at most.
            is_rather_read: Whether something else is at least that likely: then bytes are read as
                that.
        """
        readings: list[LayerReading] = []
        while len(readings) < MAX_LAYERS:
            if sum(each.unpacked for each in readings) >= _MOST_TIMES_LIMIT * limit:
                break  # however deep it goes, it takes no longer than that
            packed = self.guess(payload)
            if packed is None or is_rather_read(payload, packed[1]):
                break
            try:
                payload, reading = _unpacked(packed[0], payload, limit)
            except DecodeError:
                break
            readings.append(reading)
        return payload, tuple(readings)


def _unpacked(layer: Layer, payload: Payload, limit: int) -> tuple[Payload, LayerReading]:
    data, is_cut, problem = layer.unpack(payload, limit)
    reading = LayerReading(layer.name, len(payload.data), len(data), is_cut, problem)
    return Payload(data, is_cut or bool(problem)), reading
