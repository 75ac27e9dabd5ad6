"""The live picture of sockets, peers and processes."""
