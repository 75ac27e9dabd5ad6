"""Words in a text of any size: counted, and each hit where it stands."""

from __future__ import annotations

import json
import time

import pytest

from zmqscope.core.decode.encodings import ENCODINGS
from zmqscope.models.inspector.frame_text import FrameForm, FrameReading
from zmqscope.models.inspector.text_places import units
from zmqscope.models.inspector.text_search import MAX_HITS, PlainText, TextSearch, lowered

NAMES = [encoding.name for encoding in ENCODINGS]


def search(data: bytes, words: str, name: str = "utf-8", first: int = 0) -> TextSearch:
    found = TextSearch(PlainText(data, name, first), words)
    while not found.is_done:
        found.run(0.01)
    return found


def spans(found: TextSearch) -> list[tuple[int, int]]:
    return [found.span(index) for index in range(found.count)]


def test_case_counts_only_with_a_capital_letter() -> None:
    data = b"Pose pose POSE imposed"
    assert spans(search(data, "pose")) == [(0, 4), (5, 9), (10, 14), (17, 21)]
    assert spans(search(data, "Pose")) == [(0, 4)]
    assert spans(search("Äpfel äpfel".encode(), "äpfel")) == [(0, 6), (7, 13)]
    assert search(b"abc", "").is_done
    assert search(b"", "a").count == 0


def test_hits_do_not_overlap() -> None:
    assert spans(search(b"aaaaa", "aa")) == [(0, 2), (2, 4)]


def test_lower_case_is_as_long_as_before() -> None:
    assert lowered("İX") == "İx"
    assert spans(search("İİx".encode(), "x")) == [(4, 5)]


@pytest.mark.parametrize("name", NAMES)
def test_hits_in_every_encoding_and_at_every_border(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Pieces of seven bytes end everywhere: inside of hits, characters and escape sequences.
    monkeypatch.setattr("zmqscope.models.inspector.text_search._PIECE_BYTES", 7)
    letter = "ж" if name in ("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5") else "e"
    if name in ("utf-8", "utf-16-le", "utf-32-be", "gb18030", "euc_jp", "iso2022_jp"):
        letter = "語"
    text = f"x{letter}y ab{letter}cd {letter}{letter}" * 5
    data = text.encode(name)
    words = f"b{letter}c"
    found = search(data, words, name)
    assert found.count == 5
    for start, stop in spans(found):
        if name != "iso2022_jp":
            assert data[start:stop].decode(name) == words
        # With the text before it, whatever state the encoding is in.
        assert data[:start].decode(name, "ignore") == text[: len(data[:start].decode(name))]


def test_bytes_that_are_no_text_are_found_as_they_are_shown() -> None:
    data = b"ab\xff\xfecd"
    assert spans(search(data, "\\xff")) == [(2, 3)]
    assert spans(search(data, "cd")) == [(4, 6)]
    assert spans(search(b"\xef\xbb\xbfabc", "abc", first=3)) == [(3, 6)]


def test_a_letter_behind_the_beginning_of_a_character_that_is_none() -> None:
    data = b"..\xe8\xaaneedle\xf0needle\xe8"
    assert spans(search(data, "needle")) == [(4, 10), (11, 17)]


def test_a_hit_across_pieces_and_the_next_one_from_a_place() -> None:
    border = 16 * 1024
    data = b"x" * (border - 2) + b"needle" + b"y" * border + b"needle"
    found = search(data, "needle")
    first, second = border - 2, 2 * border + 4
    assert spans(found) == [(first, first + 6), (second, second + 6)]
    assert [found.first_from(place) for place in (0, first, first + 1, second + 1)] == [0, 0, 1, 2]


def test_laid_out_json_is_searched_as_it_is_shown() -> None:
    data = json.dumps({"k": list(range(5_000)), "\U0001f600": {"last": "x\u202ey"}}).encode()
    text = FrameReading(data).text(FrameForm.JSON)
    shown = ""
    while not text.at_end:
        shown += text.read(100)
    for words in ('"k": [', "4999", '"last": "x', "y"):
        found = TextSearch(text.searched(), words)
        while not found.is_done:
            found.run(0.01)
        assert found.count == shown.count(words)
        start, stop = found.span(0)
        raw = shown.encode("utf-16-le", "surrogatepass")
        assert raw[2 * start : 2 * stop].decode("utf-16-le") == words
        assert start == units(shown[: shown.index(words)])


def test_hits_are_kept_up_to_a_limit() -> None:
    found = search(b"a" * (MAX_HITS + 100_000), "a")
    assert found.is_cut
    assert found.count == MAX_HITS


def test_a_large_text_is_searched_in_short_turns() -> None:
    data = b"A line of a log, as long as they usually are: nothing to see.\n" * 400_000
    found = TextSearch(PlainText(data, "utf-8"), "nowhere")
    longest, turns = 0.0, 0
    while not found.is_done:
        started = time.process_time()
        found.run(0.008)
        longest, turns = max(longest, time.process_time() - started), turns + 1
    assert found.count == 0
    assert turns > 1
    assert longest < 0.25
