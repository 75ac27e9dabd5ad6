"""What fits what, in words."""

from __future__ import annotations

import pytest

from zmqscope.core.diagnosis.fitting import (
    all_of,
    any_of,
    do_locks_meet,
    do_types_fit,
    fitting_names,
    lock_words,
)
from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism
from zmqscope.core.types import SocketType
from zmqscope.engine.reasons import FITTING_PEERS

CURVE, CURVE_SERVER = Lock(Mechanism.CURVE), Lock(Mechanism.CURVE, is_server=True)


@pytest.mark.parametrize("kind", SocketType)
def test_it_says_what_the_rest_of_the_app_says(kind: SocketType) -> None:
    def names(text: str) -> set[str]:
        return set(text.replace(",", "").replace(" or ", " ").split())

    assert names(fitting_names(kind)) == names(FITTING_PEERS[kind])


def test_types() -> None:
    assert do_types_fit(SocketType.REQ, SocketType.ROUTER)
    assert not do_types_fit(SocketType.SUB, SocketType.REP)


def test_locks_meet_if_one_side_is_the_server() -> None:
    assert do_locks_meet(NO_LOCK, NO_LOCK)
    assert do_locks_meet(CURVE, CURVE_SERVER)
    assert not do_locks_meet(CURVE, CURVE)
    assert not do_locks_meet(CURVE_SERVER, NO_LOCK)


def test_words() -> None:
    assert lock_words(NO_LOCK) == "NULL (no security)"
    assert lock_words(CURVE_SERVER) == "CURVE as server"
    assert any_of(["a", "b", "c"]) == "a, b or c"
    assert all_of(["a", "b"]) == "a and b"
    assert all_of(["a"]) == "a"
