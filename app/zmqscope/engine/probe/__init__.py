"""Asks what answers at an endpoint, from greeting to READY; on the caller's own thread."""
