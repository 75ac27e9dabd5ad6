"""The access lists of the user: saved with each change, never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from zmqscope.bridge.access_store import AccessStore, access_path
from zmqscope.core.security.access import AccessList, AccessMode
from zmqscope.core.security.access_file import read_access

LISTS = (AccessList("office", AccessMode.LISTED),)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return access_path(tmp_path / "zmqscope.ini")


def heard(store: AccessStore) -> list[object]:
    found: list[object] = []
    store.changed.connect(found.append)
    return found


def test_it_lies_beside_the_settings() -> None:
    assert access_path(Path("/a/b.ini")) == Path("/a/b.access.json")


def test_a_change_is_told_and_saved_and_there_the_next_time(path: Path) -> None:
    store = AccessStore(path)
    changes = heard(store)
    assert store.load() is None
    assert store.lists() == ()
    assert store.set_lists(LISTS) is None
    assert store.set_lists(LISTS) is None
    assert changes == [LISTS]
    again = AccessStore(path)
    changes = heard(again)
    assert again.load() is None
    assert again.lists() == LISTS
    assert changes == [LISTS]


def test_a_broken_file_is_kept_and_new_lists_are_saved_beside_it(path: Path) -> None:
    path.write_text("{")
    store = AccessStore(path)
    problem = store.load()
    assert problem is not None
    assert "broken-1" in problem.text
    assert store.set_lists(LISTS) is None
    assert read_access(path) == LISTS
    assert path.with_name(f"{path.name}.broken-1").read_text() == "{"


def test_a_file_that_cannot_be_read_is_not_overwritten(path: Path) -> None:
    path.mkdir()
    store = AccessStore(path)
    assert store.load() is not None
    problem = store.set_lists(LISTS)
    assert problem is not None
    assert "were not saved" in problem.text
    assert store.lists() == LISTS
    assert path.is_dir()


def test_what_cannot_be_saved_holds_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = AccessStore(tmp_path / "file" / "x.json")
    problem = store.set_lists(LISTS)
    assert problem is not None
    assert "cannot be saved" in problem.text
    assert store.lists() == LISTS


def test_without_a_file_it_lasts_for_this_run() -> None:
    store = AccessStore(None)
    assert store.load() is None
    assert store.set_lists(LISTS) is None
    assert store.lists() == LISTS
