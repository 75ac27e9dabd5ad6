"""Endpoints of every transport: what passes, and the exact sentence when one does not."""

from __future__ import annotations

import pytest

from zmqscope.core import transports
from zmqscope.core.endpoints import (
    MAX_INPROC_BYTES,
    MAX_IPC_BYTES,
    TRANSPORTS,
    check_endpoint,
    host_name,
    is_ipv6,
    leaves_machine,
    looks_like_host_port,
    parse_endpoint,
    transport_of,
)
from zmqscope.core.errors import EndpointError
from zmqscope.core.types import Endpoint, Problem, Role, SocketType

BIND, CONNECT = Role.BIND, Role.CONNECT

GOOD_EVERYWHERE = [
    "tcp://127.0.0.1:5556",
    "tcp://localhost:1",
    "tcp://my-host.example.org:65535",
    "tcp://a_b:5556",
    "tcp://eth0:5556",
    "tcp://host.:5556",
    "tcp://0.0.0.0:5556",
    "tcp://127.0.0.1:05556",
    "tcp://[::1]:5556",
    "tcp://[::]:5556",
    "tcp://[fe80::1%eth0]:5556",
    "tcp://[::ffff:127.0.0.1]:5556",
    "ipc:///tmp/feed",
    "ipc://relative",
    "ipc:///tmp/with blank, comma",
    "ipc:///tmp/ü",
    "ipc://@abstract",
    "ipc:///" + "x" * (MAX_IPC_BYTES - 1),
    "inproc://a",
    "inproc://with blank",
    "inproc://*",
    "inproc://" + "x" * MAX_INPROC_BYTES,
    "tipc://{5560,0,0}",
    "tipc://{5560,1,4294967295}",
    "tipc://{5560,0}",
    "tipc://{5560,0}@1.1.1",
    "ws://localhost:8080",
    "ws://localhost:8080/path?with=query",
    "wss://[fe80::1%eth0]:8443/",
]
GOOD_TO_BIND = [
    "tcp://*:5556",
    "tcp://*:*",
    "tcp://*:0",
    "tcp://127.0.0.1:*",
    "tcp://[*]:5556",
    "ipc://*",
    "tipc://<*>",
    "ws://*:*",
    "wss://[*]:0/path",
]
GOOD_TO_CONNECT = [
    "tcp://192.168.1.17:0;example.org:5556",
    "tcp://eth0:5555;10.0.0.1:5556",
    "tcp://[::1]:0;[::1]:5556",
    "tipc://<1.1.1:1>",
]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("address", GOOD_EVERYWHERE)
def test_accepts(address: str, role: Role) -> None:
    assert parse_endpoint(address, role) == Endpoint(role, address)
    check_endpoint(SocketType.DEALER, Endpoint(role, address))


@pytest.mark.parametrize("address", GOOD_TO_BIND)
def test_accepts_only_to_bind(address: str) -> None:
    assert parse_endpoint(address, BIND) == Endpoint(BIND, address)
    with pytest.raises(EndpointError):
        parse_endpoint(address, CONNECT)


@pytest.mark.parametrize("address", GOOD_TO_CONNECT)
def test_accepts_only_to_connect(address: str) -> None:
    assert parse_endpoint(address, CONNECT) == Endpoint(CONNECT, address)
    with pytest.raises(EndpointError):
        parse_endpoint(address, BIND)


def test_keeps_the_address_as_typed_without_blanks_around_it() -> None:
    assert parse_endpoint("  tcp://LocalHost:05556\t", CONNECT).address == "tcp://LocalHost:05556"


@pytest.mark.parametrize(
    ("text", "role", "problem", "hint"),
    [
        ("", CONNECT, "The endpoint is empty.", "tcp://localhost:5556"),
        (" ", BIND, "The endpoint is empty.", "tcp://*:5556"),
        # No transport, and guesses at what was meant.
        ("localhost:5556", CONNECT, "has no transport in front.", "Type tcp://localhost:5556."),
        ("*:5556", BIND, "has no transport in front.", "Type tcp://*:5556."),
        ("[::1]:5556", CONNECT, "has no transport in front.", "Type tcp://[::1]:5556."),
        ("5556", CONNECT, "has no transport in front.", "Type tcp://localhost:5556."),
        (":5556", BIND, "has no transport in front.", "Type tcp://*:5556."),
        ("/tmp/feed", BIND, "has no transport in front.", "Type ipc:///tmp/feed."),
        ("tcp//a:1", CONNECT, "has no transport in front.", "Type tcp://a:1."),
        ("//a", CONNECT, "has no transport in front.", "Type one such as tcp://"),
        ("@tcp://*:1", BIND, "begins with “@”", "choose bind or connect."),
        ("@:1", BIND, "begins with “@”", "choose bind or connect."),
        ("tcp:a:1", CONNECT, "has no “//” after “tcp:”.", "Type tcp://a:1."),
        ("tcp:/a:1", CONNECT, "has no “//” after “tcp:”.", "Type tcp://a:1."),
        ("ipc:/tmp/a", CONNECT, "has no “//” after “ipc:”.", "Type ipc:///tmp/a."),
        ("://a", CONNECT, "has no transport before “://”.", "Type one such as"),
        # Unknown transports.
        ("tpc://a:1", CONNECT, "libzmq has no transport “tpc://”.", "Did you mean tcp://?"),
        ("inprc://a", CONNECT, "libzmq has no transport “inprc://”.", "Did you mean inproc://?"),
        ("https://a", CONNECT, "libzmq has no transport “https://”.", "Did you mean wss://?"),
        ("http://a", CONNECT, "libzmq has no transport “http://”.", "Did you mean ws://?"),
        ("upd://a:1", CONNECT, "libzmq has no transport “upd://”.", "Did you mean udp://?"),
        ("sw://a:1", CONNECT, "libzmq has no transport “sw://”.", "Did you mean ws://?"),
        ("icp:///a", CONNECT, "libzmq has no transport “icp://”.", "Did you mean ipc://?"),
        ("unix:///a", CONNECT, "libzmq has no transport “unix://”.", "Did you mean ipc://?"),
        ("carrierpigeon://a", CONNECT, "has no transport “carrierpigeon://”.", "Use tcp://"),
        ("TCP://a:1", CONNECT, "has its transport in capitals", "Type tcp://a:1."),
        ("a b://c", CONNECT, "is not an endpoint.", "Type one such as"),
        # Ports.
        ("tcp://", CONNECT, "has no address.", "Type tcp://localhost:5556."),
        ("tcp://", BIND, "has no address.", "Type tcp://*:5556."),
        ("tcp://host", CONNECT, "has no port.", "Type tcp://host:5556."),
        ("tcp://5556", CONNECT, "has no host.", "Type tcp://localhost:5556."),
        ("tcp://host:", CONNECT, "has no port after the colon.", "Type tcp://host:5556."),
        ("tcp://host:http", CONNECT, "has the port “http”, which is not a number.", "host:5556."),
        ("tcp://host:+1", BIND, "has the port “+1”, which is not a number.", "host:5556."),
        ("tcp://host:!", BIND, "has the port “!”, which is not a number.", "host:5556."),
        ("tcp://host:\u0661", BIND, "has the port “\u0661”, which is not a number.", "host:5556."),
        ("tcp://host:65536", CONNECT, "has the port “65536”; the highest is 65535.", "1 to 65535."),
        ("tcp://host:99999", BIND, "has the port “99999”; the highest is 65535.", "1 to 65535."),
        ("tcp://host:" + "9" * 5000, BIND, "the highest is 65535.", "1 to 65535."),
        ("tcp://host:0", CONNECT, "lets the system choose and only works with bind.", "port to"),
        ("tcp://host:000", CONNECT, "lets the system choose and only works with bind.", "port to"),
        ("tcp://host:*", CONNECT, "lets the system choose and only works with bind.", "port to"),
        ("tcp://host:80/x", CONNECT, "has “/x” after the port", "Type tcp://host:80."),
        # Hosts.
        ("tcp://*:1", CONNECT, "has the host “*”", "or bind instead."),
        ("tcp://[*]:1", CONNECT, "has the host “*”", "or bind instead."),
        ("tcp://:1", CONNECT, "has no host.", "Type tcp://localhost:1."),
        ("tcp://:1", BIND, "has no host.", "Type tcp://*:1 for every interface."),
        ("tcp://:x", BIND, "has no host.", "Type tcp://*:5556 for every interface."),
        ("tcp://a b:1", CONNECT, "has a blank in it.", "Type tcp://ab:1."),
        ("tcp://u@h:1", CONNECT, "has “@” in its host", "letters, digits, dots"),
        ("tcp://-a:1", CONNECT, "has “-” in its host", "letters, digits, dots"),
        ("tcp://a..b:1", CONNECT, "has two dots in a row in its host.", "Check"),
        ("tcp://" + "a" * 254 + ":1", CONNECT, "has a host of 254 characters", "Check"),
        ("tcp://300.1.1.1:1", CONNECT, "“300.1.1.1” for a host, which is not an IPv4", "0 to 255."),
        ("tcp://1.2.3:1", CONNECT, "“1.2.3” for a host, which is not an IPv4", "four numbers"),
        ("tcp://bücher.de:1", CONNECT, "letters in “bücher.de”", "xn--bcher-kva.de:1."),
        ("tcp://ü" + "x" * 70 + ":1", CONNECT, "that libzmq does not accept.", "from a to z"),
        # IPv6.
        ("tcp://::1:5556", CONNECT, "an IPv6 address without brackets.", "Type tcp://[::1]:5556."),
        ("tcp://fe80::1", CONNECT, "without brackets and no port.", "Type tcp://[fe80::1]:5556."),
        ("tcp://a:1:2", CONNECT, "has more than one colon after the scheme.", "Type tcp://"),
        ("tcp://[::1]", CONNECT, "has no “:port” after “]”.", "Type tcp://[::1]:5556."),
        ("tcp://[::1]5556", CONNECT, "has no “:port” after “]”.", "Type tcp://[::1]:5556."),
        ("tcp://[::1:5556", CONNECT, "has “[” without “]”.", "Type tcp://[::1]:5556."),
        ("tcp://[]:1", CONNECT, "has nothing between its brackets.", "Type tcp://[::1]:5556."),
        ("tcp://[host]:1", CONNECT, "brackets around “host”, which is not IPv6.", "[::1]"),
        ("tcp://[1.2.3.4]:1", CONNECT, "which is not IPv6.", "Type tcp://1.2.3.4:5556."),
        ("tcp://[fe80::1%]:1", CONNECT, "has “%” without a zone.", "[fe80::1%eth0]"),
        ("tcp://[fe80::1%a b]:1", CONNECT, "has a blank in it.", "[fe80::1%ab]"),
        ("tcp://[fe80::1%ä]:1", CONNECT, "a zone that is no interface name.", "%eth0]"),
        # The source of a connect.
        ("tcp://eth0:0;a:1", BIND, "has a source address before “;”", "Type tcp://a:1."),
        ("tcp://eth0:0;", BIND, "has a source address before “;”", "Type tcp://*:5556."),
        ("tcp://eth0:0;", CONNECT, "has no address.", "Type tcp://localhost:5556."),
        ("tcp://;a:1", CONNECT, "has nothing before “;”.", "Leave “;” out"),
        ("tcp://eth0;a:1", CONNECT, "has a source address without a port.", "source:0;host"),
        ("tcp://[::1];a:1", CONNECT, "has a source address without a port.", "source:0;host"),
        ("tcp://*:0;a:1", CONNECT, "has “*” as source address", "leave the source out."),
        ("tcp://eth0:*;a:1", CONNECT, "has “*” as source port.", "Type 0"),
        ("tcp://a:0;b:0;c:1", CONNECT, "has more than one “;”.", "source:0;host:port."),
        # ipc and inproc.
        ("ipc://", BIND, "“ipc://” has no path.", "Type ipc:///tmp/feed"),
        ("ipc://*", CONNECT, "lets libzmq choose a path", "or bind instead."),
        ("ipc://@", BIND, "has no name after “@”.", "Type ipc://@name."),
        ("ipc:///tmp/", BIND, "names a folder.", "Type ipc:///tmp/feed."),
        ("ipc://~/feed", BIND, "begins with “~”", "whole path"),
        ("ipc://@" + "x" * MAX_IPC_BYTES, BIND, "is 108 bytes long", "shorter"),
        ("ipc:///" + "ü" * 54, BIND, "is 109 bytes long", "shorter"),
        ("inproc://", BIND, "“inproc://” has no name.", "Type inproc://name."),
        ("inproc://" + "x" * 246, BIND, "a name of 246 bytes; 245 are allowed.", "shorter"),
        # tipc.
        ("tipc://x", BIND, "is not a TIPC address.", "%2C"),
        ("tipc://{5560}", BIND, "is not a TIPC address.", "%2C"),
        ("tipc://{1,1}", BIND, "TIPC keeps those below 64.", "from 64 up."),
        ("tipc://{5560,2,1}", BIND, "ends before it begins.", "Swap"),
        ("tipc://{5560,4294967296}", BIND, "has a number above 4294967295.", "smaller"),
        ("tipc://<*>", CONNECT, "only works with bind.", "tipc://{type,instance}."),
        ("tipc://<1.1.1:1>", BIND, "only works with connect.", "tipc://<*>"),
        # Transports that this libzmq or these socket types lack.
        ("ws://a", CONNECT, "“ws://a” has no port.", "Type ws://a:80."),
        ("wss://:443", CONNECT, "has no host.", "Type wss://localhost:443."),
        ("wss://me:pw@a:443", CONNECT, "“wss://…@a:443” has a user name", "before “@”."),
        ("WS://a:80", CONNECT, "has its transport in capitals", "Type ws://a:80."),
        ("ws:/a:80", CONNECT, "has no “//” after “ws:”.", "Type ws://a:80."),
        ("udp://239.1.1.1", BIND, "has no port.", "Type udp://239.1.1.1:5556."),
        ("udp://*:5", CONNECT, "has the host “*”", "or bind instead."),
        ("pgm://eth0;239.1.1.1:5", CONNECT, "This libzmq was built without pgm://.", "PUB"),
        ("pgm://;239.1.1.1:5", CONNECT, "has no interface before “;”.", "without pgm://."),
        ("epgm://eth0;239.1.1.1:5", BIND, "This libzmq was built without epgm://.", "PUB"),
        ("epgm://eth0;239.1.1.1", BIND, "has no port.", "without epgm://."),
        ("norm://eth0;239.1.1.1:5", BIND, "This libzmq was built without norm://.", "PUB"),
        ("norm://eth0;:5", BIND, "has no host.", "without norm://."),
        ("vmci://2:5", BIND, "This libzmq was built without vmci://.", "Use tcp://"),
        ("vmci://x", BIND, "is not a context id and a port.", "without vmci://."),
        ("vsock://2:5", BIND, "This libzmq was built without vsock://.", "Use tcp://"),
        ("vsock://x:5", BIND, "is not a context id and a port.", "without vsock://."),
        # Characters that no endpoint has.
        ("inproc://a\0b", BIND, "contains the control character U+0000.", "Delete it"),
        ("ipc:///a\nb", BIND, "contains the control character U+000A.", "Delete it"),
        ("tcp://a\x7f:1", BIND, "contains the control character U+007F.", "Delete it"),
        ("ipc:///a\udcff", BIND, "contains bytes that are not UTF-8 text.", "UTF-8"),
    ],
)
def test_refuses_with_a_sentence_and_a_hint(text: str, role: Role, problem: str, hint: str) -> None:
    found = problem_of(text, role)
    assert problem in found.text
    assert hint in found.hint
    for sentence in (found.text, found.hint):
        assert sentence.endswith((".", "?"))
        assert sentence.isprintable()
        assert len(sentence) < 200


def test_the_whole_sentence_reads_well() -> None:
    found = problem_of("localhost:5556", CONNECT)
    assert found == Problem(
        "“localhost:5556” has no transport in front.", "Type tcp://localhost:5556."
    )


def test_hints_that_complete_an_address_are_themselves_accepted() -> None:
    for text in (
        "localhost:5556",
        "5556",
        "/tmp/a",
        "tcp:a:1",
        "TCP://a:1",
        "tcp://::1:5",
        "tcp://a",
    ):
        hint = problem_of(text, CONNECT).hint
        parse_endpoint(hint.removeprefix("Type ").removesuffix("."), CONNECT)


@pytest.mark.parametrize("address", ["inproc://x", "tipc://{5560,1}"])
def test_a_stream_is_kept_away_from_what_aborts_libzmq(address: str) -> None:
    with pytest.raises(EndpointError, match="A STREAM cannot use"):
        check_endpoint(SocketType.STREAM, Endpoint(BIND, address))


@pytest.mark.parametrize("address", ["tcp://*:5556", "ipc:///tmp/feed"])
def test_a_stream_can_use_raw_connections(address: str) -> None:
    check_endpoint(SocketType.STREAM, Endpoint(BIND, address))


@pytest.mark.parametrize("kind", SocketType)
def test_check_endpoint_also_checks_the_form(kind: SocketType) -> None:
    with pytest.raises(EndpointError, match="the highest is 65535"):
        check_endpoint(kind, Endpoint(BIND, "tcp://127.0.0.1:99999"))


@pytest.mark.parametrize(
    ("kind", "role", "address"),
    [
        (SocketType.RADIO, CONNECT, "udp://239.192.1.1:5556"),
        (SocketType.RADIO, CONNECT, "udp://127.0.0.1:5556"),
        (SocketType.RADIO, CONNECT, "udp://eth0;239.192.1.1:5556"),
        (SocketType.DISH, BIND, "udp://*:5556"),
        (SocketType.DISH, BIND, "udp://eth0;239.192.1.1:5556"),
        (SocketType.DGRAM, BIND, "udp://127.0.0.1:*"),
    ],
)
def test_udp_for_those_who_use_it(kind: SocketType, role: Role, address: str) -> None:
    assert parse_endpoint(address, role) == Endpoint(role, address)
    check_endpoint(kind, Endpoint(role, address))
    with pytest.raises(EndpointError, match="Only RADIO, DISH and DGRAM use udp"):
        check_endpoint(SocketType.SUB, Endpoint(role, address))


def test_what_the_library_lacks_is_said_before_its_form_is_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "This libzmq was built without pgm://" in problem_of("pgm://eth0;:5", BIND).hint
    monkeypatch.setattr(transports.LibraryTransports, "present", frozenset({"pgm"}))
    assert problem_of("pgm://eth0;:5", BIND).hint == "Type pgm://localhost:5."


def test_knows_every_transport_of_libzmq() -> None:
    assert sorted(TRANSPORTS) == [
        "epgm", "inproc", "ipc", "norm", "pgm", "tcp", "tipc", "udp", "vmci", "vsock", "ws", "wss",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "transport", "ipv6", "host"),
    [
        ("tcp://example.org:1", "tcp", False, "example.org"),
        ("tcp://localhost:1", "tcp", False, "localhost"),
        ("tcp://127.0.0.1:1", "tcp", False, None),
        ("tcp://[::1]:1", "tcp", True, None),
        ("tcp://[fe80::1%eth0]:1", "tcp", True, None),
        ("tcp://[::1]:0;example.org:1", "tcp", True, "example.org"),
        ("tcp://eth0:0;example.org:1", "tcp", False, "example.org"),
        ("tcp://eth0:0;[::1]:1", "tcp", True, None),
        ("ipc:///tmp/feed", "ipc", False, None),
        ("inproc://example.org:1", "inproc", False, None),
        ("ws://example.org:80/x", "ws", False, "example.org"),
        ("ws://[::1]:80/x", "ws", True, None),
        ("wss://127.0.0.1:80", "wss", False, None),
        ("ws://broken", "ws", False, None),
        ("udp://239.1.1.1:5", "udp", False, None),
        ("udp://[ff02::1]:5", "udp", True, None),
        ("udp://example.org:5", "udp", False, "example.org"),
        ("tcp://broken", "tcp", False, None),
        ("broken", "", False, None),
    ],
)
def test_what_an_endpoint_needs(address: str, transport: str, ipv6: bool, host: str | None) -> None:
    endpoint = Endpoint(CONNECT, address)
    assert transport_of(endpoint) == transport
    assert is_ipv6(endpoint) is ipv6
    assert host_name(endpoint) == host


@pytest.mark.parametrize(
    "address", ["tcp://eth0:1", "tcp://*:1", "tcp://localhost:1", "ws://localhost:1/x", "udp://*:1"]
)
def test_a_bind_has_no_host_to_look_up(address: str) -> None:
    assert host_name(Endpoint(BIND, address)) is None


def test_a_wildcard_in_brackets_is_ipv6() -> None:
    assert is_ipv6(Endpoint(BIND, "tcp://[*]:5556"))
    assert not is_ipv6(Endpoint(BIND, "tcp://*:5556"))


@pytest.mark.parametrize(
    ("address", "role", "leaves"),
    [
        ("tcp://localhost:1", CONNECT, False),
        ("tcp://127.8.8.8:1", CONNECT, False),
        ("tcp://[::1]:1", CONNECT, False),
        ("ws://localhost:1/x", CONNECT, False),
        ("wss://example.org:1", CONNECT, True),
        ("udp://127.0.0.1:1", CONNECT, False),
        ("udp://239.1.1.1:1", CONNECT, True),
        ("ipc:///tmp/a", CONNECT, False),
        ("inproc://a", CONNECT, False),
        ("tipc://{70,0}", CONNECT, True),
        ("tcp://*:1", BIND, False),
    ],
)
def test_what_leaves_this_machine(address: str, role: Role, leaves: bool) -> None:
    assert leaves_machine(Endpoint(role, address)) is leaves


def test_what_looks_like_host_and_port() -> None:
    assert looks_like_host_port("localhost:5556")
    assert not looks_like_host_port("localhost")


def problem_of(text: str, role: Role) -> Problem:
    with pytest.raises(EndpointError) as raised:
        parse_endpoint(text, role)
    return raised.value.problem
