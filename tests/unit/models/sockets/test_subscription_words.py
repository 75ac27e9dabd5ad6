from __future__ import annotations

from zmqscope.core.types import SocketType
from zmqscope.models.sockets.subscription_words import subscription_words


def test_a_dish_joins_groups_and_a_sub_subscribes_to_topics() -> None:
    for kind, theirs, others in (
        (SocketType.DISH, ("roup", "oin"), ("topic", "ubscri")),
        (SocketType.SUB, ("opic", "ubscri"), ("group", "oin")),
        (SocketType.XSUB, ("opic", "ubscri"), ("group", "oin")),
    ):
        words = " ".join(subscription_words(kind))
        assert all(word in words for word in theirs)
        assert not any(word in words for word in others)


def test_nothing_is_no_group() -> None:
    assert subscription_words(SocketType.SUB).blank == "Everything"
    assert subscription_words(SocketType.DISH).blank == ""
