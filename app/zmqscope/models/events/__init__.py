"""What happened to sockets, as a list and as marks."""
