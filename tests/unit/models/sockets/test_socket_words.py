from __future__ import annotations

from dataclasses import replace

import pytest

from tests.gui.socket_rig import snapshot_of
from zmqscope.core.capture.counters import Totals
from zmqscope.core.types import (
    EndpointState,
    Problem,
    SocketState,
    SocketType,
)
from zmqscope.models.sockets import socket_words
from zmqscope.ui.tokens import TOKENS


@pytest.mark.parametrize("kind", list(SocketType))
def test_every_type_is_explained_in_one_sentence(kind: SocketType) -> None:
    words = socket_words.type_words(kind)
    assert words.endswith(".")
    assert words.count(". ") == 0


@pytest.mark.parametrize("state", list(SocketState))
def test_every_state_has_words_and_a_token_of_the_theme(state: SocketState) -> None:
    snapshot = snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1", state=state)
    assert socket_words.state_words(state)
    assert socket_words.state_token(snapshot) in TOKENS


@pytest.mark.parametrize("state", list(EndpointState))
def test_every_endpoint_state_has_words_and_a_token(state: EndpointState) -> None:
    status = snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1").endpoints[0]
    assert socket_words.endpoint_state_words(replace(status, state=state))
    assert socket_words.endpoint_token(state) in TOKENS


def test_totals_count_as_one_speaks() -> None:
    assert socket_words.totals_words(Totals()) == "0 messages · 0 frames · 0 B"
    assert socket_words.totals_words(Totals(1, 1, 5)) == "1 message · 1 frame · 5 B"
    assert socket_words.totals_words(Totals(1_234, 2_468, 5)).startswith("1,234 messages · 2,468")


def test_a_problem_on_a_working_socket_is_a_warning() -> None:
    snapshot = snapshot_of(1, SocketType.PAIR, "pair", "tcp://a:1")
    assert socket_words.state_token(snapshot) == "received"
    troubled = replace(snapshot, problem=Problem("A second PAIR gets nothing."))
    assert socket_words.state_token(troubled) == "waiting"


def test_a_failed_socket_stays_broken_with_its_problem() -> None:
    problem = Problem("tcp://*:1 is already in use.")
    failed = snapshot_of(
        1, SocketType.PUB, "p", "@tcp://*:1", state=SocketState.FAILED, problem=problem
    )
    assert socket_words.state_token(failed) == "broken"


def test_the_line_shows_the_real_address_and_how_many_more() -> None:
    snapshot = snapshot_of(1, SocketType.SUB, "s", "@tcp://127.0.0.1:*", "tcp://b:2", "tcp://c:3")
    bound = replace(snapshot.endpoints[0], actual="tcp://127.0.0.1:41233")
    snapshot = replace(snapshot, endpoints=(bound, *snapshot.endpoints[1:]))
    line = socket_words.endpoint_line(snapshot)
    assert line == ("bind", "tcp://127.0.0.1:41233", 2, True)
    assert socket_words.actual_address(snapshot) == "tcp://127.0.0.1:41233"


def test_a_socket_that_is_only_opening_shows_its_spec() -> None:
    snapshot = replace(snapshot_of(1, SocketType.SUB, "s", "tcp://a:1"), endpoints=())
    assert socket_words.endpoint_line(snapshot) == ("connect", "tcp://a:1", 0, False)
    assert socket_words.actual_address(snapshot) == "tcp://a:1"


def test_without_an_endpoint_it_says_so() -> None:
    snapshot = snapshot_of(1, SocketType.SUB, "s", state=SocketState.IDLE)
    assert socket_words.endpoint_line(snapshot) == ("", "no endpoint", 0, False)
    assert socket_words.actual_address(snapshot) == ""


def test_hostile_names_and_addresses_stay_in_one_line() -> None:
    snapshot = snapshot_of(1, SocketType.SUB, "a\n\x1b[31m\u202eb" + "x" * 1000, "ipc:///t\u202ep")
    assert socket_words.shown_name(snapshot).isprintable()
    assert len(socket_words.shown_name(snapshot)) < 300
    assert socket_words.endpoint_line(snapshot).address.isprintable()
    assert all(line.isprintable() for line in socket_words.tooltip(snapshot).splitlines())


def test_the_tooltip_tells_every_endpoint_and_the_problem() -> None:
    problem = Problem("Nobody answers at tcp://a:1.", "Check the address.")
    snapshot = snapshot_of(
        1, SocketType.REQ, "r", "tcp://a:1", "tcp://b:2", state=SocketState.RETRYING,
        problem=problem,
    )  # fmt: skip
    lines = socket_words.tooltip(snapshot).splitlines()
    assert lines[0] == "REQ r: retrying"
    assert lines[1] == "connect tcp://a:1: retrying"
    assert lines[2].startswith("connect tcp://b:2")
    assert lines[3] == "Nobody answers at tcp://a:1. Check the address."


def test_a_screen_reader_hears_the_rates_the_type_has() -> None:
    snapshot = snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1")
    words = socket_words.accessible_text(snapshot, 184_000.0, None)
    assert words == "SUB quotes, connected, connect tcp://a:1, 184 k/s received"


@pytest.mark.parametrize(("count", "words"), [(0, "0 sockets"), (1, "1 socket"), (8, "8 sockets")])
def test_sockets_are_counted_in_words(count: int, words: str) -> None:
    assert socket_words.count_words(count) == words


@pytest.mark.parametrize(("count", "words"), [(0, "no peer"), (1, "1 peer"), (1200, "1,200 peers")])
def test_peers_are_counted_in_words(count: int, words: str) -> None:
    assert socket_words.peers_words(count) == words
