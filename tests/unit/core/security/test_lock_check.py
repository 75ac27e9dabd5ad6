"""Which locks go with which sockets and transports, and what a lock still lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.core.security.lock_check import endpoint_lock_problem, lock_name, lock_problem
from zmqscope.core.types import Endpoint, Role, SocketSpec, SocketType

KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
FILE = SecretRef(SecretPlace.FILE, "/keys/a.key_secret")
LOCKS = {
    "plain-client": Lock(Mechanism.PLAIN, user="ann", secret=FILE),
    "plain-server": Lock(Mechanism.PLAIN, is_server=True, access="cams"),
    "curve-client": Lock(Mechanism.CURVE, server_key=KEY),
    "curve-server": Lock(Mechanism.CURVE, is_server=True, secret=FILE),
    "null-server": Lock(is_server=True),
}
ADDRESSES = {
    "tcp": "tcp://127.0.0.1:5556",
    "ipc": "ipc:///tmp/a",
    "ws": "ws://127.0.0.1:5556",
    "wss": "wss://127.0.0.1:5556",
    "tipc": "tipc://{5560,0}",
    "inproc": "inproc://a",
    "udp": "udp://127.0.0.1:5556",
    "epgm": "epgm://eth0;239.192.1.1:5555",
}
WITH_LOCKS = ("tcp", "ipc", "ws", "wss", "tipc")


def spec_of(kind: SocketType, lock: Lock, scheme: str) -> SocketSpec:
    return SocketSpec(kind, (Endpoint(Role.CONNECT, ADDRESSES[scheme]),), lock=lock)


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("scheme", ADDRESSES)
def test_transports(name: str, scheme: str) -> None:
    spec = spec_of(SocketType.PAIR, LOCKS[name], scheme)
    problem = lock_problem(spec)
    assert (problem is None) is (scheme in WITH_LOCKS)
    assert problem == endpoint_lock_problem(spec, spec.endpoints[0])
    if problem is not None:
        assert f"{scheme}://" in problem.text
        assert f"lock={name}" in problem.hint


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("kind", SocketType)
def test_types(name: str, kind: SocketType) -> None:
    problem = lock_problem(SocketSpec(kind, lock=LOCKS[name]))
    has_none = kind in (SocketType.STREAM, SocketType.DGRAM)
    cannot = has_none or (kind.is_draft and name.startswith("curve"))
    assert (problem is not None) is cannot
    if problem is not None:
        assert kind.name in problem.text
        assert problem.hint


@pytest.mark.parametrize("kind", SocketType)
@pytest.mark.parametrize("scheme", ADDRESSES)
def test_no_lock_is_never_in_the_way(kind: SocketType, scheme: str) -> None:
    assert lock_problem(spec_of(kind, NO_LOCK, scheme)) is None


def test_names() -> None:
    assert [lock_name(lock) for lock in LOCKS.values()] == list(LOCKS)
    assert lock_name(NO_LOCK) == ""


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("plain-client", {"user": ""}, "lacks the name"),
        ("plain-client", {"user": "x" * 256}, "longer than 255"),
        ("plain-client", {"user": "\ud800"}, "no text"),
        ("plain-client", {"server_key": KEY}, "server_key= means nothing"),
        ("plain-client", {"access": "a"}, "access= means nothing"),
        ("plain-client", {"secret": SecretRef(SecretPlace.FILE, "a")}, "no absolute path"),
        ("plain-server", {"user": "a"}, "user= means nothing"),
        ("plain-server", {"secret": FILE}, "secret= means nothing"),
        ("plain-server", {"access": "x" * 201}, "longer than 200"),
        ("plain-server", {"access": "a\nb"}, "do not print"),
        ("curve-client", {"server_key": ""}, "lacks the public key of the server"),
        ("curve-client", {"server_key": KEY[:-1]}, "1 letter is missing"),
        ("curve-client", {"server_key": f" {KEY}"}, "not written as 40 letters"),
        ("curve-client", {"server_key": "file:a"}, "no absolute path"),
        ("curve-client", {"user": "a"}, "user= means nothing"),
        ("curve-server", {"secret": None}, "lacks the server’s key pair"),
        ("curve-server", {"server_key": KEY}, "server_key= means nothing"),
        ("null-server", {"user": "a"}, "user= means nothing"),
        ("null-server", {"secret": FILE}, "secret= means nothing"),
        ("null-server", {"is_server": False, "access": "a"}, "mean nothing without a lock"),
        ("null-server", {"is_server": False, "user": "a"}, "mean nothing without a lock"),
    ],
)
def test_pieces(name: str, change: dict[str, object], said: str) -> None:
    assert lock_problem(SocketSpec(SocketType.PAIR, lock=LOCKS[name])) is None
    values = {each: getattr(LOCKS[name], each) for each in Lock.__slots__} | change
    problem = lock_problem(SocketSpec(SocketType.PAIR, lock=Lock(**values)))
    assert problem is not None
    assert said in problem.text
    assert problem.hint


def test_a_password_is_no_must() -> None:
    lock = replace(LOCKS["plain-client"], secret=None)
    assert lock_problem(SocketSpec(SocketType.PAIR, lock=lock)) is None


def test_a_subprotocol_without_a_lock() -> None:
    spec = spec_of(SocketType.PAIR, LOCKS["plain-client"], "ws")
    problem = lock_problem(replace(spec, options=(("zws_subprotocol", b"ZWS2.0"),)))
    assert problem is not None
    assert "ZWS2.0/PLAIN" in problem.hint
    null = replace(spec, lock=LOCKS["null-server"], options=(("zws_subprotocol", b"ZWS2.0"),))
    assert lock_problem(null) is None
