"""Stands between a plugin and the app: none of a plugin's exceptions gets out. Pure, any thread."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from zmqscope.core.decode.decoded import (
    Body,
    Decoded,
    DecodeError,
    Listing,
    ListingLine,
    Numbers,
    Picture,
    TextBody,
    Tree,
)
from zmqscope.core.decode.decoder import Decoder, Layer, Unpacked
from zmqscope.core.decode.dtypes import known_dtype
from zmqscope.core.decode.encodings import known_encoding
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node
from zmqscope.core.decode.payload import DecodeOptions, Payload
from zmqscope.core.wording import shortened

MAX_PREVIEW_CHARS = 400
"""Characters of a preview that are shown."""

MAX_GUESS_NS = 1_000_000
"""What a plugin's guess may cost on average; a slower one can still be chosen."""

_ASKED_AT_ONCE = 30
_MAX_DETAIL = 160
log = logging.getLogger(__name__)


class _Guard:
    """What both kinds have in common.

    Attributes:
        name: Its word in field paths.
        title: Its name as users know it.
        first_bytes: First bytes of what it guesses to be its own.
    """

    def __init__(self, name: str, title: str, first_bytes: frozenset[int] | None) -> None:
        self.name = name
        self.title = title
        self.first_bytes = first_bytes
        self._has_failed = False
        self._is_slow = False
        self._asked = self._spent_ns = 0

    def _failure(self, error: BaseException, what: str) -> DecodeError:
        """An exception as a sentence; the log gets the first one with its traceback."""
        self._log_once(what)
        detail = " ".join(str(error).split()).rstrip(".")[:_MAX_DETAIL]
        kind = type(error).__name__
        words = f"{kind}: {detail}" if detail else kind
        return DecodeError(f"The plugin {self.title} failed to {what} this: {words}.")

    def _log_once(self, what: str) -> None:
        if not self._has_failed:
            self._has_failed = True
            log.warning("The plugin %s failed to %s.", self.name, what, exc_info=True)

    def _confidence(self, plugin: Decoder | Layer, payload: Payload) -> float:
        if self._is_slow:
            return 0.0
        began_ns = time.thread_time_ns()
        try:
            found = float(plugin.sniff(payload))
        except (Exception, SystemExit):
            if not self._has_failed:
                self._has_failed = True
                log.warning("The plugin %s failed to guess.", self.name, exc_info=True)
            return 0.0
        finally:
            self._count(time.thread_time_ns() - began_ns)
        # Also what is not a number counts as no.
        return min(found, 1.0) if found > 0 else 0.0

    def _count(self, spent_ns: int) -> None:
        """A table asks some sixty times a refresh: who takes long is not asked any more."""
        self._asked += 1
        self._spent_ns += spent_ns
        if self._asked == _ASKED_AT_ONCE:
            if self._spent_ns > _ASKED_AT_ONCE * MAX_GUESS_NS:
                self._is_slow = True
                log.warning(
                    "The plugin %s takes %.1f ms a guess; it is not asked for guesses any more.",
                    self.name,
                    self._spent_ns / _ASKED_AT_ONCE / 1e6,
                )
            self._asked = self._spent_ns = 0


class GuardedDecoder(_Guard):
    """A plugin's decoder.

    Args:
        plugin: The decoder.
        name: Its name, looked at once.
        title: Its title, likewise.
        first_bytes: Its first bytes, likewise.
    """

    def __init__(
        self, plugin: Decoder, name: str, title: str, first_bytes: frozenset[int] | None
    ) -> None:
        super().__init__(name, title, first_bytes)
        self._plugin = plugin

    def sniff(self, payload: Payload) -> float:
        """Its guess; 0 if it fails."""
        return self._confidence(self._plugin, payload)

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        """What it makes of the bytes.

        Raises:
            DecodeError: It says so, or it failed.
        """
        try:
            decoded = self._plugin.decode(payload, options)
            if not isinstance(decoded, Decoded):
                raise TypeError(f"it gave {type(decoded).__name__} instead of Decoded")
            bodies = tuple(_guarded(body, payload) for body in decoded.bodies)
            notes = tuple(str(note) for note in decoded.notes)
            return Decoded(bodies, str(decoded.type), notes)
        except DecodeError:
            raise
        except (Exception, SystemExit) as error:
            raise self._failure(error, "read") from error

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        """Its line for a table.

        Raises:
            DecodeError: It says so, or it failed.
        """
        try:
            text = self._plugin.preview(payload, options)
            if not isinstance(text, str):
                raise TypeError(f"it gave {type(text).__name__} instead of text")
        except DecodeError:
            raise
        except (Exception, SystemExit) as error:
            raise self._failure(error, "preview") from error
        return shortened(text, MAX_PREVIEW_CHARS)


class GuardedLayer(_Guard):
    """A plugin's compression.

    Args:
        plugin: The compression.
        name: Its name, looked at once.
        title: Its title, likewise.
        first_bytes: Its first bytes, likewise.
    """

    def __init__(
        self, plugin: Layer, name: str, title: str, first_bytes: frozenset[int] | None
    ) -> None:
        super().__init__(name, title, first_bytes)
        self._plugin = plugin

    def sniff(self, payload: Payload) -> float:
        """Its guess; 0 if it fails."""
        return self._confidence(self._plugin, payload)

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        """What it gives out, never more than was asked for.

        Raises:
            DecodeError: It says so, or it failed.
        """
        try:
            data, is_cut, problem = self._plugin.unpack(payload, limit)
            if not isinstance(data, bytes | bytearray):
                raise TypeError(f"it gave {type(data).__name__} instead of bytes")
            return Unpacked(bytes(data[:limit]), bool(is_cut) or len(data) > limit, str(problem))
        except DecodeError:
            raise
        except (Exception, SystemExit) as error:
            raise self._failure(error, "unpack") from error


# ---- what grows later ---------------------------------------------------------------------------


def _guarded(body: Body, payload: Payload) -> Body:
    """A body that cannot fail later; what could is refused now.

    Raises:
        TypeError: It is no body.
        ValueError: It claims what the bytes do not have.
        DecodeError: It names what there is not.
    """
    match body:
        case Tree(root):
            return Tree(_guarded_node(root))
        case Listing(title, _):
            return Listing(str(title), _Lines(body))
        case TextBody(encoding, is_json, bom):
            return TextBody(known_encoding(encoding), is_json, min(max(bom, 0), len(payload.data)))
        case Numbers(dtype, shape, skip, rest):
            known, full = known_dtype(dtype)
            used = math.prod(shape) * known.size
            if not shape or min(shape) < 1 or skip < 0 or skip + used > len(payload.data):
                raise ValueError(
                    f"{len(payload.data):,} bytes do not hold numbers of shape {shape}"
                )
            return Numbers(full, tuple(shape), skip, rest)
        case Picture(form, width, height):
            return Picture(str(form), int(width), int(height))
    raise TypeError(f"a body is {type(body).__name__}")


def _guarded_node(node: object) -> Node:
    if not isinstance(node, Node) or not isinstance(node.kind, NodeKind):
        raise TypeError(f"a child is {type(node).__name__} instead of Node")
    if not isinstance(node.text, str):
        raise TypeError(f"the text of a node is {type(node.text).__name__}")
    return node if node.children is None else replace(node, children=_Children(node))


@dataclass(frozen=True, slots=True)
class _Children:
    """Children of a plugin's node; where making one fails, a sentence is the last."""

    node: Node

    def __call__(self) -> Iterator[Node]:
        try:
            for child in self.node.children() if self.node.children is not None else ():
                yield _guarded_node(child)
        except (Exception, SystemExit) as error:
            log.debug("A plugin's tree ends early.", exc_info=True)
            yield error_node(f"The plugin failed here: {type(error).__name__}: {error}"[:200])


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of a plugin's listing, likewise."""

    listing: Listing

    def __call__(self) -> Iterator[ListingLine]:
        try:
            for line in self.listing.lines():
                if not isinstance(line, ListingLine):
                    raise TypeError(f"a line is {type(line).__name__} instead of ListingLine")
                yield line
        except (Exception, SystemExit) as error:
            log.debug("A plugin's listing ends early.", exc_info=True)
            yield ListingLine(Span(0, 0), f"The plugin failed here: {error}"[:200])
