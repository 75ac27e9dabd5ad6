"""What a frame was read as, in words: decoder, compressions, how sure that is. Pure, any thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.compressions import LayerReading
from zmqscope.core.decode.decoded import TextBody
from zmqscope.core.decode.encodings import encoding_title
from zmqscope.models.format import format_bytes, one_line
from zmqscope.models.formats import Formats, FrameFound
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.models.messages.row_reader import UNSURE_SIGN

_MAX_TOPIC = 40
_EXPECTED = ("utf-8", "ascii", "")
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


def without_layers(words: str) -> str:
    """The decoder alone, of what ``source_words`` gave."""
    layers, inside, decoder = words.rpartition(_INSIDE)
    return f"{inside}{decoder}".lstrip() if layers else words


def encoding_words(found: FrameFound) -> str:
    """The encoding of a text, where it is not the one that everybody expects."""
    decoded = found.reading.decoded
    for body in () if decoded is None else decoded.bodies:
        if isinstance(body, TextBody) and body.encoding not in _EXPECTED:
            return encoding_title(body.encoding)
    return ""


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
    return _guessed(reading.confidence) if reading.is_guess else ""


def unsure_words(message: Inspected, index: int) -> str:
    """How sure a guess is, as short as can be: ``≈ 92 %``; empty where nothing is guessed."""
    reading = message.found(index).reading
    is_told = why_words(message, index) != _guessed(reading.confidence)
    return "" if is_told else f"{UNSURE_SIGN} {percent(reading.confidence)}"


def _guessed(confidence: float) -> str:
    return _tr("guessed, {0}").format(percent(confidence))


def topic_words(message: Inspected) -> str:
    """The message's topic in a sentence."""
    if message.topic is None:
        return ""
    text = message.topic[:_MAX_TOPIC].decode(errors="backslashreplace")
    return one_line(text) if text else _tr("“” (the empty one)")


def layer_words(formats: Formats, layer: LayerReading) -> str:
    """One compression: ``zlib 1.2 kB → 8.4 kB``."""
    title = format_title(formats, layer.name)
    if not layer.unpacked and layer.problem:
        return _tr("{0}: {1}").format(title, one_line(layer.problem))
    return f"{title} {format_bytes(layer.packed)} → {_unpacked_words(layer)}"


def layers_words(formats: Formats, found: FrameFound) -> str:
    """All compressions of a frame: ``gzip 222 B → zlib 199 B → 404 B``; empty if it has none."""
    layers = found.reading.layers
    words = [
        f"{format_title(formats, layer.name)} {format_bytes(layer.packed)}"
        for layer in layers[:-1]
        if layer.unpacked
    ]
    words.extend(layer_words(formats, layer) for layer in layers[-1:])
    return " → ".join(words)


def layers_tip(formats: Formats, found: FrameFound) -> str:
    """The same to the byte, a line each."""
    return "\n".join(
        f"{format_title(formats, layer.name)} {layer.packed:,} B → {layer.unpacked:,} B"
        for layer in found.reading.layers
    )


def _unpacked_words(layer: LayerReading) -> str:
    size = format_bytes(layer.unpacked)
    return _tr("over {0}").format(size) if layer.is_cut else size


def problem_words(formats: Formats, found: FrameFound) -> str:
    """Why a frame is not shown as what it should be; empty if it is."""
    reading = found.reading
    if reading.blames_schema:
        return one_line(reading.problem)
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
