"""What bytes can be a group (RFC 48)."""

from __future__ import annotations

import pytest

from zmqscope.core.groups import MAX_GROUP_BYTES, group_problem


@pytest.mark.parametrize(
    "group", [b"", b"a", b"weather/Ghent", b"\xff\x01", b"x" * MAX_GROUP_BYTES]
)
def test_can_be_a_group(group: bytes) -> None:
    assert group_problem(group) is None


@pytest.mark.parametrize(
    ("group", "text"),
    [
        (b"x" * 256, "A group of 256 bytes is too long; 255 are allowed."),
        (b"a\0b", "The group “a\\x00b” has a zero byte in it."),
        (b"\0" * 300, "A group of 300 bytes is too long; 255 are allowed."),
        (b"\xff\0", "The group “\\xff\\x00” has a zero byte in it."),
    ],
)
def test_cannot_be_a_group(group: bytes, text: str) -> None:
    found = group_problem(group)
    assert found is not None
    assert found.text == text
    assert found.hint.endswith(".")
