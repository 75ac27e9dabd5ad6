from __future__ import annotations

import pytest

from zmqscope.core.security.access import AccessList, AccessMode, AllowedKey
from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.models.security.lock_draft import LockChoice
from zmqscope.models.security.lock_words import (
    choice_title,
    choice_words,
    lock_lines,
    place_title,
    place_words,
    ref_words,
    short_ref,
)

PAIR = SecretRef(SecretPlace.FILE, "/home/me/server.key_secret")


def test_every_choice_and_place_is_a_sentence() -> None:
    assert len({choice_title(choice) for choice in LockChoice}) == len(LockChoice)
    for choice in LockChoice:
        assert choice_words(choice).endswith(".")
    for place in SecretPlace:
        assert place_title(place)
        assert place_words(place).endswith(".")
        assert ref_words(SecretRef(place, "x\ny"))
        assert "\n" not in short_ref(SecretRef(place, "/a/x\ny"))


@pytest.mark.parametrize(
    ("lock", "words"),
    [
        (NO_LOCK, ("No lock",)),
        (
            Lock(Mechanism.PLAIN, user="ann", secret=SecretRef(SecretPlace.KEYRING, "ann-1")),
            ("PLAIN client", "“ann”", "keyring, as “ann-1”"),
        ),
        (Lock(Mechanism.CURVE, server_key="a" * 40), ("begins with aaaa", "fresh key pair")),
        (Lock(Mechanism.CURVE, server_key="file:/k/s.key", secret=PAIR), ("/k/s.key", PAIR.name)),
        (
            Lock(Mechanism.CURVE, is_server=True, secret=PAIR),
            ("CURVE server", "default"),
        ),
        (Lock(Mechanism.NULL, is_server=True, access="lab"), ("Access list", "“lab”")),
    ],
)
def test_what_a_socket_has_in_words(lock: Lock, words: tuple[str, ...]) -> None:
    text = "\n".join(lock_lines(lock))
    for word in words:
        assert word in text


def test_the_access_list_is_summed_up() -> None:
    access = AccessList("lab", AccessMode.LISTED, keys=(AllowedKey("k" * 40),), deny=("10.0.0.9",))
    text = lock_lines(Lock(Mechanism.NULL, is_server=True, access="lab"), access)[-1]
    assert "only those listed come in · 1 client key · 1 address denied." in text
