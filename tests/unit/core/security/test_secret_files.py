"""Files of keys and passwords: who can read them, what is said of those that are none."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path

import pytest
import zmq
import zmq.auth

from zmqscope.core.errors import UserError
from zmqscope.core.security.secret import KeyPair, Secret
from zmqscope.core.security.secret_files import (
    SecretFileError,
    exposure_problem,
    load_certificate,
    load_key_pair,
    load_password,
    read_file,
    write_key_pair,
    write_secret,
    write_secret_certificate,
)


def new_pair() -> KeyPair:
    public, secret = zmq.curve_keypair()
    return KeyPair(public.decode(), Secret(secret))


def mode(path: str | Path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


def test_a_pair_is_written_as_pyzmq_names_and_reads_it(tmp_path: Path) -> None:
    pair = new_pair()
    public_path, secret_path = write_key_pair(str(tmp_path), "cam", pair, (("name", "cam"),))
    assert Path(public_path).name == "cam.key"
    assert Path(secret_path).name == "cam.key_secret"
    assert zmq.auth.load_certificate(secret_path) == (pair.public.encode(), pair.secret.reveal())
    assert zmq.auth.load_certificates(tmp_path) == {pair.public.encode(): True}
    assert load_key_pair(secret_path) == pair
    assert load_certificate(public_path).metadata == (("name", "cam"),)
    assert sorted(os.listdir(tmp_path)) == ["cam.key", "cam.key_secret"]


def test_a_secret_file_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        public_path, secret_path = write_key_pair(str(tmp_path), "cam", new_pair())
    finally:
        os.umask(before)
    assert mode(secret_path) == 0o600
    assert mode(public_path) == 0o644
    assert exposure_problem(secret_path) is None


def test_it_is_never_open_to_others_nor_half_written(tmp_path: Path) -> None:
    path, content = tmp_path / "s", Secret(b"x" * 60_000)
    seen: list[tuple[int, int]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            for entry in os.scandir(tmp_path):
                try:
                    status = entry.stat()
                except FileNotFoundError:
                    continue
                size = status.st_size if entry.name == "s" else len(content.reveal())
                seen.append((stat.S_IMODE(status.st_mode), size))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for _ in range(100):
            write_secret(str(path), content, overwrite=True)
    finally:
        done.set()
        watcher.join()
    assert set(seen) <= {(0o600, len(content.reveal()))}


def test_nothing_is_replaced_unless_asked(tmp_path: Path) -> None:
    first, second = new_pair(), new_pair()
    _, path = write_key_pair(str(tmp_path), "cam", first)
    with pytest.raises(SecretFileError) as raised:
        write_key_pair(str(tmp_path), "cam", second)
    assert "is there already" in raised.value.problem.text
    with pytest.raises(SecretFileError):
        write_secret_certificate(path, second)
    assert load_key_pair(path) == first
    os.unlink(tmp_path / "cam.key_secret")
    with pytest.raises(SecretFileError):
        write_key_pair(str(tmp_path), "cam", second)
    assert not Path(path).exists()
    write_key_pair(str(tmp_path), "cam", second, overwrite=True)
    assert load_key_pair(path) == second
    assert len(os.listdir(tmp_path)) == 2


def test_a_link_is_not_followed_when_replaced(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "s").symlink_to(victim)
    with pytest.raises(SecretFileError):
        write_secret(str(tmp_path / "s"), Secret(b"x"))
    write_secret(str(tmp_path / "s"), Secret(b"x"), overwrite=True)
    assert victim.read_text() == "mine"
    assert mode(tmp_path / "s") == 0o600


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", ".hidden", "../a"])
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(SecretFileError):
        write_key_pair(str(tmp_path), name, new_pair())


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(SecretFileError) as raised:
        write_secret(str(tmp_path / "no" / "s"), Secret(b"x"))
    assert "cannot be written: No such file" in raised.value.problem.text
    with pytest.raises(SecretFileError):
        write_secret("a\0b", Secret(b"x"))


@pytest.mark.parametrize("open_to", [0o604, 0o640, 0o620, 0o666])
def test_a_file_that_others_may_open_is_warned_of(tmp_path: Path, open_to: int) -> None:
    path = tmp_path / "s"
    path.write_text("x")
    path.chmod(open_to)
    problem = exposure_problem(str(path))
    assert problem is not None
    assert "Other users" in problem.text
    assert "chmod 600" in problem.hint
    path.chmod(0o600)
    assert exposure_problem(str(path)) is None
    assert exposure_problem(str(tmp_path / "gone")) is None


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are not in the mode")
def test_a_folder_where_others_can_swap_files_is_told(tmp_path: Path) -> None:
    path = tmp_path / "open" / "key"
    path.parent.mkdir()
    path.touch(0o600)
    for mode, is_told in ((0o777, True), (0o1777, False), (0o755, False)):
        path.parent.chmod(mode)
        problem = exposure_problem(str(path))
        assert (problem is not None) is is_told
        assert problem is None or "in the place of" in problem.text


def test_passwords(tmp_path: Path) -> None:
    path = tmp_path / "p"
    for content, password in ((b"a b \xff\n", b"a b \xff"), (b"x\r\n", b"x"), (b"y", b"y")):
        path.write_bytes(content)
        assert load_password(str(path)).reveal() == password


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"a\nb\n", "is one line"),
        (b"a" * 256, "256 bytes"),
        (b"a" * 70_000, "too large"),
    ],
)
def test_what_is_no_password(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "p"
    path.write_bytes(content)
    with pytest.raises(UserError) as raised:
        load_password(str(path))
    assert said in raised.value.problem.text
    assert "“" in raised.value.problem.text


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    public_path, _ = write_key_pair(str(tmp_path), "cam", new_pair())
    for path, said in (
        (tmp_path / "gone", "There is no file"),
        (tmp_path, "is no ordinary file"),
        (tmp_path / "pipe", "is no ordinary file"),
        (tmp_path / "binary", "it is no text"),
        (Path(public_path), "holds only a public key"),
        (Path("a\0b"), "cannot be read"),
    ):
        with pytest.raises(UserError) as raised:
            load_key_pair(str(path))
        assert said in raised.value.problem.text
        assert raised.value.problem.hint
    with pytest.raises(SecretFileError):
        read_file("/dev/zero")
