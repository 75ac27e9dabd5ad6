from __future__ import annotations

from dataclasses import replace

from zmqscope.core.security.access import (
    AccessList,
    AllowedKey,
    AllowedUser,
    Knock,
    KnockId,
    PasswordHash,
)
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import SocketId
from zmqscope.models.security.let_in import let_in_always

KEY = "a" * 40
KNOCK = Knock(KnockId(1), SocketId(1), "lab", Mechanism.CURVE, "10.0.0.5", b"", "", KEY, 0)


def test_a_key_goes_on_the_list_of_its_door() -> None:
    answer = let_in_always(KNOCK, (AccessList("home"),))
    assert answer.access == AccessList("lab", keys=(AllowedKey(KEY, "peer at 10.0.0.5 (aaaaa…)"),))
    assert answer.problem is None


def test_a_label_that_is_there_stays() -> None:
    lab = AccessList("lab", keys=(AllowedKey(KEY, "robot"),))
    assert let_in_always(KNOCK, (lab,)).access == lab


def test_a_user_waits_until_its_password_is_known() -> None:
    knock = replace(KNOCK, mechanism=Mechanism.PLAIN, user="ann", key="")
    answer = let_in_always(knock, ())
    assert answer.access is None
    assert answer.waits
    kept = PasswordHash(b"s", b"d")
    answer = let_in_always(replace(knock, password=kept), ())
    assert answer.access == AccessList("lab", users=(AllowedUser("ann", kept),))
    assert not answer.waits


def test_an_address_alone_is_let_in_once_and_told_why() -> None:
    knock = replace(KNOCK, mechanism=Mechanism.NULL, key="")
    answer = let_in_always(knock, ())
    assert answer.access is None
    assert answer.problem is not None
    assert "this time only" in answer.problem.text
    assert "shut out" in answer.problem.text
    nameless = let_in_always(replace(knock, address=""), ())
    assert nameless.problem is not None
    assert "this time only" in nameless.problem.text


def test_an_address_joins_those_that_are_allowed() -> None:
    knock = replace(KNOCK, mechanism=Mechanism.NULL, key="")
    answer = let_in_always(knock, (AccessList("lab", allow=("10.0.0.1",)),))
    assert answer.access == AccessList("lab", allow=("10.0.0.1", "10.0.0.5"))
