"""Options by name and type, their values as text, and the sentences about wrong ones."""

from __future__ import annotations

import pytest
import zmq

from zmqscope.core.errors import SpecError
from zmqscope.core.option_table import REFUSED, OptionGroup
from zmqscope.core.options import (
    check_option,
    counts_over,
    find_option,
    format_option,
    grouped_options,
    options_conflict,
    options_for,
    parse_option,
)
from zmqscope.core.types import Endpoint, Role, SocketSpec, SocketType


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_why_and_what_to_do(name: str) -> None:
    with pytest.raises(SpecError) as raised:
        find_option(name)
    problem = raised.value.problem
    assert problem.text.startswith(f"The option {name} cannot be set. ")
    assert problem.hint.endswith(".")


@pytest.mark.parametrize("name", ["curve_secretkey", "plain_password", "socks_password"])
def test_a_secret_is_refused_because_a_spec_is_shown(name: str) -> None:
    with pytest.raises(SpecError, match="shown, copied and saved") as raised:
        parse_option(name, "hunter2")
    assert "hunter2" not in str(raised.value)


def test_an_unknown_option_gets_the_nearest() -> None:
    with pytest.raises(SpecError) as raised:
        find_option("sndhw")
    assert raised.value.problem.text == "There is no option “sndhw”."
    assert raised.value.problem.hint == "Did you mean sndhwm=?"
    with pytest.raises(SpecError, match="topic=, group= and name="):
        find_option("banana")


def test_names_in_any_case_and_by_alias() -> None:
    assert find_option(" SndHWM ").number == zmq.SNDHWM
    assert find_option("routing_id").name == "identity"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("sndhwm", "1000", 1000),
        ("sndhwm", " +5 ", 5),
        ("reconnect_ivl", "-1", -1),
        ("maxmsgsize", str(2**63 - 1), 2**63 - 1),
        ("conflate", "1", 1),
        ("conflate", "Off", 0),
        ("conflate", "yes", 1),
        ("identity", "w1", b"w1"),
        ("identity", "%00%ff%2C%25", b"\0\xff,%"),
        ("identity", "ü", "ü".encode()),
        ("xpub_welcome_msg", "", b""),
    ],
)
def test_reads_values(name: str, text: str, value: int | bytes) -> None:
    assert parse_option(name, text) == value
    assert parse_option(name, format_option(name, value)) == value


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("sndhwm", "", "sndhwm has no value. Type one, as in sndhwm=1."),
        ("sndhwm", "abc", "sndhwm takes a whole number, and “abc” is none."),
        ("sndhwm", "1.5", "sndhwm takes a whole number, and “1.5” is none."),
        ("sndhwm", "1_000", "sndhwm takes a whole number, and “1_000” is none."),
        ("sndhwm", "\u0661", "sndhwm takes a whole number, and “\u0661” is none."),
        ("sndhwm", "9" * 5000, "sndhwm takes a whole number"),
        ("sndhwm", "-1", "sndhwm=-1 is out of range. Type a number from 0 to 1000000000 messages."),
        ("tos", "256", "tos=256 is out of range. Type a number from 0 to 255."),
        ("conflate", "2", "conflate is a switch, and “2” is neither on nor off."),
        ("identity", "", "The value of identity is empty. Type 1 to 255 bytes."),
        ("identity", "x" * 256, "The value of identity is 256 bytes long. Type 1 to 255 bytes."),
        ("identity", "50%", "Type a percent sign itself as %25."),
    ],
)
def test_refuses_values(name: str, text: str, sentence: str) -> None:
    with pytest.raises(SpecError) as raised:
        parse_option(name, text)
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("kind", "name", "value", "sentence"),
    [
        (SocketType.SUB, "identity", b"x", "identity does nothing on a SUB."),
        (SocketType.PUSH, "rcvhwm", 1, "rcvhwm does nothing on a PUSH."),
        (SocketType.REQ, "req_relaxed", b"1", "req_relaxed takes a number."),
        (SocketType.REQ, "identity", 1, "identity takes bytes."),
        (SocketType.REQ, "identity", b"", "The value of identity is empty."),
        (SocketType.REQ, "tos", 256, "tos=256 is out of range."),
        (SocketType.REQ, "linger", 0, "The option linger cannot be set."),
        (SocketType.CLIENT, "identity", b"x", "identity does nothing on a CLIENT."),
        (SocketType.RADIO, "conflate", 1, "conflate does nothing on a RADIO."),
        (SocketType.CLIENT, "tcp_keepalive", 1, "only counts where libzmq itself speaks to"),
        (SocketType.DGRAM, "heartbeat_ivl", 1, "heartbeat_ivl does nothing on a DGRAM."),
        (SocketType.STREAM, "wss_cert_pem", b"a", "wss_cert_pem does nothing on a STREAM."),
    ],
)
def test_checks_an_option_for_a_type(
    kind: SocketType, name: str, value: int | bytes, sentence: str
) -> None:
    with pytest.raises(SpecError) as raised:
        check_option(kind, name, value)
    assert sentence in str(raised.value)


def names_for(kind: SocketType) -> set[str]:
    return {option.name for option in options_for(kind)}


def test_lists_the_options_of_a_type() -> None:
    names = names_for(SocketType.PULL)
    assert "rcvhwm" in names
    assert not {"sndhwm", "router_mandatory"} & names
    assert names_for(SocketType.DGRAM) == {
        "sndhwm", "rcvhwm", "ipv6", "multicast_hops", "multicast_loop",
    }  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in SocketType if kind.is_draft])
def test_a_draft_type_has_no_option_that_its_twin_lacks(kind: SocketType) -> None:
    # Multicast over udp is what no stable type has.
    assert names_for(kind) - names_for(kind.twin) <= {"multicast_hops", "multicast_loop"}


@pytest.mark.parametrize("kind", SocketType)
def test_groups_hold_each_option_once_in_the_order_of_the_table(kind: SocketType) -> None:
    grouped = grouped_options(kind)
    assert [group for group, _ in grouped] == [
        group for group in OptionGroup if any(o.group is group for o in options_for(kind))
    ]
    assert tuple(option for _, members in grouped for option in members) == options_for(kind)
    assert all(option.group is group for group, members in grouped for option in members)


@pytest.mark.parametrize(
    ("name", "kind", "scheme", "counts"),
    [
        ("tcp_keepalive", SocketType.SUB, "tcp", True),
        ("tcp_keepalive", SocketType.SUB, "ipc", False),
        ("tcp_keepalive", SocketType.SUB, "ws", False),
        ("tcp_keepalive", SocketType.DISH, "tcp", False),
        ("reconnect_stop", SocketType.SUB, "tcp", True),
        ("reconnect_stop", SocketType.SUB, "ws", False),
        ("sndhwm", SocketType.CLIENT, "ws", True),
        ("wss_key_pem", SocketType.CLIENT, "wss", True),
        ("wss_key_pem", SocketType.CLIENT, "ws", False),
        ("multicast_hops", SocketType.RADIO, "udp", True),
        ("multicast_hops", SocketType.RADIO, "tcp", False),
        ("multicast_hops", SocketType.PUB, "pgm", True),
    ],
)
def test_over_what_an_option_counts(name: str, kind: SocketType, scheme: str, counts: bool) -> None:
    assert counts_over(find_option(name), kind, scheme) is counts


@pytest.mark.parametrize(
    ("kind", "addresses", "name", "conflicts"),
    [
        (SocketType.PULL, ("ipc:///a", "ws://*:1"), "ipc_filter_uid", True),
        (SocketType.PULL, ("ipc:///a", "tcp://*:1"), "ipc_filter_pid", False),
        (SocketType.PULL, ("ws://*:1",), "rcvhwm", False),
    ],
)
def test_a_filter_that_would_turn_our_own_links_away(
    kind: SocketType, addresses: tuple[str, ...], name: str, conflicts: bool
) -> None:
    endpoints = tuple(Endpoint(Role.BIND, address) for address in addresses)
    found = options_conflict(SocketSpec(kind, endpoints, options=((name, 1),)))
    assert (found is not None) is conflicts
    if found is not None:
        assert found.text == f"{name} would also turn away “{addresses[-1]}”."
