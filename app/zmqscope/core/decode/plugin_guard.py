"""Stands between a plugin and the app: none of a plugin's exceptions gets out. Pure, any thread."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

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
from zmqscope.core.decode.field_path import Index, Key, Name
from zmqscope.core.decode.node import (
    MAX_NODE_TEXT,
    Node,
    NodeKind,
    Span,
    Value,
    error_node,
    shorten,
)
from zmqscope.core.decode.payload import DecodeOptions, Payload
from zmqscope.core.wording import shortened

MAX_PREVIEW_CHARS = 400
"""Characters of a preview that are shown."""

MAX_GUESS_NS = 1_000_000
"""What a plugin's guess may cost on average; a slower one can still be chosen."""

MAX_LINE_NS = 10_000_000
"""What a plugin's line for a table may cost on average; of a slower one bytes are shown."""

MAX_WAIT_NS = 30_000_000
"""How long either may take by the clock: a plugin may wait for something."""

_ASKED_AT_ONCE = 30
_LINES_AT_ONCE = 12
_MAX_DETAIL = 160
_MAX_NOTES = 100
log = logging.getLogger(__name__)


class _Patience:
    """Knows when a plugin has been slow for too long: a table asks some sixty times a refresh.

    Args:
        name: The plugin's name.
        what: What it is asked for.
        most_ns: What that may cost on average, of the thread's time.
        at_once: How often it is asked before it is judged.

    Attributes:
        is_over: Whether it is not asked any more.
    """

    def __init__(self, name: str, what: str, most_ns: int, at_once: int) -> None:
        self._name, self._what, self._most_ns, self._at_once = name, what, most_ns, at_once
        self._asked = self._spent_ns = self._waited_ns = 0
        self._began = 0, 0
        self.is_over = False

    def start(self) -> None:
        """It is asked now."""
        self._began = time.thread_time_ns(), time.perf_counter_ns()

    def stop(self) -> None:
        """It has answered, or failed."""
        self._asked += 1
        self._spent_ns += time.thread_time_ns() - self._began[0]
        self._waited_ns += time.perf_counter_ns() - self._began[1]
        if self._asked < self._at_once:
            return
        spent_ns, waited_ns = self._spent_ns // self._asked, self._waited_ns // self._asked
        self._asked = self._spent_ns = self._waited_ns = 0
        if spent_ns > self._most_ns or waited_ns > MAX_WAIT_NS:
            self.is_over = True
            log.warning(
                "The plugin %s takes %.1f ms each time; it is not asked for %s any more.",
                self._name,
                max(spent_ns, waited_ns) / 1e6,
                self._what,
            )


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
        self._guesses = _Patience(name, "guesses", MAX_GUESS_NS, _ASKED_AT_ONCE)

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
        if self._guesses.is_over:
            return 0.0
        self._guesses.start()
        try:
            found = float(plugin.sniff(payload))
        except (Exception, SystemExit):
            if not self._has_failed:
                self._has_failed = True
                log.warning("The plugin %s failed to guess.", self.name, exc_info=True)
            return 0.0
        finally:
            self._guesses.stop()
        # Also what is not a number counts as no.
        return min(found, 1.0) if found > 0 else 0.0


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
        self._lines = _Patience(name, "lines", MAX_LINE_NS, _LINES_AT_ONCE)

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
            notes = tuple(shorten(str(note)) for note in decoded.notes[:_MAX_NOTES])
            return Decoded(bodies, shorten(str(decoded.type)), notes)
        except DecodeError as error:
            raise _bounded(error, payload) from error
        except (Exception, SystemExit) as error:
            raise self._failure(error, "read") from error

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        """Its line for a table.

        Raises:
            DecodeError: It says so, or it failed, or was too slow too often.
        """
        if self._lines.is_over:
            raise DecodeError(f"The plugin {self.title} takes too long for the table.")
        self._lines.start()
        try:
            text = self._plugin.preview(payload, options)
            if not isinstance(text, str):
                raise TypeError(f"it gave {type(text).__name__} instead of text")
        except DecodeError as error:
            raise _bounded(error, payload) from error
        except (Exception, SystemExit) as error:
            raise self._failure(error, "preview") from error
        finally:
            self._lines.stop()
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
        except DecodeError as error:
            raise _bounded(error, payload) from error
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
            return Tree(_guarded_node(root, len(payload.data)))
        case Listing(title, _):
            return Listing(str(title)[:MAX_NODE_TEXT], _Lines(body, len(payload.data)))
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


def _guarded_node(node: object, size: int) -> Node:
    """A node whose texts are short, whose spans are in the bytes, whose children cannot fail."""
    if not isinstance(node, Node) or not isinstance(node.kind, NodeKind):
        raise TypeError(f"a child is {type(node).__name__} instead of Node")
    if not isinstance(node.text, str):
        raise TypeError(f"the text of a node is {type(node.text).__name__}")
    if not isinstance(node.step, Name | Index | Key | None):
        raise TypeError(f"the step of a node is {type(node.step).__name__}")
    return replace(
        node,
        type=shorten(str(node.type)),
        text=shorten(node.text),
        note=shorten(str(node.note)),
        value=_plain(node.value),
        count=_whole(node.count),
        span=_inside(node.span, size),
        key_span=_inside(node.key_span, size),
        children=None if node.children is None else _Children(node, size),
    )


def _plain(value: object) -> Value:
    """A value, if it is one of those that the app knows."""
    return value if isinstance(value, bool | int | float | str | bytes | date) else None


def _whole(count: object) -> int | None:
    return count if isinstance(count, int) else None


def _bounded(error: DecodeError, payload: Payload) -> DecodeError:
    """A plugin's own sentence, short, about a byte that is there."""
    at = error.at if isinstance(error.at, int) and 0 <= error.at <= len(payload.data) else None
    return DecodeError(shorten(str(error.text)), at)


def _inside(span: object, size: int) -> Span | None:
    """A span as it is, if there are such bytes."""
    if not isinstance(span, tuple) or len(span) != 2:
        return None
    start, stop = span
    if not isinstance(start, int) or not isinstance(stop, int):
        return None
    return Span(start, stop) if 0 <= start <= stop <= size else None


@dataclass(frozen=True, slots=True)
class _Children:
    """Children of a plugin's node; where making one fails, a sentence is the last."""

    node: Node
    size: int

    def __call__(self) -> Iterator[Node]:
        try:
            for child in self.node.children() if self.node.children is not None else ():
                yield _guarded_node(child, self.size)
        except (Exception, SystemExit) as error:
            log.debug("A plugin's tree ends early.", exc_info=True)
            yield error_node(f"The plugin failed here: {type(error).__name__}: {error}"[:200])


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of a plugin's listing, likewise."""

    listing: Listing
    size: int

    def __call__(self) -> Iterator[ListingLine]:
        try:
            for line in self.listing.lines():
                if not isinstance(line, ListingLine):
                    raise TypeError(f"a line is {type(line).__name__} instead of ListingLine")
                span = _inside(line.span, self.size) or Span(0, 0)
                yield ListingLine(span, shorten(str(line.text)), shorten(str(line.note)))
        except (Exception, SystemExit) as error:
            log.debug("A plugin's listing ends early.", exc_info=True)
            yield ListingLine(Span(0, 0), f"The plugin failed here: {error}"[:200])
