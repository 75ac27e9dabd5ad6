"""A bind never takes an ipc path away from a program that listens there."""

from __future__ import annotations

import socket
from pathlib import Path

from zmqscope.engine.ipc_guard import IpcFile, ipc_bind_problem


def test_free_paths_and_other_transports(tmp_path: Path) -> None:
    assert ipc_bind_problem(f"ipc://{tmp_path}/free") is None
    assert ipc_bind_problem("ipc://*") is None
    assert ipc_bind_problem("ipc://@abstract") is None
    assert ipc_bind_problem("tcp://127.0.0.1:1") is None


def test_a_listening_program_is_not_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "live"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        problem = ipc_bind_problem(f"ipc://{path}")
    assert problem is not None
    assert "in use" in problem.text


def test_a_socket_file_left_behind_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "stale"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
    assert ipc_bind_problem(f"ipc://{path}") is None


def test_files_and_folders_are_never_deleted(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("precious")
    for target in (file, tmp_path):
        assert ipc_bind_problem(f"ipc://{target}") is not None


def test_own_file_is_removed_another_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "mine"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        mine = IpcFile(f"ipc://{path}")
    mine.remove()
    assert not path.exists()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        mine.remove()
        assert path.exists()
