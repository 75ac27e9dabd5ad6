import pytest

from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketId, SocketSnapshot, SocketState, SocketType, Turn
from zmqscope.models.frame_draft import FrameDraft, FrameFormat
from zmqscope.models.send_pattern import (
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
    routing_id_words,
    starting_frames,
    subscription_frame,
)

PAIR, PUB, SUB, REQ, REP, DEALER, ROUTER, PULL, PUSH, XPUB, XSUB, STREAM = SocketType
ID, BODY = b"\x00kEg", b"body"


def snapshot(
    kind: SocketType, state: SocketState = SocketState.CONNECTED, options: str = ""
) -> SocketSnapshot:
    spec = parse_spec(f"{kind.name.lower()}:tcp://127.0.0.1:5556,name=x{options}")
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
    for kind, sender in ((SUB, "PUB"), (PULL, "PUSH")):
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
    ],
)
def test_what_a_message_lacks(kind: SocketType, frames: tuple[bytes, ...], words: str) -> None:
    problem = message_problem(kind, frames)
    assert problem is not None
    assert words in problem.text
    assert problem.hint


@pytest.mark.parametrize("kind", list(SocketType))
def test_what_a_message_does_not_lack(kind: SocketType) -> None:
    frames = (ID, BODY) if kind.routes_by_identity else (b"",)
    assert message_problem(kind, frames) is None


@pytest.mark.parametrize("kind", [None, *SocketType])
def test_one_begins_with_blank_frames(kind: SocketType | None) -> None:
    frames = starting_frames(kind)
    assert is_blank(frames)
    assert len(frames) == (2 if kind in (PUB, XPUB, ROUTER, STREAM) else 1)
    first = FrameFormat.HEX if kind in (ROUTER, STREAM) else FrameFormat.TEXT
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


def test_routing_ids_read_as_text_or_hex() -> None:
    assert routing_id_words(b"worker-1") == "worker-1"
    assert routing_id_words(ID) == "00 6b 45 67"
    assert routing_id_words(b"two\nlines") == "74 77 6f 0a 6c 69 6e 65 73"


def test_subscription_messages_are_those_of_rfc_29() -> None:
    assert subscription_frame(b"EUR") == b"\x01EUR"
    assert subscription_frame(b"", cancel=True) == b"\x00"
