"""Choices stick to a topic or a socket, and a topic's own comes first."""

from __future__ import annotations

from zmqscope.core.decode.payload import DecoderChoice
from zmqscope.core.types import SocketId
from zmqscope.models.decoder_choices import DecoderChoices

ONE, TWO = SocketId(1), SocketId(2)
CBOR, TEXT = DecoderChoice("cbor"), DecoderChoice("text")


def test_a_choice_for_a_socket_holds_for_all_its_topics_and_for_no_other() -> None:
    choices = DecoderChoices()
    choices.choose(ONE, None, 0, CBOR)
    assert choices.choice(ONE, b"imu", 0) == CBOR
    assert choices.choice(ONE, None, 0) == CBOR
    assert choices.choice(ONE, b"imu", 1) is None
    assert choices.choice(TWO, b"imu", 0) is None
    assert not choices.sticks_to_topic(ONE, b"imu", 0)


def test_a_topics_choice_comes_first() -> None:
    choices = DecoderChoices()
    choices.choose(ONE, None, 0, CBOR)
    choices.choose(ONE, b"imu", 0, TEXT)
    assert choices.choice(ONE, b"imu", 0) == TEXT
    assert choices.choice(ONE, b"pose", 0) == CBOR
    assert choices.sticks_to_topic(ONE, b"imu", 0)


def test_a_choice_for_the_socket_replaces_those_for_its_topics() -> None:
    choices = DecoderChoices()
    choices.choose(ONE, b"imu", 0, TEXT)
    choices.choose(ONE, b"imu", -1, TEXT)
    choices.choose(TWO, b"imu", 0, TEXT)
    choices.choose(ONE, None, 0, CBOR)
    assert choices.choice(ONE, b"imu", 0) == CBOR
    assert choices.choice(ONE, b"imu", -1) == TEXT
    assert choices.choice(TWO, b"imu", 0) == TEXT


def test_a_choice_can_be_taken_back_and_every_change_is_told() -> None:
    choices, told = DecoderChoices(), []
    choices.changed.connect(lambda: told.append(True))
    choices.choose(ONE, b"imu", 0, TEXT)
    choices.choose(ONE, b"imu", 0, None)
    choices.choose(ONE, b"imu", 0, None)
    assert choices.choice(ONE, b"imu", 0) is None
    assert len(told) == 3
