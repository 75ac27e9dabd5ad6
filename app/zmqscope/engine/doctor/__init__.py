"""The doctor at work: what it sees of the engine's sockets, and when it looks. Loop thread."""
