import pytest

from zmqscope.core.types import SocketType
from zmqscope.models.composer.envelope import body_at, is_delimited, put_head, set_delimiter
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat
from zmqscope.models.composer.message_draft import MessageDraft
from zmqscope.models.composer.send_pattern import starting_frames


def written(*texts: str) -> MessageDraft:
    message = MessageDraft()
    message.replace_all([FrameDraft(text=text) for text in texts])
    return message


def test_a_routing_id_becomes_frame_1() -> None:
    message = MessageDraft()
    message.replace_all(starting_frames(SocketType.ROUTER))
    put_head(message, b"\x00kEg")
    assert message.data() == (b"\x00kEg", b"")
    assert message.draft(0).format is FrameFormat.HEX
    put_head(message, b"{}")
    assert message.draft(0) == FrameDraft(FrameFormat.TEXT, "{}")


@pytest.mark.parametrize(
    ("kind", "texts", "expected"),
    [
        (SocketType.ROUTER, ["id", "body"], 1),
        (SocketType.ROUTER, ["id", "", "body"], 2),
        (SocketType.ROUTER, ["id"], 0),
        (SocketType.DEALER, ["", "body"], 1),
        (SocketType.STREAM, ["id", "raw"], 1),
        (SocketType.PUB, ["topic", "body"], 0),
        (SocketType.SERVER, ["id", "body"], 1),
        (SocketType.RADIO, ["EUR", "body"], 1),
        (SocketType.DGRAM, ["127.0.0.1:1", "body"], 1),
        (SocketType.CLIENT, ["body"], 0),
        (None, ["x"], 0),
    ],
)
def test_where_the_body_begins(kind: SocketType | None, texts: list[str], expected: int) -> None:
    assert body_at(written(*texts), kind) == expected


def test_a_message_of_one_frame_gets_a_second() -> None:
    message = written("")
    put_head(message, b"w1")
    assert message.data() == (b"w1", b"")


def test_the_delimiter_of_a_router_goes_in_and_out() -> None:
    message = written("id", "body")
    set_delimiter(message, SocketType.ROUTER, True)
    assert message.data() == (b"id", b"", b"body")
    assert is_delimited(message, SocketType.ROUTER)
    set_delimiter(message, SocketType.ROUTER, True)
    assert len(message) == 3
    set_delimiter(message, SocketType.ROUTER, False)
    assert message.data() == (b"id", b"body")
    set_delimiter(message, SocketType.ROUTER, False)
    assert len(message) == 2


def test_a_delimiter_needs_a_body_behind_it() -> None:
    message = written("id")
    set_delimiter(message, SocketType.ROUTER, True)
    assert message.data() == (b"id", b"", b"")
    assert is_delimited(message, SocketType.ROUTER)


def test_the_delimiter_of_a_dealer() -> None:
    message = written("body")
    set_delimiter(message, SocketType.DEALER, True)
    assert message.data() == (b"", b"body")


def test_other_types_have_none() -> None:
    message = written("body")
    set_delimiter(message, SocketType.PUB, True)
    set_delimiter(message, None, True)
    assert message.data() == (b"body",)
    assert not is_delimited(message, None)
