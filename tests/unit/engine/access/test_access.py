"""The authenticator in its context: libzmq asks, and messages bear the peer's name."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import zmq

from zmqscope.core.clock import CaptureClock
from zmqscope.core.endpoints import ZAP_ADDRESS
from zmqscope.core.security.access import AccessList, AccessMode, AllowedKey, AllowedUser, Knock
from zmqscope.core.security.lock import Lock, Mechanism
from zmqscope.core.security.passwords import hash_password
from zmqscope.core.security.secret import Credentials, KeyPair, Secret
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketId
from zmqscope.engine.access.access import Access
from zmqscope.engine.access.zap import ZapStatus
from zmqscope.engine.lock_options import apply_lock

DOOR = SocketId(5)
PATIENCE_MS = 60_000
PLAIN_SERVER = parse_spec("pull:@tcp://127.0.0.1:*,lock=plain-server")


class AccessRig:
    """A context with the authenticator, and one without."""

    def __init__(self) -> None:
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.others: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.knocks: list[Knock] = []
        self.told: list[tuple[Any, ...]] = []
        self.access = Access(
            self.context,
            self.knocks.append,
            lambda *words: self.told.append(words),
            CaptureClock().now_ns,
        )
        self._open: list[zmq.Socket[bytes]] = []

    def socket(self, context: zmq.Context[zmq.Socket[bytes]], kind: int) -> zmq.Socket[bytes]:
        made = context.socket(kind)
        made.setsockopt(zmq.LINGER, 0)
        self._open.append(made)
        return made

    def server(self, lock: Lock, credentials: Credentials) -> zmq.Socket[bytes]:
        made = self.socket(self.context, zmq.PULL)
        assert apply_lock(made, DOOR, lock, credentials) is None
        made.bind("tcp://127.0.0.1:*")
        return made

    def client(self, server: zmq.Socket[bytes]) -> zmq.Socket[bytes]:
        made = self.socket(self.others, zmq.PUSH)
        made.setsockopt(zmq.RCVTIMEO, PATIENCE_MS)
        self._endpoint = server.getsockopt(zmq.LAST_ENDPOINT)
        return made

    def connect(self, client: zmq.Socket[bytes]) -> None:
        assert isinstance(self._endpoint, bytes)
        client.connect(self._endpoint.decode().rstrip("\0"))
        client.send(b"hello")

    def close(self) -> None:
        for each in self._open:
            each.close()
        self.access.close()
        self.context.term()
        self.others.term()


@pytest.fixture
def rig() -> Iterator[AccessRig]:
    made = AccessRig()
    yield made
    made.close()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_MS / 1_000
    while not condition():
        assert time.monotonic() < deadline_s


def user_id_of_next(server: zmq.Socket[bytes]) -> str:
    assert server.poll(PATIENCE_MS)
    return str(server.recv(copy=False).get("User-Id"))


def test_messages_bear_the_user(rig: AccessRig) -> None:
    users = (AllowedUser("ann", hash_password("right")),)
    rig.access.set_lists((AccessList(mode=AccessMode.LISTED, users=users),))
    assert rig.access.see_to(DOOR, PLAIN_SERVER) is None
    server = rig.server(PLAIN_SERVER.lock, Credentials())
    client = rig.client(server)
    client.setsockopt(zmq.PLAIN_USERNAME, b"ann")
    client.setsockopt(zmq.PLAIN_PASSWORD, b"right")
    rig.connect(client)
    assert user_id_of_next(server) == "ann"
    wait_until(lambda: bool(rig.access.recent(DOOR)))
    (record,) = rig.access.recent(DOOR)
    assert (record.user_id, record.address, record.status) == (
        "ann", "127.0.0.1", ZapStatus.SUCCESS,
    )  # fmt: skip


def test_messages_bear_the_label_of_the_key(rig: AccessRig) -> None:
    server_keys, client_keys = zmq.curve_keypair(), zmq.curve_keypair()
    keys = (AllowedKey(client_keys[0].decode(), "robot"),)
    rig.access.set_lists((AccessList(mode=AccessMode.LISTED, keys=keys),))
    lock = Lock(Mechanism.CURVE, is_server=True)
    assert rig.access.see_to(DOOR, PLAIN_SERVER) is None
    pair = KeyPair(server_keys[0].decode(), Secret(server_keys[1]))
    server = rig.server(lock, Credentials(pair=pair))
    client = rig.client(server)
    client.setsockopt(zmq.CURVE_SERVERKEY, server_keys[0])
    client.setsockopt(zmq.CURVE_PUBLICKEY, client_keys[0])
    client.setsockopt(zmq.CURVE_SECRETKEY, client_keys[1])
    rig.connect(client)
    assert user_id_of_next(server) == "robot"


def test_sockets_that_ask_nobody_start_nothing(rig: AccessRig) -> None:
    before = threading.active_count()
    assert rig.access.see_to(DOOR, parse_spec("pull:@tcp://127.0.0.1:*")) is None
    rig.access.on_closed(DOOR)
    rig.access.on_removed(DOOR)
    assert threading.active_count() == before


def test_a_taken_address_is_a_problem_until_it_is_free(rig: AccessRig) -> None:
    other = rig.socket(rig.context, zmq.REP)
    other.bind(ZAP_ADDRESS)
    problem = rig.access.see_to(DOOR, PLAIN_SERVER)
    assert problem is not None
    assert "Nobody can be asked" in problem.text
    other.close()
    wait_until(lambda: rig.access.see_to(DOOR, PLAIN_SERVER) is None)


def test_without_the_authenticator_curve_lets_nobody_in(rig: AccessRig) -> None:
    keys = zmq.curve_keypair()
    pair = KeyPair(keys[0].decode(), Secret(keys[1]))
    server = rig.server(Lock(Mechanism.CURVE, is_server=True), Credentials(pair=pair))
    client = rig.client(server)
    client.setsockopt(zmq.CURVE_SERVERKEY, keys[0])
    for option, key in zip(
        (zmq.CURVE_PUBLICKEY, zmq.CURVE_SECRETKEY), zmq.curve_keypair(), strict=True
    ):
        client.setsockopt(option, key)
    server_monitor = server.get_monitor_socket()
    rig.connect(client)
    try:
        # libzmq does not always tell the end as well.
        seen = events_until(server_monitor, zmq.Event.HANDSHAKE_FAILED_NO_DETAIL)
    finally:
        server.disable_monitor()
        server_monitor.close(0)
    assert zmq.Event.HANDSHAKE_SUCCEEDED not in seen
    assert not server.poll(0)


def events_until(monitor: zmq.Socket[bytes], last: zmq.Event) -> list[zmq.Event]:
    seen: list[zmq.Event] = []
    while last not in seen:
        assert monitor.poll(PATIENCE_MS), seen
        seen.append(zmq.Event(int.from_bytes(monitor.recv_multipart()[0][:2], "little")))
    return seen


def test_it_ends_at_once_while_somebody_waits(rig: AccessRig) -> None:
    rig.access.set_lists((AccessList(mode=AccessMode.ASK),))
    rig.access.see_to(DOOR, PLAIN_SERVER)
    server = rig.server(PLAIN_SERVER.lock, Credentials())
    client = rig.client(server)
    client.setsockopt(zmq.PLAIN_USERNAME, b"bob")
    rig.connect(client)
    wait_until(lambda: bool(rig.knocks))
    began_s = time.monotonic()
    rig.close()
    assert time.monotonic() - began_s < 20.0
