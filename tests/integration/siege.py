"""An engine in a process of its own, healthy peers of it, attackers, and who visits afterwards."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.json_process import JsonProcess, Reply
from tests.peers import certificates

_PEERS = Path(__file__).resolve().parents[1] / "peers"
_START_S = 90.0
_ANSWER_S = 60.0
_ATTACK_ENDS_S = 90.0
_HEALTHY_PER_S = 200
_LOOK_EVERY_S = 0.2
_LOOKS_THE_SAME = 6
_HEALTHY = ("tcp", "ws")

SCALE = int(os.environ.get("ZMQSCOPE_HOSTILE_SCALE", "1"))
"""How many times as much, and as long, as in the short form."""


@dataclass(frozen=True, slots=True)
class Port:
    """Something that the engine opens and that can be attacked.

    Attributes:
        name: What the tests call it.
        spec: Of its socket; ``{certificate}`` and ``{folder}`` are filled in.
        visitor: The type of a real peer.
        prefix: What a real peer sends before its number.
    """

    name: str
    spec: str
    visitor: str
    prefix: tuple[bytes, ...] = ()

    @property
    def is_udp(self) -> bool:
        """Whether datagrams come there."""
        return "udp://" in self.spec


@dataclass(frozen=True, slots=True)
class Toll:
    """What an attack cost while it went on.

    Attributes:
        tallies: What each attacker did, by the port's name.
        rss_growth_bytes: From before it to the highest.
        descriptors: At most.
        longest_answer_s: How long the engine took to say how it is.
        longest_pause_s: Between two messages of a healthy peer.
    """

    tallies: dict[str, Reply]
    rss_growth_bytes: int
    descriptors: int
    longest_answer_s: float
    longest_pause_s: float


class Siege:
    """Everything that takes part.

    Args:
        engine: Runs ``engine_process.py``; its ports come first, then the healthy pairs.
        peers: Runs ``many.py``.
        ports: What can be attacked.
        sockets: What the engine said of its sockets.
    """

    def __init__(
        self, engine: JsonProcess, peers: JsonProcess, ports: tuple[Port, ...], sockets: list[Reply]
    ) -> None:
        self.engine = engine
        self._peers = peers
        self.ports = ports
        self._ids = {port.name: at for at, port in enumerate(ports)}
        self.endpoints = {
            port.name: str(socket["endpoints"][0])
            for port, socket in zip(ports, sockets, strict=False)
        }
        self._visits = 0
        for scheme, socket in zip(_HEALTHY, sockets[len(ports) :], strict=True):
            engine.ask(do="echo", id=socket["id"])
            self._open_healthy(scheme, socket["endpoints"][0])
        self.until(lambda: all(pair["received"] for pair in self.healthy()))
        self.calm = self._steady()

    def _open_healthy(self, scheme: str, endpoint: str) -> None:
        stream = 1 + _HEALTHY.index(scheme)
        self._peers.ask(
            do="open", name=scheme, type="PAIR", connect=endpoint, stream=stream,
            per_s=_HEALTHY_PER_S,
        )  # fmt: skip

    # ---- how things are ---------------------------------------------------------------------

    def state(self) -> Reply:
        """How the engine is."""
        return self.engine.ask(_ANSWER_S, do="state")

    def _steady(self) -> Reply:
        """How it is once nothing more is begun: threads and their descriptors come when needed."""
        same, before = 0, self.state()
        while same < _LOOKS_THE_SAME:
            time.sleep(_LOOK_EVERY_S)
            now = self.state()
            is_same = all(now[key] == before[key] for key in ("descriptors", "threads"))
            same, before = (same + 1 if is_same else 0), now
        return before

    def socket(self, port: Port) -> Reply:
        """How one of its sockets is."""
        found: Reply = self.state()["sockets"][self._ids[port.name]]
        return found

    def notices(self) -> list[str]:
        """What the engine has told since the last time."""
        return [notice[2] for notice in self.engine.ask(do="notices")["notices"]]

    def healthy(self) -> list[Reply]:
        """How the healthy pairs are; pauses count from here again."""
        sockets = self._peers.ask(do="report")["sockets"]
        return [sockets[scheme] for scheme in _HEALTHY]

    def until(self, condition: Callable[[], object], timeout_s: float = 60.0) -> None:
        """Ask until something holds.

        Raises:
            AssertionError: It did not hold in time.
        """
        deadline_s = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline_s, self.state()

    # ---- attacks ----------------------------------------------------------------------------

    def attack(self, name: str, ports: Iterable[Port], count: int, seconds: float) -> Toll:
        """Attack some ports at the same time, and watch.

        Args:
            name: One of those of ``hostile.py``.
            ports: Where.
            count: How often at most, at each.
            seconds: For how long at most.
        """
        before = self.state()
        self.healthy()
        peak, descriptors, longest_s = before["rss"], before["descriptors"], 0.0
        with self.attackers(name, ports, count, seconds) as attackers:
            tallies: dict[str, Reply] = {}
            deadline_s = time.monotonic() + _ATTACK_ENDS_S + seconds
            while len(tallies) < len(attackers):
                assert time.monotonic() < deadline_s, "the attackers do not end"
                asked_s = time.monotonic()
                state = self.state()
                longest_s = max(longest_s, time.monotonic() - asked_s)
                peak = max(peak, state["rss"])
                descriptors = max(descriptors, state["descriptors"])
                tallies |= _ended(attackers, tallies)
        pause_s = max(pair["longest_pause_s"] for pair in self.healthy())
        return Toll(tallies, peak - before["rss"], descriptors, longest_s, pause_s)

    @contextmanager
    def attackers(
        self, name: str, ports: Iterable[Port], count: int, seconds: float
    ) -> Iterator[dict[str, JsonProcess]]:
        """Attackers that have begun, by the port's name; see ``attack``."""
        with ExitStack() as stack:
            yield {
                port.name: stack.enter_context(self._attacker(name, port, seed, count, seconds))
                for seed, port in enumerate(ports)
            }

    def _attacker(
        self, name: str, port: Port, seed: int, count: int, seconds: float
    ) -> JsonProcess:
        process = JsonProcess(
            f"{name} at {port.name}",
            [
                sys.executable, str(_PEERS / "hostile.py"), name, self.endpoints[port.name],
                "--type", port.visitor, "--count", str(count), "--seconds", str(seconds),
                "--seed", str(seed),
            ],
        )  # fmt: skip
        process.reply(_START_S)
        return process

    # ---- afterwards -------------------------------------------------------------------------

    def visit(self, port: Port) -> None:
        """Have a real peer connect, and wait until what it says has come.

        Raises:
            AssertionError: It does not come.
        """
        before = self.socket(port)["messages"]
        self._visits += 1
        name = f"visit {self._visits}"
        opened: dict[str, object] = {"connect": self.endpoints[port.name]}
        prefix = port.prefix
        if port.visitor == "DGRAM":
            opened = {"bind": "udp://127.0.0.1:*"}
            prefix = (self.endpoints[port.name].removeprefix("udp://").encode(),)
        opened |= {"type": port.visitor, "stream": 1_000 + self._visits, "per_s": 20}
        opened["prefixes"] = [[frame.hex() for frame in prefix]]
        self._peers.ask(_ANSWER_S, do="open", name=name, **opened)
        self.until(lambda: self.socket(port)["messages"] > before)
        self._peers.ask(do="close", name=name)


@contextmanager
def besieged(
    folder: Path, ports: tuple[Port, ...], descriptors: int | None = None
) -> Iterator[Siege]:
    """Start everybody, and end them.

    Args:
        folder: For certificates and ipc.
        ports: What the engine opens besides the healthy pairs.
        descriptors: How many file descriptors the engine has; None for as many as there can be.
    """
    made = certificates.make(folder)
    names = {"certificate": f"wss_cert_pem={made.chain},wss_key_pem={made.key}", "folder": folder}
    specs = [port.spec.format_map(names) for port in ports]
    specs += [f"pair:@{scheme}://127.0.0.1:*" for scheme in _HEALTHY]
    limit = [] if descriptors is None else ["--descriptors", str(descriptors)]
    engine_command = [sys.executable, str(_PEERS / "engine_process.py"), *limit, *specs]
    peers_command = [sys.executable, str(_PEERS / "many.py"), "--ca", str(made.ca)]
    with (
        JsonProcess("the engine", engine_command) as engine,
        JsonProcess("the peers", peers_command) as peers,
    ):
        sockets = engine.reply(_START_S)["sockets"]
        peers.reply(_START_S)
        yield Siege(engine, peers, ports, sockets)


def _ended(attackers: dict[str, JsonProcess], known: dict[str, Reply]) -> dict[str, Reply]:
    """What those say that have just come to their end."""
    found: dict[str, Reply] = {}
    for name, attacker in attackers.items():
        reply = None if name in known else attacker.reply_if_any()
        if reply is not None:
            found[name] = reply
        elif name not in known and not attacker.is_running:
            # Either its last word is there, or this says how it ended.
            found[name] = attacker.reply(1.0)
    return found
