"""Fixtures for all tests; every test is watched for leaked threads."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.rig import EngineRig

# Tests of widgets need no display; those of the window bring their own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same code is always tried with the same examples: whoever changes nothing breaks nothing.
# New ones are looked for with `--hypothesis-profile explore`.
settings.register_profile("steady", derandomize=True)
settings.register_profile("explore", max_examples=2_000, print_blob=True)
settings.load_profile("steady")


def is_foreign(thread: threading.Thread) -> bool:
    """Whether Python only heard of the thread, as of a QThread that logged; it cannot be joined."""
    return isinstance(thread, threading._DummyThread)


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        leaked = [t for t in threading.enumerate() if t not in before and not is_foreign(t)]
        if not leaked:
            return
        leaked[0].join(0.05)
    pytest.fail(f"leaked threads: {[thread.name for thread in leaked]}")


@pytest.fixture
def rig() -> Iterator[EngineRig]:
    """An engine stepped by the test."""
    with EngineRig() as engine:
        yield engine
