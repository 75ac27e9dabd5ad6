"""What talks to the app during the soak: peers that are killed, restarted and let burst."""

from __future__ import annotations

import sys
from contextlib import ExitStack

from tests.benchmarks import reference
from tests.benchmarks.app_process import ObservedApp, OpenSocket
from tests.benchmarks.json_process import JsonProcess
from tests.benchmarks.measure import PEERS
from tests.benchmarks.row import RowFailedError
from tests.benchmarks.sequence_checker import INCARNATION_SHIFT

_MIXED_SIZES = (16, 300, 64, 1_000, 16, 128)
_STEADY_PER_S = 150_000
_BURST_SIZES = (64,)
_BURST_S = 4.0
_CHURN_PER_S = 20_000
_CHURN_SIZES = (100,)
_PUB_PER_S = 20_000
_PUB_TOPICS = 16
_FOREVER_S = 10**6
_START_S = 20.0


class SteadyPeer:
    """Sends at a steady rate; each of its incarnations numbers its messages from 0.

    Args:
        socket: A PULL of the app.
        stack: Ends the last incarnation.
    """

    def __init__(self, socket: OpenSocket, stack: ExitStack) -> None:
        self._socket = socket
        self.incarnations = 0
        self._process = self._start()
        stack.callback(self.kill)

    def _start(self) -> JsonProcess:
        self.incarnations += 1
        return reference.sender(
            [self._socket.endpoint],
            sizes=_MIXED_SIZES,
            rate=_STEADY_PER_S,
            seconds=_FOREVER_S,
            first=self.incarnations << INCARNATION_SHIFT,
        )

    def kill(self) -> None:
        """SIGKILL, in the middle of whatever it does."""
        self._process.kill()

    def restart(self) -> None:
        """Another incarnation after a SIGKILL."""
        if not self._process.is_running:
            raise self._process.failure("ended by itself")
        self.kill()
        self._process = self._start()


class BurstPeer:
    """Sends flat out for a few seconds at a time, and counts.

    Args:
        socket: A PULL of the app.
        stack: Ends it.
        longest_s: Length of a burst at most.
    """

    def __init__(self, socket: OpenSocket, stack: ExitStack, longest_s: float) -> None:
        self._socket = socket
        self._seconds = min(_BURST_S, longest_s)
        self._process: JsonProcess | None = None
        self.bursts = 0
        self.sent = 0
        stack.callback(self.kill)

    def begin(self) -> None:
        """Begin a burst, unless the last one still goes on."""
        if self._process is None:
            self.bursts += 1
            self._process = reference.sender(
                [self._socket.endpoint],
                sizes=_BURST_SIZES,
                seconds=self._seconds,
                first=self.bursts << INCARNATION_SHIFT,
            )

    def look(self) -> None:
        """Take note of a burst that is over."""
        reply = None if self._process is None else self._process.reply_if_any()
        if reply is not None:
            self.sent += reply["sent"]
            self.kill()

    def finish(self, timeout_s: float) -> None:
        """Wait for the end of the burst that goes on."""
        if self._process is not None:
            self.sent += self._process.reply(timeout_s)["sent"]
            self.kill()

    def kill(self) -> None:
        """End what goes on."""
        if self._process is not None:
            self._process.kill()
            self._process = None


class Subscriptions:
    """A SUB of the app that changes its mind, at a publisher that has plenty to say.

    Args:
        app: Owner of the SUB.
        stack: Ends the publisher.
    """

    def __init__(self, app: ObservedApp, stack: ExitStack) -> None:
        command = [
            sys.executable, str(PEERS / "flood.py"), "PUB", "@tcp://127.0.0.1:*",
            "--rate", str(_PUB_PER_S), "--topics", str(_PUB_TOPICS),
            "--seconds", str(_FOREVER_S),
        ]  # fmt: skip
        publisher = stack.enter_context(JsonProcess("the publisher", command))
        endpoint = publisher.reply(_START_S)["endpoints"][0]
        self._app = app
        (self._socket,) = app.open(f"sub:{endpoint},topic=topic000,name=changing")
        self._turn = 0
        self.changes = 0

    def change(self) -> None:
        """One topic off, another one on; now and then everything for a while."""
        before, self._turn = self._topic(self._turn), self._turn + 1
        self._app.process.ask(do="subscribe", socket=self._socket.id, topic=self._topic(self._turn))
        self._app.process.ask(do="unsubscribe", socket=self._socket.id, topic=before)
        self.changes += 1

    @staticmethod
    def _topic(turn: int) -> str:
        return "topic" if turn % 5 == 4 else f"topic{turn % _PUB_TOPICS:03d}"


class Churn:
    """Sockets that are closed, reopened, removed and made anew while a peer sends to them.

    Args:
        app: Owner of the sockets.
        stack: Ends the peer.
    """

    def __init__(self, app: ObservedApp, stack: ExitStack) -> None:
        self._app = app
        (self._socket,) = app.open("pull:@tcp://127.0.0.1:*,name=churning")
        self._spec = f"pull:@{self._socket.endpoint},name=churning"
        # One without a peer; and one whose peer never comes.
        self._others = app.open(*self._other_specs())
        self._sender = stack.enter_context(
            reference.sender(
                [self._socket.endpoint], sizes=_CHURN_SIZES, rate=_CHURN_PER_S, seconds=_FOREVER_S
            )
        )
        self._turn = 0
        self.changes = 0

    @staticmethod
    def _other_specs() -> tuple[str, ...]:
        return ("router:@tcp://127.0.0.1:*,name=alone", "dealer:tcp://127.0.0.1:1,name=nobody")

    def change(self) -> None:
        """The next step of the round.

        Raises:
            RowFailedError: The peer ended by itself.
        """
        if not self._sender.is_running:
            raise self._sender.failure("ended by itself")
        steps = (self._close, self._reopen, self._remake, self._remake_others)
        steps[self._turn % len(steps)]()
        self._turn += 1
        self.changes += 1

    def _close(self) -> None:
        self._app.close(self._socket)

    def _reopen(self) -> None:
        # Under the port that it had: the peer finds it again.
        self._socket = self._app.reopen(self._socket)

    def _remake(self) -> None:
        self._app.remove(self._socket)
        (self._socket,) = self._app.open(self._spec)

    def _remake_others(self) -> None:
        self._app.remove(*self._others)
        self._others = self._app.open(*self._other_specs())


class Viewer:
    """Pauses the table and the plot, and lets them go on.

    Args:
        app: Whose view it is.
    """

    def __init__(self, app: ObservedApp) -> None:
        self._app = app
        self.pauses = 0
        self._paused = False

    def change(self) -> None:
        """Pause, or resume."""
        self._paused = not self._paused
        self.pauses += self._paused
        for action in ("messages.pause", "plot.pause"):
            reply = self._app.process.ask(do="switch", action=action, on=self._paused)
            if reply:
                raise RowFailedError(f"{action}: {reply}")
