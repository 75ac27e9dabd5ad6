"""What the doctor would like to have asked at an endpoint whose trouble has several causes. Pure.

Any thread.
"""

from __future__ import annotations

from dataclasses import dataclass

from zmqscope.core.diagnosis.attempts import Attempts, Outcome
from zmqscope.core.diagnosis.observation import EndpointView, Observation, Scene
from zmqscope.core.endpoints import transport_of
from zmqscope.core.probe import ProbePlan
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import SocketType

_CAN_BE_ASKED = ("tcp", "ipc", "ws", "wss")
_HANGS_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """A probe whose answer would name the cause.

    Attributes:
        plan: The probe.
        about: The history of the endpoint that it is about; another one is another state.
    """

    plan: ProbePlan
    about: Attempts


def ask(seen: Observation, scene: Scene, view: EndpointView, now_ns: int) -> Question | None:
    """What to ask at an endpoint; None where nobody can be asked, or needs to be.

    Sockets of this app are known, and a stranger at their door would be told of.

    Args:
        seen: The socket.
        scene: All of them.
        view: The endpoint.
        now_ns: Now, on the monotonic clock.
    """
    transport = transport_of(view.endpoint)
    if not view.is_connect or view.report is not None or transport not in _CAN_BE_ASKED:
        return None
    if seen.type is SocketType.STREAM or scene.binder(view.endpoint) is not None:
        return None
    options = [name for name, _ in seen.spec.options]
    if any(name.startswith("socks_") for name in options):
        return None  # the way there is not ours
    if transport == "wss" and any(name.startswith("wss_") for name in options):
        return None  # a probe does not trust what the socket trusts
    lock = seen.spec.lock
    is_hanging = view.waiting > 0 and now_ns - view.waiting_since_ns >= _HANGS_NS
    # An authenticator that thinks is not asked a second time.
    tries_lock = lock.mechanism is not Mechanism.NULL and not is_hanging
    tries_lock = tries_lock and view.attempts.failed(Outcome.NO_DETAIL) is not None
    plan = ProbePlan(view.endpoint.address, seen.type, lock, tries_lock=tries_lock)
    return Question(plan, view.attempts)
