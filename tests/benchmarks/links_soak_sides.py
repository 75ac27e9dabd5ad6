"""Both sides of the soak of the links: the engine, and peers that are killed and started again."""

from __future__ import annotations

import itertools
import sys
from contextlib import ExitStack
from typing import Any

from tests.benchmarks.json_process import JsonProcess, Reply
from tests.benchmarks.links_soak_pairs import CHANGING, PER_S, End, Pair
from tests.benchmarks.measure import PEERS
from tests.benchmarks.row import RowFailedError
from tests.peers.certificates import Certificates

_START_S = 90.0
_KERNELS_S = 450.0
_ANSWER_S = 60.0
_STREAMS_EACH = 8
FIGURES = ("received", "missing", "forgiven", "misordered")
_PROTOCOL_NAMES = {"SUB": "topic", "DISH": "group"}
# Filled after a minute or two: from then on memory should not grow.
_BUDGET_MIB = 16

# Every sender that there ever is has streams of its own.
_streams = itertools.count(1_000, _STREAMS_EACH)


class EngineSide:
    """The engine's sockets.

    Args:
        pairs: What to open.
        made: Certificates for wss.
        with_kernels: Whether to use compiled kernels, if there are any.
        stack: Ends the process.

    Attributes:
        kernels: What became of the kernels.
        notices: How many there were.
        before: What sockets that are gone had found.
    """

    def __init__(
        self, pairs: list[Pair], made: Certificates, with_kernels: bool, stack: ExitStack
    ) -> None:
        self._made = made
        command = [sys.executable, str(PEERS / "engine_process.py"), "--budget-mib"]
        command += [str(_BUDGET_MIB), *(["--kernels"] if with_kernels else [])]
        self._process = stack.enter_context(JsonProcess("the engine", command))
        self.kernels = str(self._process.reply(_KERNELS_S)["kernels"])
        self._ids: dict[str, int] = {}
        self._joined: dict[str, bool] = {}
        self.notices = 0
        self.before = dict.fromkeys(FIGURES, 0)
        for pair in pairs:
            self.open(pair)

    def _ask(self, **command: Any) -> Reply:
        return self._process.ask(_ANSWER_S, **command)

    # ---- opening and closing ----------------------------------------------------------------

    def open(self, pair: Pair) -> None:
        """Open the engine's end of a pair, and of one over inproc the other end, too."""
        self._open_end(pair.name, pair.ours, pair.address)
        if not pair.group:
            self._open_end(f"{pair.name} peer", pair.theirs, pair.address)

    def _open_end(self, name: str, end: End, address: str) -> None:
        spec = f"{end.kind.lower()}:{'@' if end.binds else ''}{address},name={name}"
        for joined in end.joins:
            spec += f",{_PROTOCOL_NAMES[end.kind]}={joined.decode()}"
        if address.startswith("wss:"):
            certificates = f",wss_cert_pem={self._made.chain},wss_key_pem={self._made.key}"
            spec += certificates if end.binds else f",wss_trust_pem={self._made.ca}"
        opened = self._ask(do="open", spec=spec)
        if opened["state"] == "failed":
            raise RowFailedError(f"{spec}: {opened['problem']}")
        self._ids[name] = opened["id"]
        self._joined[name] = False
        if end.echoes:
            self._ask(do="echo", id=opened["id"])
        if end.speaks:
            prefixes = [[prefix.hex()] for prefix in end.prefixes] or [[]]
            self._ask(
                do="pulse", id=opened["id"], stream=next(_streams), per_s=PER_S,
                prefixes=prefixes, to_peer=end.kind == "PEER",
            )  # fmt: skip

    def close(self, pair: Pair) -> None:
        """Close the engine's end."""
        self._ask(do="close", id=self._ids[pair.name])
        self.forgive(pair)

    def reopen(self, pair: Pair) -> None:
        """Open it again as it was."""
        self._ask(do="reopen", id=self._ids[pair.name])
        self.forgive(pair)

    def remake(self, pair: Pair) -> None:
        """Remove it, and open another one at the same place."""
        _, sockets = self.state()
        for name in (pair.name, f"{pair.name} peer"):
            if name in self._ids:
                add_figures(self.before, sockets[name])
                self._ask(do="remove", id=self._ids.pop(name))
        self.open(pair)

    def forgive(self, pair: Pair) -> None:
        """What is lost now does not count."""
        for name in (pair.name, f"{pair.name} peer"):
            if name in self._ids:
                self._ask(do="forgive", id=self._ids[name])

    def change_groups(self, pair: Pair, streams: list[int]) -> None:
        """Join the changing group, or leave it.

        Args:
            pair: Whose end of ours hears.
            streams: Those of the changing group.
        """
        number, joined = self._ids[pair.name], self._joined[pair.name]
        self._ask(do="forgive", id=number, streams=streams)
        what = "unsubscribe" if joined else "subscribe"
        self._ask(do=what, id=number, topic=CHANGING.hex())
        self._joined[pair.name] = not joined

    # ---- figures ----------------------------------------------------------------------------

    def state(self) -> tuple[Reply, dict[str, Reply]]:
        """How the process is, and each socket by its name."""
        state = self._ask(do="state")
        self.notices += len(self._ask(do="notices")["notices"])
        return state, {str(socket["name"]): socket for socket in state["sockets"]}

    def errors(self) -> str:
        """What it wrote to stderr: nothing, if all is well."""
        return self._process.errors()


class PeerSide:
    """The peers of one group, in a process that is killed and started again.

    Args:
        name: Of the group.
        pairs: Those whose peers it has.
        made: Certificates for wss.
        stack: Ends the last process.

    Attributes:
        incarnations: How many processes there were.
        before: What earlier processes had found.
    """

    def __init__(self, name: str, pairs: list[Pair], made: Certificates, stack: ExitStack) -> None:
        self.name = name
        self.pairs = pairs
        self._command = [
            sys.executable, str(PEERS / "many.py"), "--ca", str(made.ca),
            "--certificate", str(made.chain), "--key", str(made.key),
        ]  # fmt: skip
        self._life = ExitStack()
        self._process: JsonProcess | None = None
        self._changing: dict[str, list[int]] = {}
        self.before = dict.fromkeys(FIGURES, 0)
        self.incarnations = 0
        stack.callback(self._life.close)

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None

    def start(self) -> None:
        """Another process, and its sockets."""
        process = self._life.enter_context(JsonProcess(f"peers over {self.name}", self._command))
        process.reply(_START_S)
        self._process = process
        self.incarnations += 1
        for pair in self.pairs:
            self._open(process, pair)

    def _open(self, process: JsonProcess, pair: Pair) -> None:
        end, stream = pair.theirs, next(_streams)
        command: dict[str, object] = {"do": "open", "name": pair.name, "type": end.kind}
        command["bind" if end.binds else "connect"] = pair.their_address or pair.address
        joins = [joined.hex() for joined in end.joins]
        command |= {"groups" if end.kind == "DISH" else "topics": joins, "echo": end.echoes}
        if end.speaks:
            prefixes = [[prefix.hex()] for prefix in end.prefixes] or [[]]
            command |= {"stream": stream, "per_s": PER_S, "prefixes": prefixes}
        process.ask(_ANSWER_S, **command)
        self._changing[pair.name] = [
            stream + at for at, prefix in enumerate(end.prefixes) if prefix == CHANGING
        ]

    def changing(self, pair: Pair) -> list[int]:
        """The streams of a peer that are only heard by whoever joined."""
        return self._changing[pair.name]

    def kill(self) -> None:
        """SIGKILL, in the middle of whatever it does; what it had found is kept."""
        if self._process is not None:
            for found in self.found().values():
                add_figures(self.before, found)
            self._life.close()
            self._process = None

    def forgive(self, pair: Pair) -> None:
        """What is lost now on the way to the peer does not count."""
        if self._process is not None:
            self._process.ask(_ANSWER_S, do="forgive", names=[pair.name])

    def found(self) -> dict[str, Reply]:
        """What each socket of the present process has found."""
        if self._process is None:
            return {}
        found: dict[str, Reply] = self._process.ask(_ANSWER_S, do="report")["sockets"]
        return found


def add_figures(total: dict[str, int], found: Reply) -> None:
    """Add what a socket has found to a sum."""
    for figure in FIGURES:
        total[figure] += found[figure]
