"""Messages between Jupyter's clients and kernels, messaging protocol 5. Pure, any thread.

Source: jupyter_client's documentation, "Messaging in Jupyter" (the wire protocol).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.json_head import CutFields, read_object
from zmqscope.core.envelopes.jupyter_keys import KeyRing, Verdict
from zmqscope.core.envelopes.summary import CutText, brief, fit, join, quote
from zmqscope.core.types import SocketType
from zmqscope.core.wording import counted

DELIMITER = b"<IDS|MSG>"
"""Stands between routing ids and the message itself."""

_PARTS = ("delimiter", "signature", "header", "parent header", "metadata", "content")
_NAMED_BUFFERS = 64
_PUBLISHING = (SocketType.PUB, SocketType.SUB, SocketType.XPUB, SocketType.XSUB)
_PUBLISHED, _SHELL = Note("Channel: iopub."), Note("Channel: shell or control.")
_IOPUB, _STDIN, _CONTROL = (
    Note(f"Channel: {word}, going by its type.") for word in ("iopub", "stdin", "control")
)
_CHANNELS = {
    **dict.fromkeys(("stream", "status", "error", "execute_input", "execute_result"), _IOPUB),
    **dict.fromkeys(("display_data", "update_display_data", "clear_output"), _IOPUB),
    **dict.fromkeys(("debug_event", "iopub_welcome"), _IOPUB),
    **dict.fromkeys(("input_request", "input_reply"), _STDIN),
    **dict.fromkeys(("shutdown_request", "interrupt_request", "interrupt_reply"), _CONTROL),
    **dict.fromkeys(("debug_request", "debug_reply"), _CONTROL),
}

_Fields = Mapping[str, object]


class Jupyter:
    """The envelope.

    Attributes:
        keys: Keys for ``check``, empty at first; the user adds connection files.
    """

    name = "jupyter"
    title = "Jupyter"

    def __init__(self) -> None:
        self.keys = KeyRing()

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        if DELIMITER not in outline.heads:
            return None
        at = outline.heads.index(DELIMITER)
        if outline.frame_count < at + len(_PARTS):
            return None
        header = _fields(outline, at + 2) or {}
        kind = header.get("msg_type")
        is_known = isinstance(kind, str) and not isinstance(kind, CutText) and bool(kind)
        notes: list[Note] = []
        if is_known:
            content = _fields(outline, at + 5)
            summary = join((str(kind), _content(str(kind), content or {})))
        else:
            summary = "a message whose header has no msg_type"
            notes.append(Note("The header is not what Jupyter's messages begin with.", True))
        is_topic = outline.socket_type in _PUBLISHING
        channel = _channel(kind, is_topic)
        notes.append(channel)
        buffers = min(outline.frame_count - at - len(_PARTS), _NAMED_BUFFERS)
        return Sighting(
            self.name,
            0.99 if is_known else 0.6,
            summary,
            _frame_names(
                at,
                buffers,
                has_topic=is_topic or channel is _IOPUB,
                is_typed=kind == "input_reply",
            ),
            at + 5,
            tuple(notes),
        )

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Never called: all frames are of other formats."""
        raise DecodeError("Jupyter's frames are JSON.")

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Whether the signature is right, and which message this one answers."""
        at = sighting.body - 5
        if at < 0 or len(frames) < at + len(_PARTS):
            return ()
        notes = [self._signature_note(frames[at + 1], frames[at + 2 : at + 6])]
        parent = read_object(frames[at + 3], len(frames[at + 3])) or {}
        if isinstance(kind := parent.get("msg_type"), str):
            msg_id = fit(str(parent.get("msg_id", "")), 80)
            notes.append(
                Note(f"It belongs to {quote(kind, 60)[1:-1]} {msg_id}.".replace(" .", "."))
            )
        return tuple(notes)

    def _signature_note(self, signature: bytes, signed: tuple[bytes, ...]) -> Note:
        verdict, key = self.keys.verify(signature, signed)
        if verdict is Verdict.RIGHT and key is not None:
            return Note(f"Signature is right ({key.title}).")
        if verdict is Verdict.NO_KEYS:
            return Note("Signature not checked: no connection file given.")
        if verdict is Verdict.TOO_LARGE:
            return Note(
                f"Signature not checked: {counted(sum(map(len, signed)), 'byte')} are too many."
            )
        if verdict is Verdict.UNSIGNED:
            if key is not None:
                return Note(f"Not signed: the key is empty ({key.title}).")
            return Note("Not signed: the signature is empty.", is_bad=bool(self.keys.keys))
        given = self.keys.keys
        whose = f"the key of {given[0].title}" if len(given) == 1 else f"any of {len(given)} keys"
        return Note(
            f"Signature is wrong: not made with {whose}, or the message was changed.", is_bad=True
        )


def _fields(outline: Outline, index: int) -> dict[str, object] | None:
    if index >= len(outline.heads):
        return None
    return read_object(outline.heads[index], outline.sizes[index])


@lru_cache(maxsize=256)
def _frame_names(
    before: int, buffers: int, *, has_topic: bool, is_typed: bool
) -> tuple[FrameName, ...]:
    """Names of all frames; made once for each shape of a message.

    Args:
        before: Frames before the delimiter.
        buffers: Frames behind the content.
        has_topic: Whether the last one before the delimiter is a topic.
        is_typed: Whether the content is what somebody typed, which may be a password.
    """
    ids = [FrameName("routing id")] * before
    if has_topic and before:
        ids[-1] = FrameName("topic", "text")
    return (
        *ids,
        FrameName("delimiter", "text"),
        FrameName("signature", "text"),
        *(FrameName(label, "json") for label in _PARTS[2:-1]),
        FrameName(_PARTS[-1], "json", is_secret=is_typed),
        *(FrameName(f"buffer {number}") for number in range(1, buffers + 1)),
    )


def _channel(kind: object, is_topic: bool) -> Note:
    """The channel, as far as type of socket and message tell: all have frames of one form."""
    if is_topic:
        return _PUBLISHED
    return _CHANNELS.get(kind, _SHELL) if isinstance(kind, str) else _SHELL


# ---- one line of content ----------------------------------------------------------------------


def _text(fields: _Fields, key: str) -> str:
    value = fields.get(key)
    return quote(value, is_cut=isinstance(value, CutText)) if isinstance(value, str) else ""


def _plain(fields: _Fields, key: str, most: int = 60) -> str:
    """A word of the protocol's own, without quotes; what is odd about it is escaped."""
    value = fields.get(key)
    if isinstance(value, str):
        return quote(value, most, is_cut=isinstance(value, CutText))[1:-1]
    return "" if value is None else brief(value, most)


def _number(fields: _Fields, key: str = "execution_count") -> str:
    value = fields.get(key)
    return f"[{value}]" if isinstance(value, int) and abs(value) < 10**12 else ""


def _error(fields: _Fields) -> str:
    name, value = _plain(fields, "ename"), _plain(fields, "evalue", 160)
    return f"{name}: {value}" if value else name


def _reply(fields: _Fields) -> str:
    status = _plain(fields, "status")
    if status == "error":
        return join((status, _number(fields), _error(fields)))
    return join((status, _number(fields)))


def _data(fields: _Fields) -> str:
    """Output: its MIME types, and the text among them."""
    data = fields.get("data")
    if not isinstance(data, dict):
        return _number(fields)
    kinds = [kind for kind in data if kind != "text/plain"]
    shown = ", ".join(quote(kind, 40)[1:-1] for kind in kinds[:4])
    more = f" and {len(kinds) - 4} more" if len(kinds) > 4 else ""
    if isinstance(data, CutFields):
        more = " …" if kinds else ""
    return join((_number(fields), shown + more, _text(data, "text/plain")))


def _flags(fields: _Fields, *keys: str) -> str:
    return join(key for key in keys if fields.get(key) is True)


def _matches(fields: _Fields) -> str:
    matches = fields.get("matches")
    found = counted(len(matches), "match", "matches") if isinstance(matches, list) else ""
    return join((_plain(fields, "status"), found))


def _history(fields: _Fields) -> str:
    history = fields.get("history")
    found = counted(len(history), "entry", "entries") if isinstance(history, list) else ""
    return join((_plain(fields, "status"), found))


def _at_cursor(fields: _Fields) -> str:
    cursor = fields.get("cursor_pos")
    place = f"at {cursor}" if isinstance(cursor, int) and 0 <= cursor < 10**9 else ""
    return join((_text(fields, "code"), place))


def _kernel_info(fields: _Fields) -> str:
    language = fields.get("language_info")
    words = (
        (_plain(language, "name"), _plain(language, "version"))
        if isinstance(language, dict)
        else ()
    )
    about = (_plain(fields, "implementation"), _plain(fields, "implementation_version"))
    return join((_plain(fields, "status"), *about, *words))


def _typed(fields: _Fields) -> str:
    # What somebody typed may be a password: only the request before it would tell.
    value = fields.get("value")
    if isinstance(value, CutText):
        return f"{len(value):,} or more characters"
    return counted(len(value), "character") if isinstance(value, str) else ""


def _found(fields: _Fields) -> str:
    known = {True: "found", False: "nothing found"}
    found = fields.get("found")
    return join((_plain(fields, "status"), known[found] if isinstance(found, bool) else ""))


def _comms(fields: _Fields) -> str:
    comms = fields.get("comms")
    found = counted(len(comms), "comm") if isinstance(comms, dict) else ""
    if isinstance(comms, CutFields):
        found = f"{len(comms):,} or more comms"
    return join((_plain(fields, "status"), found))


_CONTENTS: dict[str, Callable[[_Fields], str]] = {
    "execute_request": lambda f: join((_text(f, "code"), _flags(f, "silent"))),
    "execute_input": lambda f: join((_number(f), _text(f, "code"))),
    "stream": lambda f: join((_plain(f, "name"), _text(f, "text"))),
    "status": lambda f: _plain(f, "execution_state"),
    "error": _error,
    "display_data": _data,
    "update_display_data": _data,
    "execute_result": _data,
    "input_request": lambda f: join((_text(f, "prompt"), _flags(f, "password"))),
    "input_reply": _typed,
    "complete_request": _at_cursor,
    "complete_reply": _matches,
    "inspect_request": _at_cursor,
    "inspect_reply": _found,
    "is_complete_request": lambda f: _text(f, "code"),
    "history_request": lambda f: join((_plain(f, "hist_access_type"), _text(f, "pattern"))),
    "history_reply": _history,
    "kernel_info_reply": _kernel_info,
    "shutdown_request": lambda f: _flags(f, "restart"),
    "shutdown_reply": lambda f: join((_plain(f, "status"), _flags(f, "restart"))),
    "comm_open": lambda f: join((_plain(f, "target_name"), _plain(f, "comm_id"))),
    "comm_msg": lambda f: _plain(f, "comm_id"),
    "comm_close": lambda f: _plain(f, "comm_id"),
    "comm_info_request": lambda f: _plain(f, "target_name"),
    "comm_info_reply": _comms,
    "debug_request": lambda f: _plain(f, "command"),
    "debug_reply": lambda f: join((_plain(f, "command"), _plain(f, "message", 160))),
    "debug_event": lambda f: _plain(f, "event"),
    "clear_output": lambda f: _flags(f, "wait"),
}


def _content(kind: str, fields: _Fields) -> str:
    known = _CONTENTS.get(kind)
    if known is not None:
        return known(fields)
    return _reply(fields) if kind.endswith("_reply") else ""
