"""Decoders that other packages bring: used, or left out with a reason, never an exception."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from zmqscope.core.decode.decoded import (
    Body,
    Decoded,
    DecodeError,
    Listing,
    ListingLine,
    Numbers,
    TextBody,
    Tree,
)
from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.node import Node, NodeKind
from zmqscope.core.decode.payload import NO_OPTIONS, DecodeOptions, Payload
from zmqscope.core.decode.plugins import GROUP, Plugins, load_plugins

MODULE = "zmqscope_test_plugin"
DATA = Payload(b"some bytes")


class Good:
    name = "good"
    title = "Good one"
    first_bytes: object = b"sg"

    def sniff(self, payload: Payload) -> float:
        return 0.8

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        return Decoded((TextBody(),), "good")

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        return "x" * 1_000


class Zip:
    name = "squeeze"
    title = "Squeeze"
    first_bytes = None

    def sniff(self, payload: Payload) -> float:
        return 2.0

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        return Unpacked(bytes(1_000))


def fail(*arguments: object) -> float:
    raise ZeroDivisionError("one\nby none")


def leave(*arguments: object) -> float:
    sys.exit("leaving")


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module that a plugin would be in."""
    module = ModuleType(MODULE)
    monkeypatch.setitem(sys.modules, MODULE, module)
    return module


def load(*names: str, taken: tuple[str, ...] = ()) -> Plugins:
    found = [EntryPoint(name, f"{MODULE}:{name}", GROUP) for name in names]
    return load_plugins(taken, found)


def load_one(module: ModuleType, value: object, taken: tuple[str, ...] = ()) -> Plugins:
    vars(module)["it"] = value
    return load("it", taken=taken)


def make_good() -> Good:
    return Good()


@pytest.mark.parametrize("value", [Good, Good(), make_good])
def test_an_instance_a_class_or_a_function(plugin: ModuleType, value: object) -> None:
    found = load_one(plugin, value)
    assert not found.problems
    (decoder,) = found.decoders
    assert (decoder.name, decoder.title) == ("good", "Good one")
    assert decoder.first_bytes == frozenset(b"sg")
    assert decoder.sniff(DATA) == 0.8
    assert decoder.decode(DATA, NO_OPTIONS).type == "good"
    assert len(decoder.preview(DATA, NO_OPTIONS)) == 400


def test_a_compression_gives_out_no_more_than_was_asked_for(plugin: ModuleType) -> None:
    (layer,) = load_one(plugin, Zip).layers
    assert layer.unpack(DATA, 10) == (bytes(10), True, "")
    assert layer.sniff(DATA) == 1.0


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (42, "“int” is neither a decoder nor a compression: it lacks name, title"),
        (fail, "It cannot be loaded: ZeroDivisionError: one by none."),
        (leave, "It cannot be loaded: SystemExit: leaving."),
        (type("No", (Good,), {"name": "No Good"}), "Its name is “No Good”"),
        (type("No", (Good,), {"name": 5}), "Its name is “5”"),
        (type("No", (Good,), {"name": "json"}), "“json” is taken"),
        (type("No", (Good,), {"name": "bytes"}), "“bytes” is taken"),
        (type("No", (Good,), {"name": "frame2"}), "“frame2” is taken"),
        (type("No", (Good,), {"title": ""}), "title"),
        (type("No", (Good,), {"first_bytes": [300]}), "first_bytes"),
        (type("No", (Good,), {"first_bytes": [[]]}), "cannot be asked"),
        (type("No", (Good,), {"first_bytes": 7}), "first_bytes"),
        (type("No", (Good,), {"title": property(fail)}), "ZeroDivisionError"),
        (type("No", (Good,), {"unpack": fail}), "at once"),
        (type("No", (), {"name": "a", "title": "a", "first_bytes": None, "sniff": fail}), "unpack"),
    ],
)
def test_what_cannot_be_used_is_left_out_with_a_reason(
    plugin: ModuleType, value: object, words: str
) -> None:
    found = load_one(plugin, value, taken=("json",))
    assert not found.decoders
    assert not found.layers
    (problem,) = found.problems
    assert words in problem.text
    assert problem.plugin == "it"


def test_what_is_not_there_is_left_out() -> None:
    found = load_plugins((), [EntryPoint("gone", "zmqscope_no_such_module:X", GROUP)])
    assert "ModuleNotFoundError" in found.problems[0].text


def test_a_module_that_does_not_even_parse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zmqscope_broken_plugin.py").write_text("def (:\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = load_plugins((), [EntryPoint("x", "zmqscope_broken_plugin:X", GROUP)])
    assert "SyntaxError" in found.problems[0].text


def test_of_two_with_one_name_the_first_by_name_wins(plugin: ModuleType) -> None:
    for name in ("b", "a"):
        setattr(plugin, name, type(name, (Good,), {"title": name}))
    found = load("b", "a")
    assert [decoder.title for decoder in found.decoders] == ["a"]
    assert "“good” is taken" in found.problems[0].text


def nodes(make: Callable[[], Any]) -> Tree:
    return Tree(Node(None, NodeKind.OBJECT, "map", children=make))


@pytest.mark.parametrize("method", ["decode", "preview"])
@pytest.mark.parametrize("does", [fail, leave, lambda *_: None])
def test_exceptions_become_sentences(
    plugin: ModuleType, method: str, does: object, caplog: pytest.LogCaptureFixture
) -> None:
    (decoder,) = load_one(plugin, type("Bad", (Good,), {method: does})).decoders
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with pytest.raises(DecodeError, match="The plugin Good one failed to") as caught:
                getattr(decoder, method)(DATA, NO_OPTIONS)
    assert "\n" not in caught.value.text
    assert len(caplog.records) == 1


@pytest.mark.parametrize("does", [fail, leave, lambda *_: "high", lambda *_: float("nan")])
def test_a_guess_that_fails_is_none(plugin: ModuleType, does: object) -> None:
    (decoder,) = load_one(plugin, type("Bad", (Good,), {"sniff": does})).decoders
    assert decoder.sniff(DATA) == 0.0


def test_who_takes_long_is_not_asked_for_guesses_any_more(
    plugin: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    def compute(self: object, payload: Payload) -> float:
        end = time.thread_time() + 0.002
        while time.thread_time() < end:
            pass
        return 0.9

    (decoder,) = load_one(plugin, type("Slow", (Good,), {"sniff": compute})).decoders
    said = [decoder.sniff(DATA) for _ in range(40)]
    assert (said[0], said[-1]) == (0.9, 0.0)
    assert "not asked for guesses any more" in caplog.text
    # It can still be chosen.
    assert decoder.decode(DATA, NO_OPTIONS).type == "good"


def test_its_own_decode_error_stays_as_it_is(plugin: ModuleType) -> None:
    def refuse(*arguments: object) -> None:
        raise DecodeError("Not mine.", 3)

    (decoder,) = load_one(plugin, type("Bad", (Good,), {"decode": refuse})).decoders
    with pytest.raises(DecodeError) as caught:
        decoder.decode(DATA, NO_OPTIONS)
    assert (caught.value.text, caught.value.at) == ("Not mine.", 3)


@pytest.mark.parametrize(
    "body",
    [
        Numbers("<f8", (1_000_000,)),
        Numbers("O", (1,)),
        Numbers("<f4", ()),
        TextBody("no-such-encoding"),
        TextBody("zip"),
        5,
    ],
)
def test_a_body_that_would_fail_later_fails_now(plugin: ModuleType, body: Body) -> None:
    def decode(self: object, payload: Payload, options: DecodeOptions) -> Decoded:
        return Decoded((body,))

    (decoder,) = load_one(plugin, type("Bad", (Good,), {"decode": decode})).decoders
    with pytest.raises(DecodeError):
        decoder.decode(DATA, NO_OPTIONS)


def test_a_tree_that_fails_where_it_grows_ends_in_a_sentence(plugin: ModuleType) -> None:
    def some() -> Iterator[Node]:
        yield Node(None, NodeKind.NUMBER, "int", "1", 1)
        raise ZeroDivisionError("late")

    def inner() -> Iterator[Node]:
        yield Node(None, NodeKind.OBJECT, "map", children=some)

    def lines() -> Iterator[ListingLine]:
        raise ZeroDivisionError("late")
        yield

    def decode(self: object, payload: Payload, options: DecodeOptions) -> Decoded:
        return Decoded((nodes(inner), nodes(fail), nodes(lambda: [7]), Listing("code", lines)))

    (decoder,) = load_one(plugin, type("Bad", (Good,), {"decode": decode})).decoders
    deep, at_once, no_node, listing = decoder.decode(DATA, NO_OPTIONS).bodies
    assert isinstance(deep, Tree)
    assert deep.root.children is not None
    (child,) = deep.root.children()
    assert child.children is not None
    for _ in range(2):
        number, sentence = child.children()
        assert number.value == 1
        assert sentence.kind is NodeKind.ERROR
        assert "late" in sentence.text
    for tree in (at_once, no_node):
        assert isinstance(tree, Tree)
        assert tree.root.children is not None
        assert [node.kind for node in tree.root.children()] == [NodeKind.ERROR]
    assert isinstance(listing, Listing)
    (line,) = listing.lines()
    assert "late" in line.text


def test_a_compression_that_fails(plugin: ModuleType) -> None:
    (layer,) = load_one(plugin, type("Bad", (Zip,), {"unpack": fail})).layers
    with pytest.raises(DecodeError, match="failed to unpack"):
        layer.unpack(DATA, 10)
