"""Secrets in memory."""

from __future__ import annotations

import threading

import pytest

from zmqscope.core.errors import UserError
from zmqscope.core.security.secret import Secret
from zmqscope.core.security.session_secrets import SessionSecrets


def test_by_name() -> None:
    secrets = SessionSecrets()
    secrets.put("a", Secret(b"hidden"))
    secrets.put("b", Secret(b"hidden"))
    secrets.put("a", Secret(b"other"))
    assert secrets.names() == ("a", "b")
    found = secrets.get("a")
    assert found is not None
    assert found.reveal() == b"other"
    secrets.forget("a")
    secrets.forget("a")
    assert secrets.get("a") is None
    assert "hidden" not in f"{secrets!r} {secrets}"


def test_bounded_and_safe_from_any_thread() -> None:
    secrets = SessionSecrets()
    refused: list[str] = []

    def fill(number: int) -> None:
        for each in range(300):
            try:
                secrets.put(f"{number}-{each}", Secret(b"x"))
            except UserError:
                refused.append(f"{number}-{each}")

    threads = [threading.Thread(target=fill, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(secrets.names()) == 1_000
    assert len(refused) == 200
    with pytest.raises(UserError):
        secrets.put("more", Secret(b"x"))
    secrets.put(secrets.names()[0], Secret(b"new"))
