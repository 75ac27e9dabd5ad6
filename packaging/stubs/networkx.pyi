# What the topology's layout uses of networkx, which ships no types.
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any

class Graph:
    nodes: Collection[Any]
    def add_node(self, node: Hashable) -> None: ...
    def add_edges_from(self, edges: Iterable[tuple[Hashable, Hashable]]) -> None: ...
    def number_of_edges(self) -> int: ...

def spring_layout(
    graph: Graph,
    k: float | None = ...,
    pos: Mapping[Any, tuple[float, float]] | None = ...,
    fixed: Collection[Any] | None = ...,
    iterations: int = ...,
    *,
    seed: int | None = ...,
) -> dict[Any, Any]: ...
