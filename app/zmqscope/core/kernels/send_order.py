"""Where things stand in ``order``, the array that tells the send kernel what to do. No numba.

``order`` is int64[ORDER_SIZE].
"""

from __future__ import annotations

# Messages to send, and of those sent so far; whether it may wait for room in libzmq's queue.
WANTED, SENT, MAY_WAIT = 0, 1, 2
# Whether the rest of a message must follow a frame that failed.
SKIPS_THE_REST = 3
# The counter: where in the message it begins, -1 if there is none; a format below; bytes; the
# number of the next message, a uint64; where it starts anew, 0 at 2^64.
COUNTER_AT, COUNTER_FORMAT, COUNTER_WIDTH, COUNTER_NEXT, COUNTER_LIMIT = 4, 5, 6, 7, 8
# How often it waited, and ns in all.
WAITS, WAITED_NS = 9, 10
# A zmq_pollitem_t on the socket: 16 bytes.
POLL_ITEM = 11
ORDER_SIZE = 13

BIG_ENDIAN, LITTLE_ENDIAN, DECIMAL = 0, 1, 2
