"""What the topics panel says."""

from __future__ import annotations

from zmqscope.models.topics.words import OtherTopics, count_words, empty_words, others_words


def test_counts() -> None:
    assert count_words(0, 0, is_filtered=False) == ""
    assert count_words(1, 1, is_filtered=False) == "1 topic"
    assert count_words(312, 312, is_filtered=False) == "312 topics"
    assert count_words(12, 65_534, is_filtered=True) == "12 of 65,534 topics"


def test_others_say_why_they_have_no_row() -> None:
    assert others_words(OtherTopics(0, 0, 10, False)) == ""
    full = others_words(OtherTopics(1_204, 310, 65_534, True))
    assert full.startswith("others · 1,204 messages of topics that found no room")
    assert "holds 65,534" in full
    assert full.endswith("310/s")
    assert "longer than 255 bytes" in others_words(OtherTopics(2, 0, 10, False))
    for is_full in (False, True):
        assert "1 message of a topic" in others_words(OtherTopics(1, 0, 10, is_full))


def test_empty_says_what_to_do_next() -> None:
    assert empty_words(3, 3, "") == ("", "")
    title, hint = empty_words(0, 0, "")
    assert title == "No topics yet"
    assert "first frame" in hint
    title, hint = empty_words(0, 312, "a\x1b" + "b" * 100)
    assert title == "No topic contains “a␛" + "b" * 58 + "…”"
    assert "312" in hint
