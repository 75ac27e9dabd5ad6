"""Sockets in lists and forms: types, transports, options."""
