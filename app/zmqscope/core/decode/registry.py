"""All decoders and compressions: asked what bytes may be, and to read them. Any thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from zmqscope.core.decode.compressions import Compressions, LayerReading
from zmqscope.core.decode.decoded import BadSchemaError, Decoded, DecodeError, Preview
from zmqscope.core.decode.decoder import SHOWN_CONFIDENCE, Decoder, Guess, Layer
from zmqscope.core.decode.field_path import SourceWords
from zmqscope.core.decode.first_byte import by_first_byte
from zmqscope.core.decode.payload import NO_OPTIONS, DecodeOptions, DecoderChoice, Payload

_PREVIEW_LAYERS = 4

MAX_UNPACKED_BYTES = 16_000_000
"""Bytes that a compression gives out at most before somebody asks for more."""

_HEAD_UNPACKED = 400
_HEX_BYTES = 64


@dataclass(frozen=True, slots=True)
class Reading:
    """Bytes and what they turned out to be.

    Attributes:
        data: The bytes that ``decoded`` is about: behind all layers.
        layers: What was taken off, outermost first.
        decoder: Name of the decoder; empty if none fits.
        decoded: What it made of the bytes; None if it failed or none fits.
        confidence: How sure that is; 1 if the user chose it.
        is_guess: Whether nobody said so: neither the user nor the envelope.
        problem: Why the decoder failed; empty if it did not.
        problem_at: Offset in ``data`` where it shows, if it does.
        blames_schema: Whether the problem is the schema's and not that of the bytes.
    """

    data: bytes = field(repr=False)
    layers: tuple[LayerReading, ...] = ()
    decoder: str = ""
    decoded: Decoded | None = None
    confidence: float = 0.0
    is_guess: bool = True
    problem: str = ""
    problem_at: int | None = None
    blames_schema: bool = False

    @property
    def source(self) -> tuple[str, ...]:
        """How a field path begins; the last word is ``bytes`` where nothing fits."""
        return (*(layer.name for layer in self.layers), self.decoder or "bytes")


class Registry:
    """Decoders by name, and the order in which they are asked.

    Args:
        decoders: Among equally sure guesses the earlier one wins.
        layers: Compressions.
        ceilings: The most that some of them ever say, by name; they are not asked where another
            is at least that sure.

    Attributes:
        decoders: By name, in that order.
        compressions: What is taken off first.
        layers: Compressions by name.
    """

    def __init__(
        self,
        decoders: Iterable[Decoder],
        layers: Iterable[Layer] = (),
        ceilings: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        self.decoders: Mapping[str, Decoder] = MappingProxyType({d.name: d for d in decoders})
        self.compressions = Compressions(layers, ceilings)
        self.layers = self.compressions.by_name
        self._decoders_by_byte = by_first_byte(self.decoders.values(), ceilings)

    def words(self, envelopes: Iterable[str] = ()) -> SourceWords:
        """What a field path may begin with."""
        return SourceWords(frozenset((*self.decoders, *envelopes)), frozenset(self.layers))

    def title(self, name: str) -> str:
        """A decoder's or compression's name as users know it."""
        known = self.decoders.get(name) or self.layers.get(name)
        return name if known is None else known.title

    # ---- guesses ----------------------------------------------------------------------------

    def guess(self, payload: Payload) -> Guess | None:
        """The likeliest format, compressions looked through; None if nothing is likely enough."""
        return self._guess(payload, (), 1.0, _HEAD_UNPACKED)

    def guesses(self, payload: Payload) -> list[Guess]:
        """All formats that these bytes may be, the likeliest first; compressions not considered."""
        if not payload.data:
            return []
        found = [
            Guess(decoder.name, confidence, (), payload)
            for _, decoder in self._decoders_by_byte[payload.data[0]]
            if (confidence := decoder.sniff(payload)) > 0
        ]
        return sorted(found, key=lambda guess: -guess.confidence)

    def _likeliest(self, payload: Payload, least: float = SHOWN_CONFIDENCE) -> tuple[str, float]:
        """The decoder that is surest, and how sure it is; none below ``least``."""
        name, best = "", 0.0
        for ceiling, decoder in self._decoders_by_byte[payload.data[0]]:
            if best >= ceiling or ceiling < least:
                break
            confidence = decoder.sniff(payload)
            if confidence > best:
                name, best = decoder.name, confidence
        return (name, best) if best >= least else ("", 0.0)

    def _guess(
        self, payload: Payload, layers: tuple[str, ...], so_far: float, limit: int
    ) -> Guess | None:
        if not payload.data:
            return None
        # Compressions first: they have marks, and are soon told not to be there.
        packed = self.compressions.guess(payload) if len(layers) < _PREVIEW_LAYERS else None
        if packed is None:
            name, best = self._likeliest(payload)
            return Guess(name, best * so_far, layers, payload) if name else None
        layer, confidence = packed
        name, best = self._likeliest(payload, confidence)
        if name:
            # Something that is likelier than the compression is read as that.
            return Guess(name, best * so_far, layers, payload)
        inner = _behind(payload, layer, limit)
        if inner is None:
            name, best = self._likeliest(payload)
            return Guess(name, best * so_far, layers, payload) if name else None
        found = self._guess(inner, (*layers, layer.name), so_far * confidence, limit)
        # What is behind it may be anything: the compression itself is still certain.
        return found or Guess("", so_far * confidence, (*layers, layer.name), inner)

    # ---- whole frames -----------------------------------------------------------------------

    def read(
        self,
        payload: Payload,
        choice: DecoderChoice | None = None,
        hint: str = "",
        limit: int = MAX_UNPACKED_BYTES,
    ) -> Reading:
        """Read bytes: as the user wants them, as the envelope says, or as they look.

        Args:
            payload: A whole frame, or the part of it that a decoder is to read.
            choice: What the user wants; it is tried even where it cannot be right.
            hint: Name of the decoder that the envelope names; a guess takes its place where it
                fails.
            limit: Bytes that compressions give out at most.
        """
        if choice is not None:
            inner, layers = self._take_off_chosen(payload, choice, limit)
            if layers and layers[-1].problem and not inner.data:
                # Nothing came out of a compression: that is why there is nothing to be decoded.
                said = layers[-1].problem
                return Reading(b"", layers, choice.decoder, None, 1.0, is_guess=False, problem=said)
            return self._decode(inner, layers, choice.decoder, choice.options, 1.0, is_guess=False)
        inner, layers = self._take_off_guessed(payload, limit)
        if hint in self.decoders:
            reading = self._decode(inner, layers, hint, NO_OPTIONS, 1.0, is_guess=False)
            if reading.decoded is not None:
                return reading
        for guess in self.guesses(inner):
            if guess.confidence < SHOWN_CONFIDENCE:
                break
            reading = self._decode(
                inner, layers, guess.decoder, NO_OPTIONS, guess.confidence, is_guess=True
            )
            if reading.decoded is not None:
                return reading
        return Reading(inner.data, layers)

    def _take_off_chosen(
        self, payload: Payload, choice: DecoderChoice, limit: int
    ) -> tuple[Payload, tuple[LayerReading, ...]]:
        """Take off those that the user names; where nobody says so, those that it seems to have."""
        if choice.layers is None:
            return self._take_off_guessed(payload, limit)
        return self.compressions.take_off_wanted(payload, choice.layers, limit)

    def _take_off_guessed(
        self, payload: Payload, limit: int
    ) -> tuple[Payload, tuple[LayerReading, ...]]:
        return self.compressions.take_off_guessed(
            payload, limit, lambda inner, least: bool(self._likeliest(inner, least)[0])
        )

    def _decode(
        self,
        payload: Payload,
        layers: tuple[LayerReading, ...],
        name: str,
        options: DecodeOptions,
        confidence: float,
        *,
        is_guess: bool,
    ) -> Reading:
        data = payload.data
        decoder = self.decoders.get(name)
        if decoder is None:
            return Reading(data, layers, is_guess=is_guess)
        try:
            decoded = decoder.decode(payload, options)
        except DecodeError as error:
            blames_schema = isinstance(error, BadSchemaError)
            said = (error.text, error.at, blames_schema)
            return Reading(data, layers, name, None, confidence, is_guess, *said)
        return Reading(data, layers, name, decoded, confidence, is_guess)

    # ---- one line ---------------------------------------------------------------------------

    def preview(
        self, payload: Payload, choice: DecoderChoice | None = None, hint: str = ""
    ) -> Preview:
        """Bytes in one line, from as little of them as a table has."""
        if not payload.data:
            return Preview("")
        if choice is not None:
            return self._chosen_preview(payload, choice)
        hinted = self._hinted_preview(payload, hint) if hint in self.decoders else None
        if hinted is not None:
            return hinted
        guess = self.guess(payload)
        if guess is None:
            return hex_preview(payload)
        if not guess.decoder:
            return Preview(
                f"{guess.layers[-1]} · {hex_preview(guess.payload).text}",
                guess.layers,
                guess.confidence,
            )
        try:
            text = self.decoders[guess.decoder].preview(guess.payload, NO_OPTIONS)
        except DecodeError:
            return hex_preview(payload)
        return Preview(text, (*guess.layers, guess.decoder), guess.confidence)

    def _hinted_preview(self, payload: Payload, hint: str) -> Preview | None:
        decoder = self.decoders[hint]
        try:
            return Preview(decoder.preview(payload, NO_OPTIONS), (hint,))
        except DecodeError:
            inner, layers = self._take_off_guessed(payload, _HEAD_UNPACKED)
        if not layers:
            return None
        if _is_closed(inner, layers):
            return _closed_preview(payload, layers)
        try:
            text = decoder.preview(inner, NO_OPTIONS)
        except DecodeError:
            return None
        return Preview(text, (*(layer.name for layer in layers), hint))

    def _chosen_preview(self, payload: Payload, choice: DecoderChoice) -> Preview:
        inner, layers = self._take_off_chosen(payload, choice, _HEAD_UNPACKED)
        names = tuple(layer.name for layer in layers)
        decoder = self.decoders.get(choice.decoder)
        if decoder is None:
            return hex_preview(inner)
        if _is_closed(inner, layers):
            return _closed_preview(payload, layers)
        if payload.is_cut and not inner.is_cut:
            inner = Payload(inner.data, is_cut=True)
        try:
            return Preview(decoder.preview(inner, choice.options), (*names, decoder.name))
        except DecodeError:
            return hex_preview(payload)


def _is_closed(inner: Payload, layers: tuple[LayerReading, ...]) -> bool:
    """Whether nothing has come out of a compression, although there is something in it."""
    return bool(layers) and not inner.data and (inner.is_cut or bool(layers[-1].problem))


def _closed_preview(payload: Payload, layers: tuple[LayerReading, ...]) -> Preview:
    """A frame whose beginning is too short to be unpacked, or that is not packed so at all."""
    if layers[-1].problem:
        return hex_preview(payload)
    return Preview(f"{layers[-1].name} · …", tuple(layer.name for layer in layers))


def _behind(payload: Payload, layer: Layer, limit: int) -> Payload | None:
    try:
        unpacked = layer.unpack(payload, limit)
    except DecodeError:
        return None
    return Payload(unpacked.data, unpacked.is_cut)


def hex_preview(payload: Payload) -> Preview:
    """Bytes as hex digits, for want of anything better."""
    digits = payload.data[:_HEX_BYTES].hex(" ")
    more = "…" if payload.is_cut or len(payload.data) > _HEX_BYTES else ""
    return Preview(f"{digits} {more}".strip(), (), 0.0)
