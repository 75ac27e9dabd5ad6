"""Locks of sockets, keys, certificate files, and who may come in."""
