"""The sockets dock: the list, its problems, and opening and changing sockets."""
