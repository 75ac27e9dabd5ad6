import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from zmqscope.models import file_reader
from zmqscope.models.file_reader import FileRead, FileReader, read_file


def test_a_file_is_read_and_told_on_this_thread(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "frame.bin"
    path.write_bytes(b"\x00\x01" * 500_000)
    reader = FileReader()
    results: list[FileRead] = []
    reader.finished.connect(results.append)
    ticket = reader.read(str(path))
    qtbot.waitUntil(lambda: bool(results))
    assert results[0].ticket == ticket
    assert results[0].data == path.read_bytes()
    assert results[0].name == "frame.bin"
    assert results[0].problem is None
    assert reader.wait(5_000)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    result = read_file(1, str(tmp_path / "none"))
    assert result.data is None
    assert result.problem is not None
    assert result.problem.text == "none cannot be read: no such file or directory."
    assert result.problem.hint


def test_devices_pipes_and_folders_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        result = read_file(1, str(path))
        assert result.problem is not None
        assert result.problem.text.endswith("is not an ordinary file.")


def test_too_large_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_reader, "MAX_FILE_BYTES", 1_000)
    path = tmp_path / "big"
    path.write_bytes(bytes(1_001))
    result = read_file(1, str(path))
    assert result.data is None
    assert result.problem is not None
    assert result.problem.text == "big has 1.0 kB; a frame takes 1.0 kB at most."
