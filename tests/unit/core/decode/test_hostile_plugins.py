"""Plugins that raise, wait, exaggerate or give wrong shapes: sentences, and no harm done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

import pytest

from tests.decoder_checks import check_decoded, check_decoder
from zmqscope.core.decode.decoded import Body, Decoded, DecodeError, Listing, ListingLine, Tree
from zmqscope.core.decode.decoder import Decoder
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.lookup import children_of, root_of
from zmqscope.core.decode.node import MAX_NODE_TEXT, Node, NodeKind, Span
from zmqscope.core.decode.payload import NO_OPTIONS, DecodeOptions, Payload
from zmqscope.core.decode.plugin_guard import GuardedDecoder
from zmqscope.core.decode.registry import Registry

DATA = b"some bytes"
ANY = cast("Any", object())


class Plugin:
    """A decoder that gives what it was made with."""

    name, title, first_bytes = "odd", "Odd", None

    def __init__(self, body: Body | None = None, preview: Any = "line") -> None:
        self.body = body
        self.line = preview
        self.asked = 0

    def sniff(self, payload: Payload) -> float:
        return 0.9

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        assert self.body is not None
        return Decoded((self.body,), "t" * 50_000, ("n" * 50_000,) * 5_000)

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        self.asked += 1
        line = self.line() if callable(self.line) else self.line
        return cast("str", line)


def guarded(plugin: Plugin) -> GuardedDecoder:
    return GuardedDecoder(plugin, plugin.name, plugin.title, None)


def shapes() -> Iterator[Node]:
    """Nodes that are not as nodes must be."""
    yield Node(Name("a"), NodeKind.STRING, "t" * 9_999, "x" * 10_000_000, note="n" * 9_999)
    yield Node(Name("b"), NodeKind.NUMBER, "int", "1", span=Span(-5, 1 << 62), key_span=Span(9, 3))
    yield Node(Name("c"), NodeKind.NUMBER, "int", "1", value=ANY, count=ANY, span=ANY)
    yield Node(Index(3), NodeKind.BYTES, "bytes", "", span=Span(0, len(DATA)))
    yield ANY


def test_wrong_shapes_become_right_ones() -> None:
    root = Node(None, NodeKind.OBJECT, "map", children=shapes, span=Span(0, 1 << 40))
    decoder = guarded(Plugin(Tree(root)))
    assert check_decoder(decoder, DATA)
    decoded = decoder.decode(Payload(DATA), NO_OPTIONS)
    assert len(decoded.type) <= MAX_NODE_TEXT
    assert all(len(note) <= MAX_NODE_TEXT for note in decoded.notes)
    assert len(decoded.notes) <= 100
    top = root_of(decoded)
    assert top is not None
    children = list(children_of(top))
    assert [child.span for child in children[:4]] == [None, None, None, Span(0, len(DATA))]
    assert children[-1].kind is NodeKind.ERROR
    assert max(len(c.type) + len(c.text) + len(c.note) for c in children) <= 3 * MAX_NODE_TEXT


def test_a_tree_without_end_is_read_as_far_as_somebody_looks() -> None:
    def forever() -> Iterator[Node]:
        at = 0
        while True:
            yield Node(Index(at), NodeKind.ARRAY, "list", children=forever)
            at += 1

    root = Node(None, NodeKind.ARRAY, "list", children=forever)
    decoder = guarded(Plugin(Tree(root)))
    decoded = decoder.decode(Payload(DATA), NO_OPTIONS)
    check_decoded("odd", decoded, len(DATA))
    top = root_of(decoded)
    assert top is not None
    assert len(list(islice(children_of(top), 10_000))) == 10_000


def test_lines_are_short_and_about_bytes_that_are_there() -> None:
    def lines() -> Iterator[ListingLine]:
        yield ListingLine(Span(5, 1 << 50), "x" * 10_000_000, "n" * 10_000_000)

    decoded = guarded(Plugin(Listing("l" * 5_000, lines))).decode(Payload(DATA), NO_OPTIONS)
    (listing,) = decoded.bodies
    assert isinstance(listing, Listing)
    (line,) = listing.lines()
    assert line.span == Span(0, 0)
    assert len(line.text) + len(line.note) + len(listing.title) <= 3 * MAX_NODE_TEXT


def test_its_own_sentence_is_bounded() -> None:
    class Refusing(Plugin):
        def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
            raise DecodeError("x" * 10_000_000, 1 << 60)

    with pytest.raises(DecodeError) as caught:
        guarded(Refusing()).decode(Payload(DATA), NO_OPTIONS)
    assert len(caught.value.text) <= MAX_NODE_TEXT
    assert caught.value.at is None


def test_a_line_that_waits_is_not_asked_for_any_more() -> None:
    def wait() -> str:
        # As a plugin does that asks somebody else: it costs no time of the thread.
        threading.Event().wait(0.1)
        return "late"

    plugin = Plugin(preview=wait)
    registry = Registry((cast("Decoder", guarded(plugin)),))
    lines = [registry.preview(Payload(DATA)).text for _ in range(60)]
    assert lines[0] == "late"
    assert lines[-1] == DATA.hex(" ")
    assert plugin.asked <= 12


@pytest.mark.parametrize("line", [None, 5, b"bytes", ["list"]])
def test_a_line_that_is_no_text(line: object) -> None:
    registry = Registry((cast("Decoder", guarded(Plugin(preview=line))),))
    assert registry.preview(Payload(DATA)).text == DATA.hex(" ")
