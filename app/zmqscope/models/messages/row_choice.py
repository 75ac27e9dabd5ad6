"""What the reader wants to see of all messages. Frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from zmqscope.core.search.query import Query
from zmqscope.core.types import SocketId


@dataclass(frozen=True, slots=True)
class RowChoice:
    """A choice of messages.

    Attributes:
        only: The one socket shown; None for all.
        hidden_from: Sockets whose rows are hidden from a row on.
        query: What is searched for; one that asks for nothing is no search.
        only_hits: Show what is found alone, as long as something is searched for.
    """

    only: SocketId | None = None
    hidden_from: Mapping[SocketId, int] = field(default_factory=dict)
    query: Query = field(default_factory=Query)
    only_hits: bool = False

    @property
    def shows_hits_alone(self) -> bool:
        """Whether every row shown is a hit."""
        return self.only_hits and not self.query.matches_all

    def search_query(self) -> Query:
        """What to search for among the rows that are shown."""
        if self.only is None:
            return self.query
        wanted = self.query.sockets
        alone = frozenset({self.only}) if wanted is None else wanted & {self.only}
        return replace(self.query, sockets=alone)

    def same_search(self, other: RowChoice) -> bool:
        """Whether the other one finds the same."""
        return (
            self.query.matches_all == other.query.matches_all
            and self.search_query() == other.search_query()
            and self.hidden_from == other.hidden_from
        )

    def same_rows(self, other: RowChoice) -> bool:
        """Whether the other one shows the same."""
        if self.shows_hits_alone or other.shows_hits_alone:
            both = self.shows_hits_alone and other.shows_hits_alone
            return both and self.same_search(other)
        return self.only == other.only and self.hidden_from == other.hidden_from
