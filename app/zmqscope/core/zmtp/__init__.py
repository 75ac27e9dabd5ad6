"""ZMTP as a library of its own: bytes in, events out. Neither sockets nor threads; any thread.

It imports nothing of this project but itself. RFC 23 (ZMTP 3.0), RFC 37 (3.1), RFC 15 (2.0), RFC 13
(1.0), RFC 24 (PLAIN), RFC 26 (CURVE).
"""
