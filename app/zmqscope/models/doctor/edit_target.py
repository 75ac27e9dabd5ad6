"""What of a socket has to be changed to mend a finding. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from zmqscope.core.diagnosis.finding import Finding, Rule
from zmqscope.core.types import Role, SocketSpec


class EditPlace(Enum):
    """Where that is changed."""

    SPEC = auto()
    """The whole spec, in a dialog: the type cannot be changed otherwise."""
    ENDPOINTS = auto()
    """The details, at the endpoints."""
    TOPICS = auto()
    """The details, at the subscriptions or groups."""
    OPTION = auto()
    """The details, at one option."""


@dataclass(frozen=True, slots=True)
class EditTarget:
    """Where, and which option.

    Attributes:
        place: Where.
        option: The option's name; empty unless the place is one.
    """

    place: EditPlace = EditPlace.ENDPOINTS
    option: str = ""


_PLACES = {
    Rule.TYPES_DO_NOT_FIT: EditPlace.SPEC,
    Rule.NO_SUBSCRIPTION: EditPlace.TOPICS,
    Rule.SUBSCRIPTION_MATCHES_NOTHING: EditPlace.TOPICS,
    Rule.SLOW_SUBSCRIBER: EditPlace.TOPICS,
}


def edit_target(finding: Finding, spec: SocketSpec) -> EditTarget:
    """What "Edit" under a finding leads to; the endpoints unless something else is known."""
    option = _option(finding, spec)
    if option:
        return EditTarget(EditPlace.OPTION, option)
    return EditTarget(_PLACES.get(finding.rule, EditPlace.ENDPOINTS))


def _option(finding: Finding, spec: SocketSpec) -> str:
    match finding.rule:
        case Rule.UNTRUSTED_CERTIFICATE:
            is_bound = finding.endpoint is not None and finding.endpoint.role is Role.BIND
            return "wss_cert_pem" if is_bound else "wss_trust_pem"
        case Rule.CONFLATE_MULTIPART:
            return "conflate"
        case Rule.MESSAGE_TOO_LARGE if "maxmsgsize" in dict(spec.options):
            return "maxmsgsize"
    return ""
