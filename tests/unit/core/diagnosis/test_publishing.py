"""Publishers and subscribers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.doctor_rig import (
    ADDRESS,
    BIND,
    NOW,
    S,
    case,
    kinds,
    only,
    peer,
    peers,
    seen,
    told,
    view,
    words,
)
from zmqscope.core.diagnosis import publishing
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.diagnosis.observation import Flow, Observation
from zmqscope.core.types import Severity

EUR = Flow(100, 200, 1_000, NOW, (b"EURUSD",))


def sub(items: str, **more: Any) -> Observation:
    more.setdefault("subscribed_ns", NOW - 50 * S)
    return seen(f"sub:{ADDRESS},{items}", view(peers=1), **more)


def feed(flow: Flow = EUR) -> Observation:
    return seen(f"pub:@{ADDRESS},name=feed", view(BIND, peers=1), socket_id=2, sent=flow)


def test_no_subscription_offers_everything() -> None:
    (found,) = told(sub("topics=none"), after_s=1.0)
    assert found.rule is Rule.NO_SUBSCRIPTION
    assert kinds(found)[0] is FixKind.SUBSCRIBE_ALL


def test_a_dish_joins_groups() -> None:
    found = only(publishing.no_subscription(case(seen(f"dish:{ADDRESS}", view(peers=1)))))
    assert "group" in words(found)
    assert FixKind.SUBSCRIBE_ALL not in kinds(found)


def test_without_a_peer_nobody_misses_anything() -> None:
    assert told(seen(f"sub:@{ADDRESS},topics=none", view(BIND))) == []


def test_a_quiet_publisher_is_ordinary() -> None:
    assert told(sub("name=all"), after_s=300.0) == []


def test_a_topic_that_never_comes_is_told_soon() -> None:
    just = {"subscribed_ns": NOW, "opened_ns": NOW, "peers_since_ns": NOW}
    assert told(sub("topic=usd", **just), after_s=19.0) == []
    (found,) = told(sub("topic=usd", **just), after_s=20.0)
    assert (found.rule, found.severity) == (Rule.SUBSCRIPTION_MATCHES_NOTHING, Severity.INFO)
    assert "“usd”" in found.text
    assert "only what is subscribed to" in found.why
    assert kinds(found) == [FixKind.SUBSCRIBE_ALL, FixKind.PROBE]


def test_what_came_before_the_socket_was_reopened_does_not_count() -> None:
    old = replace(EUR, last_ns=NOW - 200 * S)
    assert told(sub("topic=usd", received=old), after_s=30.0)
    assert told(sub("topic=usd", received=replace(EUR, last_ns=NOW)), after_s=30.0) == []


def test_with_conflate_the_topic_frame_may_be_lost() -> None:
    (found,) = told(sub("topic=usd,conflate=1"), after_s=30.0)
    assert "the topic frame is lost" in found.why
    assert kinds(found)[0] is FixKind.TURN_CONFLATE_OFF


def test_beside_others_that_get_messages() -> None:
    socket = sub("topic=EUR,topic=usd", received=EUR)
    assert told(socket, after_s=5.0) == []
    (found,) = told(socket, after_s=61.0)
    assert "“usd”" in found.text
    assert "“EURUSD”" in found.why


def test_a_topic_that_is_cut_at_a_separator_may_match() -> None:
    cut = replace(EUR, topics=(b"EUR",))
    assert told(sub("topic=EUR.USD,topic=EUR", received=cut), after_s=100.0) == []


def test_nothing_is_said_of_topics_that_are_not_all_known() -> None:
    some = replace(EUR, is_topics_whole=False)
    assert told(sub("topic=EUR,topic=usd", received=some), after_s=100.0) == []


def test_an_own_publisher_is_known_well() -> None:
    (found, *_) = told(sub("topic=eur"), feed(), after_s=4.0)
    assert found.severity is Severity.WARNING
    assert "“feed” publishes topics such as “EURUSD”" in found.why
    assert "Perhaps “EUR” was meant" in found.why


def test_an_own_publisher_that_sends_it_is_no_finding() -> None:
    assert told(sub("topic=EUR"), feed(), after_s=100.0) == []


def test_an_own_publisher_that_sent_little_says_nothing_yet() -> None:
    few = replace(EUR, messages=3)
    assert told(sub("topic=eur"), feed(few), after_s=100.0) == []


def test_an_own_publisher_that_floods_us_is_told() -> None:
    flood = replace(EUR, per_s=100_000.0)
    got = replace(EUR, per_s=7_000.0)
    (found,) = told(
        sub("name=all", received=got), feed(replace(flood, last_ns=NOW + 4 * S)), after_s=4.0
    )
    assert (found.rule, found.severity) == (Rule.SLOW_SUBSCRIBER, Severity.WARNING)
    assert "100,000 messages a second, and 7,000" in found.why


@pytest.mark.parametrize(
    ("items", "sent", "got"),
    [
        ("name=all", 100_000.0, 90_000.0),
        ("name=all", 500.0, 0.0),
        ("topic=EUR", 100_000.0, 7_000.0),
        ("name=all,conflate=1", 100_000.0, 7_000.0),
    ],
)
def test_where_not_all_has_to_come_nothing_is_said(items: str, sent: float, got: float) -> None:
    flood = replace(EUR, per_s=sent, last_ns=NOW + 4 * S)
    socket = sub(items, received=replace(EUR, frames=100, per_s=got))
    assert told(socket, feed(flood), after_s=4.0) == []


def test_a_flood_that_has_ended_is_no_trouble() -> None:
    flood = replace(EUR, per_s=100_000.0, last_ns=NOW)
    assert told(sub("name=all", received=replace(EUR, per_s=7.0)), feed(flood), after_s=4.0) == []


# ---- too early, too slow --------------------------------------------------------------------


def test_the_first_subscriber_missed_something() -> None:
    socket = seen(f"pub:@{ADDRESS}", view(BIND, peers=1), missed=7, joined_ns=NOW)
    (found,) = told(socket, after_s=1.0)
    assert found.rule is Rule.SLOW_JOINER
    assert "7 messages" in found.text
    assert told(socket, after_s=31.0) == []


def test_without_a_loss_nobody_was_late() -> None:
    assert told(seen(f"pub:@{ADDRESS}", view(BIND, peers=1), joined_ns=NOW), after_s=1.0) == []


def test_our_own_queue_never_empties() -> None:
    socket = sub("name=all", backlog_since_ns=NOW)
    assert told(socket, after_s=2.0) == []
    (found,) = told(socket, after_s=4.0)
    assert found.rule is Rule.SLOW_SUBSCRIBER
    assert "drops" in found.why


def test_what_is_not_even_taken_from_the_system_counts_too() -> None:
    socket = sub("name=all", peers=peers(peer(1, unread_bytes=200_000)))
    assert told(socket, after_s=2.0) == []
    (found,) = told(socket, after_s=4.0)
    assert "receive queue stays full" in found.why


def test_a_subscriber_that_does_not_read_is_named() -> None:
    slow = peers(peer(1, pid=7, unsent_bytes=100_000), peer(2, unsent_bytes=70_000), peer(3))
    socket = seen(f"pub:@{ADDRESS}", view(BIND, peers=3), peers=slow)
    assert told(socket, after_s=1.0) == []
    (found,) = told(socket, after_s=4.0)
    assert "python (7)" in found.text
    assert "1 other" in found.why


def test_bytes_on_their_way_are_ordinary() -> None:
    socket = seen(f"pub:@{ADDRESS}", view(BIND, peers=1), peers=peers(peer(1, unsent_bytes=9_000)))
    assert told(socket) == []


def test_topics_are_shown_as_they_can_be_read() -> None:
    found = only(publishing.subscription_matches_nothing(case(sub("topic=%00eur"), feed())))
    assert "“\\x00eur”" in found.text
