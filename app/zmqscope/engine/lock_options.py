"""libzmq's options of a locked socket. Loop thread.

Sources: zmq_plain(7), zmq_curve(7), zmq_setsockopt(3), RFC 27 (ZAP).
"""

from __future__ import annotations

import zmq

from zmqscope.core.security.lock import Lock, Mechanism
from zmqscope.core.security.secret import Credentials
from zmqscope.core.security.zap_domain import zap_domain
from zmqscope.core.types import Problem, SocketId
from zmqscope.engine.context import GUARDED_THREAD, ORDINARY_THREAD


def apply_lock(
    socket: zmq.Socket[bytes], socket_id: SocketId, lock: Lock, credentials: Credentials
) -> Problem | None:
    """Set what a lock says, before anything is bound or connected.

    Args:
        socket: A new socket.
        socket_id: Its number, which the authenticator is told.
        lock: Its lock.
        credentials: What was read for it.

    Returns:
        Why it cannot be locked so; None if it is. No secret is in there.
    """
    try:
        _choose_thread(socket, lock)
        if lock.is_server:
            is_req = socket.type == zmq.REQ
            domain = zap_domain(lock.access_name, socket_id, takes_user_id=not is_req)
            socket.setsockopt(zmq.ZAP_DOMAIN, domain)
            # Else CURVE lets everybody in where nobody can be asked.
            socket.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)
        if lock.mechanism is Mechanism.PLAIN:
            _lock_by_plain(socket, lock, credentials)
        elif lock.mechanism is Mechanism.CURVE:
            _lock_by_curve(socket, lock, credentials)
    except zmq.ZMQError as error:
        hint = "Check the lock’s keys and names, then open the socket again."
        if lock.mechanism is Mechanism.CURVE and not zmq.has("curve"):
            hint = "This libzmq was built without CURVE: install a pyzmq that has it."
        return Problem(f"libzmq does not accept the lock: {error.strerror}.", hint)
    return None


def _lock_by_plain(socket: zmq.Socket[bytes], lock: Lock, credentials: Credentials) -> None:
    if lock.is_server:
        socket.setsockopt(zmq.PLAIN_SERVER, 1)
        return
    socket.setsockopt(zmq.PLAIN_USERNAME, lock.user.encode())
    # Without one libzmq sends an empty password; set as such it would be refused.
    if credentials.password is not None:
        socket.setsockopt(zmq.PLAIN_PASSWORD, credentials.password.reveal())


def _lock_by_curve(socket: zmq.Socket[bytes], lock: Lock, credentials: Credentials) -> None:
    pair = credentials.pair
    if pair is None:
        return
    socket.setsockopt(zmq.CURVE_PUBLICKEY, pair.public.encode())
    socket.setsockopt(zmq.CURVE_SECRETKEY, pair.secret.reveal())
    if lock.is_server:
        socket.setsockopt(zmq.CURVE_SERVER, 1)
    else:
        socket.setsockopt(zmq.CURVE_SERVERKEY, credentials.server_key.encode())


def _choose_thread(socket: zmq.Socket[bytes], lock: Lock) -> None:
    """Strangers who knock at a locked door cost cryptography: not on everybody's I/O thread."""
    if socket.context.get(zmq.IO_THREADS) < 2:
        return
    is_guarded = lock.is_server and lock.mechanism is not Mechanism.NULL
    socket.setsockopt(zmq.AFFINITY, GUARDED_THREAD if is_guarded else ORDINARY_THREAD)
