"""Which choices show and find the same."""

from __future__ import annotations

from dataclasses import replace

from zmqscope.core.search.query import Query
from zmqscope.core.types import SocketId
from zmqscope.models.messages.row_choice import RowChoice

ONE, TWO = SocketId(1), SocketId(2)
FOUND = RowChoice(query=Query(contains=b"a"))


def test_hits_alone_need_something_to_search_for() -> None:
    assert not RowChoice(only_hits=True).shows_hits_alone
    assert replace(FOUND, only_hits=True).shows_hits_alone
    assert RowChoice(only_hits=True).same_rows(RowChoice())


def test_the_search_keeps_to_the_only_socket_shown() -> None:
    assert replace(FOUND, only=ONE).search_query() == Query(contains=b"a", sockets=frozenset({ONE}))
    both = Query(contains=b"a", sockets=frozenset({ONE, TWO}))
    assert RowChoice(only=TWO, query=both).search_query().sockets == frozenset({TWO})
    other = RowChoice(only=ONE, query=Query(sockets=frozenset({TWO})))
    assert other.search_query().sockets == frozenset()


def test_a_search_among_all_rows_changes_no_row() -> None:
    assert FOUND.same_rows(RowChoice())
    assert not FOUND.same_search(RowChoice())
    assert not replace(FOUND, only=ONE).same_rows(FOUND)
    assert not replace(FOUND, only=ONE).same_search(FOUND)


def test_hits_alone_are_others_when_the_search_is() -> None:
    alone = replace(FOUND, only_hits=True)
    assert not alone.same_rows(FOUND)
    assert alone.same_search(FOUND)
    assert not alone.same_rows(replace(alone, query=Query(contains=b"b")))
    assert not alone.same_rows(replace(alone, hidden_from={ONE: 5}))
    assert alone.same_rows(replace(alone, query=Query(contains=b"a")))


def test_choosing_a_socket_without_a_search_starts_none() -> None:
    assert RowChoice(only=ONE).query.matches_all
    assert RowChoice(only=ONE, only_hits=True).same_rows(RowChoice(only=ONE))
