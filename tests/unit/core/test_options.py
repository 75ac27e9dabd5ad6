"""The option table against the installed libzmq, and the sentences about wrong options."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import zmq

from zmqscope.core.errors import SpecError
from zmqscope.core.option_table import OPTIONS, REFUSED, Option, OptionKind
from zmqscope.core.options import (
    check_option,
    find_option,
    format_option,
    options_for,
    parse_option,
)
from zmqscope.core.types import SocketType

LIBZMQ_KINDS = {
    OptionKind.INT: "int",
    OptionKind.BOOL: "int",
    OptionKind.INT64: "int64",
    OptionKind.BYTES: "bytes",
}


@pytest.fixture(scope="module")
def context() -> Iterator[zmq.Context[zmq.Socket[bytes]]]:
    with zmq.Context() as made:
        yield made


def bounds(option: Option) -> list[int | bytes]:
    if option.kind is OptionKind.BYTES:
        return [b"\0" * option.minimum, b"x" * min(option.maximum, 1000)]
    return [option.minimum, option.maximum]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_number_and_kind_are_those_of_libzmq(option: Option) -> None:
    for name in (option.name, *option.aliases):
        assert zmq.SocketOption[name.upper()] == option.number
    assert zmq.SocketOption(option.number)._opt_type.name == LIBZMQ_KINDS[option.kind]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_libzmq_accepts_the_bounds_on_each_listed_type(
    option: Option, context: zmq.Context[zmq.Socket[bytes]]
) -> None:
    for kind in option.types:
        with context.socket(zmq.SocketType(kind.value)) as socket:
            for value in bounds(option):
                socket.setsockopt(option.number, value)
                check_option(kind, option.name, value)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_the_default_is_that_of_libzmq(
    option: Option, context: zmq.Context[zmq.Socket[bytes]]
) -> None:
    kind = next(iter(option.types))
    with context.socket(zmq.SocketType(kind.value)) as socket:
        try:
            assert socket.getsockopt(option.number) == option.default
        except zmq.ZMQError:
            # libzmq keeps the options of one socket type to itself.
            assert len(option.types) < len(SocketType)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_each_option_explains_itself(option: Option) -> None:
    assert option.meaning.endswith(".")
    assert option.name == option.name.lower()
    assert option.types
    if option.kind is OptionKind.BOOL:
        assert (option.minimum, option.maximum) == (0, 1)


def test_every_libzmq_option_is_either_offered_or_refused_with_a_reason() -> None:
    offered = {name for option in OPTIONS for name in (option.name, *option.aliases)}
    known = {option.name.lower() for option in zmq.SocketOption}
    assert not offered & REFUSED.keys()
    # NORM is not built in; its options are unknown words here.
    assert {name for name in known - offered - REFUSED.keys() if "norm_" not in name} <= {
        "vmci_buffer_size", "vmci_buffer_min_size", "vmci_buffer_max_size", "vmci_connect_timeout",
        "wss_cert_pem", "wss_trust_pem", "wss_hostname", "wss_trust_system",
    }  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_why_and_what_to_do(name: str) -> None:
    with pytest.raises(SpecError) as raised:
        find_option(name)
    problem = raised.value.problem
    assert problem.text.startswith(f"The option {name} cannot be set. ")
    assert problem.hint.endswith(".")


@pytest.mark.parametrize("name", ["curve_secretkey", "plain_password"])
def test_a_secret_is_refused_because_a_spec_is_shown(name: str) -> None:
    with pytest.raises(SpecError, match="shown, copied and saved") as raised:
        parse_option(name, "hunter2")
    assert "hunter2" not in str(raised.value)


def test_an_unknown_option_gets_the_nearest() -> None:
    with pytest.raises(SpecError) as raised:
        find_option("sndhw")
    assert raised.value.problem.text == "There is no option “sndhw”."
    assert raised.value.problem.hint == "Did you mean sndhwm=?"
    with pytest.raises(SpecError, match="topic= and name="):
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
    ],
)
def test_checks_an_option_for_a_type(
    kind: SocketType, name: str, value: int | bytes, sentence: str
) -> None:
    with pytest.raises(SpecError) as raised:
        check_option(kind, name, value)
    assert sentence in str(raised.value)


def test_lists_the_options_of_a_type() -> None:
    names = [option.name for option in options_for(SocketType.PULL)]
    assert "rcvhwm" in names
    assert "sndhwm" not in names
    assert "router_mandatory" not in names


def test_what_the_man_page_says_takes_effect_at_once() -> None:
    # zmq_setsockopt(3): all others only count for subsequent binds and connects.
    at_once = {option.name for option in OPTIONS if not option.before_attach}
    assert {"sndhwm", "rcvhwm", "router_mandatory", "req_relaxed", "xpub_verbose"} <= at_once
    assert not {"identity", "conflate", "ipv6", "tcp_keepalive", "immediate"} & at_once
