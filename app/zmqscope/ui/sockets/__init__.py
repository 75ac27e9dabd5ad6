"""The sockets dock: the list, its findings, and opening and changing sockets."""
