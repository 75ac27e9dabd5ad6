"""The one-line form of a socket: ``TYPE:ITEM[,ITEM…]``. Reads and writes it. Pure, any thread.

An item is an endpoint to connect, ``@`` and an endpoint to bind, or ``key=value``; the keys are
``topic`` (any number of times), ``topics=none``, ``group`` (of a DISH, any number of times),
``name``, those of the lock (``spec_lock.py``) and the libzmq options by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zmqscope.core import percent
from zmqscope.core.endpoints import (
    TRANSPORTS,
    check_endpoint,
    looks_like_host_port,
    parse_endpoint,
)
from zmqscope.core.errors import SpecError, UserError
from zmqscope.core.groups import group_problem
from zmqscope.core.option_table import OPTIONS
from zmqscope.core.options import (
    check_option,
    find_option,
    format_option,
    options_conflict,
    parse_option,
)
from zmqscope.core.security.lock_check import lock_problem
from zmqscope.core.spec_lock import LOCK_KEYS, LockDraft, format_lock
from zmqscope.core.types import Endpoint, Problem, Role, SocketSpec, SocketType
from zmqscope.core.wording import nearest, quoted, type_this

_EVERYTHING = (b"",)
_TYPES = {kind.name.lower(): kind for kind in SocketType}
# The names of ZeroMQ 2.
_OLD_TYPES = {"xreq": "dealer", "xrep": "router"}
_KEYS = frozenset(
    ("topic", "topics", "group", "name", *LOCK_KEYS, *(option.name for option in OPTIONS))
)
_KEY_VALUE = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)", re.DOTALL)
# What may be a secret is never repeated.
_SECRET_WORD = re.compile(r"(?:secret|password|passwd|pass|key)\b", re.IGNORECASE)
# A bare port counts, so that the answer can say what to put in front of it.
_MEANT_AS_ENDPOINT = re.compile(r"^@|[:/]|^[0-9]+$")
_INSTEAD_OF_TOPIC = {
    SocketType.PUB: "Leave it out, and send the topic as the first frame.",
    SocketType.XPUB: "Leave it out, and send the topic as the first frame.",
    SocketType.RADIO: "Leave it out, and send the group as the first frame.",
}
_INSTEAD_OF_GROUP = {
    SocketType.RADIO: "Leave it out, and send the group as the first frame.",
    SocketType.SUB: "A SUB subscribes to topics: type topic= instead.",
    SocketType.XSUB: "An XSUB subscribes to topics: type topic= instead.",
}
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(slots=True)
class _Draft:
    """What has been read so far."""

    type: SocketType
    endpoints: list[Endpoint] = field(default_factory=list)
    topics: list[bytes] = field(default_factory=list)
    no_topics: bool = False
    name: str | None = None
    options: dict[str, int | bytes] = field(default_factory=dict)
    lock: LockDraft = field(default_factory=LockDraft)


def parse_spec(text: str) -> SocketSpec:
    """Read a spec such as ``sub:tcp://localhost:5556,topic=EUR,name=quotes``.

    A SUB without ``topic=`` subscribes to everything, unless ``topics=none`` says otherwise; an
    XSUB without it to nothing.

    Raises:
        SpecError: It is none; the sentence names the item.
        EndpointError: An endpoint in it is none, or the socket type cannot use it.
    """
    head, colon, rest = text.strip().partition(":")
    draft = _Draft(_parse_type(text.strip(), head, colon))
    if rest.strip():
        for item in rest.split(","):
            _read_item(draft, item.strip())
    if draft.no_topics and draft.topics:
        raise SpecError("“topics=none” does not go with “topic=”.", "Leave out one or the other.")
    spec = _finished(draft)
    conflict = options_conflict(spec) or lock_problem(spec)
    if conflict is not None:
        raise SpecError(conflict.text, conflict.hint)
    return spec


@dataclass(frozen=True, slots=True)
class SpecReading:
    """What can be read of a line that may be no spec yet.

    Attributes:
        spec: What was read, with endpoints, options and a server key that cannot be used as they
            were typed; None while there is no socket type.
        problem: Why the line is no spec; None if it is one.
        unread: Items that are neither an endpoint nor a key that there is, as they were typed.
    """

    spec: SocketSpec | None
    problem: Problem | None = None
    unread: tuple[str, ...] = field(default=(), repr=False)


def read_spec(text: str) -> SpecReading:
    """Read as much of a spec as there is: for a form that follows a line while one types it."""
    try:
        return SpecReading(parse_spec(text))
    except UserError as error:
        problem = error.problem
    head, _, rest = text.strip().partition(":")
    kind = _TYPES.get(head.strip().lower())
    if kind is None:
        return SpecReading(None, problem)
    draft, unread = _Draft(kind), []
    for item in map(str.strip, rest.split(",")):
        try:
            _read_item(draft, item)
        except UserError:
            if not _keep_as_typed(draft, item):
                unread.append(item)
    return SpecReading(_finished(draft), problem, tuple(filter(None, unread)))


def _keep_as_typed(draft: _Draft, item: str) -> bool:
    """Take an item in that cannot be used; False if nothing can be told of it."""
    pair = _KEY_VALUE.fullmatch(item)
    if pair is not None:
        key, value = pair[1].lower(), pair[2].strip()
        option = next((option.name for option in OPTIONS if option.name == key), None)
        if option is not None:
            draft.options.setdefault(option, value.encode(errors="replace"))
        elif key in LOCK_KEYS:
            draft.lock.keep_as_typed(key, value)
        elif key == ("group" if draft.type.can_join else "topic"):
            # An escape half typed, such as %F.
            topic = percent.decode(value, lenient=True)
            has_topics = draft.type.can_join or draft.type.can_subscribe
            if has_topics and topic not in draft.topics:
                draft.topics.append(topic)
        elif key == "name" and draft.name is None:
            draft.name = percent.decode(value, lenient=True).decode(errors="replace")
        return key in _KEYS
    if not item or _SECRET_WORD.match(item) or not _MEANT_AS_ENDPOINT.search(item):
        return False
    role = Role.BIND if item.startswith("@") else Role.CONNECT
    endpoint = Endpoint(role, item.removeprefix("@").strip())
    if endpoint.address and endpoint not in draft.endpoints:
        draft.endpoints.append(endpoint)
    return True


def _finished(draft: _Draft) -> SocketSpec:
    subscribes_to_all = draft.type is SocketType.SUB and not draft.topics and not draft.no_topics
    return SocketSpec(
        type=draft.type,
        endpoints=tuple(draft.endpoints),
        name=draft.name or "",
        subscriptions=_EVERYTHING if subscribes_to_all else tuple(draft.topics),
        options=tuple(draft.options.items()),
        lock=draft.lock.lock,
    )


def format_spec(spec: SocketSpec) -> str:
    """Write a spec; ``parse_spec`` gives it back."""
    items = [
        ("@" if endpoint.role is Role.BIND else "") + _encoded_text(endpoint.address)
        for endpoint in spec.endpoints
    ]
    if spec.type is SocketType.SUB and not spec.subscriptions:
        items.append("topics=none")
    elif spec.type is not SocketType.SUB or spec.subscriptions != _EVERYTHING:
        key = "group" if spec.type.can_join else "topic"
        items.extend(f"{key}={percent.encode(topic)}" for topic in spec.subscriptions)
    if spec.name:
        items.append(f"name={_encoded_text(spec.name)}")
    items.extend(format_lock(spec.lock))
    items.extend(f"{name}={format_option(name, value)}" for name, value in spec.options)
    return f"{spec.type.name.lower()}:{','.join(items)}"


def _encoded_text(text: str) -> str:
    # A window can hand over half a surrogate pair; no address or name that was read has one.
    return percent.encode(text.encode("utf-8", "replace"))


# ---- the type -------------------------------------------------------------------------------


def _parse_type(text: str, head: str, colon: str) -> SocketType:
    word = head.strip().lower()
    kind = _TYPES.get(word)
    if kind is not None and colon:
        return kind
    if not text:
        raise SpecError("The socket spec is empty.", "Type one such as sub:tcp://localhost:5556.")
    if kind is not None:
        raise SpecError(
            f"{quoted(text)} has no colon after the socket type.",
            f"Type {word}: and then an endpoint, such as {word}:tcp://localhost:5556.",
        )
    if not word or word.lstrip("@") in TRANSPORTS:
        raise _without_type(text, text.lstrip(":"))
    meant = _OLD_TYPES.get(word) or nearest(word, _TYPES)
    if meant is None and looks_like_host_port(text):
        raise _without_type(text, f"tcp://{text}")
    raise SpecError(
        f"{quoted(head.strip())} is no socket type.",
        f"Did you mean {meant}:?" if meant else f"Begin with one of {', '.join(_TYPES)}.",
    )


def _without_type(text: str, items: str) -> SpecError:
    hint = type_this(f"sub:{items}", "Begin with a type and a colon, such as sub:.")
    return SpecError(f"{quoted(text)} has no socket type in front.", hint)


# ---- the items ------------------------------------------------------------------------------


def _read_item(draft: _Draft, item: str) -> None:
    pair = _KEY_VALUE.fullmatch(item)
    if pair is not None:
        _read_pair(draft, pair[1].lower(), pair[2].strip(), item)
    elif not item:
        raise SpecError(
            "The spec has an empty item: two commas in a row, or one at an end.",
            "Delete a comma.",
        )
    elif _SECRET_WORD.match(item):
        raise SpecError(
            "An item that begins like a secret has no equals sign.",
            "Type secret=file:/path, secret=keyring:name or secret=session:name.",
        )
    elif not _MEANT_AS_ENDPOINT.search(item):
        raise _neither(item)
    else:
        _read_endpoint(draft, item)


def _neither(item: str) -> SpecError:
    word = item.lower()
    key = word if word in _KEYS else nearest(word, _KEYS)
    return SpecError(
        f"{quoted(item)} is neither an endpoint nor key=value.",
        f"Did you mean {key}=…?"
        if key
        else "Type an endpoint such as tcp://localhost:5556; a comma inside a value is %2C.",
    )


def _read_endpoint(draft: _Draft, item: str) -> None:
    role = Role.BIND if item.startswith("@") else Role.CONNECT
    endpoint = parse_endpoint(_decoded_address(item.removeprefix("@"), item), role)
    check_endpoint(draft.type, endpoint)
    if endpoint in draft.endpoints:
        raise SpecError(f"{quoted(item)} is there twice.", "Delete one of them.")
    draft.endpoints.append(endpoint)


def _decoded_address(text: str, item: str) -> str:
    # Lenient: the zone of an IPv6 address, as in [fe80::1%eth0], is written with a percent sign.
    decoded = percent.decode(text, lenient=True).decode("utf-8", "surrogateescape")
    if "%" in text and _NOT_IN_ADDRESSES.search(decoded):
        raise SpecError(
            f"{quoted(item)} decodes to bytes that no address has.",
            "Type a percent sign itself as %25.",
        )
    return decoded


def _read_pair(draft: _Draft, key: str, value: str, item: str) -> None:
    if key in ("topic", "topics"):
        _read_topic(draft, key, value, item)
    elif key == "group":
        _read_group(draft, value, item)
    elif key == "name":
        if draft.name is not None:
            raise SpecError(f"{quoted(item)} is a second name.", "Delete one of them.")
        draft.name = _decoded_name(value, item)
    elif key in LOCK_KEYS:
        draft.lock.read(key, value)
    else:
        option = find_option(key)
        number = parse_option(key, value)
        check_option(draft.type, key, number)
        if option.name in draft.options:
            raise SpecError(
                f"{quoted(item)} sets {option.name} a second time.", "Delete one of them."
            )
        draft.options[option.name] = number


def _read_topic(draft: _Draft, key: str, value: str, item: str) -> None:
    if draft.type.can_join:
        raise SpecError(
            f"{quoted(item)} has no place here: a DISH joins groups instead.",
            "Type group= and the group."
            if key == "topic"
            else "Leave it out: without group= it joins none.",
        )
    if not draft.type.can_subscribe:
        raise SpecError(
            f"{quoted(item)} has no place here: {_a(draft.type)} does not subscribe.",
            _INSTEAD_OF_TOPIC.get(draft.type, "Leave it out, or open a sub: socket."),
        )
    if key == "topics":
        if value.lower() != "none":
            raise SpecError(
                f"{quoted(item)} can only be “topics=none”.", "Type topic= once for each topic."
            )
        draft.no_topics = True
        return
    topic = percent.decode(value)
    if topic in draft.topics:
        raise SpecError(f"{quoted(item)} is there twice.", "Delete one of them.")
    draft.topics.append(topic)


def _read_group(draft: _Draft, value: str, item: str) -> None:
    if not draft.type.can_join:
        raise SpecError(
            f"{quoted(item)} has no place here: {_a(draft.type)} joins no groups.",
            _INSTEAD_OF_GROUP.get(draft.type, "Leave it out, or open a dish: socket."),
        )
    group = percent.decode(value)
    problem = group_problem(group)
    if problem is not None:
        raise SpecError(problem.text, problem.hint)
    if group in draft.topics:
        raise SpecError(f"{quoted(item)} is there twice.", "Delete one of them.")
    draft.topics.append(group)


def _a(kind: SocketType) -> str:
    return f"{'an' if kind.name.startswith('X') else 'a'} {kind.name}"


def _decoded_name(value: str, item: str) -> str:
    try:
        return percent.decode(value).decode("utf-8")
    except UnicodeDecodeError:
        raise SpecError(f"{quoted(item)} is not UTF-8 text.", "Type the name anew.") from None
