"""A message as a complete pyzmq script that sends it from the same kind of socket. GUI thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication

from zmqscope.core.endpoints import is_ipv6, transport_of
from zmqscope.core.errors import UserError
from zmqscope.core.option_table import OptionForm
from zmqscope.core.options import find_option
from zmqscope.core.types import Role, SocketSpec, SocketType
from zmqscope.models.composer.message_draft import MessageDraft
from zmqscope.models.composer.python_literal import bytes_literal, literal, text_literal
from zmqscope.models.composer.python_lock import lock_ending, lock_imports, lock_lines
from zmqscope.models.format import format_bytes

_CONTEXT = "PythonScript"

MAX_SCRIPT_BYTES = 1_000_000
"""Larger messages make no script that anybody could read."""

_RETRIES = (SocketType.ROUTER,)
_NEEDS_SUBSCRIBERS = (SocketType.PUB, SocketType.XPUB, SocketType.RADIO)
_OF_A_STOCK_WHEEL = (SocketType.DGRAM,)
"""Draft types that work in a libzmq without drafts: they speak no ZMTP."""
_WEB = ("ws", "wss")


def script_of(spec: SocketSpec, message: MessageDraft) -> str:
    """Write the script that sends a message whose frames can all be read.

    Raises:
        UserError: The message is too large.
    """
    if message.total_bytes > MAX_SCRIPT_BYTES:
        size = format_bytes(message.total_bytes)
        raise UserError(
            _tr("A message of {0} is too large to be written as a script.").format(size),
            _tr("Copy a smaller one, and let the script read the rest from a file."),
        )
    frames = [
        (data, draft.format.is_written_out and draft.held is None)
        for data, draft in zip(message.data() or (), message.drafts, strict=True)
    ]
    return script_for(spec, frames)


def script_for(spec: SocketSpec, frames: Sequence[tuple[bytes, bool]]) -> str:
    """Write the script.

    Args:
        spec: The socket as it is; its options, endpoints and subscriptions are set.
        frames: Each frame, and whether it reads as text rather than as bytes.

    Returns:
        Python source for pyzmq, ending in a line break.
    """
    lines = [*_imports(spec), "", *_needs(spec), "context = zmq.Context()", *_opening(spec), ""]
    literals = [literal(data, is_text) for data, is_text in frames]
    draws_up = _sending_draft if spec.type.is_draft else _sending
    lines += draws_up(spec.type, literals)
    lines += ["", "socket.close()", *lock_ending(spec.lock)]
    lines += ["context.term()  # waits until everything is sent", ""]
    return "\n".join(lines)


def _imports(spec: SocketSpec) -> list[str]:
    needs_time = spec.type in (*_RETRIES, *_NEEDS_SUBSCRIBERS) or (
        spec.type is SocketType.XSUB and _binds(spec)
    )
    standard, others = lock_imports(spec.lock)
    if needs_time:
        standard = sorted([*standard, "import time"], key=lambda line: line.startswith("from"))
    return [*standard, *([""] if standard else []), *others]


def _needs(spec: SocketSpec) -> Iterator[str]:
    """What the pyzmq that most people have cannot do."""
    lacks = False
    if spec.type.is_draft and spec.type not in _OF_A_STOCK_WHEEL:
        lacks = True
        yield f"# {spec.type.name} is a draft type: this needs a libzmq built with --enable-drafts"
        yield "# and a pyzmq built on it with ZMQ_DRAFT_API=1; pyzmq's wheels are built without."
        yield "if not zmq.DRAFT_API:"
        yield '    raise SystemExit("This pyzmq was built without draft socket types.")'
    for scheme in _WEB:
        if any(transport_of(endpoint) == scheme for endpoint in spec.endpoints):
            lacks = True
            yield f"# {scheme}:// needs a pyzmq whose libzmq has it; its wheels do not."
    if lacks:
        yield ""


def _binds(spec: SocketSpec) -> bool:
    return any(endpoint.role is Role.BIND for endpoint in spec.endpoints)


def _opening(spec: SocketSpec) -> Iterator[str]:
    yield f"socket = context.socket(zmq.{spec.type.name})"
    if spec.type is SocketType.ROUTER:
        yield "socket.set(zmq.ROUTER_MANDATORY, 1)  # or unknown routing ids are dropped in silence"
    if spec.type is SocketType.XSUB:
        yield "socket.set(zmq.LINGER, -1)  # an XSUB would not wait until everything is sent"
    if any(map(is_ipv6, spec.endpoints)) and "ipv6" not in dict(spec.options):
        yield "socket.set(zmq.IPV6, 1)"
    for name, value in spec.options:
        yield _option_line(name, value)
    yield from lock_lines(spec.lock)
    if _binds(spec):
        yield "# Close the socket in ZMQ Scope first: an address can be bound only once."
    if any(transport_of(endpoint) == "inproc" for endpoint in spec.endpoints):
        yield "# inproc reaches only sockets of the same context: bind the other end here too."
    for endpoint in spec.endpoints:
        verb = "bind" if endpoint.role is Role.BIND else "connect"
        yield f"socket.{verb}({text_literal(endpoint.address)})"
    if spec.type is SocketType.XSUB:
        if _binds(spec):
            yield "time.sleep(1)  # publishers need a moment to connect"
        for topic in spec.subscriptions:
            yield f"socket.send({bytes_literal(bytes([1]) + topic)})"


def _option_line(name: str, value: int | bytes) -> str:
    option = find_option(name)
    if option.number is None:
        return f"# {name} is an option of ZMQ Scope, not of libzmq."
    if option.form is OptionForm.PEM_PATH and isinstance(value, bytes):
        # libzmq wants what is in the file.
        path = literal(value, is_text=False)
        shown = value.decode("utf-8", "replace")
        if shown.encode() == value:
            path = text_literal(shown)
        return f'socket.set(zmq.{name.upper()}, open({path}, "rb").read())'
    return f"socket.set(zmq.{name.upper()}, {value!r})"


def _sending_draft(kind: SocketType, literals: list[str]) -> Iterator[str]:
    """Drafts send one frame; what names the other side goes beside it (zmq_msg_routing_id(3))."""
    if kind in _NEEDS_SUBSCRIBERS:
        yield "time.sleep(1)  # what nobody has joined yet is dropped"
    if kind.names_address:
        yield from _frames_list(literals)
        yield "socket.send_multipart(frames)"
    elif kind.has_groups:
        yield f"socket.send({literals[-1]}, group={literals[0]})"
    elif kind.routes_by_identity:
        yield "# Routing ids are new in each program: take that of whoever writes first."
        yield "first = socket.recv(copy=False)"
        yield f"socket.send({literals[-1]}, routing_id=first.routing_id)"
    else:
        yield f"socket.send({literals[-1]})"


def _sending(kind: SocketType, literals: list[str]) -> Iterator[str]:
    if kind in _NEEDS_SUBSCRIBERS:
        yield "time.sleep(1)  # what nobody has subscribed to yet is dropped"
    if kind is SocketType.REP:
        yield "print(socket.recv_multipart())  # a REP answers one request at a time"
    if kind is SocketType.STREAM:
        yield "# A STREAM's routing ids are new in each program: take that of the next connection."
        yield "routing_id, _ = socket.recv_multipart()"
        literals = ["routing_id", *literals[1:]]
    yield from _frames_list(literals)
    if kind in _RETRIES:
        yield from _SEND_WHEN_CONNECTED
    else:
        yield "socket.send_multipart(frames)"
    if kind is SocketType.REQ:
        yield "print(socket.recv_multipart())"


_SEND_WHEN_CONNECTED = (
    "while True:",
    "    try:",
    "        socket.send_multipart(frames)",
    "        break",
    "    except zmq.ZMQError as error:",
    "        if error.errno != zmq.EHOSTUNREACH:",
    "            raise",
    "        time.sleep(0.1)  # no peer with this routing id is connected yet",
)


def _frames_list(literals: list[str]) -> Iterator[str]:
    yield "frames = ["
    for each in literals:
        yield f"    {each},"
    yield "]"


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
