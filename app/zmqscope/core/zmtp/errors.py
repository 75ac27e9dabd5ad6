"""What the codec raises. Any thread."""

from __future__ import annotations


class ZmtpError(Exception):
    """Bytes that are not ZMTP, or that could not be sent as ZMTP; the text is a sentence."""
