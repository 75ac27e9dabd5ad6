"""The doctor's truth table: each cause, provoked by real peers in other processes, and its finding.

For each row: the cause is put on stage, the finding comes and is the only one about its socket, its
words and buttons are there; then the cause is removed and the finding goes. Both are in the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.integration import causes_connect as connect
from tests.integration import causes_doors as doors
from tests.integration import causes_stalls as stalls
from tests.integration.conftest import StartPeer
from tests.integration.locked import Keys
from tests.integration.stage import SHORT, Cause, Stage
from tests.peers.certificates import Certificates, make
from tests.rig import EngineRig
from zmqscope.core.diagnosis.finding import Finding, FixKind, Rule
from zmqscope.core.events import EventKind
from zmqscope.core.types import Severity, SocketId

INFO, WARNING, ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR


class Row(NamedTuple):
    """A cause, and what is told of it.

    Attributes:
        cause: Provokes and removes it.
        rule: Which rule finds it.
        severity: How much it matters.
        words: What is in the sentence or in the reason; where two causes look the same, both.
        fixes: The first buttons, in order.
    """

    cause: Cause
    rule: Rule
    severity: Severity
    words: tuple[str, ...]
    fixes: tuple[FixKind, ...]


F = FixKind
TABLE = (
    # ---- a connect ----
    Row(connect.nobody_listens, Rule.NOBODY_LISTENS, WARNING,
        ("nobody listens at tcp://", "keeps trying"), (F.PROBE, F.EDIT)),
    Row(connect.peer_has_gone, Rule.NOBODY_LISTENS, WARNING,
        ("nobody listens at tcp://", "has gone"), (F.PROBE,)),
    Row(connect.inproc_unbound, Rule.NOBODY_LISTENS, WARNING,
        ("no socket of this app is bound to inproc://nowhere",), (F.EDIT,)),
    Row(connect.wrong_server_key, Rule.WRONG_SERVER_KEY, WARNING,
        ("drops every CURVE handshake", "is not the server’s public key. Paste"),
        (F.EDIT_LOCK, F.RECONNECT)),
    Row(connect.wrong_key_of_own_server, Rule.WRONG_SERVER_KEY, WARNING,
        ("drops every CURVE handshake", "not the public key of “door”"), (F.EDIT_LOCK, F.PROBE)),
    Row(connect.types_over_curve, Rule.TYPES_DO_NOT_FIT, WARNING,
        ("does not fit a PUSH", "The server key is right", "PULL"), (F.EDIT, F.RECONNECT)),
    Row(connect.types_over_plain, Rule.TYPES_DO_NOT_FIT, WARNING,
        ("does not fit a PUSH", "The lock is right", "PULL"), (F.EDIT, F.RECONNECT)),
    Row(connect.mechanisms_differ, Rule.MECHANISMS_DIFFER, ERROR,
        ("mechanisms differ", "The peer speaks CURVE and this socket speaks NULL.",
         "will not try again"), (F.EDIT_LOCK, F.RECONNECT)),
    Row(connect.mechanisms_differ_by_name, Rule.MECHANISMS_DIFFER, ERROR,
        ("The peer speaks NULL and this socket speaks CURVE.",), (F.EDIT_LOCK, F.RECONNECT)),
    Row(connect.wrong_password, Rule.CREDENTIALS_REFUSED, ERROR,
        ("ZAP 400", "password", "will not try again"), (F.RECONNECT, F.EDIT_LOCK)),
    Row(connect.key_not_allowed, Rule.CREDENTIALS_REFUSED, ERROR,
        ("ZAP 400", "public key of this client", "address"), (F.RECONNECT, F.EDIT_LOCK)),
    Row(connect.address_denied, Rule.CREDENTIALS_REFUSED, ERROR,
        ("ZAP 400", "this address"), (F.RECONNECT,)),
    Row(connect.authenticator_broken, Rule.AUTHENTICATOR_BROKEN, ERROR,
        ("ZAP 500", "will not try again"), (F.RECONNECT,)),
    Row(connect.authenticator_puts_off, Rule.AUTHENTICATOR_SILENT, WARNING,
        ("says nothing", "ZeroMQ server (PLAIN)", "300"), (F.RECONNECT, F.PROBE)),
    Row(connect.authenticator_silent, Rule.AUTHENTICATOR_SILENT, WARNING,
        ("says nothing", "ZeroMQ server (PLAIN)", "does not decide"), (F.RECONNECT, F.PROBE)),
    Row(connect.no_authenticator, Rule.NO_AUTHENTICATOR, WARNING,
        ("drops every PLAIN handshake", "It speaks PLAIN", "no authenticator"),
        (F.RECONNECT, F.PROBE)),
    Row(connect.types_do_not_fit, Rule.TYPES_DO_NOT_FIT, ERROR,
        ("is a REP, and this is a SUB. A SUB talks with PUB or XPUB", "will not try again"),
        (F.EDIT, F.RECONNECT)),
    Row(connect.types_of_own_sockets, Rule.TYPES_DO_NOT_FIT, ERROR,
        ("is a PUB, and this is a PUSH", "“feed”"), (F.EDIT, F.RECONNECT)),
    Row(connect.accepts_then_closes, Rule.CLOSES_AT_ONCE, WARNING,
        ("closes them at once", "on a probe too"), (F.PROBE, F.RECONNECT)),
    Row(connect.http_that_refuses, Rule.NOT_ZMTP, WARNING,
        ("is an HTTP server, not ZeroMQ",), (F.EDIT, F.PROBE)),
    Row(connect.http_that_waits, Rule.NOT_ZMTP, WARNING,
        ("is an HTTP server, not ZeroMQ",), (F.EDIT, F.PROBE)),
    Row(connect.ssh, Rule.NOT_ZMTP, WARNING,
        ("is an SSH server, not ZeroMQ",), (F.EDIT, F.PROBE)),
    Row(connect.tls, Rule.NOT_ZMTP, WARNING, ("speaks TLS", "wss://"), (F.EDIT, F.PROBE)),
    Row(connect.websocket, Rule.NOT_ZMTP, WARNING,
        ("is ZeroMQ over WebSocket", "Connect to ws://"), (F.EDIT, F.PROBE)),
    Row(connect.silent, Rule.SILENT_PEER, WARNING,
        ("says nothing", "does not answer a probe either"), (F.PROBE,)),
    Row(connect.silent_for_long, Rule.SILENT_PEER, WARNING, ("says nothing",), (F.PROBE,)),
    Row(connect.garbage, Rule.PROTOCOL_BROKEN, ERROR,
        ("broke the ZMTP protocol", "0x1", "will not try again"), (F.RECONNECT, F.PROBE)),
    Row(connect.untrusted_certificate, Rule.UNTRUSTED_CERTIFICATE, WARNING,
        ("certificate that is not trusted", "wss_trust_pem"), (F.EDIT,)),
    Row(connect.not_tls, Rule.NOT_ZMTP, WARNING, ("does not speak TLS", "ws://"), (F.PROBE,)),
    Row(connect.never_again, Rule.GIVEN_UP, ERROR,
        ("given up for good", "reconnect_ivl"), (F.RECONNECT, F.PROBE)),
    Row(connect.flapping, Rule.FLAPPING, WARNING,
        ("comes and goes", "restarted"), (F.SHOW_PEERS, F.PROBE)),
    Row(connect.too_large_for_us, Rule.MESSAGE_TOO_LARGE, ERROR,
        ("maxmsgsize", "given the connection up"), (F.RAISE_MAX_MESSAGE_SIZE, F.RECONNECT)),
    Row(connect.too_large_for_them, Rule.MESSAGE_TOO_LARGE, WARNING,
        ("5,000 bytes", "limit"), (F.COMPOSE,)),
    Row(connect.heartbeat_lost, Rule.HEARTBEAT_LOST, WARNING,
        ("heartbeats", "is stopped", "400 ms"), (F.SHOW_PEERS, F.PROBE)),
    Row(connect.missing_folder, Rule.ENDPOINT_PROBLEM, ERROR,
        ("folder", "does not exist"), (F.RECONNECT, F.EDIT)),
    # ---- a bind ----
    Row(doors.client_with_wrong_key, Rule.WRONG_SERVER_KEY, WARNING,
        ("client of tcp://", "wrong server key"), (F.EDIT_LOCK,)),
    Row(doors.client_without_lock, Rule.MECHANISMS_DIFFER, WARNING,
        ("another security mechanism", "CURVE as server"), (F.EDIT_LOCK,)),
    Row(doors.client_refused, Rule.CREDENTIALS_REFUSED, WARNING,
        ("refused", "password", "“default”"), (F.EDIT_ACCESS,)),
    Row(doors.client_of_another_type, Rule.TYPES_DO_NOT_FIT, WARNING,
        ("does not fit a PULL", "PUSH", "TLS"), (F.SHOW_PEERS,)),
    Row(doors.tls_hello, Rule.TYPES_DO_NOT_FIT, WARNING, ("TLS", "another type"), (F.SHOW_PEERS,)),
    Row(doors.port_scan, Rule.STRANGERS, INFO,
        ("does not speak ZeroMQ", "port scan"), (F.SHOW_PEERS,)),
    Row(doors.http_get, Rule.STRANGERS, INFO,
        ("does not speak ZeroMQ", "HTTP", "older than 4.0"), (F.SHOW_PEERS,)),
    Row(doors.mute, Rule.STRANGERS, INFO, ("does not speak ZeroMQ", "hangs"), (F.SHOW_PEERS,)),
    Row(doors.mute_for_long, Rule.STRANGERS, INFO, ("does not speak ZeroMQ",), (F.SHOW_PEERS,)),
    Row(doors.garbage, Rule.PROTOCOL_BROKEN, WARNING,
        ("broke the ZMTP protocol", "garbage"), (F.SHOW_PEERS,)),
    Row(doors.old_peer, Rule.OLD_ZMTP, INFO, ("ZMTP 1.0 or 2.0", "It works"), (F.SHOW_PEERS,)),
    Row(doors.knock, Rule.KNOCKING, WARNING,
        ("knocks", "waits for your answer"), (F.LET_IN, F.LET_IN_ALWAYS, F.REFUSE)),
    Row(doors.second_pair, Rule.SECOND_PAIR, WARNING,
        ("second peer", "first peer only"), (F.SHOW_PEERS,)),
    Row(doors.used_by_another, Rule.ADDRESS_IN_USE, ERROR,
        ("already in use", "python"), (F.RECONNECT, F.EDIT)),
    Row(doors.used_by_ourselves, Rule.ADDRESS_IN_USE, ERROR,
        ("already in use", "“first” of this app"), (F.RECONNECT, F.EDIT)),
    Row(doors.too_large, Rule.MESSAGE_TOO_LARGE, WARNING,
        ("maxmsgsize", "1,000 bytes", "closed it itself"), (F.RAISE_MAX_MESSAGE_SIZE,)),
    Row(doors.heartbeat_lost, Rule.HEARTBEAT_LOST, WARNING,
        ("heartbeats", "is stopped"), (F.SHOW_PEERS,)),
    # ---- stalls ----
    Row(stalls.req_waits, Rule.REQ_WAITS, WARNING,
        ("s for a reply", "the peer is connected, but nothing came back",
         "Relax REQ lets it ask again; or reconnect."),
        (F.RELAX_REQ, F.RECONNECT)),
    Row(stalls.reply_lost, Rule.REQ_WAITS, WARNING,
        ("s for a reply", "lost"), (F.RELAX_REQ, F.RECONNECT)),
    Row(stalls.reply_without_delimiter, Rule.GIVEN_UP, ERROR,
        ("given up for good", "without an empty frame"), (F.RECONNECT, F.PROBE)),
    Row(stalls.deadlock, Rule.DEADLOCK, ERROR,
        ("“answers” and “asks” wait for each other", "for a reply", "for a request"),
        (F.REOPEN, F.RELAX_REQ)),
    Row(stalls.deadlock_through_a_process, Rule.DEADLOCK, ERROR,
        ("and this app wait for each other", "“answers”"), (F.COMPOSE,)),
    Row(stalls.rep_holds_request, Rule.REP_HOLDS_REQUEST, WARNING,
        ("s for your answer", "one request at a time"), (F.COMPOSE,)),
    Row(stalls.out_of_turn, Rule.OUT_OF_TURN, WARNING,
        ("no request to answer", "holds none"), ()),
    Row(stalls.req_out_of_turn, Rule.OUT_OF_TURN, WARNING,
        ("the peer’s turn", "no reply yet"), (F.RELAX_REQ,)),
    Row(stalls.nobody_connected, Rule.NOBODY_CONNECTED, WARNING,
        ("no peer is connected", "connect a PULL here"), (F.EDIT,)),
    Row(stalls.high_water_mark, Rule.HIGH_WATER_MARK, WARNING,
        ("high-water mark of 2 messages", "more slowly"), (F.RAISE_HIGH_WATER_MARK,)),
    Row(stalls.no_subscription, Rule.NO_SUBSCRIPTION, WARNING,
        ("no subscription", "empty prefix"), (F.SUBSCRIBE_ALL,)),
    Row(stalls.subscription_beside, Rule.SUBSCRIPTION_MATCHES_NOTHING, INFO,
        ("“usd”", "“EURUSD”", "byte by byte"), (F.EDIT,)),
    Row(stalls.subscription_at_own, Rule.SUBSCRIPTION_MATCHES_NOTHING, WARNING,
        ("“eur”", "“feed” publishes topics such as “EURUSD”", "Perhaps “EUR” was meant"),
        (F.EDIT, F.SUBSCRIBE_ALL)),
    Row(stalls.quiet_for_long, Rule.SUBSCRIPTION_MATCHES_NOTHING, INFO,
        ("nothing that begins with “EUR” has come in", "only what is subscribed to"),
        (F.SUBSCRIBE_ALL, F.PROBE)),
    Row(stalls.topic_frame_lost, Rule.SUBSCRIPTION_MATCHES_NOTHING, INFO,
        ("nothing that begins with “EUR” has come in", "the topic frame is lost"),
        (F.TURN_CONFLATE_OFF, F.SUBSCRIBE_ALL)),
    Row(stalls.slow_joiner, Rule.SLOW_JOINER, INFO,
        ("7 messages published before the first subscriber",), (F.SHOW_PEERS,)),
    Row(stalls.slow_subscriber, Rule.SLOW_SUBSCRIBER, WARNING,
        ("reads more slowly", "python"), (F.SHOW_PEERS,)),
    Row(stalls.flooded_by_own, Rule.SLOW_SUBSCRIBER, WARNING,
        ("small part of what “feed” publishes", "drops messages in silence"), (F.EDIT,)),
    Row(stalls.fed_too_fast, Rule.SLOW_SUBSCRIBER, WARNING,
        ("messages come faster than they are taken", "rcvhwm", "drops messages in silence"),
        (F.EDIT, F.RAISE_HIGH_WATER_MARK)),
    Row(stalls.dealer_to_rep, Rule.NO_EMPTY_DELIMITER, WARNING,
        ("REP peer drops", "empty first frame", "1 message had none"), (F.COMPOSE,)),
    Row(stalls.dealer_to_own_rep, Rule.NO_EMPTY_DELIMITER, WARNING,
        ("REP peer drops", "empty first frame"), (F.COMPOSE,)),
    Row(stalls.router_to_req, Rule.NO_EMPTY_DELIMITER, WARNING,
        ("its REQ peer does not take", "empty frame", "hangs up"), (F.COMPOSE,)),
    Row(stalls.unknown_routing_id, Rule.UNKNOWN_ROUTING_ID, WARNING,
        ("routing id “bob”",), (F.COMPOSE, F.SHOW_PEERS)),
    Row(stalls.conflate_multipart, Rule.CONFLATE_MULTIPART, ERROR,
        ("conflate", "several frames"), (F.TURN_CONFLATE_OFF,)),
    Row(stalls.peer_stopped, Rule.PEER_STOPPED, WARNING,
        ("is stopped", "SIGSTOP", "kill -CONT"), (F.SHOW_PEERS,)),
)  # fmt: skip


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """Keys and a password, in files."""
    return Keys.make(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A chain of certificates."""
    folder: Path = tmp_path_factory.mktemp("certificates")
    return make(folder)


@pytest.fixture
def stage(start_peer: StartPeer, keys: Keys, made: Certificates) -> Iterator[Stage]:
    """An engine whose doctor is less patient."""
    with EngineRig(patience=SHORT) as rig:
        yield Stage(rig, start_peer, keys, made)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.cause.__name__}-{row.rule.value}")
def test_cause_and_finding(stage: Stage, row: Row) -> None:
    provoked = row.cause(stage)
    socket_id = next(provoked)
    found = wait_for(stage, socket_id, row)
    assert [each.kind for each in found.fixes[: len(row.fixes)]] == list(row.fixes)
    assert stage.rules_of(socket_id) == {row.rule}, "one cause, one card"
    next(provoked, None)
    stage.until(lambda: row.rule not in stage.rules_of(socket_id))
    stage.until(lambda: not stage.of(socket_id))
    stage.until(lambda: is_logged(stage, socket_id, found))


def wait_for(stage: Stage, socket_id: SocketId, row: Row) -> Finding:
    """Wait for a row's finding in full; where it stays less, what there is instead is shown."""

    def matching() -> list[Finding]:
        return [
            each
            for each in stage.of(socket_id)
            if each.rule is row.rule
            and each.severity is row.severity
            and all(word in f"{each.text}. {each.why}" for word in row.words)
        ]

    try:
        stage.until(matching)
    except AssertionError:
        raise AssertionError(f"found instead: {stage.of(socket_id)}") from None
    return matching()[0]


def is_logged(stage: Stage, socket_id: SocketId, found: Finding) -> bool:
    """Whether the log has both its begin and its end; it may have got worse in between."""
    lines = [
        line
        for line in stage.rig.events.values()
        if line.kind is EventKind.FINDING and line.socket_id == socket_id
    ]
    ends = [line.text.startswith("No more") for line in lines]
    begins = [
        line.severity <= found.severity
        for line, is_end in zip(lines, ends, strict=True)
        if not is_end
    ]
    return any(begins) and any(ends)


def test_every_rule_has_a_row() -> None:
    assert {row.rule for row in TABLE} == set(Rule)
