from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat, HeldBytes
from zmqscope.models.composer.send_history import SendHistory, preview
from zmqscope.models.composer.send_pattern import Frames


def text(*frames: str) -> Frames:
    return tuple(FrameDraft(text=frame) for frame in frames)


A, B, C, DRAFT = text("a"), text("b", "b"), text("c"), text("being written")
BLANK = text("")


def history(*entries: Frames) -> SendHistory:
    made = SendHistory()
    for entry in entries:
        made.record(entry)
    return made


def test_walking_back_and_forth_returns_to_what_was_being_written() -> None:
    h = history(A, B)
    assert not h.is_calling_back
    assert h.previous(DRAFT) == B
    assert h.is_calling_back
    assert h.previous(B) == A
    assert h.previous(A) is None
    assert h.next(A) == B
    assert h.next(B) == DRAFT
    assert h.next(DRAFT) is None


def test_there_is_nothing_to_call_back_at_first() -> None:
    h = SendHistory()
    assert h.previous(DRAFT) is None
    assert h.next(DRAFT) is None
    assert h.recall(0, DRAFT) is None


def test_a_message_just_sent_is_skipped_while_it_is_still_shown() -> None:
    h = history(A, B)
    assert h.previous(B) == A
    assert history(A).previous(A) is None


def test_a_changed_message_keeps_its_change_until_one_is_sent() -> None:
    h = history(A, B)
    h.previous(DRAFT)
    assert h.previous(text("b", "changed")) == A
    assert h.next(A) == text("b", "changed")
    assert h.next(text("b", "changed")) == DRAFT


def test_sending_keeps_everything_that_was_written() -> None:
    h = history(A, B)
    h.previous(DRAFT)
    h.previous(text("b", "changed"))
    h.record(C)
    assert h.entries == (A, B, text("b", "changed"), DRAFT, C)
    assert not h.is_calling_back


def test_the_same_message_twice_is_one_entry() -> None:
    assert history(A, A, B, A).entries == (A, B, A)


def test_what_is_put_aside_can_be_called_back_unless_it_is_blank_or_known() -> None:
    h = history(A)
    h.put_aside(BLANK)
    h.put_aside(DRAFT)
    assert h.entries == (A, DRAFT)
    assert h.previous(BLANK) == DRAFT
    h.put_aside(DRAFT)
    assert h.entries == (A, DRAFT)


def test_a_blank_message_that_was_sent_is_an_entry() -> None:
    assert history(BLANK).entries == (BLANK,)


def test_a_message_is_called_back_by_its_index() -> None:
    h = history(A, B, C)
    assert h.recall(0, DRAFT) == A
    assert h.recall(3, A) is None
    assert h.next(A) == B


def test_it_is_bounded_in_messages() -> None:
    h = SendHistory(max_entries=3)
    for number in range(10):
        h.record(text(str(number)))
    assert h.entries == (text("7"), text("8"), text("9"))


def test_it_is_bounded_in_bytes_that_are_counted_once() -> None:
    h = SendHistory(max_held_bytes=250)
    large = FrameDraft(held=HeldBytes(bytes(100)))
    for number in range(5):
        h.record((large, FrameDraft(text=str(number))))
    assert len(h.entries) == 5
    h.record((FrameDraft(held=HeldBytes(bytes(200))),))
    assert len(h.entries) == 1


def test_the_newest_message_is_kept_however_large() -> None:
    h = SendHistory(max_held_bytes=10)
    h.record((FrameDraft(held=HeldBytes(bytes(100))),))
    assert len(h.entries) == 1


def test_a_preview_is_safe_and_short() -> None:
    frames = (
        FrameDraft(FrameFormat.HEX, "00 6b"),
        FrameDraft(),
        FrameDraft(text="two\nlines \u202e"),
    )
    assert preview(frames) == "⟨00 6b⟩ · ∅ · two lines ⟨U+202E⟩"
    assert preview(text("x" * 500)).endswith("x…")
    assert len(preview(text(*["frame"] * 500))) < 80
    held = FrameDraft(held=HeldBytes(bytes(2_000_000), "big.bin"))
    assert preview((held,)) == "2.0 MB of bytes loaded from big.bin (not shown)"
