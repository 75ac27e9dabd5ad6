"""ZMQ Scope: a desktop monitor for ZeroMQ traffic. Only the version lives here."""

__version__ = "0.1.0"
