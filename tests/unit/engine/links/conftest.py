"""Fixtures of the links' tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.engine.links.bridge_rig import MakeBridge, bridge_rigs


@pytest.fixture
def make_bridge() -> Iterator[MakeBridge]:
    """Makes bridges, each between two ends that the test plays."""
    with bridge_rigs() as made:
        yield made
