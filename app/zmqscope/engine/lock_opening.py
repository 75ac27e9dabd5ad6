"""What the lock of one socket needs before libzmq's socket can be made: waited for. Loop thread."""

from __future__ import annotations

from zmqscope.core.errors import UserError
from zmqscope.core.security.lock_check import lock_problem
from zmqscope.core.security.secret import Credentials
from zmqscope.core.security.secrets import needs_reading
from zmqscope.core.types import Problem, SocketId, SocketSpec
from zmqscope.engine.credentials import ready_credentials
from zmqscope.engine.secret_keeper import SecretAnswer, Ticket
from zmqscope.engine.surroundings import AskSecrets


class LockOpening:
    """Asks the keeper of secrets, anew at each opening, and knows the answer that is waited for.

    Args:
        socket_id: Whose lock it is.
        ask: Begins to read what a lock refers to.
    """

    def __init__(self, socket_id: SocketId, ask: AskSecrets) -> None:
        self._socket_id = socket_id
        self._ask = ask
        self._ticket: Ticket | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether something is being read."""
        return self._ticket is not None

    def begin(self, spec: SocketSpec) -> Credentials | Problem | None:
        """What is needed to open, or why it cannot be opened; None if that has to be read first."""
        problem = lock_problem(spec)
        if problem is not None:
            return problem
        if needs_reading(spec.lock):
            self._ticket = self._ask(self._socket_id, spec.lock)
            return None
        try:
            return ready_credentials(spec.lock)
        except UserError as error:
            return error.problem

    def take(self, answer: SecretAnswer) -> Credentials | Problem | None:
        """What was read, or why it was not; None if nobody waits for this answer any more."""
        if answer.ticket != self._ticket:
            return None
        self._ticket = None
        return answer.credentials or answer.problem

    def cancel(self) -> None:
        """Closed, removed or opened anew meanwhile: what is still read is of no interest."""
        self._ticket = None
