from __future__ import annotations

import json

import pytest

from zmqscope.core.security.lock import SecretPlace, SecretRef
from zmqscope.models.security.key_book import MAX_ENTRIES, KeyBook, KeyEntry

PUBLIC, OTHER = "a" * 40, "b" * 40
FILE = SecretRef(SecretPlace.FILE, "/k/camera.key_secret")
MINE = KeyEntry("camera", PUBLIC, FILE)
THEIRS = KeyEntry("server", OTHER)


class Page:
    """Where a book is kept."""

    def __init__(self, text: str = "") -> None:
        self.text = text

    def read(self) -> str:
        return self.text

    def keep(self, text: str) -> None:
        self.text = text

    def open(self) -> KeyBook:
        return KeyBook(self.read, self.keep)


def test_the_latest_comes_first_and_all_come_back() -> None:
    page = Page()
    book = page.open()
    book.add(THEIRS)
    book.add(MINE)
    assert book.entries == (MINE, THEIRS)
    assert book.pairs == (MINE,)
    assert page.open().entries == (MINE, THEIRS)
    assert page.open().of(FILE) == MINE


def test_one_in_the_same_place_makes_way() -> None:
    book = Page().open()
    book.add(MINE)
    renamed = KeyEntry("camera 2", OTHER, FILE)
    book.add(renamed)
    assert book.entries == (renamed,)
    book.add(THEIRS)
    book.add(KeyEntry("the same", OTHER))
    assert [entry.name for entry in book.entries] == ["the same", "camera 2"]


def test_what_lasts_until_quitting_is_not_kept() -> None:
    page = Page()
    book = page.open()
    book.add(KeyEntry("x", PUBLIC, SecretRef(SecretPlace.SESSION, "x")))
    assert len(book.entries) == 1
    assert page.open().entries == ()


def test_an_entry_is_struck_out() -> None:
    page = Page()
    book = page.open()
    book.add(MINE)
    book.remove(MINE)
    assert page.open().entries == ()


def test_it_does_not_grow_without_end() -> None:
    book = Page().open()
    for number in range(MAX_ENTRIES + 5):
        book.add(KeyEntry(str(number), f"{number:040}"))
    assert len(book.entries) == MAX_ENTRIES


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "{}",
        "[1, null]",
        '[{"name": 1}]',
        '[{"place": "moon", "at": "x"}]',
        json.dumps([{"name": "x" * 5_000}]),
    ],
)
def test_nonsense_is_passed_over(text: str) -> None:
    assert Page(text).open().entries == ()
