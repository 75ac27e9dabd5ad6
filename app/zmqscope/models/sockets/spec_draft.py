"""A socket spec as a form holds it while one types: texts, and what is wrong with each. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from string import hexdigits
from typing import TypeVar

from PySide6.QtCore import QCoreApplication

from zmqscope.core.endpoints import check_endpoint, parse_endpoint
from zmqscope.core.errors import SpecError, UserError
from zmqscope.core.groups import group_problem
from zmqscope.core.options import (
    check_option,
    find_option,
    format_option,
    parse_option,
)
from zmqscope.core.types import Endpoint, Problem, Role, SocketSpec, SocketType
from zmqscope.models.format import one_line
from zmqscope.models.security.lock_draft import (
    LockCheck,
    LockChoice,
    LockDraft,
    LockField,
    check_lock,
    draft_of_lock,
)
from zmqscope.models.security.lock_fit import unfit

_CONTEXT = "SpecDraft"
_OPTION_NAME = re.compile("[a-z_][a-z0-9_]*")
_T = TypeVar("_T")
_D = TypeVar("_D", "EndpointDraft", "TopicDraft", "OptionDraft")


@dataclass(frozen=True, slots=True)
class EndpointDraft:
    """An endpoint as typed."""

    role: Role = Role.CONNECT
    address: str = ""


@dataclass(frozen=True, slots=True)
class TopicDraft:
    """A topic prefix or a group as typed, as text (UTF-8) or as hex digits."""

    text: str = ""
    is_hex: bool = False


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """A libzmq option as typed."""

    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class SpecDraft:
    """All fields of the form.

    Attributes:
        type: The socket type.
        name: What the user calls it.
        endpoints: One for each row, blank ones too.
        topics: One for each row, groups on a DISH; kept, but not used, while the type has none.
        to_everything: Whether a SUB without topics subscribes to everything, or to nothing.
        options: One for each row, blank ones too.
        lock: The lock's fields.
    """

    type: SocketType = SocketType.SUB
    name: str = ""
    endpoints: tuple[EndpointDraft, ...] = (EndpointDraft(),)
    topics: tuple[TopicDraft, ...] = ()
    to_everything: bool = True
    options: tuple[OptionDraft, ...] = ()
    lock: LockDraft = field(default_factory=LockDraft)


class Part(Enum):
    """The lists of the form that something can be wrong in; of the lock, a field is a row."""

    ENDPOINTS = auto()
    TOPICS = auto()
    OPTIONS = auto()
    LOCK = auto()


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """What a draft amounts to.

    Attributes:
        spec: The spec; without the rows that cannot be used if there are any.
        typed: The same with those rows as they were typed, to be written as one line.
        problems: What is wrong, by list and row.
        complete: Whether the socket can be opened like this.
        missing: What the lock still lacks, in one sentence; empty if nothing.
        lacking: The lock's fields that are still empty.
    """

    spec: SocketSpec
    typed: SocketSpec
    problems: dict[tuple[Part, int], Problem]
    complete: bool
    missing: str = ""
    lacking: tuple[LockField, ...] = ()

    def beside(self, said: Problem | None) -> DraftCheck:
        """The same without what is said elsewhere already."""
        problems = {place: problem for place, problem in self.problems.items() if problem != said}
        return replace(self, problems=problems)


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def topic_draft(topic: bytes) -> TopicDraft:
    """A topic as someone would type it: text if it can be shown as such, else hex."""
    try:
        text = topic.decode()
    except UnicodeDecodeError:
        return TopicDraft(topic.hex(" "), is_hex=True)
    return TopicDraft(text) if text.isprintable() else TopicDraft(topic.hex(" "), is_hex=True)


def topic_words(topic: bytes) -> str:
    """A topic in one line, as a list shows it."""
    if not topic:
        return _tr("everything")
    draft = topic_draft(topic)
    return _tr("hex {0}").format(draft.text) if draft.is_hex else draft.text


def group_words(group: bytes) -> str:
    """A group in one line, as a list shows it."""
    return topic_words(group) if group else _tr("(empty)")


def parse_group(draft: TopicDraft) -> bytes:
    """The group that was typed.

    Raises:
        SpecError: It cannot be one.
    """
    group = parse_topic(draft, _tr("group"))
    problem = group_problem(group)
    if problem is not None:
        raise SpecError(problem.text, problem.hint)
    return group


def parse_topic(draft: TopicDraft, what: str = "topic") -> bytes:
    """The topic that was typed.

    Args:
        draft: As it was typed.
        what: What a sentence calls it.

    Raises:
        SpecError: It says hex and is not, or it is no text.
    """
    if not draft.is_hex:
        try:
            return draft.text.encode()
        except UnicodeEncodeError:
            raise SpecError(
                _tr("The {0} contains half a character.").format(what),
                _tr("Type it anew, or use hex."),
            ) from None
    digits = "".join(draft.text.split()).removeprefix("0x")
    wrong = next((char for char in digits if char not in hexdigits), None)
    if wrong is not None:
        raise SpecError(
            _tr("“{0}” is not a hex digit.").format(one_line(wrong)),
            _tr("Write each byte as two of 0 to 9 and a to f, or change hex to text."),
        )
    if len(digits) % 2:
        raise SpecError(
            _tr("A hex digit is missing at the end."), _tr("Each byte takes two, as in 45 55 52.")
        )
    return bytes.fromhex(digits)


def parse_endpoint_draft(socket_type: SocketType, draft: EndpointDraft) -> Endpoint:
    """The endpoint that was typed.

    Raises:
        EndpointError: No socket of this type could use it.
    """
    endpoint = parse_endpoint(draft.address, draft.role)
    check_endpoint(socket_type, endpoint)
    return endpoint


def _parse_option(socket_type: SocketType, draft: OptionDraft) -> tuple[str, int | bytes]:
    option = find_option(draft.name)
    value = parse_option(option.name, draft.value)
    check_option(socket_type, option.name, value)
    return option.name, value


# ---- the whole form -------------------------------------------------------------------------


def draft_of(spec: SocketSpec) -> SpecDraft:
    """A spec as someone would have typed it; there is always a row for an endpoint."""
    everything = spec.subscriptions == (b"",) and not spec.type.can_join
    topics = () if everything else tuple(topic_draft(topic) for topic in spec.subscriptions)
    endpoints = tuple(EndpointDraft(e.role, e.address) for e in spec.endpoints)
    options = tuple(OptionDraft(name, format_option(name, v)) for name, v in spec.options)
    return SpecDraft(
        spec.type,
        spec.name,
        endpoints or (EndpointDraft(),),
        topics,
        to_everything=spec.type is not SocketType.SUB or bool(spec.subscriptions),
        options=options,
        lock=draft_of_lock(spec.lock),
    )


def check_draft(draft: SpecDraft) -> DraftCheck:
    """What a draft amounts to, and what is wrong with each of its rows; blank rows are not."""
    kind = draft.type
    problems: dict[tuple[Part, int], Problem] = {}

    def collect(
        part: Part, rows: tuple[_D, ...], parse: Callable[[_D], _T], key: Callable[[_T], object]
    ) -> tuple[_T, ...]:
        found: dict[object, _T] = {}
        for index, row in enumerate(rows):
            if _is_blank(row):
                continue
            try:
                value = parse(row)
            except UserError as error:
                problems[part, index] = error.problem
                continue
            if key(value) in found:
                problems[part, index] = _repeated()
            found.setdefault(key(value), value)
        return tuple(found.values())

    endpoints = collect(
        Part.ENDPOINTS,
        draft.endpoints,
        lambda row: parse_endpoint_draft(kind, row),
        lambda endpoint: endpoint,
    )
    subscribed = draft.topics if kind.can_subscribe or kind.can_join else ()
    parse: Callable[[TopicDraft], bytes] = parse_group if kind.can_join else parse_topic
    topics = collect(Part.TOPICS, subscribed, parse, lambda topic: topic) or _all_or_none(draft)
    options = collect(
        Part.OPTIONS, draft.options, lambda row: _parse_option(kind, row), lambda option: option[0]
    )
    lock = check_lock(draft.lock)
    spec = SocketSpec(kind, endpoints, draft.name.strip(), topics, options, lock.lock)
    problems |= _lock_rows(lock, unfit(spec, draft.lock.choice))
    complete = bool(endpoints) and not problems and not lock.missing
    typed = spec if complete else _as_typed(draft, spec)
    return DraftCheck(spec, typed, problems, complete, lock.missing, lock.lacking)


def _repeated() -> Problem:
    return Problem(_tr("This is in the list already."), _tr("Change or remove one."))


def _all_or_none(draft: SpecDraft) -> tuple[bytes, ...]:
    """What a type subscribes to while no topic is typed."""
    wants_all = draft.type is SocketType.SUB and not draft.topics and draft.to_everything
    return (b"",) if wants_all else ()


def _lock_rows(lock: LockCheck, misfit: Problem | None) -> dict[tuple[Part, int], Problem]:
    rows = {(Part.LOCK, part.value): problem for part, problem in lock.problems.items()}
    if misfit is not None:
        rows[Part.LOCK, LockField.CHOICE.value] = misfit
    return rows


def lock_problems(check: DraftCheck) -> dict[LockField, Problem]:
    """What is wrong with the lock, by field."""
    return {
        LockField(row): problem
        for (part, row), problem in check.problems.items()
        if part is Part.LOCK
    }


def lock_reasons(draft: SpecDraft) -> dict[LockChoice, str]:
    """Why some locks cannot be had with the type and the endpoints that are typed."""
    spec = check_draft(replace(draft, lock=LockDraft())).spec
    found = ((choice, unfit(spec, choice)) for choice in LockChoice)
    return {choice: problem.text for choice, problem in found if problem is not None}


def _as_typed(draft: SpecDraft, spec: SocketSpec) -> SocketSpec:
    """The spec with endpoints and options as typed, so that the line loses none of them."""
    endpoints = (Endpoint(row.role, row.address.strip()) for row in draft.endpoints)
    known = dict(spec.options)
    options = {
        name: known.get(name, row.value.strip().encode(errors="replace"))
        for row in draft.options
        if _OPTION_NAME.fullmatch(name := row.name.strip().lower())
    }
    return replace(
        spec,
        endpoints=tuple(dict.fromkeys(e for e in endpoints if e.address)),
        options=tuple(options.items()),
    )


def _is_blank(row: EndpointDraft | TopicDraft | OptionDraft) -> bool:
    match row:
        case EndpointDraft():
            return not row.address.strip()
        case OptionDraft():
            return not row.name.strip() and not row.value.strip()
    return False  # an empty topic is one: everything


# ---- sentences beside the fields ------------------------------------------------------------


def endpoint_note(draft: SpecDraft) -> str:
    """What to type while there is no endpoint."""
    if any(row.address.strip() for row in draft.endpoints):
        return ""
    if draft.type is SocketType.DGRAM:
        return _tr(
            "Type the port to receive datagrams at; where one goes to stands in its first frame."
        )
    return _tr(
        "Type where a peer is bound, or choose bind to wait for peers; "
        "tcp://127.0.0.1:* binds to a free port."
    )


def topic_note(draft: SpecDraft) -> str:
    """What a missing or empty topic or group means."""
    if draft.type.can_join:
        return "" if draft.topics else _tr("It receives nothing until it joins a group.")
    if not draft.topics:
        if draft.type is SocketType.SUB:
            if draft.to_everything:
                return ""
            return _tr("It receives nothing until a topic is added.")
        return _tr("Without a topic it receives nothing until it sends a subscription.")
    if any(not row.text.strip() for row in draft.topics):
        return _tr("An empty topic is everything.")
    return ""
