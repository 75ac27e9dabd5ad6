"""The file of the access lists: whole, private, never lost."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from zmqscope.core.security.access import (
    AccessList,
    AccessMode,
    AllowedKey,
    AllowedUser,
)
from zmqscope.core.security.access_file import AccessFileError, read_access, write_access
from zmqscope.core.security.passwords import hash_password, is_password

PASSWORD = "correct horse"
LISTS = (
    AccessList(
        "office “one”",
        AccessMode.LISTED,
        (AllowedUser("änn", hash_password(PASSWORD)), AllowedUser("\ud800", hash_password("x"))),
        (AllowedKey("k" * 40, "robot"), AllowedKey("o" * 40)),
        ("10.0.0.0/8", "fd00::/8"),
        ("10.0.0.1",),
    ),
    AccessList(mode=AccessMode.ASK),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "app" / "zmqscope.access.json"


def test_what_is_written_is_read_again(path: Path) -> None:
    write_access(path, LISTS)
    assert read_access(path) == LISTS
    user = read_access(path)[0].users[0]
    assert is_password(user.password, PASSWORD)


def test_only_its_owner_can_read_it_and_no_secret_is_in_it(path: Path) -> None:
    write_access(path, LISTS)
    path.chmod(0o644)
    write_access(path, LISTS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PASSWORD not in path.read_text()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_no_file_is_no_lists(path: Path) -> None:
    assert read_access(path) == ()


ENTRY = {"name": "n", "mode": "ask", "users": [], "keys": [], "allow": [], "deny": []}
GOOD = {"version": 1, "lists": [ENTRY]}


def with_list(**changes: object) -> dict[str, object]:
    return {"version": 1, "lists": [{**ENTRY, **changes}]}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "damaged"),
        (b"\xff\xfe", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b'"text"', "“version”"),
        ({**GOOD, "version": 2}, "version 2"),
        ({**GOOD, "version": True}, "“version”"),
        ({"version": 1}, "“lists”"),
        ({**GOOD, "lists": [7]}, "“name”"),
        (with_list(name=""), "no name"),
        (with_list(mode="whoever"), "mode"),
        (with_list(users=[{"name": "a", "salt": "!", "scrypt": ""}]), "damaged"),
        (with_list(users=[{"name": "a"}]), "“salt”"),
        (with_list(keys=[{"public": "short", "label": ""}]), "40 letters"),
        (with_list(allow=["10.0.0.0/99"]), "no address"),
        (with_list(deny=[7]), "no address"),
        ({**GOOD, "lists": [ENTRY, ENTRY]}, "the same name"),
    ],
)
def test_a_broken_file_is_kept_aside(path: Path, content: object, why: str) -> None:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.parent.mkdir()
    for number in (1, 2):
        path.write_bytes(data)
        with pytest.raises(AccessFileError) as caught:
            read_access(path)
        aside = path.with_name(f"{path.name}.broken-{number}")
        assert why in caught.value.problem.text
        assert f"kept as {aside.name}" in caught.value.problem.text
        assert aside.read_bytes() == data
        assert not path.exists()


def test_a_file_that_cannot_be_read_stays_where_it_is(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(AccessFileError) as caught:
        read_access(path)
    assert "cannot be read" in caught.value.problem.text
    assert path.is_dir()


def test_what_cannot_be_written_leaves_the_old_file(path: Path) -> None:
    write_access(path, LISTS)
    (path.parent / "sub").write_text("a file")
    with pytest.raises(AccessFileError) as caught:
        write_access(path.parent / "sub" / "x.json", LISTS)
    assert "cannot be saved" in caught.value.problem.text
    assert read_access(path) == LISTS


def test_a_link_stays_one(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    real = tmp_path / "real.json"
    path.symlink_to(real)
    write_access(path, LISTS)
    assert path.is_symlink()
    assert read_access(real) == LISTS


def test_others_may_write_to_it_no_longer(path: Path) -> None:
    write_access(path, LISTS)
    path.chmod(0o666)
    assert read_access(path) == LISTS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_its_folder_is_its_owners(path: Path) -> None:
    before = os.umask(0)
    try:
        write_access(path, LISTS)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a FIFO")
def test_what_is_no_ordinary_file_is_not_waited_for(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(AccessFileError, match=r"broken-1"):
        read_access(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs an endless file")
def test_an_endless_file_is_not_read(path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to("/dev/zero")
    with pytest.raises(AccessFileError, match=r"broken-1"):
        read_access(path)
    assert stat.S_ISCHR(os.stat("/dev/zero").st_mode)
