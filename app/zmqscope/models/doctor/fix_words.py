"""What the buttons under a finding say, and the spec that some ask for. Pure, any thread."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.diagnosis.finding import Finding, Fix, FixKind, Rule
from zmqscope.core.option_groups.flow import OUR_RCVHWM
from zmqscope.core.types import SocketSpec
from zmqscope.models.format import format_bytes, format_count, one_line

_CONTEXT = "FixWords"
_LIBZMQ_SNDHWM = 1_000
_HWM_STEP = 10
_MOST_HWM = 2_147_483_647
_MAX_ADDRESS = 80

_REOPENS = "The socket is opened again with it, so its peers connect anew."


class FixWords(NamedTuple):
    """A button in words.

    Attributes:
        title: What it says.
        tip: What it does, in one or two sentences.
    """

    title: str
    tip: str


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


_PLAIN: dict[FixKind, tuple[str, str]] = {
    FixKind.REOPEN: ("Reopen", "Close the socket and open it again as it is"),
    FixKind.CLOSE: ("Close", "Close the socket; it stays listed and can be reopened"),
    FixKind.EDIT: ("Edit…", "Change the socket’s endpoints, subscriptions and options"),
    FixKind.EDIT_LOCK: ("Edit lock…", "Change the mechanism, the keys or the password"),
    FixKind.EDIT_ACCESS: ("Edit access…", "Change who may come in"),
    FixKind.SUBSCRIBE_ALL: (
        "Subscribe to everything",
        "Add the empty prefix, which every topic begins with",
    ),
    FixKind.RELAX_REQ: (
        "Relax REQ",
        "Let it send again before the reply has come (req_relaxed), and drop late replies to older "
        f"requests (req_correlate). {_REOPENS}",
    ),
    FixKind.TURN_CONFLATE_OFF: (
        "Turn conflate off",
        f"Keep all messages, and all their frames. {_REOPENS}",
    ),
    FixKind.COMPOSE: ("Write a message…", "Go to the composer, with this socket chosen"),
    FixKind.SHOW_PEERS: ("Show peers", "Go to the list of the connected peers"),
    FixKind.LET_IN: ("Let in", "Let this peer in now, and if it comes back within five minutes"),
    FixKind.LET_IN_ALWAYS: (
        "Always let in",
        "Put its key, or its name with this very password, on the access list: you are not asked "
        "about it again, in later runs neither",
    ),
    FixKind.REFUSE: ("Refuse", "Turn this peer away now, and if it comes back within five minutes"),
}


def fix_words(fix: Fix, finding: Finding, spec: SocketSpec | None) -> FixWords:
    """What a fix's button says.

    Args:
        fix: The fix.
        finding: What it belongs to.
        spec: The socket's spec; None if it is gone.
    """
    match fix.kind:
        case FixKind.RECONNECT:
            return _at(fix, _tr("Reconnect"), _tr("Try again from the start"))
        case FixKind.PROBE:
            tip = _tr("Connect once and read what answers")
            return _at(fix, _tr("Probe…"), tip)
        case FixKind.REMOVE_ENDPOINT:
            return _at(fix, _tr("Remove endpoint"), _tr("Take the endpoint off the socket"))
        case FixKind.RAISE_HIGH_WATER_MARK:
            return _high_water_mark(fix, finding, spec)
        case FixKind.RAISE_MAX_MESSAGE_SIZE:
            return _max_message_size(fix)
    title, tip = _PLAIN[fix.kind]
    return FixWords(_tr(title), _tr(tip))


def _at(fix: Fix, title: str, tip: str) -> FixWords:
    if fix.endpoint is None:
        return FixWords(title, tip)
    address = one_line(fix.endpoint.address[:_MAX_ADDRESS])
    return FixWords(title, f"{tip}: {address}")


def _high_water_mark(fix: Fix, finding: Finding, spec: SocketSpec | None) -> FixWords:
    if spec is None:
        return FixWords(_tr("Raise the high-water mark"), "")
    option, value = high_water_mark(fix, finding, spec)
    if value == 0:
        title = _tr("Lift the high-water mark")
        tip = _tr("Set {0} to 0, which is no limit: the queue may grow until memory is full.")
        return FixWords(title, f"{tip.format(option)} {_tr(_REOPENS)}")
    title = _tr("Raise to {0}").format(format_count(value))
    tip = _tr("Set {0} to {1} messages for each peer.").format(option, format_count(value))
    return FixWords(title, f"{tip} {_tr(_REOPENS)}")


def _max_message_size(fix: Fix) -> FixWords:
    if fix.value <= 0:
        return FixWords(_tr("Lift the limit"), f"{_tr('Take maxmsgsize away.')} {_tr(_REOPENS)}")
    size = format_bytes(fix.value)
    tip = _tr("Set maxmsgsize to {0}.").format(size)
    return FixWords(_tr("Allow {0}").format(size), f"{tip} {_tr(_REOPENS)}")


def fixed_spec(fix: Fix, finding: Finding, spec: SocketSpec) -> SocketSpec | None:
    """The spec with which the socket is opened again; None if this fix does not ask for that.

    Args:
        fix: The fix.
        finding: What it belongs to.
        spec: The spec as it is.
    """
    match fix.kind:
        case FixKind.RELAX_REQ:
            return _with_options(spec, ("req_relaxed", 1), ("req_correlate", 1))
        case FixKind.RAISE_HIGH_WATER_MARK:
            return _with_options(spec, high_water_mark(fix, finding, spec))
        case FixKind.RAISE_MAX_MESSAGE_SIZE:
            if fix.value <= 0:
                return _without(spec, "maxmsgsize")
            return _with_options(spec, ("maxmsgsize", fix.value))
        case FixKind.TURN_CONFLATE_OFF:
            return _without(spec, "conflate")
    return None


def high_water_mark(fix: Fix, finding: Finding, spec: SocketSpec) -> tuple[str, int]:
    """The option that a raise is about, and its new value in messages; 0 is no limit."""
    receives = not spec.type.can_send or (
        finding.rule is Rule.SLOW_SUBSCRIBER and spec.type.can_subscribe
    )
    option, default = ("rcvhwm", OUR_RCVHWM) if receives else ("sndhwm", _LIBZMQ_SNDHWM)
    if fix.value:
        return option, fix.value
    now = dict(spec.options).get(option, default)
    return option, min(int(now) * _HWM_STEP, _MOST_HWM)


def _with_options(spec: SocketSpec, *changed: tuple[str, int]) -> SocketSpec:
    kept = _without(spec, *(name for name, _ in changed)).options
    return replace(spec, options=(*kept, *changed))


def _without(spec: SocketSpec, *names: str) -> SocketSpec:
    """The spec with libzmq's defaults for these options."""
    kept = tuple(pair for pair in spec.options if pair[0] not in names)
    return replace(spec, options=kept)
