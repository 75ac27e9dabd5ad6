"""The conversations of the demo: each peer's sockets, what it sends by itself, what it answers.

One thread, and every send is non-blocking: no peer ever waits for the app.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from random import Random
from urllib.parse import quote

import zmq

from zmqscope.demo.feed import Market, OrderFlow, Pace, Results
from zmqscope.demo.robot import Notebook, Robot

Socket = zmq.Socket[bytes]
Context = zmq.Context[Socket]

_SEED = 1
_MORE = zmq.DONTWAIT | zmq.SNDMORE
_MOST_ANSWERS_A_PASS = 200


class Addresses:
    """Where the peers and the app meet: ipc in a private folder, tcp on ports nobody has.

    Args:
        folder: For ipc; unused where this libzmq has none (Windows).
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._has_ipc = bool(zmq.has("ipc"))

    def bind_tcp(self, socket: Socket) -> str:
        """Bind to a free port; the real address."""
        socket.bind("tcp://127.0.0.1:*")
        return socket.get_string(zmq.LAST_ENDPOINT)

    def bind_ipc(self, socket: Socket, name: str) -> str:
        """Bind to a file in the folder, or to tcp where there is no ipc."""
        if not self._has_ipc:
            return self.bind_tcp(socket)
        address = self._ipc(name)
        socket.bind(address)
        return address

    def for_app(self, context: Context, name: str) -> str:
        """An address that the app can bind."""
        if self._has_ipc:
            return self._ipc(name)
        with context.socket(zmq.PAIR) as probe:
            return self.bind_tcp(probe)

    def _ipc(self, name: str) -> str:
        return f"ipc://{os.path.join(self._folder, name)}"


class Peer:
    """One conversation with the app: its sockets, what it sends by itself, what it answers."""

    spec: str
    """What the app should open."""
    sends: tuple[dict[str, object], ...] = ()
    """What the app may send every so often to keep this conversation going."""
    answers: tuple[dict[str, object], ...] = ()
    """What the app may answer when nobody has for so long, to keep this conversation going."""
    listening: tuple[Socket, ...] = ()
    """Sockets whose input goes to ``answer``."""

    def tick(self, now_s: float, elapsed_s: float) -> None:
        """Send what is due."""

    def answer(self, socket: Socket) -> None:
        """Take what a socket has, and answer."""


class _Quotes(Peer):
    """PUB over tcp: quotes in waves, headlines now and then, a heartbeat every second."""

    def __init__(
        self, context: Context, addresses: Addresses, random: Random, market: Market
    ) -> None:
        self._socket = _make(context, zmq.PUB)
        self._market = market
        self._random = random
        self._pace = Pace(random, 250, 1_900, 13.0)
        self._next_beat_s = 0.0
        self._next_news_s = 1.5
        self.spec = f"sub:{_item(addresses.bind_tcp(self._socket))},name=quotes"

    def tick(self, now_s: float, elapsed_s: float) -> None:
        for _ in range(self._pace.due(now_s, elapsed_s)):
            _try_send(self._socket, self._market.quote())
        if now_s >= self._next_news_s:
            self._next_news_s = now_s + 1.0 + 5.0 * self._random.random()
            _try_send(self._socket, self._market.news())
        if now_s >= self._next_beat_s:
            self._next_beat_s = now_s + 1.0
            _try_send(self._socket, [b"heartbeat"])


class _Orders(Peer):
    """Three DEALER clients of the app's ROUTER over ipc; each acknowledges what it is sent."""

    def __init__(
        self, context: Context, addresses: Addresses, random: Random, orders: OrderFlow
    ) -> None:
        address = addresses.for_app(context, "orders")
        # The third has no name of its own: the ROUTER gives it one, with bytes to look at.
        self.listening = tuple(
            _make_client(context, zmq.DEALER, address, identity)
            for identity in (b"desk-london", b"desk-tokyo", b"")
        )
        self._random = random
        self._orders = orders
        self._pace = Pace(random, 30, 420, 7.0)
        self.spec = f"router:@{_item(address)},name=orders"

    def tick(self, now_s: float, elapsed_s: float) -> None:
        # One client a tick: each that sends costs a wake-up of libzmq's thread.
        client = self.listening[int(self._random.random() * len(self.listening))]
        for _ in range(self._pace.due(now_s, elapsed_s)):
            if not _try_send(client, self._orders.order()):
                break

    def answer(self, socket: Socket) -> None:
        for frames in _take_all(socket):
            _try_send(socket, [b"ack", *frames])


class _Pipeline(Peer):
    """Three PUSH workers into the app's PULL over ipc: batches, then a pause."""

    def __init__(self, context: Context, addresses: Addresses, random: Random) -> None:
        address = addresses.for_app(context, "results")
        self._workers = tuple(_make_client(context, zmq.PUSH, address) for _ in range(3))
        self._results = Results(random)
        self._turn = 0
        self._pace = Pace(random, 20, 900, 5.0)
        self.spec = f"pull:@{_item(address)},name=pipeline"

    def tick(self, now_s: float, elapsed_s: float) -> None:
        self._turn = (self._turn + 1) % len(self._workers)
        for _ in range(self._pace.due(now_s, elapsed_s)):
            if not _try_send(self._workers[self._turn], self._results.result(self._turn + 1)):
                break


class _RefData(Peer):
    """REP over tcp: answers what the app's REQ asks, in JSON."""

    def __init__(self, context: Context, addresses: Addresses, market: Market) -> None:
        socket = _make(context, zmq.REP)
        self._market = market
        self._answered = 0
        self.listening = (socket,)
        self.spec = f"req:{_item(addresses.bind_tcp(socket))},name=ref-data"
        self.sends = (_send("ref-data", '{"get":"price","sym":"EURUSD"}', 0.5),)

    def answer(self, socket: Socket) -> None:
        for frames in _take_all(socket):
            self._answered += 1
            _try_send(socket, [json.dumps(self._reply(frames), separators=(",", ":")).encode()])

    def _reply(self, frames: list[bytes]) -> dict[str, object]:
        try:
            request = json.loads(frames[-1])
        except (ValueError, RecursionError):
            request = None
        number = {"n": self._answered}
        if not isinstance(request, dict):
            hint = 'send JSON, such as {"get":"price","sym":"EURUSD"} or {"get":"symbols"}'
            return {"ok": False, "error": hint, **number}
        if request.get("get") == "symbols":
            return {"ok": True, "symbols": self._market.symbols, **number}
        price = self._market.price(str(request.get("sym", "")))
        if price is None:
            return {"ok": False, "error": "no such symbol", **number}
        return {"ok": True, "sym": request["sym"], "px": price, **number}


class _Approvals(Peer):
    """REQ to the app's REP over ipc: asks, waits for an answer, asks again if none comes."""

    def __init__(self, context: Context, addresses: Addresses, orders: OrderFlow) -> None:
        address = addresses.for_app(context, "approvals")
        socket = _make_client(context, zmq.REQ, address)
        # Lets a request be repeated without its reply, and drops replies to older ones.
        socket.set(zmq.REQ_RELAXED, 1)
        socket.set(zmq.REQ_CORRELATE, 1)
        self._socket = socket
        self._orders = orders
        self._number = 1
        self._request: list[bytes] | None = None
        self._next_s = 1.0
        self._wait_s = 0.0
        self._now_s = 0.0
        self.listening = (socket,)
        self.spec = f"rep:@{_item(address)},name=approvals"
        self.answers = (_send("approvals", '{"approved":true,"by":"demo"}', 3.5),)

    def tick(self, now_s: float, elapsed_s: float) -> None:
        self._now_s = now_s
        if now_s < self._next_s:
            return
        if self._request is None:
            self._request = self._orders.approval(self._number)
            self._wait_s = 2.5
        if _try_send(self._socket, self._request):
            # Ever more slowly: what nobody answers must not pile up at the app's REP.
            self._next_s = now_s + self._wait_s
            self._wait_s = min(60.0, self._wait_s * 2)
        else:
            self._next_s = now_s + 0.25

    def answer(self, socket: Socket) -> None:
        for _ in _take_all(socket):
            self._number += 1
            self._request = None
            self._next_s = self._now_s + 1.5


class _Console(Peer):
    """PAIR over ipc: a tick every second, and an echo of whatever comes."""

    def __init__(self, context: Context, addresses: Addresses, random: Random) -> None:
        socket = _make(context, zmq.PAIR)
        self._socket = socket
        self._random = random
        self._tick = 0
        self._next_s = 0.5
        self.listening = (socket,)
        self.spec = f"pair:{_item(addresses.bind_ipc(socket, 'console'))},name=console"
        self.sends = (_send("console", "status?", 2.0),)

    def tick(self, now_s: float, elapsed_s: float) -> None:
        if now_s < self._next_s:
            return
        self._next_s = now_s + 0.2 + self._random.random()
        self._tick += 1
        load = 40 + 30 * self._random.random()
        body = f'{{"tick":{self._tick},"up_s":{now_s:.1f},"load":{load:.1f}}}'
        _try_send(self._socket, [body.encode()])

    def answer(self, socket: Socket) -> None:
        for frames in _take_all(socket):
            _try_send(socket, [b"echo", *frames])


class _Robot(Peer):
    """PUB over tcp: telemetry, each topic in a format of its own."""

    def __init__(self, context: Context, addresses: Addresses, random: Random) -> None:
        self._socket = _make(context, zmq.PUB)
        robot = Robot(random)
        self._every = (
            (0.1, robot.imu),
            (0.25, robot.pose),
            (0.5, robot.scan),
            (1.0, robot.battery),
            (1.5, robot.camera),
            (2.0, robot.plan),
        )
        self._next_s = [0.3 + 0.07 * number for number in range(len(self._every))]
        self.spec = f"sub:{_item(addresses.bind_tcp(self._socket))},name=robot"

    def tick(self, now_s: float, elapsed_s: float) -> None:
        for number, (every_s, make) in enumerate(self._every):
            if now_s >= self._next_s[number]:
                self._next_s[number] = now_s + every_s
                _try_send(self._socket, make(now_s))


class _Notebook(Peer):
    """PUB over tcp: what a Jupyter kernel says on its iopub socket."""

    def __init__(self, context: Context, addresses: Addresses, random: Random) -> None:
        self._socket = _make(context, zmq.PUB)
        self._notebook = Notebook(random)
        self._next_s = 0.8
        self.spec = f"sub:{_item(addresses.bind_tcp(self._socket))},name=notebook"

    def tick(self, now_s: float, elapsed_s: float) -> None:
        if now_s >= self._next_s:
            self._next_s = now_s + 0.4
            _try_send(self._socket, self._notebook.next_message())


def make_peers(context: Context, addresses: Addresses) -> tuple[Peer, ...]:
    """All peers, from one fixed seed.

    Args:
        context: Where sockets are made; whoever made it ends them.
        addresses: Where to meet.
    """
    random = Random(_SEED)
    market = Market(random)
    orders = OrderFlow(random, market)
    return (
        _Quotes(context, addresses, random, market),
        _Orders(context, addresses, random, orders),
        _Pipeline(context, addresses, random),
        _RefData(context, addresses, market),
        _Approvals(context, addresses, orders),
        _Console(context, addresses, random),
        _Robot(context, addresses, random),
        _Notebook(context, addresses, random),
    )


def _make(context: Context, kind: int) -> Socket:
    socket = context.socket(kind)
    socket.set(zmq.LINGER, 0)
    return socket


def _make_client(context: Context, kind: int, address: str, identity: bytes = b"") -> Socket:
    """A socket connected to the app: keeps nothing for later, as the app may not be there yet."""
    socket = _make(context, kind)
    if identity:
        socket.set(zmq.IDENTITY, identity)
    socket.set(zmq.IMMEDIATE, 1)
    socket.set(zmq.RECONNECT_IVL_MAX, 1_000)
    socket.connect(address)
    return socket


def _try_send(socket: Socket, frames: list[bytes]) -> bool:
    """Send or drop: the loop never waits for anybody."""
    # Frame by frame: send_multipart checks each frame first, which costs more than the sending.
    try:
        for frame in frames[:-1]:
            socket.send(frame, _MORE)
        socket.send(frames[-1], zmq.DONTWAIT)
    except zmq.ZMQError:  # whichever frame it was: libzmq takes a message whole or not at all
        return False
    return True


def _take_all(socket: Socket) -> Iterator[list[bytes]]:
    """What a socket has, up to a bound: a flood from the app must not hold up the loop."""
    for _ in range(_MOST_ANSWERS_A_PASS):
        try:
            yield socket.recv_multipart(zmq.DONTWAIT)
        except zmq.ZMQError:  # nothing more, or a REQ that has nothing to wait for
            return


def _item(address: str) -> str:
    """An address as an item of a socket spec: commas and percent signs encoded."""
    return quote(address, safe="".join(chr(c) for c in range(32, 127) if chr(c) not in ",%"))


def _send(socket: str, text: str, every_s: float) -> dict[str, object]:
    return {"socket": socket, "frames": [text], "every_s": every_s}
