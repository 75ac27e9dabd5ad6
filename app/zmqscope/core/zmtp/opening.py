"""The first bytes of a direction: which ZMTP this is (RFC 37, Backwards Interoperability).

A peer that can do 3.x goes down to its peer's version after ten or eleven bytes, so what follows
depends on the other direction. Any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from zmqscope.core.zmtp.greeting import (
    GREETING_BYTES,
    SIGNATURE_BYTES,
    Greeting,
    is_signature,
    parse_greeting,
)
from zmqscope.core.zmtp.legacy import GREETING_V2_BYTES
from zmqscope.core.zmtp.socket_types import NUMBERED


class Revision(Enum):
    """How a direction is framed."""

    V1 = "1.0"
    V2 = "2.0"
    V3 = "3.x"


UNVERSIONED = -1
"""Instead of a major version: ZMTP 1.0, which says none."""

_FIRST_OF_3 = 3
_TYPE_AT = 11
_MECHANISM_AT = 12


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first bytes of a direction say.

    Attributes:
        revision: How what follows is framed.
        size: Bytes of the greeting; frames follow.
        major: Version that the peer claims, ``UNVERSIONED`` or above.
        greeting: Of ZMTP 3.x.
        socket_type: In a greeting of ZMTP 2.0; empty if it is not there or not known.
    """

    revision: Revision
    size: int
    major: int
    greeting: Greeting | None = None
    socket_type: bytes = b""


def read_major(head: bytes | bytearray) -> int | None:
    """The major version that a direction claims.

    Args:
        head: Its first bytes.

    Returns:
        The version, ``UNVERSIONED``, or None if more bytes are needed.
    """
    if head[:1] not in (b"", b"\xff"):
        return UNVERSIONED
    if len(head) < SIGNATURE_BYTES:
        return None
    if not is_signature(head):
        return UNVERSIONED
    return head[SIGNATURE_BYTES] if len(head) > SIGNATURE_BYTES else None


def read_opening(head: bytes | bytearray, peer_major: int | None = None) -> Opening | None:
    """What the first bytes of a direction say.

    Args:
        head: At least as many of them as have come, up to 64.
        peer_major: What ``read_major`` found in the other direction, as far as that is known.

    Returns:
        The opening; None if more bytes are needed. What is no signature counts as ZMTP 1.0.
    """
    major = read_major(head)
    if UNVERSIONED in (major, peer_major) and head:
        # What looks like a signature is the header of the identity's frame, then.
        return Opening(Revision.V1, 0, UNVERSIONED)
    if major is None:
        return None
    used = _used_major(head, major, peer_major)
    if used is None:
        return None
    if used < _FIRST_OF_3:
        return _opening_v2(head, major, used)
    if len(head) < GREETING_BYTES:
        return None
    return Opening(Revision.V3, GREETING_BYTES, major, parse_greeting(bytes(head[:GREETING_BYTES])))


def _used_major(head: bytes | bytearray, major: int, peer_major: int | None) -> int | None:
    """The version that the direction uses; None if more bytes are needed."""
    if major < _FIRST_OF_3:
        return major
    if peer_major is not None:
        return min(major, peer_major)
    # Nothing is known of the other direction. In 3.x a mechanism's name begins here, in 2.0 the
    # frame with the identity, whose flags are zero.
    if len(head) <= _MECHANISM_AT:
        return None
    return major if head[_MECHANISM_AT] else _FIRST_OF_3 - 1


def _opening_v2(head: bytes | bytearray, major: int, used: int) -> Opening | None:
    if len(head) < GREETING_V2_BYTES:
        return None
    number = head[_TYPE_AT]
    socket_type = NUMBERED[number] if number < len(NUMBERED) else b""
    # libzmq knows a revision 0: a greeting as in 2.0, then frames as in 1.0.
    revision = Revision.V2 if used else Revision.V1
    return Opening(revision, GREETING_V2_BYTES, major, socket_type=socket_type)
