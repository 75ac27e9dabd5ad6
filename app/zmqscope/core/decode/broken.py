"""What readers of bytes raise where they cannot go on. Pure, any thread."""

from __future__ import annotations


class BrokenError(Exception):
    """Bytes cannot be read on.

    Args:
        text: Why, in a sentence; without its full stop in those that are named after a format.
        at: Offset of the byte where it shows.
        is_cut: Whether more bytes could mend it: they are just not all there.
    """

    def __init__(self, text: str, at: int, *, is_cut: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.at = at
        self.is_cut = is_cut
