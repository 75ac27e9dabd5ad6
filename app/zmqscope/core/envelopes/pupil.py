"""The IPC backbone and the remote of Pupil Core. Pure, any thread.

Source: Pupil's documentation, "Network API", and ``shared_modules/zmq_tools.py``.
"""

from __future__ import annotations

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.msgpack_head import HeadEndError, MsgpackHead
from zmqscope.core.envelopes.summary import brief, join, quote, unquoted
from zmqscope.core.wording import counted

_STARTS = (
    *("pupil", "gaze", "notify", "remote_notify", "delayed_notify", "logging", "frame"),
    *("fixation", "blink", "surface", "accuracy", "annotation", "remote_annotation"),
    *("hmd_streaming", "pingback_test", "head_pose", "eye_movement"),
)
_FIRST_BYTES = frozenset(start.encode()[0] for start in _STARTS)
_PORT_REQUESTS = (b"SUB_PORT", b"PUB_PORT")
_LONGEST_TOPIC = 120
# First bytes of maps: up to 15 pairs, and up to 65,535.
_MAPS = frozenset((*range(0x81, 0x90), 0xDE))
_SHOWN_FIELDS: dict[str, tuple[str, ...]] = {
    "pupil": ("id", "method", "confidence", "diameter", "norm_pos", "timestamp"),
    "gaze": ("confidence", "norm_pos", "timestamp"),
    "frame": ("format", "width", "height", "index", "timestamp"),
    "fixation": ("id", "duration", "dispersion", "confidence", "norm_pos"),
    "blink": ("type", "confidence", "timestamp"),
    "surface": ("name", "gaze_on_surfaces", "timestamp"),
    "annotation": ("label", "duration", "timestamp"),
    "logging": ("name", "msg"),
}
_OTHER_FIELDS = ("name", "label", "eye_id", "args", "timestamp", "confidence", "index")
_OWN = frozenset(("topic", "subject"))
# What tells a topic's messages from those of others that have a topic of the same first word.
_PROOFS: dict[str, frozenset[object]] = {
    "pupil": frozenset(("norm_pos", "diameter", "ellipse", "method")),
    "gaze": frozenset(("norm_pos", "base_data", "gaze_point_3d", "eye_centers_3d")),
    "frame": frozenset(("format", "width", "height", "index")),
    "logging": frozenset(("levelname", "levelno", "msg")),
    "fixation": frozenset(("dispersion", "base_data")),
    "blink": frozenset(("base_data", "confidence")),
    "surface": frozenset(("gaze_on_surfaces", "surf_to_img_trans", "surf_to_dist_img_trans")),
    "annotation": frozenset(("label", "duration")),
}


class Pupil:
    """The envelope."""

    name = "pupil"
    title = "Pupil Core"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        heads, start = outline.heads, outline.start
        if not heads:
            return None
        # A topic is counted as what comes before the payload; routing ids of a REQ are passed over.
        first = 0 if heads[0][:1] and heads[0][0] in _FIRST_BYTES else start
        if first >= len(heads):
            return None
        if outline.frame_count == first + 1:
            return self._see_request(outline, first)
        return self._see_message(outline, first)

    def _see_request(self, outline: Outline, first: int) -> Sighting | None:
        if outline.heads[first] not in _PORT_REQUESTS:
            return None
        names = (*_ids(outline, first), FrameName("request", "text"))
        return Sighting(self.name, 0.85, f"asks for {outline.heads[first].decode()}", names, first)

    def _see_message(self, outline: Outline, first: int) -> Sighting | None:
        if first + 1 >= len(outline.heads) or outline.sizes[first] > _LONGEST_TOPIC:
            return None
        body = outline.heads[first + 1]
        if not body or body[0] not in _MAPS:
            return None
        try:
            topic = outline.heads[first].decode("ascii")
        except UnicodeDecodeError:
            return None
        word = topic.split(".", 1)[0]
        start = next((each for each in _STARTS if word in (each, each + "s")), None)
        if start is None:
            return None
        try:
            fields = MsgpackHead(body).fields()
        except HeadEndError:
            return None
        confidence = _confidence(start, topic, fields)
        if not confidence:
            return None
        extra = outline.frame_count - first - 2
        return Sighting(
            self.name,
            confidence,
            join((quote(topic)[1:-1], _shown(start, fields), _raw(extra, outline, first))),
            (
                *_ids(outline, first),
                FrameName("topic", "text"),
                FrameName("payload", "msgpack"),
                *(FrameName(f"raw data {number}") for number in range(1, min(extra, 32) + 1)),
            ),
            first + 1,
        )

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Never called: payloads are MessagePack."""
        raise DecodeError("Pupil's payloads are MessagePack.")

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing needs the frames whole."""
        return ()


def _confidence(start: str, topic: str, fields: dict[object, object]) -> float:
    """How sure it is; 0 if the payload does not fit its topic."""
    subject = fields.get("subject")
    if start.endswith("notify"):
        return 0.95 if isinstance(subject, str) and topic == f"{start}.{subject}" else 0.0
    proofs = _PROOFS.get(start)
    proved = proofs is not None and len(proofs.intersection(fields)) >= min(2, len(proofs))
    if fields.get("topic") == topic:
        return 0.97 if proved else 0.8
    return 0.85 if proved else 0.0


def _shown(start: str, fields: dict[object, object]) -> str:
    known = _SHOWN_FIELDS.get(start)
    if start == "logging":
        return join(unquoted(brief(fields[key], 160)) for key in known or () if key in fields)
    shown = [
        f"{key}={brief(fields[key], 40)}"
        for key in known or _OTHER_FIELDS
        if fields.get(key) is not None
    ]
    if shown or known is not None:
        return join(shown)
    return join(
        f"{quote(str(key), 30)[1:-1]}={brief(value, 40)}"
        for key, value in list(fields.items())[:4]
        if key not in _OWN
    )


def _raw(extra: int, outline: Outline, first: int) -> str:
    if extra <= 0:
        return ""
    if extra == 1 and len(outline.sizes) == first + 3:
        return f"+ {counted(outline.sizes[-1], 'raw byte')}"
    return f"+ {counted(extra, 'raw frame')}"


def _ids(outline: Outline, first: int) -> tuple[FrameName, ...]:
    return tuple(FrameName("routing id" if head else "delimiter") for head in outline.heads[:first])
