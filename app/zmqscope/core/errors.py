"""What a user can be told, as exception types; the text is written for the window."""

from __future__ import annotations

from zmqscope.core.types import Problem


class UserError(Exception):
    """Input that cannot be used, with the reason and the next step.

    Args:
        text: What is wrong, in one sentence.
        hint: What to do, in one sentence.
    """

    def __init__(self, text: str, hint: str = "") -> None:
        super().__init__(f"{text} {hint}".strip())
        self.problem = Problem(text, hint)


class EndpointError(UserError):
    """An endpoint that no socket could use."""


class SpecError(UserError):
    """A socket spec that cannot be read."""


class PayloadError(UserError):
    """Text in the composer that is not what its format says."""
