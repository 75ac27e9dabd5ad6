from __future__ import annotations

from pathlib import Path

import pytest

from zmqscope.core.errors import UserError
from zmqscope.core.security.access import AccessList, AccessMode
from zmqscope.models.security.access_book import AccessBook

Lists = tuple[AccessList, ...]


def test_lists_are_told_kept_and_told_again(tmp_path: Path) -> None:
    told: list[Lists] = []
    book = AccessBook(tmp_path / "access.json", told.append)
    assert told == []
    lab = AccessList("lab", AccessMode.LISTED)
    book.set_lists([lab])
    assert told == [(lab,)]
    again = AccessBook(tmp_path / "access.json", told.append)
    assert again.lists() == (lab,)
    assert told == [(lab,), (lab,)]
    assert again.problem is None


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "access.json"
    path.write_text("nonsense")
    book = AccessBook(path, lambda _: None)
    assert book.lists() == ()
    assert book.problem is not None


def test_a_broken_file_is_kept_and_new_lists_are_saved_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "access.json"
    path.write_text("{")
    book = AccessBook(path, lambda _: None)
    book.set_lists([AccessList("lab")])
    assert AccessBook(path, lambda _: None).lists() == (AccessList("lab"),)
    assert (tmp_path / "access.json.broken-1").read_text() == "{"


def test_a_file_that_cannot_be_read_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "access.json"
    path.mkdir()
    book = AccessBook(path, lambda _: None)
    assert book.problem is not None
    with pytest.raises(UserError, match="were not saved"):
        book.set_lists([AccessList("lab")])
    assert book.lists() == (AccessList("lab"),)
    assert path.is_dir()


def test_what_cannot_be_saved_holds_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told: list[Lists] = []
    book = AccessBook(tmp_path / "file" / "access.json", told.append)
    lab = AccessList("lab")
    with pytest.raises(UserError):
        book.set_lists([lab])
    assert told == [(lab,)]
    assert book.lists() == (lab,)
