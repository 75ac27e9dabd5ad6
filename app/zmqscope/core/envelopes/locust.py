"""Messages between Locust's master and its workers. Pure, any thread.

Source: Locust 2, ``locust/rpc/protocol.py`` and ``locust/runners.py``.
"""

from __future__ import annotations

import re

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.msgpack_head import HeadEndError, MsgpackHead
from zmqscope.core.envelopes.summary import brief, fit, join, quote
from zmqscope.core.wording import counted

_ARRAY_OF_3 = 0x93
_TYPES = frozenset(
    (
        *("client_ready", "client_stopped", "ready", "heartbeat", "stats", "logs", "exception"),
        *("spawn", "spawning", "spawning_complete", "stop", "quit", "reconnect", "ack"),
        *("update_user_class", "update_load_stats", "hatch", "hatching", "hatch_complete"),
    )
)
# A host's name and a UUID, as a worker calls itself.
_NODE = re.compile(r".{1,255}_[0-9a-f]{32}", re.DOTALL)
_LONGEST_TYPE, _LONGEST_ID = 64, 300
# Fields of messages that may be long.
_FIELDS = frozenset(
    ("stats", "stats_total", "errors", "user_classes_count", "worker_id", "traceback")
)


class Locust:
    """The envelope."""

    name = "locust"
    title = "Locust"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        heads = outline.heads
        if not 1 <= outline.frame_count == len(heads) <= 2:
            return None
        last = heads[-1]
        # An array of three whose first element is a short text.
        if len(last) < 4 or last[0] != _ARRAY_OF_3 or not 0xA1 <= last[1] <= 0xD9:
            return None
        try:
            reader = MsgpackHead(last)
            reader.array()
            kind = reader.value()
        except HeadEndError:
            return None
        if not isinstance(kind, str) or not 0 < len(kind) <= _LONGEST_TYPE:
            return None
        data, node = _rest(reader)
        is_cut = node is None and not outline.is_whole(len(heads) - 1)
        confidence = _confidence(heads, kind, data, node, is_cut=is_cut)
        if not confidence:
            return None
        who = node if isinstance(node, str) else _name(heads[0]) if len(heads) == 2 else ""
        frames = (FrameName("node id", "text"),) if len(heads) == 2 else ()
        return Sighting(
            self.name,
            confidence,
            join((quote(kind)[1:-1], fit(_data(kind, data, reader.is_cut), 200), _short(who))),
            (*frames, FrameName("message", "msgpack")),
            len(heads) - 1,
        )

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Never called: the message is MessagePack."""
        raise DecodeError("Locust's messages are MessagePack.")

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing needs the frames whole."""
        return ()


def _rest(reader: MsgpackHead) -> tuple[object, object]:
    """Data and node; of data that are cut, what is here of a map."""
    data: object = None
    try:
        data = reader.fields() if reader.has_map() else reader.value()
        return data, None if reader.is_cut else reader.value()
    except HeadEndError:
        return data, None


def _confidence(
    heads: tuple[bytes, ...], kind: str, data: object, node: object, *, is_cut: bool
) -> float:
    """How sure it is; 0 if it is none of Locust's."""
    is_known = kind in _TYPES
    if isinstance(node, str) and node:
        is_node = _NODE.fullmatch(node) is not None or _is_routing_id(heads, node)
        return (0.97 if is_known else 0.8) if is_node else 0.0
    # A message without a node is not Locust's; of one that is cut, the rest has to do.
    if not is_cut or not is_known:
        return 0.0
    if len(heads) == 2 and _NODE.fullmatch(_name(heads[0])):
        return 0.95
    fits = isinstance(data, dict) and not _FIELDS.isdisjoint(data)
    return 0.9 if fits else 0.6


def _is_routing_id(heads: tuple[bytes, ...], node: str) -> bool:
    return len(heads) == 2 and heads[0] == node.encode("utf-8", "replace")


def _name(routing_id: bytes) -> str:
    return routing_id[:_LONGEST_ID].decode("utf-8", "replace")


def _short(node: str) -> str:
    """A node's name with the first digits of its UUID."""
    if _NODE.fullmatch(node):
        node = f"{node[:-32]}{node[-32:-26]}…"
    return f"({quote(node, 60)[1:-1]})" if node else ""


def _data(kind: str, data: object, is_cut: bool) -> str:
    if not isinstance(data, dict):
        return "" if data is None else brief(data)
    match kind:
        case "heartbeat":
            return _state(data.get("state"), data.get("current_cpu_usage"))
        case "stats":
            return join((_requests(data), _users(data.get("user_count"))))
        case "spawn" | "spawning_complete":
            return _users(data.get("user_classes_count", data.get("user_count")))
        case "exception":
            return brief(data.get("msg"), 120)
        case "logs" if isinstance(logs := data.get("logs"), list):
            return counted(len(logs), "line")
        case "ack" if isinstance(index := data.get("index"), int):
            return f"worker {brief(index)}"
        case _:
            return f"{len(data):,} or more fields" if is_cut else counted(len(data), "field")


def _state(state: object, cpu: object) -> str:
    load = f"cpu {cpu:.0f} %" if isinstance(cpu, int | float) and abs(cpu) < 10**6 else ""
    return join((quote(state)[1:-1] if isinstance(state, str) else "", load))


def _requests(data: dict[object, object]) -> str:
    total = data.get("stats_total")
    if not isinstance(total, dict):
        return ""
    requests, failures = total.get("num_requests"), total.get("num_failures")
    return ", ".join(
        counted(number, word)
        for number, word in ((requests, "request"), (failures, "failure"))
        if isinstance(number, int) and (number or word == "request") and abs(number) < 10**15
    )


def _users(users: object) -> str:
    if isinstance(users, dict):
        users = sum(number for number in users.values() if isinstance(number, int))
    return counted(users, "user") if isinstance(users, int) and abs(users) < 10**15 else ""
