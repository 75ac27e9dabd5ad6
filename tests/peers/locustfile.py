"""What Locust's master and worker run: users that count, and a message of their own."""

from __future__ import annotations

from collections.abc import Callable

from locust import User, constant, events, task


class Counter(User):
    """A user that asks nobody, and says that it was answered."""

    wait_time = constant(0.1)

    @task
    def count(self) -> None:
        """One request."""
        fire: Callable[..., None] = events.request.fire
        fire(
            request_type="COUNT",
            name="/number",
            response_time=1.5,
            response_length=10,
            exception=None,
            context={},
        )
