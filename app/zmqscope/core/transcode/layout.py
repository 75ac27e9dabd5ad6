"""Where things stand in the state that a transcoder keeps of one direction. No numba.

``state`` is int64[STATE_SIZE].
"""

from __future__ import annotations

# ---- what is to be done ------------------------------------------------------------------------
# Framing of what comes and of what goes.
FROM, INTO = 0, 1
ZMTP, WEBSOCKET = 0, 1
# Whether WebSocket frames that go are masked, as a client's have to be (RFC 6455, section 5.3), and
# the state of the generator that their keys come from.
MASKS, SEED = 2, 3
# Whether every frame is the caller's business; whether only messages whose first frame is one of
# the groups go on.
ESCAPES, FILTERS = 4, 5

# Whether frames go as they came: then nothing is written, and what was consumed is what goes.
COPIES_NOTHING = 18
# Whether WebSocket frames that come have to be masked, as a client's are, or must not be: those of
# the other kind are the caller's business (RFC 6455, section 5.1).
IS_MASKED = 19

# ---- where it is -------------------------------------------------------------------------------
# Bytes of the source that were used, bytes of the sink that were filled, in the last call.
CONSUMED, PRODUCED = 6, 7
# Bytes of the present body that are still to come; whether they are dropped; whether the next
# frames up to the end of their message are; whether the next frame continues a message.
LEFT, DROPS, DROPS_REST, IS_INSIDE = 8, 9, 10, 11
# Masking keys of the present body, little-endian, rotated to the next byte.
IN_KEY, OUT_KEY = 12, 13

# ---- what there was ----------------------------------------------------------------------------
# Since the beginning: messages and bodies that went on, bytes in them, messages that did not.
MESSAGES, FRAMES, BODY_BYTES, DROPPED = 14, 15, 16, 17
STATE_SIZE = 20

# ---- what a call ends with ---------------------------------------------------------------------
NEEDS_INPUT = 0
"""Everything was used but the beginning of a frame that is not all there."""
SPECIAL = 1
"""At ``CONSUMED`` stands a frame that is the caller's business: a command, a control frame, a
fragment, or nothing valid."""

MOST_EXPANSION = 4
"""A sink with room for so many times the source, and ``SPARE``, is never too small."""
SPARE = 64

MAX_GROUP = 255
"""Bytes of a group (ZMQ_GROUP_MAX_LENGTH)."""

# The bits of a ZMTP frame (RFC 37) and of a ZWS message (RFC 45).
ZMTP_MORE, ZMTP_LONG, ZMTP_COMMAND = 1, 2, 4
ZWS_MORE, ZWS_COMMAND = 1, 2
# A WebSocket frame that is a whole binary message (RFC 6455, section 5.2).
WHOLE_BINARY = 0x82
