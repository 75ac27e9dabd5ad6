"""A peer that speaks through a libzmq with draft types, the one inside npm's ``zeromq``.

See ``session.py`` for what it can be told. All types, the draft ones included, over tcp, ipc, udp
and ws.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import socket
import sys
from ctypes import c_char_p, c_int, c_size_t, c_uint32, c_void_p
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers import draft_library
from tests.peers.ctypes_socket import LibzmqSocket, Signatures, load
from tests.peers.session import ALL_TYPES, Outcome, run

_DONTWAIT = 1

_DRAFT: Signatures = {
    "zmq_connect_peer": (c_uint32, (c_void_p, c_char_p)),
    "zmq_join": (c_int, (c_void_p, c_char_p)),
    "zmq_msg_group": (c_char_p, (c_void_p,)),
    "zmq_msg_init_size": (c_int, (c_void_p, c_size_t)),
    "zmq_msg_routing_id": (c_uint32, (c_void_p,)),
    "zmq_msg_send": (c_int, (c_void_p, c_void_p, c_int)),
    "zmq_msg_set_group": (c_int, (c_void_p, c_char_p)),
    "zmq_msg_set_routing_id": (c_int, (c_void_p, c_uint32)),
}


class DraftSocket(LibzmqSocket):
    """A socket of any type.

    Args:
        kind: Its type, by name.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(load(str(draft_library.path()), _DRAFT), kind)
        self._kind = kind

    def bind(self, address: str) -> str:
        """Bind; the real address."""
        if not address.startswith("udp:"):
            return super().bind(address)
        # Of udp libzmq tells neither the scheme nor the port that it took.
        if address.endswith(":*"):
            with contextlib.closing(socket.socket(type=socket.SOCK_DGRAM)) as free:
                free.bind(("127.0.0.1", 0))
                address = f"{address[:-1]}{free.getsockname()[1]}"
        super().bind(address)
        return address

    def connect(self, address: str) -> bytes:
        """Connect; of a PEER the routing id of the other."""
        if self._kind != "PEER":
            return super().connect(address)
        routing_id = self._zmq.zmq_connect_peer(self._socket, address.encode())
        self._check(0 if routing_id else -1)
        return int(routing_id).to_bytes(4)

    def join(self, group: bytes) -> None:
        """Join a group."""
        self._check(self._zmq.zmq_join(self._socket, group))

    def send(self, frames: list[bytes]) -> Outcome:
        """Send a message if it can go now."""
        if self._kind not in ("SERVER", "PEER", "RADIO"):
            return super().send(frames)
        if len(frames) != 2:
            return Outcome.REFUSED
        target, body = frames
        self._zmq.zmq_msg_init_size(self._message, len(body))
        ctypes.memmove(self._zmq.zmq_msg_data(self._message), body, len(body))
        if self._kind == "RADIO":
            status = self._zmq.zmq_msg_set_group(self._message, target)
        else:
            status = self._zmq.zmq_msg_set_routing_id(self._message, int.from_bytes(target))
        if status == -1 or (self._zmq.zmq_msg_send(self._message, self._socket, _DONTWAIT) == -1):
            is_full = self._zmq.zmq_errno() == errno.EAGAIN
            self._zmq.zmq_msg_close(self._message)
            return Outcome.LATER if is_full else Outcome.REFUSED
        return Outcome.SENT

    def _envelope(self) -> list[bytes]:
        if self._kind == "DISH":
            return [self._zmq.zmq_msg_group(self._message)]
        if self._kind in ("SERVER", "PEER"):
            return [self._zmq.zmq_msg_routing_id(self._message).to_bytes(4)]
        return []


if __name__ == "__main__":
    run(DraftSocket, ALL_TYPES)
