"""What is written for a socket waits on its desk, and what was sent can be called back there."""

from __future__ import annotations

from zmqscope.core.types import SocketId, SocketType
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat
from zmqscope.models.composer.message_draft import MessageDraft
from zmqscope.models.composer.send_desks import SendDesks
from zmqscope.models.composer.send_pattern import starting_frames

PUB, ROUTER = SocketId(1), SocketId(2)


def text(words: str) -> tuple[FrameDraft, ...]:
    """One frame of text."""
    return (FrameDraft(FrameFormat.TEXT, words),)


def test_what_is_written_waits_while_another_socket_is_chosen() -> None:
    message = MessageDraft()
    desks = SendDesks(message)
    desks.go_to(PUB, SocketType.PUB)
    message.replace_all(text("for the PUB"))
    desks.go_to(ROUTER, SocketType.ROUTER)
    assert message.drafts == starting_frames(SocketType.ROUTER)
    desks.go_to(PUB, SocketType.PUB)
    assert message.drafts == text("for the PUB")


def test_each_socket_has_a_history_of_its_own() -> None:
    message = MessageDraft()
    desks = SendDesks(message)
    told: list[int] = []
    desks.history_changed.connect(lambda: told.append(len(desks.history())))
    desks.go_to(PUB, SocketType.PUB)
    message.replace_all(text("first"))
    desks.record()
    desks.write(text("second"))
    assert desks.history() == (text("first"),)
    desks.previous()
    assert message.drafts == text("first")
    desks.next()
    assert message.drafts == text("second")
    desks.go_to(ROUTER, SocketType.ROUTER)
    assert desks.history() == ()
    assert told == [1, 1]


def test_of_a_socket_that_is_gone_nothing_is_left() -> None:
    message = MessageDraft()
    desks = SendDesks(message)
    desks.go_to(PUB, SocketType.PUB)
    message.replace_all(text("for the PUB"))
    desks.record()
    desks.go_to(None, None)
    desks.forget(PUB)
    desks.go_to(PUB, SocketType.PUB)
    assert message.drafts == starting_frames(SocketType.PUB)
    assert desks.history() == ()
