"""Where things stand in the state that a scan of frames carries along. No numpy, no numba.

``state`` is int64[STATE_SIZE], all zero at the first frame of a stream.
"""

from __future__ import annotations

# Bytes of the present body that are still to come; place in the stream of the next byte.
SKIP, POSITION = 0, 1
# Bytes that the last call used up; what is wrong with the header at POSITION, see below.
USED, FAILURE = 2, 3
STATE_SIZE = 4

NOTHING, RESERVED_FLAGS, COMMAND_WITH_MORE, TOO_LONG = 0, 1, 2, 3
"""Failures."""
