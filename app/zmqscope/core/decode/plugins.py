"""Decoders that other packages bring, through the entry-point group ``zmqscope.decoders``.

Pure, any thread. The help page ``decoders.md`` tells how to write one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zmqscope.core.decode.decoder import Decoder, Layer
from zmqscope.core.decode.field_path import BYTES
from zmqscope.core.decode.plugin_guard import GuardedDecoder, GuardedLayer
from zmqscope.core.wording import quoted

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "zmqscope.decoders"
"""The entry-point group; an entry names a decoder, a compression, or what makes one."""

log = logging.getLogger(__name__)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_FRAME_WORD = re.compile(r"frame\d*")
_MAX_TITLE = 40


class PluginError(Exception):
    """A plugin cannot be used; the text says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class PluginProblem:
    """A plugin that is not used.

    Attributes:
        plugin: What its entry point and its package are called.
        text: What is wrong, in one sentence.
    """

    plugin: str
    text: str


@dataclass(frozen=True, slots=True)
class Plugins:
    """What other packages bring.

    Attributes:
        decoders: Decoders that can be used; none of their exceptions gets out.
        layers: Compressions, likewise.
        problems: What cannot be used.
    """

    decoders: tuple[Decoder, ...] = ()
    layers: tuple[Layer, ...] = ()
    problems: tuple[PluginProblem, ...] = ()


def load_plugins(taken: Iterable[str] = (), found: Iterable[EntryPoint] | None = None) -> Plugins:
    """Import all plugins that are installed; runs their code.

    Args:
        taken: Names that plugins cannot have: those of the app's decoders, layers and envelopes.
        found: Entry points; those of the installed packages by default.
    """
    names = {BYTES, *taken}
    decoders: list[Decoder] = []
    layers: list[Layer] = []
    problems: list[PluginProblem] = []
    # In the order of their names: which of two wins must not depend on the folder's order.
    for entry in sorted(_installed() if found is None else found, key=_label):
        try:
            plugin = _check(_load(entry), names)
        except PluginError as error:
            log.warning("The plugin %s is left out. %s", _label(entry), error)
            problems.append(PluginProblem(_label(entry), str(error)))
            continue
        names.add(plugin.name)
        if isinstance(plugin, GuardedDecoder):
            decoders.append(plugin)
        else:
            layers.append(plugin)
    return Plugins(tuple(decoders), tuple(layers), tuple(problems))


def _installed() -> Iterable[EntryPoint]:
    """Each entry point once, although a package may be found twice on the path."""
    # Takes 30 ms to import, and is not needed to start.
    from importlib.metadata import entry_points

    return {(one.name, one.value): one for one in entry_points(group=GROUP)}.values()


def _label(entry: EntryPoint) -> str:
    package = entry.dist.name if entry.dist is not None else ""
    return f"{entry.name} ({package})" if package else entry.name


def _load(entry: EntryPoint) -> object:
    """What an entry point names, made if need be.

    Raises:
        PluginError: It cannot be imported or made.
    """
    try:
        found: object = entry.load()
        # A class or function makes one; what can be asked for a guess is one, callable or not.
        if callable(found) and (isinstance(found, type) or not hasattr(found, "sniff")):
            return found()
        return found
    except (Exception, SystemExit) as error:
        log.info("Loading the plugin %s.", _label(entry), exc_info=True)
        raise PluginError(f"It cannot be loaded: {describe(error)}.") from error


def _check(found: object, names: set[str]) -> GuardedDecoder | GuardedLayer:
    """A decoder or layer behind its guard.

    Raises:
        PluginError: It is none, or its name cannot be used.
    """
    try:
        is_decoder, is_layer = isinstance(found, Decoder), isinstance(found, Layer)
        if is_decoder == is_layer:
            raise PluginError(_shape_words(found, both=is_decoder))
        name, title, first = (getattr(found, word) for word in ("name", "title", "first_bytes"))
        first_bytes = _first_bytes(first)
    except PluginError:
        raise
    except (Exception, SystemExit) as error:
        raise PluginError(f"It cannot be asked what it is called: {describe(error)}.") from error
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise PluginError(
            f"Its name is {quoted(str(name))}; a name has small letters, digits, “-” and “_”."
        )
    if name in names or _FRAME_WORD.fullmatch(name):
        raise PluginError(f"The name {quoted(name)} is taken; another one would do.")
    if not isinstance(title, str) or not title.strip() or len(title) > _MAX_TITLE:
        raise PluginError(f"Its title is no text of 1 to {_MAX_TITLE} characters.")
    if isinstance(found, Decoder):
        return GuardedDecoder(found, name, title, first_bytes)
    assert isinstance(found, Layer)
    return GuardedLayer(found, name, title, first_bytes)


def _shape_words(found: object, *, both: bool) -> str:
    kind = quoted(type(found).__name__)
    if both:
        return f"{kind} is a decoder and a compression at once; make two of it."
    missing = [
        word for word in ("name", "title", "first_bytes", "sniff") if not hasattr(found, word)
    ]
    if not missing:
        missing = ["decode and preview, or unpack"]
    return f"{kind} is neither a decoder nor a compression: it lacks {', '.join(missing)}."


def _first_bytes(first: object) -> frozenset[int] | None:
    if first is None:
        return None
    if isinstance(first, bytes | bytearray | set | frozenset | tuple | list):
        values = frozenset(first)
        if all(isinstance(value, int) and 0 <= value < 256 for value in values):
            return frozenset(int(value) for value in values)
    raise PluginError("Its first_bytes are neither None nor numbers from 0 to 255.")


def describe(error: BaseException) -> str:
    """An exception in some words: its kind and what it says."""
    text = " ".join(str(error).split()).rstrip(".")[:160]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
