"""Attacks on everything that listens: nothing dies, nothing grows, nobody else notices.

``ZMQSCOPE_HOSTILE_SCALE=10`` attacks ten times as often and as long.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.integration.siege import SCALE, Port, Siege, Toll, besieged

if sys.platform != "linux":
    pytest.skip("the attackers use epoll", allow_module_level=True)

pytestmark = pytest.mark.timeout(600 * SCALE)

TCP = "tcp://127.0.0.1:*"
# Strangers that hold a connection are cut off after so long; the default is 30 s.
IVL_S = 1.5
IVL = f"handshake_ivl={int(IVL_S * 1000)}"

STREAMS = (
    Port("tcp", f"pull:@{TCP},{IVL}", "PUSH"),
    Port("ws", f"pull:@ws://127.0.0.1:*,{IVL}", "PUSH"),
    Port("wss", f"pull:@wss://127.0.0.1:*,{{certificate}},{IVL}", "PUSH"),
    Port("draft tcp", f"server:@{TCP},{IVL}", "CLIENT"),
    Port("draft ipc", f"gather:@ipc://{{folder}}/gather,{IVL}", "SCATTER"),
)
DATAGRAMS = (
    Port("dish", "dish:@udp://127.0.0.1:*,group=g", "RADIO", (b"g",)),
    Port("dgram", "dgram:@udp://127.0.0.1:*", "DGRAM"),
)

ATTACKS = {
    "random-bytes": (150, 5),
    "random-after-opening": (150, 5),
    "truncated": (400, 8),
    "mutated": (200, 5),
    "huge-claims": (96, 5),
    "bad-frames": (120, 5),
    "unread-answers": (100, 2),
    "slow-loris": (200, 3),
    "tls-garbage": (150, 5),
    "storm": (2_000, 10),
    "crowd": (2_000, 10),
}
"""How often and for how many seconds at most, at each port."""

MOST_GROWTH_BYTES = 64 << 20
MOST_PER_CONNECTION_BYTES = 64 << 10
"""What may be kept of a stranger: TLS takes most of it."""
# In calm moments a fiftieth of that, also with two cores.
LONGEST_ANSWER_S = 30.0
LONGEST_PAUSE_S = 30.0


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    """One engine for all attacks: what one leaves behind, the next finds."""
    # pytest's own names are too long for an ipc path.
    folder = tmp_path_factory.mktemp("h", numbered=False)
    with besieged(folder, STREAMS + DATAGRAMS) as everybody:
        yield everybody


def assert_unharmed(siege: Siege, toll: Toll, ports: tuple[Port, ...]) -> None:
    """Alive, as small as before, healthy peers undisturbed, and open for others."""
    held = sum(tally["held"] for tally in toll.tallies.values())
    assert toll.rss_growth_bytes <= MOST_GROWTH_BYTES + held * MOST_PER_CONNECTION_BYTES
    assert toll.longest_answer_s <= LONGEST_ANSWER_S
    assert toll.longest_pause_s <= LONGEST_PAUSE_S
    siege.until(lambda: siege.state()["descriptors"] <= siege.calm["descriptors"])
    assert siege.state()["threads"] <= siege.calm["threads"]
    for pair in siege.healthy():
        assert (pair["missing"], pair["misordered"]) == (0, 0)
    for port in ports:
        siege.visit(port)
    siege.until(lambda: siege.state()["descriptors"] <= siege.calm["descriptors"])
    assert siege.engine.errors() == ""


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_on_every_port_of_connections(siege: Siege, name: str) -> None:
    count, seconds = ATTACKS[name]
    toll = siege.attack(name, STREAMS, count * SCALE, seconds * SCALE)
    for port, tally in toll.tallies.items():
        assert tally["connections"] > 0, port
    assert_unharmed(siege, toll, STREAMS)


def test_an_attack_on_every_port_of_datagrams(siege: Siege) -> None:
    toll = siege.attack("datagrams", DATAGRAMS, 3_000 * SCALE, 5 * SCALE)
    assert_unharmed(siege, toll, DATAGRAMS)


def test_it_ends_in_time_while_it_is_attacked(tmp_path_factory: pytest.TempPathFactory) -> None:
    with besieged(tmp_path_factory.mktemp("q"), STREAMS + DATAGRAMS) as siege:
        with siege.attackers("storm", STREAMS, 100_000, 20):
            siege.until(lambda: siege.state()["descriptors"] > siege.calm["descriptors"])
            assert siege.engine.ask(LONGEST_ANSWER_S, do="quit")["closed"]
        assert siege.engine.errors() == ""
