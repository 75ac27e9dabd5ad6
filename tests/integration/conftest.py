"""Peers in other processes, ended with the test, and a folder short enough for ipc."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.peers.launch import PeerProcess

StartPeer = Callable[..., PeerProcess]


@pytest.fixture
def start_peer() -> Iterator[StartPeer]:
    """Starts a script of tests/peers with arguments."""
    started: list[PeerProcess] = []

    def start(script: str, *arguments: str) -> PeerProcess:
        started.append(PeerProcess(script, *arguments))
        return started[-1]

    yield start
    for peer in started:
        peer.kill()


@pytest.fixture
def ipc_folder() -> Iterator[Path]:
    """A private folder; pytest's own would be too long for sun_path (107 bytes)."""
    folder = Path(tempfile.mkdtemp(prefix="zs-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def current_folder(ipc_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Makes ``ipc_folder`` the current one, so that nothing can be left in the checkout."""
    monkeypatch.chdir(ipc_folder)
    return ipc_folder
