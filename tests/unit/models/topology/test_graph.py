"""What the topology shows: who is grouped with whom, what is collapsed, who is missing."""

from __future__ import annotations

from tests.peer_rig import PeerList, peer_of, process_of
from zmqscope.core.diagnosis.finding import Finding, Rule
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    Role,
    Severity,
    SocketId,
    SocketType,
)
from zmqscope.models.topology.builder import GraphBuilder, build_graph
from zmqscope.models.topology.graph import (
    MOST_NODES,
    Card,
    Graph,
    Lane,
    NodeKey,
    NodeKind,
    socket_key,
)
from zmqscope.models.topology.words import (
    card_tip,
    card_words,
    count_words,
    empty_words,
    row_words,
    spoken_card,
)

IPC = Endpoint(Role.BIND, "ipc:///tmp/x")


class Sockets(PeerList):
    """Sockets, and the graph of them."""

    def graph(self, *findings: Finding) -> Graph:
        return build_graph(self.snapshots, self.peers, findings)

    def cards(self) -> dict[object, Card]:
        return {card.key: card for card in self.graph().cards}


def sockets_of(*kinds: SocketType) -> Sockets:
    sockets = Sockets()
    for number, kind in enumerate(kinds, 1):
        sockets.listen(number, kind, f"s{number}")
    return sockets


def test_groups_by_process_and_by_host() -> None:
    sockets = sockets_of(SocketType.PULL, SocketType.ROUTER)
    worker = process_of(7, "worker", command="worker --all")
    sockets.tell(
        1,
        peer_of(1, process=worker),
        peer_of(2, process=worker),
        peer_of(3, address="10.0.4.2:5556"),
        peer_of(4),
        peer_of(5, endpoint=IPC, address=""),
    )
    sockets.tell(
        2,
        peer_of(6, 2, process=worker, types=(SocketType.DEALER,), identity=b"w1"),
        peer_of(7, 2, address="10.0.4.2:5557"),
        peer_of(8, 2, address=""),
    )
    cards = sockets.cards()
    assert {key: (card.kind, card.lane) for key, card in cards.items()} == {
        ("process", 7): (NodeKind.PROCESS, Lane.THIS_MACHINE),
        ("host", "10.0.4.2"): (NodeKind.HOST, Lane.OTHER_HOSTS),
        ("peer", 4): (NodeKind.PEER, Lane.THIS_MACHINE),
        ("peer", 5): (NodeKind.PEER, Lane.THIS_MACHINE),
        ("peer", 8): (NodeKind.PEER, Lane.OTHER_HOSTS),
    }
    process, host = cards["process", 7], cards["host", "10.0.4.2"]
    assert [(row.socket_id, row.count) for row in process.rows] == [(1, 2), (2, 1)]
    assert card_words(process)[:2] == ("worker", "7")
    assert [row_words(process, row)[:2] for row in process.rows] == [
        ("2 × PUSH", ""), ("DEALER", "w1"),
    ]  # fmt: skip
    assert card_words(host).title == "10.0.4.2"
    assert [row_words(host, row).detail for row in host.rows] == [":5556", ":5557"]
    assert card_words(cards["peer", 4]).title == "127.0.0.1:40004"
    assert card_words(cards["peer", 5]).title == "ipc peer"
    graph = sockets.graph()
    assert count_words(graph) == "2 sockets · 8 peers"
    tip = card_tip(process, graph)
    assert "worker --all" in tip
    assert "2 × PUSH ⇄ PULL s1" in tip
    assert spoken_card(process, graph).startswith("This machine: worker · 7")


def test_own_sockets_that_talk_with_each_other_are_joined_once() -> None:
    sockets = sockets_of(SocketType.PAIR, SocketType.PAIR, SocketType.REQ)
    own = process_of(1, is_own=True)
    sockets.tell(1, peer_of(1, process=own, own_socket=SocketId(2)))
    sockets.tell(2, peer_of(2, 2, process=own, own_socket=SocketId(1)))
    # A socket of this process that is not on the list is like any other.
    sockets.tell(3, peer_of(3, 3, process=own, own_socket=SocketId(99)))
    graph = sockets.graph()
    assert graph.own == ((1, 2),)
    assert [card_words(card).title for card in graph.cards] == ["this app"]


def test_an_address_where_nobody_answers_keeps_its_card_when_somebody_does() -> None:
    sockets = Sockets()
    for number, address in enumerate(("tcp://127.0.0.1:1", "tcp://10.0.0.9:1", "tcp://h:1"), 1):
        sockets.listen(number, SocketType.SUB, f"s{number}", address, EndpointState.RETRYING)
    graph = sockets.graph()
    assert {card.key: card.lane for card in graph.cards} == {
        ("address", "tcp://127.0.0.1:1"): Lane.THIS_MACHINE,
        ("host", "10.0.0.9"): Lane.OTHER_HOSTS,
        ("host", "h"): Lane.OTHER_HOSTS,
    }
    assert all(card.is_absent for card in graph.cards)
    assert [row_words(card, card.rows[0]).text for card in graph.cards] == ["nobody answers"] * 3
    for number in (1, 2):
        endpoint = sockets.snapshots[SocketId(number)].endpoints[0].endpoint
        sockets.tell(number, peer_of(number, number, endpoint=endpoint, address=""))
    cards = sockets.cards()
    assert not cards["address", "tcp://127.0.0.1:1"].is_absent
    assert not cards["host", "10.0.0.9"].is_absent
    assert len(cards) == 3
    assert card_words(cards["address", "tcp://127.0.0.1:1"]).title == "127.0.0.1:1"


def test_states_of_endpoints_and_peers_have_their_colours() -> None:
    sockets = Sockets()
    sockets.listen(1, SocketType.SUB, "a", "tcp://127.0.0.1:1", EndpointState.FAILED)
    sockets.listen(2, SocketType.SUB, "b", "tcp://127.0.0.1:2", EndpointState.CONNECTING)
    tokens = [row_words(card, card.rows[0])[::2] for card in sockets.graph().cards]
    assert tokens == [("failed", "broken"), ("connecting", "waiting")]


def test_too_many_peers_of_one_socket_share_a_card() -> None:
    sockets = sockets_of(SocketType.PULL)
    sockets.tell(1, *(peer_of(n) for n in range(1, 1_001)), more=7)
    cards = sockets.cards()
    more = cards["more", 1]
    assert len(cards) == 13
    assert more.kind is NodeKind.MORE
    assert more.rows[0].count == 995
    assert card_words(more).title == "995 more"
    assert "peers panel" in row_words(more, more.rows[0]).text
    assert "995 more peers of PULL s1" in card_tip(more, sockets.graph())


def test_a_thousand_connections_of_one_process_are_one_row() -> None:
    sockets = sockets_of(SocketType.PULL)
    sockets.tell(1, *(peer_of(n, process=process_of(7)) for n in range(1, 1_001)))
    (card,) = sockets.graph().cards
    assert row_words(card, card.rows[0]).text == "1,000 × PUSH"


def test_never_more_nodes_than_can_be_read() -> None:
    sockets = sockets_of(*[SocketType.PULL] * 40)
    for socket in range(1, 41):
        first = socket * 1_000
        sockets.tell(socket, *(peer_of(n, socket) for n in range(first, first + 23)))
    graph = sockets.graph()
    assert len(graph.sockets) + len(graph.cards) <= MOST_NODES


def test_of_too_many_those_that_are_seen_stay() -> None:
    sockets = sockets_of(SocketType.PULL)
    sockets.tell(1, *(peer_of(n) for n in range(1, 101)))
    seen = [("peer", n) for n in range(80, 92)]
    graph = build_graph(sockets.snapshots, sockets.peers, (), [socket_key(SocketId(1)), *seen])
    assert {card.key for card in graph.cards} == {*seen, ("more", 1)}


def test_findings_are_on_their_socket_the_worst_first() -> None:
    sockets = sockets_of(SocketType.REQ)

    def found(severity: Severity, rule: Rule) -> Finding:
        return Finding(SocketId(1), rule, severity, "What.", "Why.")

    graph = sockets.graph(
        found(Severity.WARNING, Rule.REQ_WAITS),
        found(Severity.INFO, Rule.OLD_ZMTP),
        found(Severity.ERROR, Rule.GIVEN_UP),
    )
    assert [one.rule for one in graph.findings[SocketId(1)]] == [Rule.GIVEN_UP, Rule.REQ_WAITS]


def test_the_shape_is_what_layouts_go_by() -> None:
    sockets = sockets_of(SocketType.PULL)
    sockets.tell(1, peer_of(1))
    before = sockets.graph()
    sockets.tell(1, peer_of(1, reconnects=4))
    assert sockets.graph().shape == before.shape
    sockets.tell(1, peer_of(1), peer_of(2))
    assert sockets.graph().shape != before.shape


def test_without_sockets_it_says_what_to_do() -> None:
    assert "Ctrl+N" in empty_words(0, is_drawn=False)[1]
    assert "place" in empty_words(1, is_drawn=False)[0]
    assert empty_words(1, is_drawn=True) == ("", "")
    assert count_words(Graph()) == ""


def test_of_too_many_sockets_it_says_how_many_are_drawn() -> None:
    graph = sockets_of(*[SocketType.PULL] * 120).graph()
    assert len(graph.sockets) == 100
    assert count_words(graph) == "100 of 120 sockets · no peer"
    assert count_words(sockets_of(SocketType.PULL).graph()) == "1 socket · no peer"


def test_what_is_as_it_was_is_not_looked_at_again() -> None:
    sockets, builder = PeerList(), GraphBuilder()
    sockets.listen(1, SocketType.PULL, "jobs")
    sockets.listen(2, SocketType.PULL, "more")
    for number in (1, 2):
        sockets.tell(number, *(peer_of(number * 100 + n, number) for n in range(3)))
    first = builder.build(sockets.snapshots, sockets.peers)
    kept = builder._shares[SocketId(2)]
    sockets.tell(1, peer_of(100), peer_of(101, process=process_of(7)), peer_of(105))
    second = builder.build(sockets.snapshots, sockets.peers)
    assert builder._shares[SocketId(2)] is kept
    assert second == build_graph(sockets.snapshots, sockets.peers)
    assert {card.key for card in second.cards} - {card.key for card in first.cards} == {
        ("process", 7), ("peer", 105),
    }  # fmt: skip


def test_a_builder_tells_the_same_as_a_new_one_whatever_comes_and_goes() -> None:
    sockets, builder = PeerList(), GraphBuilder()
    shown: set[NodeKey] = set()
    for turn in range(30):
        sockets.listen(1 + turn % 3, SocketType.PULL, f"s{turn % 3}")
        told = [
            peer_of(n, 1 + turn % 3, process=process_of(n % 5) if (n + turn) % 4 == 0 else None)
            for n in range(turn % 7 * 11)
        ]
        sockets.tell(1 + turn % 3, *told, more=turn % 2)
        graph = builder.build(sockets.snapshots, sockets.peers, (), shown)
        assert graph == build_graph(sockets.snapshots, sockets.peers, (), shown)
        shown = {card.key for card in graph.cards}
