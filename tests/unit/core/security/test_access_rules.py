"""Access lists: who comes in, who does not and why, who is asked about."""

from __future__ import annotations

from typing import Any

import pytest

from zmqscope.core.security.access import (
    AccessList,
    AccessMode,
    AllowedKey,
    AllowedUser,
    PasswordHash,
)
from zmqscope.core.security.access_rules import (
    AccessRequest,
    AccessRules,
    AddressRules,
    Decision,
    Outcome,
    address_problem,
    parse_address,
)
from zmqscope.core.security.lock import Mechanism

HERE = "192.168.1.7"
KEY, OTHER_KEY = "k" * 40, "o" * 40
HASH = PasswordHash(b"salt", b"digest")
USERS = (AllowedUser("ann", HASH),)
KEYS = (AllowedKey(KEY, "robot"), AllowedKey("u" * 40))
NULL, PLAIN, CURVE = Mechanism.NULL, Mechanism.PLAIN, Mechanism.CURVE


def judge(access: AccessList, mechanism: Mechanism, address: str = HERE, **seen: Any) -> Decision:
    return AccessRules(access).judge(AccessRequest(mechanism, address, **seen))


# ---- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allow", "deny", "address", "why"),
    [
        ((), (), HERE, None),
        (("192.168.1.0/24",), (), HERE, None),
        (("192.168.1.7",), (), HERE, None),
        (("192.168.2.0/24",), (), HERE, "among those allowed"),
        ((), ("192.168.0.0/16",), HERE, "denied"),
        (("0.0.0.0/0",), ("192.168.1.7",), HERE, "denied"),
        (("192.168.1.0/24",), (), "::ffff:192.168.1.7", None),
        (("::ffff:192.168.1.0/120",), (), HERE, None),
        ((), ("::ffff:192.168.1.7",), HERE, "denied"),
        (("fd00::/8",), (), "fd00::1", None),
        (("fd00::/8",), (), "fe80::1", "among those allowed"),
        ((), ("fe80::/10",), "fe80::1%eth0", "denied"),
        (("::/0",), (), HERE, "among those allowed"),
        (("10.0.0.1",), (), "localhost:0:0:77", None),
        ((), ("10.0.0.1",), "localhost", None),
        ((), ("10.0.0.1",), "", "not known"),
        ((), ("10.0.0.1",), "garbage", "not known"),
        ((), (), "", None),
    ],
)
def test_addresses(
    allow: tuple[str, ...], deny: tuple[str, ...], address: str, why: str | None
) -> None:
    rules = AddressRules.of(AccessList("office", allow=allow, deny=deny))
    refusal = rules.refusal(address)
    assert (refusal is None) is (why is None)
    assert why is None or (why in str(refusal) and "“office”" in str(refusal))


def test_a_broken_entry_lets_nobody_in() -> None:
    rules = AddressRules.of(AccessList(deny=("10.0.0.0/8", "10.0.0.0/99")))
    assert "“10.0.0.0/99” on the list “default” is no address" in str(rules.refusal(HERE))
    assert AddressRules.of(AccessList(allow=("",))).refusal(HERE) is not None


def test_an_address_that_came_through_ipv6_is_one_of_ipv4() -> None:
    assert str(parse_address("::ffff:10.0.0.1")) == "10.0.0.1"
    assert str(parse_address("::1")) == "::1"
    assert parse_address("localhost:0:0:7") is None


@pytest.mark.parametrize("text", ["10.0.0.1", " 10.0.0.0/8 ", "::1", "fd00::/8", "0.0.0.0/0"])
def test_what_may_be_typed(text: str) -> None:
    assert address_problem(text) is None


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("", "no address", "192.168.1.0/24"),
        ("10.0.0.5/24", "inside a network", "Type 10.0.0.0/24 for the whole network, or 10.0.0.5"),
        ("10.0.0.5:80", "neither", "type 10.0.0.5."),
        ("tcp://10.0.0.5:80", "neither", "type 10.0.0.5."),
        ("[::1]:80", "neither", "type ::1."),
        ("10.0.0.0/99", "neither", "how many bits"),
        ("example.org", "neither", "not by name"),
        ("fe80::1%eth0", "zone", "Leave out"),
        ("300.1.1.1", "neither", "192.168.1.7"),
    ],
)
def test_what_is_wrong_with_what_is_typed(text: str, what: str, hint: str) -> None:
    problem = address_problem(text)
    assert problem is not None
    assert what in problem.text
    assert hint in problem.hint


# ---- who ---------------------------------------------------------------------------------------


def test_a_listed_key_is_called_by_its_label_or_itself() -> None:
    access = AccessList(mode=AccessMode.LISTED, keys=KEYS)
    assert judge(access, CURVE, key=KEY) == Decision(Outcome.LET_IN, "robot")
    assert judge(access, CURVE, key="u" * 40) == Decision(Outcome.LET_IN, "u" * 40)


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        (AccessMode.ANYONE, Outcome.LET_IN),
        (AccessMode.LISTED, Outcome.REFUSE),
        (AccessMode.ASK, Outcome.ASK),
    ],
)
def test_strangers(mode: AccessMode, outcome: Outcome) -> None:
    access = AccessList(mode=mode, users=USERS, keys=KEYS)
    for decision in (
        judge(access, CURVE, key=OTHER_KEY),
        judge(access, PLAIN, user="bob", password=b"x"),
        judge(access, NULL),
    ):
        assert decision.outcome is outcome
    reason = judge(access, CURVE, key=OTHER_KEY).reason
    assert mode is AccessMode.ANYONE or f"{OTHER_KEY} is not on the list “default”" in reason


@pytest.mark.parametrize("mode", list(AccessMode))
def test_a_known_user_has_to_prove_it_in_every_mode(mode: AccessMode) -> None:
    decision = judge(AccessList(mode=mode, users=USERS), PLAIN, user="ann", password=b"x")
    assert (decision.outcome, decision.password) == (Outcome.CHECK, HASH)
    assert decision.user_id == "ann"
    assert "the password of “ann”" in decision.reason


@pytest.mark.parametrize("mechanism", list(Mechanism))
@pytest.mark.parametrize("mode", list(AccessMode))
def test_a_denied_address_never_comes_in(mechanism: Mechanism, mode: AccessMode) -> None:
    access = AccessList(mode=mode, users=USERS, keys=KEYS, deny=(HERE,))
    decision = judge(access, mechanism, user="ann", key=KEY)
    assert decision.outcome is Outcome.REFUSE
    assert "denied" in decision.reason


def test_without_a_mechanism_the_address_is_what_is_listed() -> None:
    access = AccessList(mode=AccessMode.LISTED, allow=("192.168.1.0/24",))
    assert judge(access, NULL).outcome is Outcome.LET_IN
    assert judge(access, NULL, "10.0.0.1").outcome is Outcome.REFUSE
    assert judge(access, NULL, "localhost:0:0:7").outcome is Outcome.REFUSE
    asking = AccessList(mode=AccessMode.ASK)
    assert judge(asking, NULL).outcome is Outcome.ASK


def test_our_links_have_judged_the_address_already() -> None:
    access = AccessList(mode=AccessMode.LISTED, keys=KEYS, allow=("192.168.1.0/24",))
    own = "localhost:0:0:1"
    assert judge(access, NULL, own, is_own=True, is_judged=True).outcome is Outcome.LET_IN
    assert judge(access, NULL, own, is_own=True, outer=HERE).outcome is Outcome.LET_IN
    assert judge(access, NULL, own, is_own=True).outcome is Outcome.REFUSE
    assert judge(access, CURVE, own, key=KEY, is_own=True).outcome is Outcome.LET_IN
    assert judge(access, CURVE, own, key=OTHER_KEY, is_own=True).outcome is Outcome.REFUSE


def test_no_password_is_shown() -> None:
    assert "hush" not in repr(AccessRequest(PLAIN, HERE, "ann", b"hush"))
