"""Fixtures for all tests; every test is watched for leaked threads."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.rig import EngineRig

# Tests of widgets need no display; those of the window bring their own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same code is always tried with the same examples: whoever changes nothing breaks nothing.
# New ones are looked for with `--hypothesis-profile explore`. How long one takes is for the
# benchmarks to judge: on a machine with a lot to do, any may take more than Hypothesis's 200 ms.
PATIENT = settings(deadline=None, suppress_health_check=(HealthCheck.too_slow,))
settings.register_profile("steady", PATIENT, derandomize=True)
settings.register_profile("explore", PATIENT, max_examples=2_000, print_blob=True)
settings.load_profile("steady")

# Only what hangs takes that long; on a machine with a lot to do, anything else takes seconds.
PATIENCE_MS = 60_000
WAITS = ("waitActive", "waitCallback", "waitExposed", "waitSignal", "waitSignals", "waitUntil")


def is_foreign(thread: threading.Thread) -> bool:
    """Whether Python only heard of the thread, as of a QThread that logged; it cannot be joined."""
    return isinstance(thread, threading._DummyThread)


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline:
        leaked = [t for t in threading.enumerate() if t not in before and not is_foreign(t)]
        if not leaked:
            return
        leaked[0].join(0.05)
    pytest.fail(f"leaked threads: {[thread.name for thread in leaked]}")


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's, but patient: it gives up after 5 s."""
    bot = QtBot(request)
    for name in WAITS:
        setattr(bot, name, partial(getattr(bot, name), timeout=PATIENCE_MS))
    return bot


@pytest.fixture
def rig() -> Iterator[EngineRig]:
    """An engine stepped by the test."""
    with EngineRig() as engine:
        yield engine
