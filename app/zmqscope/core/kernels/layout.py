"""Where things stand in the arrays that kernels and their callers share. No numba.

``state`` is int64[STATE_SIZE]; ``sources`` is int64[n, SOURCE_COLUMNS], a row for each socket.
"""

from __future__ import annotations

# ---- state: the segment ------------------------------------------------------------------------
# Rows, frames and bytes that are whole; what a message has filled so far behind them; the row id of
# the segment's first row.
ROWS, FRAMES, BYTES, PART_FRAMES, PART_BYTES, BASE_ROW = 0, 1, 2, 3, 4, 5

# ---- state: time -------------------------------------------------------------------------------
# Room for a timespec; capture clock minus monotonic clock; when the pass ends, how long one visit
# may take; the end of the present rate bin (all monotonic); the present second, capture clock.
TIMESPEC, OFFSET_NS, END_NS, EACH_NS, BIN_END_NS, SECOND = 6, 8, 9, 10, 11, 12
# The time now, and the arrival time of the message that is being taken.
NOW_NS, STAMP_NS = 13, 14

# ---- state: the pass ---------------------------------------------------------------------------
# Address of a zmq_msg_t; whether it holds a frame that is not stored yet, and that frame's size.
MESSAGE, HAS_PENDING, PENDING_BYTES = 15, 16, 17
# The source that is being visited; messages and bytes taken in this visit, messages taken in this
# round; messages and bytes that a visit may take; when this visit ends, 0 between two visits.
AT, IN_VISIT, BYTES_IN_VISIT, IN_ROUND = 18, 19, 20, 21
MAX_MESSAGES, MAX_BYTES, VISIT_END_NS = 22, 23, 24
# For how long the pass may wait for more, in ms; address of a zmq_pollitem_t for each source; how
# many messages a round must have brought for a nap instead, and the nap.
WAIT_MS, POLL_ITEMS, NAP_MESSAGES, NAP_US = 25, 26, 27, 28
STATE_SIZE = 29

# ---- sources -----------------------------------------------------------------------------------
HANDLE, SOCKET_ID, RULE = 0, 1, 2
# Taken in this pass.
MESSAGES_TAKEN, FRAMES_TAKEN, BYTES_TAKEN = 3, 4, 5
# Taken in the present rate bin.
BIN_MESSAGES, BIN_BYTES = 6, 7
# Whether the socket has nothing more for now; why receiving failed, if it did.
IS_EMPTY, ERRNO = 8, 9
SOURCE_COLUMNS = 10

# ---- what a pass ends with ---------------------------------------------------------------------
FINISHED = 0
"""Everything was taken, or the time is up."""
NEEDS_ROOM = 1
"""The segment is full; a frame that was received waits in the message, where one was."""
BIN_IS_OVER = 2
"""The message that waits belongs to another rate bin."""
