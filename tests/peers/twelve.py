"""A peer of any of the twelve types, through pyzmq: see ``session.py`` for what it can be told."""

from __future__ import annotations

import sys
from pathlib import Path

import zmq
from zmq.auth.thread import ThreadAuthenticator

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers.session import TYPES, Outcome, run

_DOMAIN = "global"


class PyzmqSocket:
    """A socket of this process's only context."""

    def __init__(self, kind: str) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(TYPES.index(kind))
        self._authenticator: ThreadAuthenticator | None = None
        self._socket.set(zmq.LINGER, 0)
        self._socket.set(zmq.RECONNECT_IVL, 20)
        if kind == "ROUTER":
            self._socket.set(zmq.ROUTER_MANDATORY, 1)
        if kind not in ("PUB", "PUSH"):
            self._socket.set(zmq.RCVHWM, 0)
        if kind in ("PUB", "XPUB"):
            self._socket.set(zmq.SNDHWM, 0)

    def bind(self, address: str) -> str:
        """Bind; the real address."""
        self._socket.bind(address)
        return self._socket.get_string(zmq.LAST_ENDPOINT)

    def connect(self, address: str) -> bytes:
        """Connect."""
        self._socket.connect(address)
        return b""

    def join(self, group: bytes) -> None:
        """None of the twelve types has groups.

        Raises:
            SystemExit: Always.
        """
        raise SystemExit("Groups are for DISH; see libzmq_draft.py.")

    def let_in(self, users: dict[str, str], keys: frozenset[str]) -> None:
        """Start pyzmq's own authenticator."""
        self._authenticator = ThreadAuthenticator(self._context)
        self._authenticator.start()
        if users:
            self._authenticator.configure_plain(_DOMAIN, users)
        if keys:
            self._authenticator.configure_curve_callback(_DOMAIN, _Known(keys))

    def set_option(self, number: int, value: int | bytes) -> None:
        """Set a libzmq option."""
        self._socket.set(number, value)

    def send(self, frames: list[bytes]) -> Outcome:
        """Send a message if it can go now."""
        try:
            self._socket.send_multipart(frames, zmq.DONTWAIT)
        except zmq.ZMQError as error:
            later = error.errno in (zmq.EAGAIN, zmq.EFSM)
            return Outcome.LATER if later else Outcome.REFUSED
        return Outcome.SENT

    def receive(self) -> list[bytes] | None:
        """A message if there is one."""
        try:
            return self._socket.recv_multipart(zmq.DONTWAIT)
        except zmq.ZMQError:
            return None

    def close(self) -> None:
        """Close, dropping what was not sent."""
        if self._authenticator is not None:
            self._authenticator.stop()
        self._context.destroy(linger=0)


class _Known:
    """What pyzmq asks about keys."""

    def __init__(self, keys: frozenset[str]) -> None:
        self._keys = keys

    def callback(self, domain: str, key: bytes) -> bool:
        """Whether a client with this key may come in."""
        return key.decode() in self._keys


if __name__ == "__main__":
    run(PyzmqSocket)
