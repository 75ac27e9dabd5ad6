"""How values are written in one-line summaries."""

from __future__ import annotations

import pytest

from zmqscope.core.envelopes.summary import MAX_SUMMARY, brief, fit, join, quote


def test_a_line_has_a_greatest_length() -> None:
    assert fit("x" * MAX_SUMMARY) == "x" * MAX_SUMMARY
    assert fit("x" * 5_000) == "x" * (MAX_SUMMARY - 1) + "…"
    assert len(join(["x" * 300, "y" * 300])) == MAX_SUMMARY


def test_text_is_written_as_json_writes_it() -> None:
    assert quote('a\n"b"') == '"a\\n\\"b\\""'
    assert quote("x" * 500, 5) == '"xxxxx…"'
    assert quote("x", is_cut=True) == '"x…"'


@pytest.mark.parametrize(
    "value",
    [None, True, 5, 1.5, 10**5_000, "x" * 999, b"x" * 999, [1] * 99, {"a": [[[[[]]]]]}, object()],
    ids=lambda value: type(value).__name__,
)
def test_any_value_is_short(value: object) -> None:
    assert 0 < len(brief(value, 60)) <= 62
