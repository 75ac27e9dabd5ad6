"""Who speaks what over ZeroMQ: one file a protocol, which names frames and sums a message up."""
