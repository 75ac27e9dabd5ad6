"""The checker of the benchmarks finds what is missing: otherwise its zeros would mean nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tests.benchmarks.sequence_checker import INCARNATION_SHIFT, SequenceChecker
from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import Direction

_TOPIC = b"topic000"


def fill(
    store: CaptureStore,
    numbers: Sequence[int],
    socket_id: int = 1,
    sizes: Sequence[int] = (16,),
    topic: bytes = b"",
) -> None:
    bodies = [
        number.to_bytes(8) + bytes(sizes[at % len(sizes)] - 8) for at, number in enumerate(numbers)
    ]
    lengths = [
        length for body in bodies for length in (*([len(topic)] if topic else []), len(body))
    ]
    store.append(
        Batch(
            socket_id,
            Direction.RECEIVED,
            np.arange(len(numbers), dtype=np.int64),
            np.full(len(numbers), 2 if topic else 1, np.uint32),
            np.array(lengths, np.uint32),
            b"".join(topic + body for body in bodies),
        )
    )


def found(checker: SequenceChecker) -> dict[str, int]:
    result = checker.result()
    names = ("checked", "missing", "out_of_order", "missed_rows", "without_number")
    return {name: result[name] for name in names if result[name]}


@pytest.fixture
def store() -> CaptureStore:
    return CaptureStore()


@pytest.mark.parametrize("topic", [b"", _TOPIC])
@pytest.mark.parametrize("sizes", [(16,), (8, 300, 64)])
def test_a_whole_sequence_in_many_batches(
    store: CaptureStore, topic: bytes, sizes: tuple[int, ...]
) -> None:
    checker = SequenceChecker(store, [1])
    for first in range(0, 10_000, 1_000):
        fill(store, range(first, first + 1_000), sizes=sizes, topic=topic)
        if first % 3_000 == 0:
            checker.read()
    assert found(checker) == {"checked": 10_000}


def test_a_gap_inside_and_one_between_two_reads(store: CaptureStore) -> None:
    checker = SequenceChecker(store, [1])
    fill(store, [0, 1, 4])
    checker.read()
    fill(store, [6, 7])
    assert found(checker) == {"checked": 5, "missing": 3}


def test_a_sequence_that_does_not_begin_at_its_beginning(store: CaptureStore) -> None:
    checker = SequenceChecker(store, [1])
    fill(store, [3, 4])
    assert found(checker) == {"checked": 2, "missing": 3}


def test_a_repeated_message_is_out_of_order(store: CaptureStore) -> None:
    checker = SequenceChecker(store, [1])
    fill(store, [0, 1, 1, 2])
    assert found(checker)["out_of_order"] == 1


def test_incarnations_that_mingle_are_told_apart(store: CaptureStore) -> None:
    checker = SequenceChecker(store, [1])
    one, two = 1 << INCARNATION_SHIFT, 2 << INCARNATION_SHIFT
    fill(store, [one, one + 1, two, one + 2, two + 2])
    assert found(checker) == {"checked": 5, "missing": 1}
    streams = checker.result()["sockets"][1]
    assert {number: stream["received"] for number, stream in streams.items()} == {1: 3, 2: 2}


def test_other_sockets_and_short_messages_do_not_count_as_numbers(store: CaptureStore) -> None:
    checker = SequenceChecker(store, [1])
    fill(store, [0, 1])
    fill(store, [77, 70], socket_id=2)
    fill(store, [2, 3])
    store.append(
        Batch(
            1,
            Direction.RECEIVED,
            np.zeros(1, np.int64),
            np.ones(1, np.uint32),
            np.full(1, 3, np.uint32),
            b"abc",
        )
    )
    assert found(checker) == {"checked": 4, "without_number": 1}


def test_rows_that_were_evicted_before_they_were_read() -> None:
    store = CaptureStore(budget_bytes=1 << 20)
    checker = SequenceChecker(store, [1])
    count = 200_000
    for first in range(0, count, 10_000):
        fill(store, range(first, first + 10_000))
    evicted = store.ledger().evicted
    assert evicted
    result = found(checker)
    assert result["missed_rows"] == result["missing"] == evicted
    assert result["checked"] == count - evicted
