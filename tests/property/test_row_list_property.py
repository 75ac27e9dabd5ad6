"""The list of row ids against a plain list, growing at both ends and losing its oldest."""

from __future__ import annotations

from unittest.mock import patch

import hypothesis.strategies as st
import numpy as np
from hypothesis import given, settings

from zmqscope.models.messages import row_list
from zmqscope.models.messages.row_list import RowList

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["append", "prepend", "prepend", "drop"]),
        st.integers(0, 25),
        st.integers(1, 3),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(steps=STEPS)
def test_it_agrees_with_a_list(steps: list[tuple[str, int, int]]) -> None:
    # Chunks of a few rows: everything happens at their edges.
    with patch.object(row_list, "_SMALL", 8):
        rows, expected = RowList(), list[int]()
        oldest = newest = 10_000
        for step, count, stride in steps:
            if step == "append":
                added = [newest + stride * (n + 1) for n in range(count)]
                rows.append(np.array(added, np.int64))
                expected += added
                newest = added[-1] if added else newest
            elif step == "prepend":
                added = [oldest - stride * (count - n) for n in range(count)]
                rows.prepend(np.array(added, np.int64))
                expected = added + expected
                oldest = added[0] if added else oldest
            else:
                edge = expected[count] if count < len(expected) else newest + 1
                assert rows.drop_before(edge) == sum(row < edge for row in expected)
                expected = [row for row in expected if row >= edge]
            assert len(rows) == len(expected)
            assert rows.ids(0, len(expected)) == expected
            assert rows.ids(3, 12) == expected[3:12]
            for row in (0, oldest, 10_000, newest, newest + 1, *expected[:3]):
                assert rows.position(row) == sum(one < row for one in expected)
            assert rows.between(9_990, 10_010) == [r for r in expected if 9_990 <= r < 10_010]
            assert rows.nbytes == 8 * len(expected)
