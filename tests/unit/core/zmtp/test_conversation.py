"""Both directions: what the two peers agree on."""

from __future__ import annotations

import pytest

from tests.zmtp_rig import box, command, converse, greeting, ready
from zmqscope.core.zmtp import events as ev
from zmqscope.core.zmtp.conversation import (
    Conversation,
    PeerFacts,
    Said,
    Side,
    Stage,
    SubscriptionForm,
)
from zmqscope.core.zmtp.frames import encode_frame
from zmqscope.core.zmtp.legacy import encode_frame_v1, encode_greeting_v2
from zmqscope.core.zmtp.opening import UNVERSIONED, Revision

A, B = Side.CONNECTING, Side.BINDING
SIGNATURE = b"\xff" + bytes(7) + b"\x01\x7f"


def test_a_null_handshake_step_by_step() -> None:
    conversation = Conversation()

    def say(side: Side, data: bytes) -> None:
        conversation.receive_data(side, data)
        assert list(conversation.events())

    assert (conversation.stage, conversation.version) == (Stage.GREETING, None)
    assert conversation.subscriptions is None
    say(A, greeting())
    assert (conversation.stage, conversation.mechanism) == (Stage.GREETING, None)
    say(B, greeting(minor=0))
    assert (conversation.stage, conversation.version) == (Stage.HANDSHAKE, (3, 0))
    assert conversation.mechanism == b"NULL"
    assert conversation.subscriptions is SubscriptionForm.MESSAGES
    say(A, ready(b"DEALER", b"me"))
    assert conversation.stage is Stage.HANDSHAKE
    say(B, ready(b"ROUTER"))
    assert conversation.is_established
    assert not conversation.is_encrypted
    assert conversation.disagreement is None
    assert conversation.facts(A) == PeerFacts((3, 1), b"NULL", None, b"DEALER", b"me", True)
    assert conversation.facts(B) == PeerFacts((3, 0), b"NULL", None, b"ROUTER", None, True)


def test_subscriptions_are_commands_from_3_1_on() -> None:
    for minors, form in (((1, 1), SubscriptionForm.COMMANDS), ((0, 1), SubscriptionForm.MESSAGES)):
        conversation, _ = converse([(A, greeting(minor=minors[0])), (B, greeting(minor=minors[1]))])
        assert conversation.subscriptions is form


def test_plain_is_established_by_the_servers_ready() -> None:
    turns = [
        (A, greeting(b"PLAIN")),
        (B, greeting(b"PLAIN", as_server=True)),
        (A, command(b"HELLO", b"\x03bob\x06sesame")),
        (B, command(b"WELCOME")),
        (A, command(b"INITIATE", ready(b"SUB")[8:])),
    ]
    conversation, _ = converse(turns)
    assert conversation.stage is Stage.HANDSHAKE
    assert conversation.facts(A).is_introduced
    assert conversation.facts(A).socket_type == b"SUB"
    conversation, _ = converse([*turns, (B, ready(b"PUB"))])
    assert conversation.stage is Stage.TRAFFIC
    assert conversation.facts(B).is_server
    assert conversation.disagreement is None


def test_curve_hides_what_is_in_it() -> None:
    conversation, said = converse(
        [
            (A, greeting(b"CURVE")),
            (B, greeting(b"CURVE", as_server=True)),
            (A, command(b"HELLO", bytes(194))),
            (B, command(b"WELCOME", bytes(160))),
            (A, command(b"INITIATE", bytes(248))),
            (B, command(b"READY", bytes(24))),
            (B, box(100)),
        ]
    )
    assert conversation.is_encrypted
    assert conversation.is_established
    assert conversation.facts(A).socket_type is None
    assert said[-1].event == ev.BoxReceived(64 + 170 + 32, 3, 100)


def test_a_refused_handshake() -> None:
    conversation, _ = converse(
        [
            (A, greeting() + ready(b"PUB")),
            (B, greeting() + command(b"ERROR", b"\x14Invalid socket type!")),
        ]
    )
    assert conversation.stage is Stage.REFUSED
    assert conversation.refusal == b"Invalid socket type!"


def test_one_direction_fails_the_other_one_goes_on() -> None:
    conversation, said = converse(
        [
            (A, greeting() + ready(b"PUSH") + b"\xff"),
            (B, greeting() + ready(b"PULL") + command(b"PING", b"\0\0")),
            (A, b"more"),
        ]
    )
    assert conversation.stage is Stage.FAILED
    assert conversation.decoder(A).has_failed
    kinds = [(each.side, type(each.event).__name__) for each in said]
    assert kinds == [
        (A, "GreetingReceived"),
        (A, "CommandReceived"),
        (A, "ProtocolFailed"),
        (B, "GreetingReceived"),
        (B, "CommandReceived"),
        (B, "CommandReceived"),
    ]


def test_3_x_and_2_0() -> None:
    conversation, said = converse(
        [
            (A, SIGNATURE),
            (B, encode_greeting_v2(b"DEALER", b"old")),
            (A, b"\x03"),
            (A, b"\x06" + encode_frame(0, b"new")),
            (A, encode_frame(0, b"hello")),
        ]
    )
    assert (conversation.version, conversation.mechanism) == ((2, 0), b"NULL")
    assert conversation.is_established
    assert conversation.subscriptions is SubscriptionForm.MESSAGES
    assert conversation.facts(A) == PeerFacts((2, 0), b"NULL", None, b"ROUTER", b"new", True)
    assert conversation.facts(B).identity == b"old"
    assert [each.event for each in said if each.side is A] == [
        ev.LegacyGreetingReceived(Revision.V2, 3, b"ROUTER"),
        ev.IdentityReceived(12, b"new"),
        ev.FrameReceived(17, False, 5, b"hello"),
    ]


def test_3_x_and_1_0() -> None:
    conversation, said = converse(
        [
            (A, SIGNATURE),
            (B, encode_frame_v1(0, b"old")),
            (A, encode_frame_v1(0, b"hello")),
        ]
    )
    assert conversation.version == (1, 0)
    assert conversation.is_established
    # That the first one has gone down as well shows with the other one's first byte.
    assert said == [
        Said(B, ev.LegacyGreetingReceived(Revision.V1, UNVERSIONED, b"")),
        Said(B, ev.IdentityReceived(0, b"old")),
        Said(A, ev.LegacyGreetingReceived(Revision.V1, UNVERSIONED, b"")),
        Said(A, ev.IdentityReceived(0, b"")),
        Said(A, ev.FrameReceived(10, False, 5, b"hello")),
    ]


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        (greeting(), b"", None),
        (
            greeting(),
            encode_greeting_v2(b"PAIR"),
            "One peer speaks ZMTP 3.1, the other one 2.0.",
        ),
        (greeting(), greeting(b"CURVE"), "The mechanisms differ: NULL and CURVE."),
        (greeting(b"\xff"), greeting(b""), "The mechanisms differ: \\xff and none."),
        (greeting(b"CURVE"), greeting(b"CURVE"), None),
        (
            greeting(b"CURVE") + command(b"HELLO", bytes(194)),
            greeting(b"CURVE") + command(b"HELLO", bytes(194)),
            "Both peers are clients of CURVE.",
        ),
        (
            greeting(b"PLAIN", as_server=True),
            greeting(b"PLAIN", as_server=True),
            "Both peers are servers of PLAIN.",
        ),
        (
            greeting() + ready(b"PUB"),
            greeting() + ready(b"PULL"),
            "PUB and PULL do not talk to each other.",
        ),
        (greeting() + ready(b"PUB"), greeting() + ready(b"XSUB"), None),
        (greeting() + ready(b"PUB"), greeting() + ready(b"STRANGE"), None),
        (greeting() + ready(b"PUB"), greeting(), None),
    ],
)
def test_why_two_peers_cannot_talk(one: bytes, other: bytes, sentence: str | None) -> None:
    conversation, _ = converse([(A, one), (B, other)])
    assert conversation.disagreement == sentence


def test_a_mechanism_of_somebodys_own() -> None:
    conversation, _ = converse([(A, greeting(b"X")), (B, greeting(b"X"))])
    assert conversation.stage is Stage.HANDSHAKE
    conversation, _ = converse(
        [(A, greeting(b"X") + command(b"READY")), (B, greeting(b"X") + command(b"GO"))]
    )
    assert conversation.stage is Stage.TRAFFIC
