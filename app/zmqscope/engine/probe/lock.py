"""Reads what a plan's lock refers to, for a probe that tries it. The probe's thread; may wait."""

from __future__ import annotations

import zmq

from zmqscope.core.errors import UserError
from zmqscope.core.probe import ProbePlan
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.types import SocketId
from zmqscope.engine.credentials import read_credentials
from zmqscope.engine.lock_options import apply_lock
from zmqscope.engine.probe.trial import PrepareSocket

_NOBODY = SocketId(0)


class LockPreparer:
    """Fetches credentials; see ``bridge.probes.PrepareLock``.

    Args:
        session: Secrets that are kept in memory alone.
    """

    def __init__(self, session: SessionSecrets) -> None:
        self._session = session

    def __call__(self, plan: ProbePlan) -> PrepareSocket | None:
        """What sets the plan's lock on a socket; None if there is none that a client shows.

        Raises:
            UserError: What it refers to cannot be read.
        """
        lock = plan.lock
        if lock.mechanism is Mechanism.NULL or lock.is_server:
            return None
        credentials = read_credentials(lock, self._session)

        def prepare(socket: zmq.Socket[bytes]) -> None:
            problem = apply_lock(socket, _NOBODY, lock, credentials)
            if problem is not None:
                raise UserError(problem.text, problem.hint)

        return prepare
