"""What the doctor finds, and what can be done about it. Frozen, any thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from zmqscope.core.types import Endpoint, Severity, SocketId


class Rule(Enum):
    """Every rule of the doctor; values name the help pages (``help/doctor/<value>.md``)."""

    # The handshake.
    WRONG_SERVER_KEY = "wrong-server-key"
    MECHANISMS_DIFFER = "mechanisms-differ"
    CREDENTIALS_REFUSED = "credentials-refused"
    AUTHENTICATOR_BROKEN = "authenticator-broken"
    AUTHENTICATOR_SILENT = "authenticator-silent"
    NO_AUTHENTICATOR = "no-authenticator"
    NOBODY_LISTENS = "nobody-listens"
    CLOSES_AT_ONCE = "closes-at-once"
    TYPES_DO_NOT_FIT = "types-do-not-fit"
    SECOND_PAIR = "second-pair"
    OLD_ZMTP = "old-zmtp"
    NOT_ZMTP = "not-zmtp"
    SILENT_PEER = "silent-peer"
    PROTOCOL_BROKEN = "protocol-broken"
    STRANGERS = "strangers"
    UNTRUSTED_CERTIFICATE = "untrusted-certificate"
    GIVEN_UP = "given-up"
    # The connection.
    MESSAGE_TOO_LARGE = "message-too-large"
    HEARTBEAT_LOST = "heartbeat-lost"
    FLAPPING = "flapping"
    ADDRESS_IN_USE = "address-in-use"
    KNOCKING = "knocking"
    # Stalls.
    REQ_WAITS = "req-waits"
    DEADLOCK = "deadlock"
    REP_HOLDS_REQUEST = "rep-holds-request"
    OUT_OF_TURN = "out-of-turn"
    NOBODY_CONNECTED = "nobody-connected"
    HIGH_WATER_MARK = "high-water-mark"
    NO_SUBSCRIPTION = "no-subscription"
    SUBSCRIPTION_MATCHES_NOTHING = "subscription-matches-nothing"
    SLOW_JOINER = "slow-joiner"
    SLOW_SUBSCRIBER = "slow-subscriber"
    NO_EMPTY_DELIMITER = "no-empty-delimiter"
    UNKNOWN_ROUTING_ID = "unknown-routing-id"
    CONFLATE_MULTIPART = "conflate-multipart"
    PEER_STOPPED = "peer-stopped"
    # Everything else that keeps an endpoint or socket from working.
    ENDPOINT_PROBLEM = "endpoint-problem"


class FixKind(Enum):
    """What a button under a finding does."""

    RECONNECT = "reconnect"
    REOPEN = "reopen"
    CLOSE = "close"
    EDIT = "edit"
    EDIT_LOCK = "edit lock"
    EDIT_ACCESS = "edit access"
    PROBE = "probe"
    REMOVE_ENDPOINT = "remove endpoint"
    SUBSCRIBE_ALL = "subscribe to everything"
    RELAX_REQ = "relax REQ"
    RAISE_HIGH_WATER_MARK = "raise high-water mark"
    RAISE_MAX_MESSAGE_SIZE = "raise maxmsgsize"
    TURN_CONFLATE_OFF = "turn conflate off"
    COMPOSE = "compose"
    SHOW_PEERS = "show peers"
    LET_IN = "let in"
    LET_IN_ALWAYS = "always let in"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Fix:
    """Something that may mend the cause, offered as a button.

    Attributes:
        kind: What it does.
        endpoint: The endpoint that it concerns.
        value: A new value, such as a high-water mark; else 0. For knocks the ``KnockId``.
    """

    kind: FixKind
    endpoint: Endpoint | None = None
    value: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a socket, why, and what to do.

    A finding is the same as long as ``key`` is; its words may change (a waiting time, a count).

    Attributes:
        socket_id: The socket.
        rule: Which rule found it.
        severity: ERROR: does not work and will not by itself. WARNING: does not work now, or loses.
            INFO: worth knowing.
        text: What happens, in one sentence.
        why: Why, and what to do, in one to three sentences. Where two causes look the same from
            here, both are named.
        fixes: Buttons, the most likely first; at most four.
        endpoint: The endpoint; None for the socket as a whole.
        since_ns: Since when, on the capture clock.
        until_ns: When its cause went; 0 while it lasts.
    """

    socket_id: SocketId
    rule: Rule
    severity: Severity
    text: str
    why: str
    fixes: tuple[Fix, ...] = ()
    endpoint: Endpoint | None = None
    since_ns: int = 0
    until_ns: int = 0

    @property
    def key(self) -> tuple[SocketId, Rule, Endpoint | None]:
        """What stays the same while it lasts."""
        return (self.socket_id, self.rule, self.endpoint)
