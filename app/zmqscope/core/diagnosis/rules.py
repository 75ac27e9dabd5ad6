"""All rules of the doctor, and which finding makes which other one needless. Pure, any thread."""

from __future__ import annotations

from collections.abc import Iterator

from zmqscope.core.diagnosis import (
    answers,
    connection,
    cycles,
    doors,
    fallback,
    framing,
    guesses,
    handshake,
    publishing,
    reports,
    stalls,
)
from zmqscope.core.diagnosis.case import EndpointCheck, SocketCheck
from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.diagnosis.observation import EndpointView
from zmqscope.core.types import EndpointState, SocketType

# ---- rules about one endpoint -----------------------------------------------------------------

CONNECT_FAILURES: tuple[EndpointCheck, ...] = (
    handshake.mechanisms_differ,
    handshake.credentials_refused,
    handshake.authenticator_broken,
    handshake.types_do_not_fit,
    handshake.protocol_broken,
    guesses.wrong_server_key,
    guesses.no_authenticator,
    guesses.closes_at_once,
)
"""Only a connect of which something failed since it last succeeded."""

CONNECT_STATES: tuple[EndpointCheck, ...] = (
    guesses.silent_peer,
    guesses.nobody_listens,
    handshake.given_up,
    reports.link_report,
    connection.address_in_use,
    fallback.endpoint_problem,
)
"""Of any connect."""

DOOR_FAILURES: tuple[EndpointCheck, ...] = (
    doors.clients_with_wrong_key,
    doors.clients_of_another_mechanism,
    doors.clients_refused,
    doors.authenticator_failed,
    doors.authenticator_waits,
    doors.without_authenticator,
    doors.clients_of_another_type,
    doors.protocol_broken_at_door,
)
"""Only a bind at which something failed."""

DOOR_STATES: tuple[EndpointCheck, ...] = (
    doors.strangers,
    doors.old_zmtp,
    reports.link_report,
    connection.address_in_use,
    fallback.endpoint_problem,
)
"""Of any bind."""

LOSSES: tuple[EndpointCheck, ...] = (
    connection.message_too_large,
    connection.heartbeat_lost,
    connection.flapping,
)
"""Only where a connection ended."""

PAIRS: tuple[EndpointCheck, ...] = (connection.second_pair,)
"""Of a type with a single peer."""

# ---- rules about one socket -------------------------------------------------------------------

_ANY: tuple[SocketCheck, ...] = (fallback.socket_problem, doors.knocking, stalls.peer_stopped)
_SENDING: tuple[SocketCheck, ...] = (stalls.nobody_connected, stalls.high_water_mark)
_SUBSCRIBING: tuple[SocketCheck, ...] = (
    publishing.no_subscription,
    publishing.subscription_matches_nothing,
    publishing.slow_subscriber,
)
_PUBLISHING: tuple[SocketCheck, ...] = (
    publishing.slow_joiner,
    publishing.slow_subscriber,
    stalls.high_water_mark,
)
_CONFLATING: tuple[SocketCheck, ...] = (framing.conflate_multipart,)
_BY_NAME: tuple[SocketCheck, ...] = (framing.unknown_routing_id,)
_DELIMITED: tuple[SocketCheck, ...] = (framing.no_empty_delimiter,)

_OF_TYPE: dict[SocketType, tuple[SocketCheck, ...]] = {
    SocketType.PAIR: _SENDING,
    SocketType.PUB: (*_PUBLISHING, *_CONFLATING),
    SocketType.SUB: (*_SUBSCRIBING, *_CONFLATING),
    SocketType.REQ: (cycles.deadlock, stalls.req_waits, stalls.out_of_turn, *_SENDING),
    SocketType.REP: (stalls.rep_holds_request, stalls.out_of_turn),
    SocketType.DEALER: (*_SENDING, *_DELIMITED, *_CONFLATING),
    SocketType.ROUTER: (*_BY_NAME, *_DELIMITED, stalls.high_water_mark),
    SocketType.PULL: _CONFLATING,
    SocketType.PUSH: (*_SENDING, *_CONFLATING),
    SocketType.XPUB: _PUBLISHING,
    SocketType.XSUB: _SUBSCRIBING,
    SocketType.STREAM: _BY_NAME,
    SocketType.SERVER: (*_BY_NAME, stalls.high_water_mark),
    SocketType.CLIENT: _SENDING,
    SocketType.RADIO: _PUBLISHING,
    SocketType.DISH: _SUBSCRIBING,
    SocketType.GATHER: (),
    SocketType.SCATTER: _SENDING,
    SocketType.DGRAM: (),
    SocketType.PEER: (*_BY_NAME, stalls.high_water_mark),
    SocketType.CHANNEL: _SENDING,
}

SOCKET_RULES: dict[SocketType, tuple[SocketCheck, ...]] = {
    kind: (*_ANY, *checks) for kind, checks in _OF_TYPE.items()
}
"""The rules about a socket as a whole, for each type."""

CLOSED_RULES: tuple[SocketCheck, ...] = (fallback.socket_problem,)
"""Of a socket that is not open."""

_ONE_PEER = (SocketType.PAIR, SocketType.CHANNEL)


def checks_of(kind: SocketType, view: EndpointView) -> Iterator[EndpointCheck]:
    """The rules that can find anything about an endpoint: most are well, and cost nothing.

    Args:
        kind: The type of its socket.
        view: The endpoint.
    """
    if view.status.state is EndpointState.CLOSED:
        return
    is_connect = view.is_connect
    if view.answer is not None:
        yield answers.answered
    has_failed = is_connect and view.status.state is EndpointState.FAILED
    if has_failed or view.attempts.has_failed_handshakes:
        yield from CONNECT_FAILURES if is_connect else DOOR_FAILURES
    if view.attempts.losses:
        yield from LOSSES
    if not is_connect:
        yield from DOOR_STATES
    elif not view.status.peers or view.waiting or view.status.problem is not None:
        yield from CONNECT_STATES
    if kind in _ONE_PEER:
        yield from PAIRS


# ---- one cause, one card ----------------------------------------------------------------------

_TOLD_BY_HANDSHAKE = frozenset(
    {
        *(Rule.WRONG_SERVER_KEY, Rule.NO_AUTHENTICATOR, Rule.CLOSES_AT_ONCE, Rule.SILENT_PEER),
        *(Rule.AUTHENTICATOR_SILENT, Rule.NOBODY_LISTENS, Rule.GIVEN_UP, Rule.FLAPPING),
        *(Rule.NOBODY_CONNECTED, Rule.REQ_WAITS, Rule.OUT_OF_TURN, Rule.STRANGERS),
    }
)
_NO_WAY_OUT = frozenset({Rule.NOBODY_CONNECTED})
_STANDS_STILL = frozenset(
    {
        *(Rule.REQ_WAITS, Rule.OUT_OF_TURN, Rule.HIGH_WATER_MARK, Rule.SLOW_SUBSCRIBER),
        *(Rule.SILENT_PEER, Rule.AUTHENTICATOR_SILENT, Rule.HEARTBEAT_LOST, Rule.FLAPPING),
        *(Rule.DEADLOCK, Rule.NO_EMPTY_DELIMITER, Rule.STRANGERS),
    }
)

HIDES: dict[Rule, frozenset[Rule]] = {
    Rule.MECHANISMS_DIFFER: _TOLD_BY_HANDSHAKE | {Rule.TYPES_DO_NOT_FIT},
    Rule.CREDENTIALS_REFUSED: _TOLD_BY_HANDSHAKE | {Rule.TYPES_DO_NOT_FIT},
    Rule.AUTHENTICATOR_BROKEN: _TOLD_BY_HANDSHAKE,
    Rule.TYPES_DO_NOT_FIT: _TOLD_BY_HANDSHAKE,
    Rule.PROTOCOL_BROKEN: _TOLD_BY_HANDSHAKE | {Rule.TYPES_DO_NOT_FIT},
    Rule.UNTRUSTED_CERTIFICATE: _TOLD_BY_HANDSHAKE,
    Rule.NOT_ZMTP: _TOLD_BY_HANDSHAKE | {Rule.TYPES_DO_NOT_FIT},
    Rule.OLD_ZMTP: frozenset({Rule.STRANGERS, Rule.SILENT_PEER}),
    Rule.WRONG_SERVER_KEY: frozenset({Rule.CLOSES_AT_ONCE, Rule.GIVEN_UP, Rule.STRANGERS})
    | _NO_WAY_OUT,
    Rule.NO_AUTHENTICATOR: frozenset({Rule.CLOSES_AT_ONCE, Rule.GIVEN_UP}) | _NO_WAY_OUT,
    Rule.CLOSES_AT_ONCE: frozenset({Rule.GIVEN_UP, Rule.SILENT_PEER}) | _NO_WAY_OUT,
    Rule.SILENT_PEER: _NO_WAY_OUT,
    Rule.AUTHENTICATOR_SILENT: frozenset({Rule.SILENT_PEER}) | _NO_WAY_OUT,
    Rule.NOBODY_LISTENS: _NO_WAY_OUT,
    Rule.GIVEN_UP: _NO_WAY_OUT,
    Rule.ADDRESS_IN_USE: _NO_WAY_OUT,
    Rule.MESSAGE_TOO_LARGE: frozenset({Rule.GIVEN_UP, Rule.FLAPPING, Rule.HEARTBEAT_LOST}),
    Rule.HEARTBEAT_LOST: frozenset({Rule.FLAPPING, Rule.SILENT_PEER, Rule.AUTHENTICATOR_SILENT}),
    Rule.FLAPPING: frozenset({Rule.GIVEN_UP, Rule.NOBODY_LISTENS}) | _NO_WAY_OUT,
    Rule.KNOCKING: frozenset({Rule.STRANGERS, Rule.AUTHENTICATOR_SILENT, Rule.CREDENTIALS_REFUSED}),
    Rule.PEER_STOPPED: _STANDS_STILL,
    Rule.DEADLOCK: frozenset({Rule.REQ_WAITS, Rule.OUT_OF_TURN}),
    Rule.REQ_WAITS: frozenset({Rule.OUT_OF_TURN}),
    Rule.NO_SUBSCRIPTION: frozenset({Rule.SUBSCRIPTION_MATCHES_NOTHING}),
    Rule.CONFLATE_MULTIPART: frozenset({Rule.SUBSCRIPTION_MATCHES_NOTHING}),
    Rule.SECOND_PAIR: _NO_WAY_OUT,
}
"""What a finding that is told makes needless, on its endpoint and on its socket as a whole."""
