import pytest

from zmqscope.core.errors import PayloadError
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat, LineEnd
from zmqscope.models.composer.message_draft import MessageDraft


class Told:
    """What the signals said."""

    def __init__(self, message: MessageDraft) -> None:
        self.arranged = 0
        self.keys: list[int] = []
        self.edits = 0
        message.frames_arranged.connect(self.on_arranged)
        message.frame_changed.connect(self.keys.append)
        message.edited.connect(self.on_edited)

    def on_arranged(self) -> None:
        self.arranged += 1

    def on_edited(self) -> None:
        self.edits += 1


def written(*texts: str) -> MessageDraft:
    message = MessageDraft()
    message.replace_all([FrameDraft(text=text) for text in texts])
    return message


def texts(message: MessageDraft) -> list[str]:
    return [draft.text for draft in message.drafts]


def test_a_message_has_one_frame_at_least() -> None:
    message = MessageDraft()
    assert message.data() == (b"",)
    message.replace_all([])
    assert message.data() == (b"",)
    message.set_text(0, "x")
    message.remove(0)
    assert message.data() == (b"",)


def test_typing_changes_one_frame_and_keeps_its_key() -> None:
    message = written("a", "b")
    told, keys = Told(message), message.keys
    message.set_text(1, "bb")
    message.set_text(1, "bb")
    assert message.data() == (b"a", b"bb")
    assert message.keys == keys
    assert (told.arranged, told.keys, told.edits) == (0, [keys[1]], 1)
    assert message.total_bytes == 3


def test_frames_move_with_their_keys() -> None:
    message = written("a", "b", "c")
    a, b, c = message.keys
    message.move(0, 2)
    assert (texts(message), message.keys) == (["b", "c", "a"], (b, c, a))
    assert message.index_of(a) == 2
    message.move(2, 3)
    message.move(0, -1)
    assert texts(message) == ["b", "c", "a"]


def test_frames_are_added_duplicated_and_removed() -> None:
    message = written("a", "b")
    told = Told(message)
    message.duplicate(0)
    message.insert(3, FrameDraft(text="c"))
    message.remove(2)
    assert texts(message) == ["a", "a", "c"]
    assert len(set(message.keys)) == 3
    assert told.arranged == told.edits == 3
    with pytest.raises(KeyError):
        message.index_of(10_000)


def test_a_frame_that_cannot_be_read_makes_no_message() -> None:
    message = written("a", "b")
    message.set_draft(1, FrameDraft(FrameFormat.HEX, "0"))
    assert message.data() is None
    assert message.first_fault() == 1
    assert message.check(1).problem is not None
    assert message.leading_data(3) == [b"a", None]
    assert message.total_bytes == 1
    message.set_text(1, "00")
    assert message.first_fault() is None


def test_formats_and_line_ends_change_how_a_frame_is_read() -> None:
    message = written("a\nb")
    message.set_draft(0, FrameDraft(text="a\nb", line_end=LineEnd.CRLF))
    assert message.data() == (b"a\r\nb",)
    message.convert(0, FrameFormat.HEX)
    assert texts(message) == ["61 0d 0a 62"]
    message.set_text(0, "ff")
    with pytest.raises(PayloadError):
        message.convert(0, FrameFormat.TEXT)
    assert message.draft(0).format is FrameFormat.HEX


def test_json_can_be_made_compact() -> None:
    message = MessageDraft()
    message.set_draft(0, FrameDraft(FrameFormat.JSON, "[ 1 ]"))
    message.compact(0)
    assert message.data() == (b"[1]",)


def test_long_texts_are_held() -> None:
    message = MessageDraft()
    message.put_text(0, "x" * 2_000_000, "the clipboard")
    assert message.draft(0).held is not None
    assert message.total_bytes == 2_000_000
    message.put_text(0, "short", "")
    assert message.data() == (b"short",)


def test_a_thousand_frames() -> None:
    message = written(*map(str, range(1_000)))
    assert len(message) == 1_000
    assert message.data() == tuple(str(n).encode() for n in range(1_000))
