"""Comparing: nothing differs from itself, and changes lead from the one to the other."""

from __future__ import annotations

import math
from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from tests.compare_rig import changes
from zmqscope.core.decode.compare.bytes import RunKind, compare_bytes
from zmqscope.core.decode.compare.changes import Change, ChangeKind
from zmqscope.core.decode.compare.text import compare_lines
from zmqscope.core.decode.field_path import Index, Key, Name, Step

LEAVES = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text("ab", max_size=3)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text("abc", max_size=2), inner),
    max_leaves=25,
)


@given(VALUES)
def test_nothing_differs_from_itself(value: object) -> None:
    assert changes(value, deepcopy(value)) == []
    assert all(c.kind is ChangeKind.EQUAL for c in changes(value, value, with_equal=True))


def key_of(step: Step) -> str | int:
    assert not isinstance(step, Key)
    return step.text if isinstance(step, Name) else step.at


def at(value: object, steps: tuple[Step, ...]) -> object:
    for step in steps:
        key = key_of(step)
        if isinstance(value, list):
            assert isinstance(key, int)
            value = value[key]
        else:
            assert isinstance(value, dict)
            value = value[key]
    return value


def put(parent: object, step: Step, new: object) -> None:
    key = key_of(step)
    if isinstance(parent, list):
        assert isinstance(key, int)
        parent[key] = new
    else:
        assert isinstance(parent, dict)
        parent[key] = new


def take(parent: object, step: Step) -> None:
    key = key_of(step)
    if isinstance(parent, list):
        assert isinstance(key, int)
        del parent[key]
    else:
        assert isinstance(parent, dict)
        del parent[key]


def applied(before: object, after: object, found: list[Change]) -> object:
    """``before`` with all changes made; ``after`` gives the new values and nothing else."""
    result = deepcopy(before)
    for change in found:
        if change.kind is ChangeKind.CHANGED:
            assert change.before is not None
            assert change.after is not None
            new = deepcopy(at(after, change.after.steps))
            if not change.before.steps:
                return new
            put(at(result, change.before.steps[:-1]), change.before.steps[-1], new)
    gone = [c.before.steps for c in found if c.kind is ChangeKind.REMOVED and c.before]
    for steps in sorted(gone, key=lambda steps: (len(steps), _places(steps)), reverse=True):
        take(at(result, steps[:-1]), steps[-1])
    come = [c.after.steps for c in found if c.kind is ChangeKind.ADDED and c.after]
    for steps in sorted(come, key=lambda steps: (len(steps), _places(steps))):
        parent, new = at(result, steps[:-1]), deepcopy(at(after, steps))
        if isinstance(parent, list):
            parent.insert(int(key_of(steps[-1])), new)
        else:
            assert isinstance(parent, dict)
            parent[str(key_of(steps[-1]))] = new
    return result


def _places(steps: tuple[Step, ...]) -> list[int]:
    return [step.at if isinstance(step, Index) else 0 for step in steps]


def same(one: object, two: object) -> bool:
    if isinstance(one, float) and isinstance(two, float):
        both_nan = math.isnan(one) and math.isnan(two)
        return both_nan or (one == two and math.copysign(1, one) == math.copysign(1, two))
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    return type(one) is type(two) and one == two


@given(VALUES, VALUES)
def test_changes_lead_from_one_to_the_other(before: object, after: object) -> None:
    assert same(applied(before, after, changes(before, after)), after)


@given(st.lists(st.integers(0, 4), max_size=12), st.lists(st.integers(0, 4), max_size=12))
def test_changes_of_arrays(before: list[int], after: list[int]) -> None:
    found = changes(before, after)
    assert same(applied(before, after, found), after)
    # Never more than by place alone.
    by_place = sum(map(int.__ne__, before, after)) + abs(len(before) - len(after))
    assert len(found) <= max(by_place, 1) * 2


SMALL = st.binary(max_size=40) | st.text("ab", max_size=60).map(str.encode)


@given(SMALL, SMALL)
def test_stretches_of_bytes_are_both_frames(before: bytes, after: bytes) -> None:
    at_before = at_after = 0
    built = b""
    for run in compare_bytes(before, after).runs:
        assert (run.before[0], run.after[0]) == (at_before, at_after)
        at_before, at_after = run.before[1], run.after[1]
        old, new = before[slice(*run.before)], after[slice(*run.after)]
        built += new
        assert (run.kind is RunKind.EQUAL) <= (old == new)
        assert (run.kind is RunKind.INSERTED) <= (old == b"")
        assert (run.kind is RunKind.DELETED) <= (new == b"")
        assert (run.kind is RunKind.REPLACED) <= (len(old) == len(new))
    assert (at_before, at_after) == (len(before), len(after))
    assert built == after


@given(SMALL)
def test_bytes_are_equal_to_themselves(data: bytes) -> None:
    runs = compare_bytes(data, bytes(bytearray(data))).runs
    assert {run.kind for run in runs} <= {RunKind.EQUAL}


LINES = st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=1, max_size=12)


@given(LINES, LINES)
def test_lines_lead_from_one_to_the_other(before: list[str], after: list[str]) -> None:
    found = list(compare_lines(before, after, with_equal=True))
    assert [c.new for c in found if c.after is not None] == after
    assert [c.old for c in found if c.before is not None] == before
    assert compare_lines(before, before) is not None
    assert list(compare_lines(before, list(before))) == []
