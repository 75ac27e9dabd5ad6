"""Links: pumps between a connection of a peer and one of our own sockets, on one thread."""
