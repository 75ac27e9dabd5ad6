"""Where the doctor would like to have asked, and what."""

from __future__ import annotations

import errno

import pytest

from tests.doctor_rig import ADDRESS, BIND, DROPPED, NOW, S, failing, scene, seen, view
from zmqscope.core.diagnosis.asking import Question, ask
from zmqscope.core.diagnosis.attempts import Outcome
from zmqscope.core.diagnosis.doctor import Doctor
from zmqscope.core.types import Endpoint, Role

PLAIN = ",lock=plain-client,user=ann,secret=session:a"


def asked(spec: str, waiting: bool = False) -> Question | None:
    address = spec.partition(":")[2].partition(",")[0]
    at = view(
        Endpoint(Role.CONNECT, address),
        failing(DROPPED),
        waiting=int(waiting),
        waiting_since_ns=NOW - 5 * S,
    )
    socket = seen(spec, at)
    return ask(socket, scene(socket), at, NOW)


@pytest.mark.parametrize("address", [ADDRESS, "ipc:///a", "ws://127.0.0.1:1/", "wss://a:1/"])
def test_what_we_connect_to_can_be_asked(address: str) -> None:
    found = asked(f"push:{address}")
    assert found is not None
    assert (found.plan.address, found.plan.tries_lock) == (address, False)


@pytest.mark.parametrize(
    "spec",
    [
        "push:inproc://a",
        f"push:{ADDRESS},socks_proxy=127.0.0.1:1080",
        "push:wss://a:1/,wss_trust_pem=/a",
        f"stream:{ADDRESS}",
    ],
)
def test_elsewhere_nobody_is(spec: str) -> None:
    assert asked(spec) is None


def test_own_sockets_are_known() -> None:
    at = view(attempts=failing(DROPPED))
    socket, door = seen(f"push:{ADDRESS}", at), seen(f"pub:@{ADDRESS}", view(BIND), socket_id=2)
    assert ask(socket, scene(socket, door), at, NOW) is None


@pytest.mark.parametrize("waiting", [True, False])
def test_a_lock_is_tried_unless_the_authenticator_thinks(waiting: bool) -> None:
    found = asked(f"push:{ADDRESS}{PLAIN}", waiting)
    assert found is not None
    assert found.plan.tries_lock is not waiting


def test_only_what_lasts_is_asked_about() -> None:
    at = view(attempts=failing((Outcome.NO_DETAIL, errno.ECONNRESET, 3), since_ns=NOW - 3 * S))
    socket, doctor = seen(f"push:{ADDRESS}", at), Doctor()
    doctor.examine(socket, scene(socket), NOW)
    assert doctor.questions(NOW) == {}
    doctor.examine(socket, scene(socket), NOW + S)
    ((place, question),) = doctor.questions(NOW + S).items()
    assert place == (socket.socket_id, at.endpoint)
    assert question.about is at.attempts
