"""Looks at all sockets now and then, and has the rules of ``core.diagnosis`` judge."""
