"""The row index against a plain list, through appends, evictions and clears."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given, settings

from tests.gui.message_rig import put
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import SocketId
from zmqscope.models.messages.row_index import RowIndex

SOCKETS = st.integers(1, 3)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), SOCKETS, st.integers(1, 40)),
        st.tuples(st.just("look"), st.just(0), st.just(0)),
        st.tuples(st.just("forget"), st.just(0), st.integers(0, 200)),
        st.tuples(st.just("clear"), st.just(0), st.just(0)),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(
    steps=STEPS,
    only=st.none() | SOCKETS.map(SocketId),
    hidden=st.dictionaries(SOCKETS.map(SocketId), st.integers(0, 150), max_size=2),
)
def test_it_agrees_with_a_list(
    steps: list[tuple[str, int, int]], only: SocketId | None, hidden: dict[SocketId, int]
) -> None:
    store = CaptureStore()
    sockets: list[int] = []
    index = RowIndex(store, only, hidden)
    expected: list[int] = []
    seen = dropped_to = 0
    for step, socket_id, amount in steps:
        if step == "append":
            put(store, socket_id, *[(b"x",)] * amount)
            sockets += [socket_id] * amount
        elif step == "clear":
            store.clear()
        elif step == "forget":
            dropped_to = max(dropped_to, min(amount, seen))
            gone = sum(row < dropped_to for row in expected)
            assert index.drop_before(dropped_to) == gone
            expected = expected[gone:]
        else:
            index.extend(store.end_row)
            for row in range(max(seen, store.first_row), store.end_row):
                wanted = only in (None, sockets[row])
                if wanted and row < hidden.get(SocketId(sockets[row]), row + 1):
                    expected.append(row)
            seen = int(store.end_row)
        assert len(index.found) == len(expected)
        assert index.found.ids(0, len(expected)) == expected
        for row in (0, dropped_to, len(sockets) // 2, len(sockets)):
            assert index.found.position(row) == sum(one < row for one in expected)
