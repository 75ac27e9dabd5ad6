"""Which socket types fit, and which mechanisms, in words. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.security.lock import Lock, Mechanism
from zmqscope.core.types import SocketType
from zmqscope.core.zmtp.socket_types import can_talk, fitting

_SPECIAL = {SocketType.STREAM: "any TCP program", SocketType.DGRAM: "any UDP program"}


def fitting_names(kind: SocketType) -> str:
    """Such as ``REP or ROUTER``."""
    if kind in _SPECIAL:
        return _SPECIAL[kind]
    names = [name.decode("ascii") for name in fitting(kind.name.encode("ascii"))]
    return any_of(names)


def do_types_fit(one: SocketType, other: SocketType) -> bool:
    """Whether sockets of two types talk to each other; True if that is not known."""
    return can_talk(one.name.encode("ascii"), other.name.encode("ascii")) is not False


def a(name: str) -> str:
    """A socket type with its article, as it is spoken."""
    return f"{'an' if name[:1] == 'X' else 'a'} {name}"


def any_of(names: list[str]) -> str:
    """Such as ``A, B or C``."""
    return " or ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def all_of(names: list[str]) -> str:
    """Such as ``A, B and C``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def lock_words(lock: Lock) -> str:
    """Such as ``CURVE as client``."""
    if lock.mechanism is Mechanism.NULL:
        return "NULL (no security)"
    return f"{lock.mechanism.value} as {'server' if lock.is_server else 'client'}"


def do_locks_meet(one: Lock, other: Lock) -> bool:
    """Whether the mechanisms are the same, and one side is the server."""
    if one.mechanism is not other.mechanism:
        return False
    return one.mechanism is Mechanism.NULL or one.is_server is not other.is_server
