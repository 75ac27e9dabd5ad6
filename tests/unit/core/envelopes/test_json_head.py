"""Documents of which only the beginning is here, held to the whole ones."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zmqscope.core.envelopes.json_head import MOST_BYTES, read_array, read_object
from zmqscope.core.envelopes.summary import CutText

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=8), VALUES, max_size=5)


@settings(deadline=None)
@given(OBJECTS, st.booleans())
def test_a_whole_document_is_read_whole(value: dict[str, object], ascii_only: bool) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert read_object(data, len(data)) == value


@settings(deadline=None)
@given(OBJECTS, st.integers(0, 300), st.booleans())
def test_a_cut_document_has_no_field_that_the_whole_has_not(
    value: dict[str, object], size: int, ascii_only: bool
) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    if size >= len(data):
        return
    found = read_object(data[:size], len(data))
    if found is None:
        assert size == 0
        return
    keys = list(value)
    assert list(found) == keys[: len(found)]
    for key in list(found)[:-1]:
        assert found[key] == value[key]
    for key in list(found)[-1:]:
        last, true = found[key], value[key]
        if isinstance(last, CutText) and isinstance(true, str):
            # A character that was cut in two may have been replaced.
            assert true.startswith(last.rstrip("\N{REPLACEMENT CHARACTER}\ud800\udbff"[:1]))
        elif not isinstance(last, dict):
            assert last == true


@settings(deadline=None)
@given(st.lists(VALUES, max_size=5))
def test_an_array_is_read_as_far_as_it_is_here(value: list[object]) -> None:
    data = json.dumps(value).encode()
    assert read_array(data) == value
    assert read_array(b"topic:" + data, 6) == value
    for size in range(0, len(data), 3):
        found = read_array(data[:size])
        assert found is None or len(found) <= len(value)


def test_a_cut_string_says_so() -> None:
    found = read_object(b'{"a": 1, "b": "hello', 100)
    assert found == {"a": 1, "b": "hello"}
    assert isinstance(found["b"], CutText)
    assert read_object(b'{"a": "x\\u00', 100) == {"a": "x"}
    assert read_object(b'{"a": 12', 100) == {}
    assert read_object(b'{"a": {"b": 1, "c": [1', 100) == {"a": {"b": 1}}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"5",
        b'"x"',
        b"\xff\xfe{\x00}\x00",
        b"null",
        b"{" * 100_000,
        b'{"a":' * 100_000,
        b'{"a":[' * 50_000,
        b'{"a": ' + b"9" * 10_000 + b"}",
        b'{"a" "b"}',
        b"{5: 6}",
        b"{,}",
        b" " * 10_000 + b"{}",
    ],
)
def test_nothing_makes_it_raise(data: bytes) -> None:
    for size in (len(data), len(data) + 1):
        found = read_object(data, size)
        assert found is None or isinstance(found, dict)
        read_array(data)


def test_no_more_is_looked_at_than_a_line_needs() -> None:
    data = json.dumps({"a": "x" * 1_000_000, "b": 1}).encode()
    found = read_object(data, len(data))
    assert found is not None
    assert list(found) == ["a"]
    assert len(str(found["a"])) < MOST_BYTES


@pytest.mark.parametrize("cut", ["1", "1.", "1.5", "1.5e", "1.5e+", "1.5E-", "-2", "true"])
def test_a_number_that_is_cut_is_no_other_number(cut: str) -> None:
    assert read_object(f'{{"a": 7, "b": {cut}'.encode(), 99) == {"a": 7}
    assert read_array(f"[7, {cut}".encode()) == [7]
