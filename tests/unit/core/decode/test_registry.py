"""The registry: who is asked, who wins, what is taken off, what happens when a decoder fails."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import zstandard

from zmqscope.core.decode.builtin import builtin_decoders, builtin_layers
from zmqscope.core.decode.compressions import MAX_LAYERS, LayerReading
from zmqscope.core.decode.decoded import Decoded, DecodeError, Preview, TextBody
from zmqscope.core.decode.decoder import Decoder, Layer, Unpacked
from zmqscope.core.decode.payload import DecodeOptions, DecoderChoice, Payload
from zmqscope.core.decode.registry import Registry


@dataclass(frozen=True)
class Starts:
    """Decodes what begins with its mark and does not go on with ``!``."""

    name: str
    mark: bytes
    confidence: float
    any_first: bool = False

    @property
    def title(self) -> str:
        return self.name.title()

    @property
    def first_bytes(self) -> frozenset[int] | None:
        return None if self.any_first else frozenset(self.mark[:1])

    def sniff(self, payload: Payload) -> float:
        return self.confidence if payload.data.startswith(self.mark) else 0.0

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        self._check(payload)
        return Decoded((TextBody(options.encoding or "utf-8"),), self.name)

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        self._check(payload)
        return f"{self.name}({payload.data.decode()}{'…' if payload.is_cut else ''})"

    def _check(self, payload: Payload) -> None:
        at = len(self.mark)
        if not payload.data.startswith(self.mark) or payload.data[at : at + 1] == b"!":
            raise DecodeError(f"Not {self.name} at byte {at}.", at)


@dataclass(frozen=True)
class Wrapped:
    """A compression that only puts a letter in front."""

    name: str
    letter: bytes

    @property
    def title(self) -> str:
        return self.name.upper()

    @property
    def first_bytes(self) -> frozenset[int] | None:
        return frozenset(self.letter)

    def sniff(self, payload: Payload) -> float:
        return 0.95 if payload.data[:1] == self.letter else 0.0

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        inner = payload.data[1:]
        if inner.startswith(b"broken"):
            raise DecodeError("Nothing can be had of it.", 1)
        return Unpacked(inner[:limit], payload.is_cut or len(inner) > limit)


SURE, WEAK, LIKELY = Starts("sure", b"ab", 0.9), Starts("weak", b"a", 0.3), Starts("ok", b"a", 0.6)
Z, Y = Wrapped("zip", b"z"), Wrapped("yip", b"y")


@pytest.fixture
def registry() -> Registry:
    return Registry((WEAK, LIKELY, SURE), (Z, Y))


def test_parts_keep_the_protocols() -> None:
    assert isinstance(SURE, Decoder)
    assert isinstance(Z, Layer)


def test_the_likeliest_is_shown_and_all_are_listed(registry: Registry) -> None:
    payload = Payload(b"abc")
    assert [g.decoder for g in registry.guesses(payload)] == ["sure", "ok", "weak"]
    reading = registry.read(payload)
    assert (reading.decoder, reading.confidence, reading.is_guess) == ("sure", 0.9, True)
    assert registry.preview(payload) == Preview("sure(abc)", ("sure",), 0.9)


def test_below_even_odds_nothing_is_shown() -> None:
    registry = Registry((WEAK,))
    reading = registry.read(Payload(b"a\xff"))
    assert (reading.decoder, reading.decoded, reading.source) == ("", None, ("bytes",))
    assert registry.preview(Payload(b"a\xff")) == Preview("61 ff", (), 0.0)
    assert [g.decoder for g in registry.guesses(Payload(b"a"))] == ["weak"]


def test_the_earlier_wins_a_draw() -> None:
    registry = Registry((Starts("one", b"a", 0.6), Starts("two", b"a", 0.6)))
    assert registry.read(Payload(b"a")).decoder == "one"


def test_a_guess_that_fails_leaves_room_for_the_next(registry: Registry) -> None:
    assert registry.read(Payload(b"ab!")).decoder == "ok"


def test_a_choice_that_fails_says_why_and_keeps_the_bytes(registry: Registry) -> None:
    reading = registry.read(Payload(b"ab!"), DecoderChoice("sure", ()))
    assert (reading.decoder, reading.decoded, reading.data) == ("sure", None, b"ab!")
    assert (reading.problem, reading.problem_at) == ("Not sure at byte 2.", 2)
    assert (reading.is_guess, reading.confidence) == (False, 1.0)
    assert registry.preview(Payload(b"ab!"), DecoderChoice("sure", ())).text == "61 62 21"


def test_a_choice_brings_its_options(registry: Registry) -> None:
    choice = DecoderChoice("sure", (), DecodeOptions(encoding="koi8-r"))
    decoded = registry.read(Payload(b"ab"), choice).decoded
    assert decoded is not None
    assert decoded.bodies == (TextBody("koi8-r"),)


def test_a_choice_without_compressions_takes_off_what_is_there(registry: Registry) -> None:
    reading = registry.read(Payload(b"zabc"), DecoderChoice("sure"))
    assert (reading.layers, reading.data) == ((LayerReading("zip", 4, 3),), b"abc")
    assert registry.preview(Payload(b"zabc"), DecoderChoice("sure")).sources == ("zip", "sure")


def test_bytes_can_be_chosen(registry: Registry) -> None:
    reading = registry.read(Payload(b"ab"), DecoderChoice("bytes", ()))
    assert (reading.decoder, reading.decoded, reading.problem) == ("", None, "")
    assert not reading.is_guess
    assert registry.preview(Payload(b"ab"), DecoderChoice("bytes", ())).text == "61 62"


def test_a_hint_is_followed_where_it_can_be(registry: Registry) -> None:
    assert registry.read(Payload(b"abc"), hint="weak").decoder == "weak"
    assert not registry.read(Payload(b"abc"), hint="weak").is_guess
    assert registry.read(Payload(b"a!"), hint="sure").decoder == ""
    assert registry.read(Payload(b"abc"), hint="unknown").decoder == "sure"
    assert registry.preview(Payload(b"abc"), hint="weak") == Preview("weak(abc)", ("weak",))


def test_compressions_are_looked_through(registry: Registry) -> None:
    reading = registry.read(Payload(b"zyabc"))
    assert reading.layers == (LayerReading("zip", 5, 4), LayerReading("yip", 4, 3))
    assert (reading.data, reading.decoder, reading.source) == (
        b"abc",
        "sure",
        ("zip", "yip", "sure"),
    )
    preview = registry.preview(Payload(b"zyabc", is_cut=True))
    assert (preview.text, preview.sources) == ("sure(abc…)", ("zip", "yip", "sure"))


def test_what_is_behind_a_hint_may_be_packed(registry: Registry) -> None:
    reading = registry.read(Payload(b"zabc"), hint="weak")
    assert (reading.decoder, reading.source) == ("weak", ("zip", "weak"))
    preview = registry.preview(Payload(b"zabc"), hint="weak")
    assert (preview.text, preview.sources) == ("weak(abc)", ("zip", "weak"))


def test_layers_can_be_chosen_and_refused(registry: Registry) -> None:
    chosen = registry.read(Payload(b"zyabc"), DecoderChoice("bytes", ("zip",)))
    assert (chosen.data, chosen.source) == (b"yabc", ("zip", "bytes"))
    none = registry.read(Payload(b"zyabc"), DecoderChoice("bytes", ()))
    assert (none.data, none.layers) == (b"zyabc", ())
    broken = registry.read(Payload(b"zbroken"), DecoderChoice("sure", ("zip",)))
    assert broken.layers[0].problem == "Nothing can be had of it."


def test_a_compression_that_fails_is_none(registry: Registry) -> None:
    reading = registry.read(Payload(b"zbroken"))
    assert (reading.layers, reading.data, reading.decoder) == ((), b"zbroken", "")


def test_unknown_bytes_behind_a_compression_are_still_behind_it(registry: Registry) -> None:
    reading = registry.read(Payload(b"z\xff\xfe"))
    assert (reading.source, reading.data) == (("zip", "bytes"), b"\xff\xfe")
    assert registry.preview(Payload(b"z\xff\xfe")).text == "zip · ff fe"


def test_layers_come_off_up_to_a_number(registry: Registry) -> None:
    reading = registry.read(Payload(b"z" * 20 + b"ab"))
    assert len(reading.layers) == MAX_LAYERS


def test_however_many_layers_what_is_unpacked_is_bounded(registry: Registry) -> None:
    reading = registry.read(Payload(b"z" * 20 + b"ab" * 50), limit=50)
    assert 0 < len(reading.layers) < MAX_LAYERS
    assert sum(layer.unpacked for layer in reading.layers) <= 5 * 50


def test_a_limit_bounds_what_is_unpacked(registry: Registry) -> None:
    reading = registry.read(Payload(b"z" + b"ab" * 50), limit=10)
    assert (len(reading.data), reading.layers[0].is_cut) == (10, True)


def test_an_empty_frame_is_nothing(registry: Registry) -> None:
    reading = registry.read(Payload(b""))
    assert (reading.decoder, reading.problem, reading.layers) == ("", "", ())
    assert registry.preview(Payload(b"")) == Preview("")


def test_titles_and_words(registry: Registry) -> None:
    assert [registry.title(name) for name in ("sure", "zip", "other")] == ["Sure", "ZIP", "other"]
    words = registry.words(("jupyter",))
    assert words.formats == {"sure", "weak", "ok", "jupyter"}
    assert words.layers == {"zip", "yip"}


def test_who_cannot_be_surer_is_not_asked() -> None:
    asked: list[str] = []

    class Asked(Starts):
        def sniff(self, payload: Payload) -> float:
            asked.append(self.name)
            return super().sniff(payload)

    low, high = Asked("low", b"a", 0.6), Asked("high", b"a", 0.9)
    registry = Registry((low, high), (), {"low": 0.7})
    assert registry.preview(Payload(b"a")).sources == ("high",)
    assert asked == ["high"]
    asked.clear()
    assert [g.decoder for g in registry.guesses(Payload(b"a"))] == ["high", "low"]


def test_a_compression_that_gives_nothing_is_the_reason_why_there_is_nothing() -> None:
    registry = Registry(builtin_decoders(), builtin_layers())
    reading = registry.read(Payload(b'{"a":1}'), DecoderChoice("json", ("gzip",)))
    assert reading.decoded is None
    assert reading.problem.startswith("The gzip data is broken")


def test_a_preview_of_nothing_but_its_compression_has_one_blank() -> None:
    head = zstandard.compress(bytes(range(256)) * 40)[:20]
    registry = Registry(builtin_decoders(), builtin_layers())
    assert registry.preview(Payload(head, is_cut=True)).text == "zstd · …"


@pytest.mark.parametrize("layers", [("zstd",), None])
def test_a_chosen_compression_whose_beginning_gives_nothing_says_so(
    layers: tuple[str, ...] | None,
) -> None:
    registry = Registry(builtin_decoders(), builtin_layers())
    text = "".join(f"{at * 7919 % 100_003} " for at in range(3_000)).encode()
    packed = zstandard.compress(text)
    head = Payload(packed[:512], True, len(packed))
    closed = Preview("zstd · …", ("zstd",))
    assert registry.preview(head, DecoderChoice("text", layers)) == closed
    # A hint that the packed bytes do not fit, as JSON.
    assert registry.preview(head, hint="json") == closed
    whole = registry.preview(Payload(packed), DecoderChoice("text", layers))
    assert whole.sources == ("zstd", "text")
    assert whole.text.startswith("0 7919 15838 ")


def test_what_is_not_packed_as_chosen_is_hex_and_not_empty() -> None:
    registry = Registry(builtin_decoders(), builtin_layers())
    for payload in (Payload(b'{"a":1}'), Payload(b'{"a":1}', is_cut=True)):
        preview = registry.preview(payload, DecoderChoice("json", ("gzip",)))
        assert (preview.text[:20], preview.sources) == ("7b 22 61 22 3a 31 7d", ())
