"""The threshold of a linked endpoint."""

from __future__ import annotations

from zmqscope.core.security.access import AccessList
from zmqscope.core.security.access_rules import AddressRules
from zmqscope.core.types import SocketId
from zmqscope.engine.access.lobby import Lobby
from zmqscope.engine.links.plan import Door
from zmqscope.engine.links.threshold import Threshold

DOOR = SocketId(3)


def rules(*deny: str) -> AddressRules:
    return AddressRules.of(AccessList(deny=deny))


def test_who_is_turned_away_and_why() -> None:
    threshold = Threshold(Door(DOOR, rules("10.0.0.1")), Lobby())
    assert threshold.access == "default"
    assert threshold.refusal("10.0.0.2") is None
    assert threshold.refusal("::ffff:10.0.0.1") == (
        "A peer at “::ffff:10.0.0.1” is turned away: its address is denied by the list “default”."
    )


def test_the_lobby_knows_those_that_are_not_through() -> None:
    lobby, link = Lobby(), object()
    threshold = Threshold(Door(DOOR, rules()), lobby)
    threshold.enter(link, "10.0.0.1")
    assert lobby.only_address(DOOR) == "10.0.0.1"
    threshold.leave(link)
    threshold.leave(link)
    assert lobby.only_address(DOOR) == ""


def test_other_rules_also_hold_for_those_on_the_threshold() -> None:
    threshold = Threshold(Door(DOOR, rules()), Lobby())
    first, second = object(), object()
    threshold.enter(first, "10.0.0.1")
    threshold.enter(second, "10.0.0.2")
    refused = threshold.set_rules(rules("10.0.0.1"))
    assert [link for link, _ in refused] == [first]
    assert threshold.refusal("10.0.0.1") is not None
