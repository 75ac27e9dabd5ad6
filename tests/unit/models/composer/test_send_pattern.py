import pytest

from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketId, SocketSnapshot, SocketState, SocketType, Turn
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat
from zmqscope.models.composer.send_pattern import (
    FrameRole,
    Obstacle,
    delimiter_at,
    delimiter_words,
    guidance,
    has_delimiter,
    is_blank,
    leading_roles,
    message_problem,
    obstacle_of,
    obstacle_problem,
    readiness,
    starting_frames,
    subscription_frame,
)

PAIR, PUB, SUB, REQ, REP, DEALER, ROUTER, PULL, PUSH, XPUB, XSUB, STREAM, *DRAFTS = SocketType
SERVER, CLIENT, RADIO, DISH, GATHER, SCATTER, DGRAM, PEER, CHANNEL = DRAFTS
ID, BODY = b"\x00kEg", b"body"
ADDRESS = b"127.0.0.1:5556"
HEADS = {kind: ID for kind in SocketType if kind.routes_by_identity}
HEADS |= {RADIO: b"EUR", DISH: b"EUR", DGRAM: ADDRESS}


def snapshot(
    kind: SocketType, state: SocketState = SocketState.CONNECTED, options: str = ""
) -> SocketSnapshot:
    address = "@udp://*:5556" if kind is DGRAM else "tcp://127.0.0.1:5556"
    spec = parse_spec(f"{kind.name.lower()}:{address},name=x{options}")
    return SocketSnapshot(SocketId(1), spec, state)


@pytest.mark.parametrize("kind", list(SocketType))
def test_each_type_that_sends_says_where_a_message_goes(kind: SocketType) -> None:
    assert bool(guidance(kind)) is kind.can_send


@pytest.mark.parametrize(
    ("kind", "frames", "roles"),
    [
        (PAIR, (BODY,), ()),
        (PUB, (b"EUR", BODY), (FrameRole.TOPIC,)),
        (SUB, (BODY,), ()),
        (REQ, (b"", BODY), ()),
        (REP, (BODY,), ()),
        (DEALER, (BODY, BODY), ()),
        (DEALER, (b"", BODY), (FrameRole.DELIMITER,)),
        (DEALER, (b"",), ()),
        (ROUTER, (ID, BODY), (FrameRole.ROUTING_ID,)),
        (ROUTER, (ID, b"", BODY), (FrameRole.ROUTING_ID, FrameRole.DELIMITER)),
        (ROUTER, (ID, b""), (FrameRole.ROUTING_ID,)),
        (ROUTER, (None, b"", BODY), (FrameRole.ROUTING_ID, FrameRole.DELIMITER)),
        (PULL, (BODY,), ()),
        (PUSH, (BODY,), ()),
        (XPUB, (b"EUR", BODY), (FrameRole.TOPIC,)),
        (XSUB, (b"\x01EUR",), (FrameRole.SUBSCRIBE,)),
        (XSUB, (b"\x00EUR",), (FrameRole.CANCEL,)),
        (XSUB, (b"hello",), ()),
        (XSUB, (None,), ()),
        (STREAM, (ID, BODY), (FrameRole.ROUTING_ID, FrameRole.RAW)),
        (ROUTER, (), ()),
        (SERVER, (ID, b""), (FrameRole.ROUTING_ID,)),
        (PEER, (ID, BODY), (FrameRole.ROUTING_ID,)),
        (RADIO, (b"EUR", BODY), (FrameRole.GROUP,)),
        (DGRAM, (ADDRESS, BODY), (FrameRole.ADDRESS,)),
        (CLIENT, (b"", BODY), ()),
        (SCATTER, (BODY,), ()),
        (CHANNEL, (BODY,), ()),
    ],
)
def test_what_the_first_frames_are(
    kind: SocketType, frames: tuple[bytes | None, ...], roles: tuple[FrameRole, ...]
) -> None:
    assert leading_roles(kind, frames) == roles


@pytest.mark.parametrize(
    ("kind", "turn", "state", "obstacle"),
    [
        (PAIR, Turn.FREE, SocketState.CONNECTED, Obstacle.NONE),
        (PUB, Turn.FREE, SocketState.LISTENING, Obstacle.NONE),
        (SUB, Turn.FREE, SocketState.CONNECTED, Obstacle.RECEIVES_ONLY),
        (SUB, Turn.FREE, SocketState.CLOSED, Obstacle.RECEIVES_ONLY),
        (REQ, Turn.MAY_SEND, SocketState.CONNECTED, Obstacle.NONE),
        (REQ, Turn.AWAITS_REPLY, SocketState.CONNECTED, Obstacle.AWAITS_REPLY),
        (REQ, Turn.AWAITS_REPLY, SocketState.CLOSED, Obstacle.CLOSED),
        (REP, Turn.AWAITS_REQUEST, SocketState.CONNECTED, Obstacle.AWAITS_REQUEST),
        (REP, Turn.HOLDS_REQUEST, SocketState.CONNECTED, Obstacle.NONE),
        (DEALER, Turn.FREE, SocketState.RETRYING, Obstacle.NONE),
        (ROUTER, Turn.FREE, SocketState.CONNECTED, Obstacle.NONE),
        (PULL, Turn.FREE, SocketState.CONNECTED, Obstacle.RECEIVES_ONLY),
        (PUSH, Turn.FREE, SocketState.CLOSED, Obstacle.CLOSED),
        (PUSH, Turn.FREE, SocketState.FAILED, Obstacle.NONE),
        (XPUB, Turn.FREE, SocketState.CONNECTED, Obstacle.NONE),
        (XSUB, Turn.FREE, SocketState.CONNECTED, Obstacle.NONE),
        (STREAM, Turn.FREE, SocketState.CONNECTED, Obstacle.NONE),
        *((kind, Turn.FREE, SocketState.LISTENING, Obstacle.NONE) for kind in DRAFTS[:3]),
        (DISH, Turn.FREE, SocketState.CONNECTED, Obstacle.RECEIVES_ONLY),
        (GATHER, Turn.FREE, SocketState.CONNECTED, Obstacle.RECEIVES_ONLY),
        (DGRAM, Turn.FREE, SocketState.LISTENING, Obstacle.NONE),
        (CHANNEL, Turn.FREE, SocketState.CLOSED, Obstacle.CLOSED),
    ],
)
def test_what_keeps_a_socket_from_sending(
    kind: SocketType, turn: Turn, state: SocketState, obstacle: Obstacle
) -> None:
    assert obstacle_of(snapshot(kind, state), turn) is obstacle


def test_a_relaxed_req_may_send_again() -> None:
    relaxed = snapshot(REQ, options=",req_relaxed=1")
    assert obstacle_of(relaxed, Turn.AWAITS_REPLY) is Obstacle.NONE
    strict = snapshot(REQ, options=",req_relaxed=0")
    assert obstacle_of(strict, Turn.AWAITS_REPLY) is Obstacle.AWAITS_REPLY


def test_without_a_socket_nothing_can_be_sent() -> None:
    assert obstacle_of(None, Turn.FREE) is Obstacle.NO_SOCKET


@pytest.mark.parametrize("obstacle", [o for o in Obstacle if o is not Obstacle.NONE])
def test_each_obstacle_says_what_to_do(obstacle: Obstacle) -> None:
    problem = obstacle_problem(obstacle, PULL)
    assert problem is not None
    assert problem.text.endswith(".")
    assert problem.hint.endswith(".")


def test_the_sender_that_reaches_a_receiver_is_named() -> None:
    for kind, sender in ((SUB, "PUB"), (PULL, "PUSH"), (DISH, "RADIO"), (GATHER, "SCATTER")):
        problem = obstacle_problem(Obstacle.RECEIVES_ONLY, kind)
        assert problem is not None
        assert problem.text == f"A {kind.name} only receives, it cannot send."
        assert sender in problem.hint
    assert obstacle_problem(Obstacle.NONE, PUB) is None


def test_lock_step_sockets_say_when_they_may_send() -> None:
    assert "request" in readiness(REQ, Turn.MAY_SEND)
    assert "answers" in readiness(REP, Turn.HOLDS_REQUEST)
    assert readiness(REP, Turn.AWAITS_REQUEST) == ""
    assert readiness(PUB, Turn.FREE) == ""


@pytest.mark.parametrize(
    ("kind", "frames", "words"),
    [
        (ROUTER, (ID,), "needs the routing id"),
        (ROUTER, (b"", BODY), "has to name the peer"),
        (STREAM, (ID,), "exactly two frames"),
        (STREAM, (ID, BODY, BODY), "exactly two frames"),
        (STREAM, (b"", BODY), "has to name the peer"),
        (SERVER, (ID,), "A SERVER needs the routing id of the peer in frame 1"),
        (SERVER, (b"", BODY), "has to name the peer"),
        (PEER, (ID, BODY, BODY), "A PEER cannot send a message of several frames"),
        (RADIO, (b"EUR",), "A RADIO needs a group in frame 1"),
        (RADIO, (b"EUR", BODY, BODY), "several frames"),
        (RADIO, (b"x" * 256, BODY), "too long"),
        (RADIO, (b"a\0b", BODY), "zero byte"),
        (DGRAM, (BODY,), "A DGRAM needs an address in frame 1"),
        (DGRAM, (b"", BODY), "has to say where the datagram goes"),
        (DGRAM, (b"localhost", BODY), "no address"),
        (DGRAM, (b"\xff:1", BODY), "no address"),
        (CLIENT, (BODY, BODY), "A CLIENT cannot send a message of several frames"),
        (SCATTER, (BODY, BODY), "several frames"),
        (CHANNEL, (b"", BODY), "several frames"),
    ],
)
def test_what_a_message_lacks(kind: SocketType, frames: tuple[bytes, ...], words: str) -> None:
    problem = message_problem(kind, frames)
    assert problem is not None
    assert words in problem.text
    assert problem.hint


@pytest.mark.parametrize("kind", list(SocketType))
def test_what_a_message_does_not_lack(kind: SocketType) -> None:
    frames = (HEADS[kind], BODY) if kind in HEADS else (b"",)
    assert message_problem(kind, frames) is None


def test_a_group_may_be_empty_and_an_address_end_as_libzmq_ends_it() -> None:
    assert message_problem(RADIO, (b"", BODY)) is None
    assert message_problem(DGRAM, (ADDRESS + b"\0", BODY)) is None
    assert message_problem(DGRAM, (b"[::1]:5556", BODY)) is None


def test_who_sends_several_frames_is_told_of_the_stable_type() -> None:
    problem = message_problem(CLIENT, (BODY, BODY))
    assert problem is not None
    assert problem.hint == "Put everything into one frame, or use a DEALER."


@pytest.mark.parametrize("kind", [None, *SocketType])
def test_one_begins_with_blank_frames(kind: SocketType | None) -> None:
    frames = starting_frames(kind)
    assert is_blank(frames)
    with_head = (PUB, XPUB, RADIO, DGRAM)
    with_id = (ROUTER, STREAM, SERVER, PEER)
    assert len(frames) == (2 if kind in (*with_head, *with_id) else 1)
    first = FrameFormat.HEX if kind in with_id else FrameFormat.TEXT
    assert frames[0].format is first
    assert not is_blank((*frames, FrameDraft(text="x")))


def test_only_router_and_dealer_write_delimiters_by_hand() -> None:
    assert {kind: delimiter_at(kind) for kind in SocketType if delimiter_at(kind) is not None} == {
        ROUTER: 1,
        DEALER: 0,
    }
    assert not has_delimiter(PUB, (b"", BODY))
    assert "REQ" in delimiter_words(ROUTER)
    assert "REP" in delimiter_words(DEALER)


def test_subscription_messages_are_those_of_rfc_29() -> None:
    assert subscription_frame(b"EUR") == b"\x01EUR"
    assert subscription_frame(b"", cancel=True) == b"\x00"
