"""Options reach libzmq; what it refuses is a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import zmq
from zmq.utils.monitor import recv_monitor_message

from zmqscope.core.option_table import Option, OptionCarrier, OptionForm, OptionKind
from zmqscope.core.options import options_for, started_with
from zmqscope.core.types import Endpoint, Role, SocketSpec, SocketType
from zmqscope.engine.socket_options import DEFAULT_RCVHWM, apply_options

EVERY_TYPE = pytest.mark.parametrize("kind", SocketType)
# libzmq tells nobody what they are.
UNREADABLE = frozenset((
    "ipc_filter_gid", "ipc_filter_pid", "ipc_filter_uid", "metadata", "only_first_subscribe",
    "probe_router", "req_correlate", "req_relaxed", "router_handover", "router_mandatory",
    "stream_notify", "tcp_accept_filter", "xpub_nodrop", "xpub_verbose", "xpub_verboser",
    "xpub_welcome_msg",
))  # fmt: skip
SAMPLES: dict[OptionForm, bytes] = {
    OptionForm.HOST_PORT: b"127.0.0.1:1080",
    OptionForm.HOST: b"example.org",
    OptionForm.IPV4_RANGE: b"192.168.1.0/24",
    OptionForm.PROPERTY: b"X-site:Ghent",
    OptionForm.SUBPROTOCOLS: b"ZWS2.0",
}

Make = Callable[[SocketType], "zmq.Socket[bytes]"]


@pytest.fixture
def make() -> Iterator[Make]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    made: list[zmq.Socket[bytes]] = []

    def make_one(kind: SocketType) -> zmq.Socket[bytes]:
        made.append(context.socket(zmq.SocketType(kind.twin.value)))
        return made[-1]

    yield make_one
    context.destroy(linger=0)


def test_ours_and_those_of_the_spec(make: Make) -> None:
    socket = make(SocketType.DEALER)
    spec = SocketSpec(SocketType.DEALER, options=(("sndhwm", 7), ("identity", b"me")))
    assert apply_options(socket, spec) is None
    assert socket.get(zmq.RCVHWM) == DEFAULT_RCVHWM
    assert (socket.get(zmq.SNDHWM), socket.get(zmq.ROUTING_ID)) == (7, b"me")
    assert socket.get(zmq.LINGER) == 0


@EVERY_TYPE
def test_every_type_starts_with_what_the_table_says(make: Make, kind: SocketType) -> None:
    socket = make(kind)
    assert apply_options(socket, SocketSpec(kind)) is None
    assert socket.get(zmq.LINGER) == 0
    for option in options_for(kind):
        if option.carrier is OptionCarrier.LINK or option.name in UNREADABLE:
            continue
        assert socket.getsockopt(zmq.SocketOption[option.name.upper()]) == started_with(option)


@EVERY_TYPE
def test_every_option_of_a_type_can_be_set_at_once(make: Make, kind: SocketType) -> None:
    options = tuple((option.name, value_of(option)) for option in options_for(kind))
    assert apply_options(make(kind), SocketSpec(kind, options=options)) is None


def value_of(option: Option) -> int | bytes:
    if option.kind is OptionKind.BYTES:
        return SAMPLES.get(option.form, b"abc")
    return option.maximum


@pytest.mark.parametrize("kind", [kind for kind in SocketType if kind.twin is SocketType.ROUTER])
def test_nothing_is_sent_to_nowhere_in_silence(make: Make, kind: SocketType) -> None:
    socket = make(kind)
    assert apply_options(socket, SocketSpec(kind)) is None
    with pytest.raises(zmq.ZMQError) as raised:
        socket.send_multipart([b"nobody", b"x"])
    assert raised.value.errno == zmq.EHOSTUNREACH


def test_what_a_link_carries_out_never_reaches_libzmq(make: Make) -> None:
    options: tuple[tuple[str, int | bytes], ...] = (
        ("zws_subprotocol", b"ZWS2.0"),
        ("wss_cert_pem", b"/tmp/cert.pem"),
        ("wss_trust_system", 0),
        ("socks_proxy", b"127.0.0.1:1080"),
        ("socks_username", b"me"),
    )
    socket = make(SocketType.SUB)
    assert apply_options(socket, SocketSpec(SocketType.SUB, options=options)) is None
    # libzmq ends the program when a socket is closed while its proxy does not answer.
    assert (socket.get(zmq.SOCKS_PROXY), socket.get(zmq.SOCKS_USERNAME)) == (b"", b"")


@pytest.mark.parametrize("order", [1, -1])
def test_a_range_of_ipv4_addresses_lets_nobody_else_in(make: Make, order: int) -> None:
    """Set behind ipv6, libzmq would read 127.0.0.2/32 as ::/32, which is everybody."""
    options: tuple[tuple[str, int | bytes], ...] = (
        ("ipv6", 1), ("tcp_accept_filter", b"127.0.0.2/32"),
    )  # fmt: skip
    server = make(SocketType.PULL)
    assert apply_options(server, SocketSpec(SocketType.PULL, options=options[::order])) is None
    server.bind("tcp://127.0.0.1:*")
    client = make(SocketType.PUSH)
    monitor = client.get_monitor_socket(
        zmq.EVENT_DISCONNECTED
        | zmq.EVENT_HANDSHAKE_SUCCEEDED
        | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    )
    client.connect(server.get_string(zmq.LAST_ENDPOINT))
    assert monitor.poll(60_000)
    event = recv_monitor_message(monitor)
    assert event["event"] != zmq.EVENT_HANDSHAKE_SUCCEEDED
    client.disable_monitor()
    monitor.close(0)


def test_options_that_do_not_go_with_the_endpoints_are_named(make: Make) -> None:
    spec = SocketSpec(
        SocketType.PULL, (Endpoint(Role.BIND, "ws://*:8080"),), options=(("ipc_filter_uid", 1),)
    )
    problem = apply_options(make(SocketType.PULL), spec)
    assert problem is not None
    assert "ipc_filter_uid" in problem.text


def test_the_spec_has_the_last_word(make: Make) -> None:
    socket = make(SocketType.PULL)
    assert apply_options(socket, SocketSpec(SocketType.PULL, options=(("rcvhwm", 5),))) is None
    assert socket.get(zmq.RCVHWM) == 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sndhwm", -5),
        ("no_such_option", 1),
        ("sndhwm", b"x"),
        ("sndhwm", 2**70),
        ("use_fd", 0),
        ("linger", -1),
    ],
)
def test_what_libzmq_refuses_is_named(make: Make, name: str, value: int | bytes) -> None:
    spec = SocketSpec(SocketType.PUSH, options=((name, value),))
    problem = apply_options(make(SocketType.PUSH), spec)
    assert problem is not None
    assert f"{name}=" in problem.text
    assert problem.hint
