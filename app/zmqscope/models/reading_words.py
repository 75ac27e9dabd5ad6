"""What a frame was read as, in words: decoder, compressions, how sure that is. Pure, any thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.registry import LayerReading
from zmqscope.models.format import one_line
from zmqscope.models.formats import Formats, FrameFound
from zmqscope.models.inspected import Inspected

_MAX_TOPIC = 40
_INSIDE = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


def percent(confidence: float) -> str:
    """How sure a guess is; never all."""
    return f"{max(1, min(99, round(confidence * 100)))} %"


def format_title(formats: Formats, name: str) -> str:
    """A decoder's, compression's or protocol's name as users know it."""
    envelope = formats.envelopes.by_name.get(name)
    return formats.registry.title(name) if envelope is None else envelope.title


def source_words(message: Inspected, index: int) -> str:
    """What a frame is read as: compressions, then the decoder."""
    reading, formats = message.found(index).reading, message.formats
    names = [format_title(formats, layer.name) for layer in reading.layers]
    if reading.decoder:
        names.append(format_title(formats, reading.decoder))
    elif not names:
        return _tr("Bytes") if reading.data else _tr("Empty")
    else:
        names.append(_tr("bytes"))
    return _INSIDE.join(names)


def why_words(message: Inspected, index: int) -> str:
    """Why it is read so: ``guessed, 92 %``, ``chosen for topic imu``."""
    reading = message.found(index).reading
    if message.choice(index) is not None:
        if message.sticks_to_topic(index):
            return _tr("chosen for topic {0}").format(topic_words(message))
        return _tr("chosen for {0}").format(one_line(message.socket_name))
    if not reading.decoder:
        return _tr("not recognised") if reading.data and not reading.layers else ""
    sighting, name = message.sighting, message.name(index)
    if sighting is not None and name is not None and name.decoder == reading.decoder:
        return _tr("as {0} has it").format(format_title(message.formats, sighting.envelope))
    return _tr("guessed, {0}").format(percent(reading.confidence)) if reading.is_guess else ""


def topic_words(message: Inspected) -> str:
    """The message's topic in a sentence."""
    if message.topic is None:
        return ""
    text = message.topic[:_MAX_TOPIC].decode(errors="backslashreplace")
    return one_line(text) if text else _tr("“” (the empty one)")


def layer_words(formats: Formats, layer: LayerReading) -> str:
    """One compression: ``zlib 1,204 B → 8,431 B``."""
    title = format_title(formats, layer.name)
    if not layer.unpacked and layer.problem:
        return _tr("{0}: {1}").format(title, one_line(layer.problem))
    words = f"{title} {layer.packed:,} B → {layer.unpacked:,} B"
    if layer.is_cut:
        words += " " + _tr("and more")
    return words


def layers_words(formats: Formats, found: FrameFound) -> str:
    """All compressions of a frame, outermost first; empty if it has none."""
    return ", ".join(layer_words(formats, layer) for layer in found.reading.layers)


def problem_words(formats: Formats, found: FrameFound) -> str:
    """Why a frame is not shown as what it should be; empty if it is."""
    reading = found.reading
    if reading.problem:
        title = format_title(formats, reading.decoder)
        return _tr("Not {0}. {1}").format(title, one_line(reading.problem))
    for layer in reading.layers:
        if layer.problem and layer.unpacked:
            title = format_title(formats, layer.name)
            return _tr("{0} ends early: {1}").format(title, one_line(layer.problem))
        if layer.problem:
            return layer_words(formats, layer)
    return ""


def bytes_title(formats: Formats, found: FrameFound, *, packed: bool) -> str:
    """What the hex view shows: the frame, or what was inside a compression."""
    if packed or not found.is_packed:
        return _tr("The frame’s own bytes") if found.is_packed else ""
    last = found.reading.layers[-1]
    return _tr("Unpacked by {0}").format(format_title(formats, last.name))


def _tr(text: str) -> str:
    return QCoreApplication.translate("ReadingWords", text)
