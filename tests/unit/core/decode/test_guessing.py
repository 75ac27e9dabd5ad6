"""Guesses over ten thousand payloads: a confusion table, and confidences that are kept.

What counts as right: the payload's own format. Of a damaged payload also the format that it was
damaged from: nobody is misled by a bit that has flipped, nor by JSON that is broken and shown as
text. And text wherever the bytes are text, whatever they were meant for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache

import pytest

from tests.decode_corpus import Sample, corpus
from zmqscope.core.decode.builtin import CEILINGS, builtin_decoders, builtin_layers
from zmqscope.core.decode.decoder import SHOWN_CONFIDENCE, Decoder, Guess, Layer
from zmqscope.core.decode.payload import Payload
from zmqscope.core.decode.registry import Registry

HEAD_BYTES = 512
UNKNOWN = "hex"
REGISTRY = Registry(builtin_decoders(), builtin_layers(), CEILINGS)
BANDS = 10
SPOKEN = 0.9
"""From here on a guess is shown without a mark in the table."""


@dataclass
class Outcome:
    """What came of all payloads.

    Attributes:
        table: For each label, how often it was read as what.
        right: For each decoder and band of confidence, how many guesses were right.
        wrong: The same of wrong ones, each with its payload.
    """

    table: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    right: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: dict[tuple[str, int], list[tuple[Sample, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def take(self, sample: Sample, guess: Guess | None) -> None:
        """Count one payload."""
        name = UNKNOWN if guess is None else ".".join((*guess.layers, guess.decoder or UNKNOWN))
        self.table[sample.label][name] += 1
        if guess is None or not guess.decoder:
            return
        band = (guess.decoder, int(guess.confidence * BANDS))
        if is_right(sample, guess, name):
            self.right[band] += 1
        else:
            self.wrong[band].append((sample, guess.confidence))


def is_right(sample: Sample, guess: Guess, name: str) -> bool:
    """Whether a guess misleads nobody; see above."""
    if name == sample.label or (sample.label == "near" and sample.note.startswith(f"{name}, ")):
        return True
    if guess.decoder != "text":
        return False
    return is_text(guess.payload) or sample.note.startswith(("json, ", "text, "))


def is_text(payload: Payload) -> bool:
    """Whether a person would call these bytes text."""
    try:
        text = payload.data.decode()
    except UnicodeDecodeError as error:
        if not payload.is_cut or error.end < len(payload.data):
            return False
        text = payload.data[: error.start].decode()
    return all(char.isprintable() or char in "\t\r\n" for char in text)


def seen(sample: Sample, *, is_head: bool) -> Payload:
    """A payload as the inspector has it, or as the table does."""
    data, size = sample.data, len(sample.data)
    return Payload(data[:HEAD_BYTES], size > HEAD_BYTES, size) if is_head else Payload(data)


@cache
def outcome(*, is_head: bool) -> Outcome:
    """All payloads, guessed."""
    found = Outcome()
    for sample in corpus():
        found.take(sample, REGISTRY.guess(seen(sample, is_head=is_head)))
    return found


def printed(table: dict[str, Counter[str]]) -> str:
    """The confusion table: a line for each label, what it was read as, how often."""
    lines = []
    for label, counts in sorted(table.items()):
        told = ", ".join(f"{name} {count:,}" for name, count in counts.most_common())
        lines.append(f"{label:18}{sum(counts.values()):6,}  {told}")
    return "\n".join(lines)


@pytest.mark.parametrize("is_head", [False, True], ids=["whole", "heads"])
def test_the_confusion_table(is_head: bool) -> None:
    table = outcome(is_head=is_head).table
    print(f"\n{printed(table)}")
    assert sum(sum(counts.values()) for counts in table.values()) > 10_000
    # What names itself is never missed, and never taken for anything else.
    for name in ("json", "msgpack", "cbor", "bson", "avro", "arrow", "image", "pickle"):
        assert set(table[name]) == {name}
        for layer in REGISTRY.layers:
            assert set(table.get(f"{layer}.{name}", {})) <= {f"{layer}.{name}", f"{layer}.hex"}
    assert table["text"]["text"] > 0.95 * table["text"].total()
    assert table["protobuf"]["protobuf"] > 0.7 * table["protobuf"].total()
    assert set(table["random"]) <= {UNKNOWN, "text", "numbers"}
    assert table["random"][UNKNOWN] > 0.9 * table["random"].total()


@pytest.mark.parametrize("is_head", [False, True], ids=["whole", "heads"])
def test_nothing_is_shown_as_what_it_is_not_more_often_than_stated(is_head: bool) -> None:
    found = outcome(is_head=is_head)
    broken = []
    for name, band in sorted({*found.right, *found.wrong}):
        right, wrong = found.right[name, band], found.wrong[name, band]
        total = right + len(wrong)
        allowed = total * (1 - band / BANDS)
        print(f"{name:10} {band / BANDS:.1f}–{(band + 1) / BANDS:.1f}  {len(wrong):5} of {total:,}")
        # One wrong guess says nothing about a share.
        if len(wrong) > max(allowed, 1):
            samples = [(s.label, s.note, s.data[:24], c) for s, c in wrong[:5]]
            broken.append((name, band / BANDS, len(wrong), total, samples))
    assert not broken


def test_what_is_shown_without_a_mark_is_nearly_always_right() -> None:
    found = outcome(is_head=False)
    for decoder in REGISTRY.decoders:
        bands = [band for band in (9, 10) if found.right[decoder, band]]
        right = sum(found.right[decoder, band] for band in bands)
        wrong = sum(len(found.wrong.get((decoder, band), ())) for band in (9, 10))
        assert wrong <= (right + wrong) * 0.01, (decoder, found.wrong.get((decoder, 9)))
    assert SPOKEN * BANDS == 9


def test_nobody_says_more_than_their_ceiling() -> None:
    for sample in corpus():
        for is_head in (False, True):
            payload = seen(sample, is_head=is_head)
            everybody: list[Decoder | Layer] = [*REGISTRY.decoders.values()]
            everybody += REGISTRY.layers.values()
            for each in everybody:
                first = each.first_bytes
                if first is None or payload.data[0] in first:
                    assert each.sniff(payload) <= CEILINGS.get(each.name, 1.0), each.name


def test_likely_formats_are_listed_with_the_surest_first() -> None:
    for sample in list(corpus())[::50]:
        guesses = REGISTRY.guesses(Payload(sample.data))
        confidences = [guess.confidence for guess in guesses]
        assert confidences == sorted(confidences, reverse=True)
        assert all(0 < confidence <= 1 for confidence in confidences)
        best = REGISTRY.guess(Payload(sample.data))
        if best is not None and not best.layers:
            assert best.confidence == confidences[0] >= SHOWN_CONFIDENCE
