"""Which two messages are compared."""

from __future__ import annotations

from tests.compare_rig import messages
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.types import SocketType
from zmqscope.models.compare.sides import CompareSides, Lack, Mode
from zmqscope.models.formats import Formats
from zmqscope.models.inspector.inspected import Inspected


class Rig:
    """Sides over a store."""

    def __init__(self, kind: SocketType = SocketType.SUB) -> None:
        self.store, self.kind, self.formats = CaptureStore(), kind, Formats()
        self.sides = CompareSides(self.store, self.inspect)
        self.changes = 0
        self.sides.changed.connect(self.on_changed)

    def on_changed(self) -> None:
        self.changes += 1

    def inspect(self, row: int) -> Inspected | None:
        message = self.store.message(row)
        return None if message is None else Inspected(message, "s", self.kind, self.formats)

    def put(self, *frames: tuple[bytes, ...], rule: TopicRule = TopicRule.ALWAYS) -> None:
        self.store.append(messages(*frames, topic_rule=rule))

    def show(self, row: int) -> None:
        self.sides.show(self.inspect(row))

    def rows(self) -> tuple[int | None, int | None]:
        sides = self.sides.sides()
        one, two = (None if m is None else int(m.message.row) for m in (sides.before, sides.after))
        return one, two


def test_previous_pinned_two_and_swapped() -> None:
    rig = Rig()
    rig.put((b"a", b"1"), (b"b", b"2"), (b"a", b"3"), (b"a", b"4"))
    assert rig.sides.sides().lack is Lack.NOTHING_SHOWN
    assert not rig.sides.pin()
    rig.show(3)
    assert rig.rows() == (2, 3)
    rig.sides.swap()
    assert rig.rows() == (3, 2)
    rig.sides.swap()
    assert rig.sides.pin()
    rig.show(1)
    assert rig.rows() == (3, 1)
    assert rig.sides.set_two(2, 0)
    assert rig.rows() == (0, 2)
    assert not rig.sides.set_two(2, 99)
    rig.sides.set_mode(Mode.PREVIOUS)
    assert rig.sides.sides().lack is Lack.FIRST
    assert rig.changes == 7


def test_following_looks_at_new_rows_only() -> None:
    rig = Rig()
    rig.put((b"a", b"1"), (b"a", b"2"))
    rig.show(1)
    rig.sides.set_following(True)
    assert rig.rows() == (0, 1)
    assert not rig.sides.look()
    rig.put((b"b", b"3"))
    assert not rig.sides.look()
    rig.put((b"a", b"4"), (b"a", b"5"), (b"b", b"6"))
    assert rig.sides.look()
    assert rig.rows() == (3, 4)
    assert not rig.sides.look()
    rig.store.clear()
    rig.put((b"a", b"7"))
    assert rig.sides.look()
    assert rig.rows() == (None, 6)
    assert rig.sides.sides().lack is Lack.LEFT_MEMORY
    rig.sides.set_following(False)
    assert rig.rows() == (0, 1)


def test_the_same_routing_ids_count_where_there_are_no_topics() -> None:
    rig = Rig(SocketType.DEALER)
    never = TopicRule.NEVER
    rig.put((b"A", b"", b"1"), (b"B", b"", b"2"), (b"A", b"", b"3"), rule=never)
    rig.show(2)
    assert rig.rows() == (0, 2)


def test_topics_too_long_for_the_table_are_told_apart_by_their_bytes() -> None:
    rig = Rig()
    long = b"x" * 700
    rig.put((long + b"a", b"1"), (long + b"b", b"2"), (long + b"a", b"3"))
    rig.show(2)
    assert rig.rows() == (0, 2)


def test_messages_of_the_same_sort_are_preferred() -> None:
    rig = Rig()
    never = TopicRule.NEVER
    rig.put((b"1",), (b"2",), rule=never)
    rig.show(1)
    assert rig.rows() == (0, 1)


def test_the_same_protocol_and_sort_of_message() -> None:
    def call(name: bytes) -> tuple[bytes, ...]:
        header = (
            b'{"msg_type":"%s","msg_id":"1","session":"s","username":"u","version":"5.3"}' % name
        )
        return (b"<IDS|MSG>", b"0" * 64, header, b"{}", b"{}", b"{}")

    rig = Rig(SocketType.DEALER)
    never = TopicRule.NEVER
    rig.put(call(b"status"), call(b"stream"), (b"something else",), call(b"status"), rule=never)
    rig.show(3)
    shown = rig.inspect(3)
    assert shown is not None
    if shown.sighting is not None:
        assert rig.rows() == (0, 3)
