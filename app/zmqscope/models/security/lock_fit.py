"""Which locks a socket's type and transports can have. Pure."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.core.security.lock_check import lock_problem
from zmqscope.core.types import Problem, SocketSpec
from zmqscope.models.security.lock_draft import LockChoice

_A_KEY = "0" * 40
_A_PAIR = SecretRef(SecretPlace.SESSION, "any")
# Each is whole in itself, so that only type and transports can be wrong with it.
_EXAMPLES: dict[LockChoice, Lock] = {
    LockChoice.NONE: NO_LOCK,
    LockChoice.PLAIN_CLIENT: Lock(Mechanism.PLAIN, user="any"),
    LockChoice.PLAIN_SERVER: Lock(Mechanism.PLAIN, is_server=True),
    LockChoice.CURVE_CLIENT: Lock(Mechanism.CURVE, server_key=_A_KEY),
    LockChoice.CURVE_SERVER: Lock(Mechanism.CURVE, is_server=True, secret=_A_PAIR),
    LockChoice.ACCESS: Lock(Mechanism.NULL, is_server=True),
}


def unfit(spec: SocketSpec, choice: LockChoice) -> Problem | None:
    """Why a socket of this type, with these endpoints, cannot have a lock; None if it can.

    Args:
        spec: Its lock does not matter.
        choice: The lock.
    """
    problem = lock_problem(replace(spec, lock=_EXAMPLES[choice]))
    if problem is None or "lock=" not in problem.hint:
        return problem
    hint = QCoreApplication.translate(
        "LockFit", "Choose the lock “none”, or another type or transport."
    )
    return Problem(problem.text, hint)
