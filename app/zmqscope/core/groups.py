"""Groups of RADIO and DISH (RFC 48). Pure, any thread."""

from __future__ import annotations

from zmqscope.core.types import Problem
from zmqscope.core.wording import quoted

MAX_GROUP_BYTES = 255
"""ZMQ_GROUP_MAX_LENGTH (zmq.h)."""


def group_problem(group: bytes) -> Problem | None:
    """Why these bytes cannot be a group, or None."""
    if len(group) > MAX_GROUP_BYTES:
        return Problem(
            f"A group of {len(group)} bytes is too long; {MAX_GROUP_BYTES} are allowed.",
            "Choose a shorter one.",
        )
    if b"\0" in group:
        # libzmq takes a group as a C string.
        shown = quoted(group.decode("utf-8", "backslashreplace"))
        return Problem(f"The group {shown} has a zero byte in it.", "Leave that byte out.")
    return None
