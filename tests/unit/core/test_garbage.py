"""Garbage is not looked for while something is parsed."""

from __future__ import annotations

import gc

import pytest

from zmqscope.core.garbage import garbage_kept


def test_collecting_goes_on_afterwards_whatever_happens() -> None:
    was_enabled = []

    def fail() -> None:
        with garbage_kept():
            was_enabled.append(gc.isenabled())
            raise ValueError("no JSON")

    assert gc.isenabled()
    with pytest.raises(ValueError, match="no JSON"):
        fail()
    assert was_enabled == [False]
    assert gc.isenabled()


def test_who_has_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with garbage_kept():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
