"""Tells whether a text is an SVG picture. Pure, any thread."""

from __future__ import annotations

import re

_LOOKED_AT = 1_024
# A prologue, comments and a document type may stand before the root element (XML 1.0, 2.8).
_ROOT = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*
    (?:<\?xml[^>]*>\s*)?
    (?:<!--(?:[^-]|-(?!-))*-->\s*|<!DOCTYPE\s+svg[^>]*>\s*)*
    <svg[\s>]""",
    re.VERBOSE,
)


def is_svg(data: bytes) -> bool:
    """Whether the first element is ``svg``."""
    return _ROOT.match(data[:_LOOKED_AT]) is not None
