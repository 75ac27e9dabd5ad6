"""File descriptors used up by strangers or by ourselves: a sentence, and nothing dies."""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.siege import Port, Siege, besieged

if sys.platform != "linux":
    pytest.skip("the attackers use epoll", allow_module_level=True)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

FEW = 256
# No limit at all is -1.
HARD_LIMIT = resource.getrlimit(resource.RLIMIT_NOFILE)[1] % (1 << 31)
MANY_STRANGERS = min(10_000, HARD_LIMIT - 200)
IVL = "handshake_ivl=4000"
# In calm moments a fiftieth of that, also with two cores.
LONGEST_PAUSE_S = 30.0
MOST_PER_STRANGER_BYTES = 64 << 10
MOST_GROWTH_BYTES = 64 << 20

NATIVE = Port("tcp", f"pull:@tcp://127.0.0.1:*,{IVL}", "PUSH")
NATIVE_IPC = Port("ipc", "pull:@ipc://{folder}/pull", "PUSH")
WEB = Port("ws", f"pull:@ws://127.0.0.1:*,{IVL}", "PUSH")
DRAFT = Port("draft", f"server:@tcp://127.0.0.1:*,{IVL}", "CLIENT")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="zs-") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def poor(folder: Path) -> Iterator[Siege]:
    """An engine with few descriptors."""
    with besieged(folder, (NATIVE, WEB, DRAFT), FEW) as everybody:
        yield everybody


def assert_well_again(siege: Siege, *ports: Port) -> None:
    siege.until(lambda: siege.state()["descriptors"] <= siege.calm["descriptors"])
    for port in ports:
        siege.visit(port)
    for pair in siege.healthy():
        assert (pair["missing"], pair["misordered"]) == (0, 0)
    siege.until(lambda: siege.state()["descriptors"] <= siege.calm["descriptors"])
    assert siege.engine.errors() == ""


def test_our_own_sockets_are_refused_in_time_and_work_again(poor: Siege) -> None:
    opened = [poor.engine.ask(do="open", spec="pull:@tcp://127.0.0.1:*")]
    while not opened[-1]["problem"]:
        opened.append(poor.engine.ask(do="open", spec="pull:@tcp://127.0.0.1:*"))
        assert len(opened) < FEW
    hints: list[str] = []

    def is_told() -> bool:
        notices = poor.engine.ask(do="notices")["notices"]
        hints.extend(hint for _, _, text, hint in notices if text.startswith("Fewer than 64"))
        return bool(hints)

    poor.until(is_told)
    for socket in opened:
        poor.engine.ask(do="remove", id=socket["id"])
    assert opened[-1]["state"] == "failed"
    assert "file descriptors are left" in opened[-1]["problem"]
    assert "ulimit -n" in opened[-1]["problem"]
    assert "Close sockets" in hints[0]
    poor.until(lambda: poor.state()["descriptors"] <= poor.calm["descriptors"])
    again = poor.engine.ask(do="open", spec="pull:@tcp://127.0.0.1:*")
    assert again["state"] == "listening"
    poor.engine.ask(do="remove", id=again["id"])
    assert_well_again(poor, NATIVE)


@pytest.mark.parametrize("port", [WEB, DRAFT], ids=lambda port: port.name)
def test_links_turn_strangers_away(poor: Siege, port: Port) -> None:
    poor.notices()
    toll = poor.attack("crowd", [port], MANY_STRANGERS, 6)
    assert toll.longest_pause_s <= LONGEST_PAUSE_S
    # So that nobody else's listener is paused for it.
    assert toll.descriptors <= FEW - 32
    assert toll.tallies[port.name]["connections"] > FEW
    told = poor.notices()
    assert any("turned away: only a few file descriptors are left" in text for text in told)
    assert not any("does not listen" in text for text in told)
    assert_well_again(poor, port, NATIVE)


def assert_paused_and_back(siege: Siege, port: Port, strangers: int, seconds: float) -> None:
    told = siege.notices()
    toll = siege.attack("crowd", [port], strangers, seconds)
    assert toll.longest_pause_s <= LONGEST_PAUSE_S
    where = siege.endpoints[port.name]

    def has_been_told(what: str) -> bool:
        told.extend(siege.notices())
        return any(where in text and what in text for text in told)

    siege.until(lambda: has_been_told("does not listen for a moment"))
    siege.until(lambda: has_been_told("listens again"))
    assert siege.socket(port)["state"] == "listening"


def test_libzmqs_listener_is_paused_and_comes_back(poor: Siege) -> None:
    assert_paused_and_back(poor, NATIVE, MANY_STRANGERS, 3)
    assert_well_again(poor, NATIVE, WEB)


def test_an_ipc_listener_is_paused_before_there_are_none(folder: Path) -> None:
    # At its end libzmq would end the process: with few descriptors a moment is too long.
    limit = 16_000
    if limit + 2_000 > HARD_LIMIT:
        pytest.skip("the attacker needs more descriptors than it may have")
    with besieged(folder, (NATIVE_IPC, WEB), limit) as siege:
        assert_paused_and_back(siege, NATIVE_IPC, limit + 1_000, 120)
        assert_well_again(siege, NATIVE_IPC, WEB)


@pytest.mark.parametrize("port", [NATIVE, WEB], ids=lambda port: port.name)
def test_ten_thousand_at_once(folder: Path, port: Port) -> None:
    patient = Port(port.name, port.spec.replace("4000", "30000"), port.visitor)
    with besieged(folder, (patient,)) as siege:
        toll = siege.attack("crowd", [patient], MANY_STRANGERS, 120)
        tally = toll.tallies[port.name]
        assert tally["held"] == MANY_STRANGERS
        assert toll.longest_pause_s <= LONGEST_PAUSE_S
        most = MOST_GROWTH_BYTES + MANY_STRANGERS * MOST_PER_STRANGER_BYTES
        assert toll.rss_growth_bytes <= most
        assert_well_again(siege, patient)
