"""The option table against the installed libzmq."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import zmq

from zmqscope.core.endpoints import TRANSPORTS
from zmqscope.core.errors import SpecError
from zmqscope.core.option_table import (
    OPTIONS,
    REFUSED,
    Option,
    OptionCarrier,
    OptionForm,
    OptionGroup,
    OptionKind,
)
from zmqscope.core.options import check_option, format_option, parse_option, started_with
from zmqscope.core.types import SocketType

LIBZMQ_KINDS = {
    OptionKind.INT: "int",
    OptionKind.BOOL: "int",
    OptionKind.INT64: "int64",
    OptionKind.BYTES: "bytes",
}
# libzmq keeps it in tenths of a second (RFC 37, PING).
COARSE_MS = {"heartbeat_ttl": 100}
OF_LIBZMQ = [option for option in OPTIONS if option.carrier is not OptionCarrier.LINK]
OF_LINKS = [option for option in OPTIONS if option.carrier is OptionCarrier.LINK]
SAMPLES: dict[OptionForm, tuple[bytes, ...]] = {
    OptionForm.HOST_PORT: (b"127.0.0.1:1080",),
    OptionForm.HOST: (b"example.org",),
    OptionForm.IPV4_RANGE: (b"10.0.0.1", b"192.168.1.0/24", b"255.255.255.255/32"),
    OptionForm.PROPERTY: (b"X-k:v", b"X-site:Ghent", b"X-k:".ljust(1_000, b"v")),
    OptionForm.SUBPROTOCOLS: (b"", b"ZWS2.0", b"ZWS2.0/NULL ZWS2.0"),
}
named = pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)


@pytest.fixture(scope="module")
def context() -> Iterator[zmq.Context[zmq.Socket[bytes]]]:
    with zmq.Context() as made:
        yield made


def number_of(option: Option) -> int:
    assert option.number is not None
    return option.number


def twin_socket(context: zmq.Context[zmq.Socket[bytes]], kind: SocketType) -> zmq.Socket[bytes]:
    return context.socket(zmq.SocketType(kind.twin.value))


def values(option: Option) -> list[int | bytes]:
    """The default, where it can be set at all, both bounds, and one in between."""
    if option.kind is OptionKind.BYTES:
        longest = min(option.maximum, 1_000)
        sizes = (option.minimum, (option.minimum + longest) // 2, longest)
        return list(SAMPLES.get(option.form) or [b"x" * size for size in sizes])
    found = {option.minimum, (option.minimum + option.maximum) // 2, option.maximum}
    default = option.default
    if isinstance(default, int) and option.minimum <= default <= option.maximum:
        found.add(default)
    if option.ours is not None:
        found.add(option.ours)
    return sorted(found)


def beyond(option: Option) -> list[int | bytes]:
    if option.kind is OptionKind.BYTES:
        too_short = [b"x" * (option.minimum - 1)] if option.minimum else []
        too_long = [b"x" * (option.maximum + 1)] if option.maximum < 10_000 else []
        return [*too_short, *too_long]
    return [option.minimum - 1, option.maximum + 1]


@pytest.mark.parametrize("option", OF_LIBZMQ, ids=lambda option: option.name)
def test_number_and_kind_are_those_of_libzmq(option: Option) -> None:
    number = number_of(option)
    for name in (option.name, *option.aliases):
        assert zmq.SocketOption[name.upper()] == number
    assert zmq.SocketOption(number)._opt_type.name == LIBZMQ_KINDS[option.kind]


@pytest.mark.parametrize("option", OF_LINKS, ids=lambda option: option.name)
def test_what_links_carry_out_has_the_name_and_number_of_libzmq(option: Option) -> None:
    names = zmq.SocketOption.__members__
    assert option.number == (int(names[option.name.upper()]) if option.number else None)
    assert option.name.upper() not in names or option.number


@pytest.mark.parametrize(
    ("option", "kind"),
    [(option, kind) for option in OF_LIBZMQ for kind in SocketType if kind in option.types],
    ids=lambda value: value.name,
)
def test_libzmq_accepts_what_we_accept(
    option: Option, kind: SocketType, context: zmq.Context[zmq.Socket[bytes]]
) -> None:
    number = number_of(option)
    with twin_socket(context, kind) as socket:
        for value in values(option):
            check_option(kind, option.name, value)
            socket.setsockopt(number, value)
            back = read_back(socket, option)
            if isinstance(back, int) and isinstance(value, int):
                assert back == value - value % COARSE_MS.get(option.name, 1)
            elif back is not None:
                assert back == value


def read_back(socket: zmq.Socket[bytes], option: Option) -> int | bytes | None:
    """What libzmq says; None for an option of which it says nothing."""
    try:
        found = socket.getsockopt(number_of(option))
    except zmq.ZMQError:
        return None
    assert isinstance(found, int | bytes)
    return found


# Some options are known to one socket type alone, or kept as a list, and cannot be read.
MUTE = {
    "conflate": False, "xpub_nodrop": True, "tcp_accept_filter": True, "ipc_filter_uid": True,
    "ipc_filter_gid": True, "ipc_filter_pid": True, "metadata": True, "probe_router": True,
    "router_mandatory": True, "router_handover": True, "req_relaxed": True, "req_correlate": True,
    "xpub_verbose": True, "xpub_verboser": True, "xpub_welcome_msg": True,
    "only_first_subscribe": True, "stream_notify": True,
}  # fmt: skip


@pytest.mark.parametrize("option", OF_LIBZMQ, ids=lambda option: option.name)
def test_the_default_is_that_of_libzmq(
    option: Option, context: zmq.Context[zmq.Socket[bytes]]
) -> None:
    for kind in option.types:
        with twin_socket(context, kind) as socket:
            back = read_back(socket, option)
        assert (back is None) is MUTE.get(option.name, False)
        assert back is None or back == option.default


@named
def test_values_beyond_the_bounds_are_refused(option: Option) -> None:
    kind = next(iter(option.types))
    for value in beyond(option):
        with pytest.raises(SpecError):
            check_option(kind, option.name, value)


@named
def test_values_within_the_bounds_round_trip(option: Option) -> None:
    for value in values(option):
        assert parse_option(option.name, format_option(option.name, value)) == value


@named
def test_each_option_explains_itself(option: Option) -> None:
    assert option.meaning.endswith(".")
    assert len(option.meaning) < 180
    assert option.name == option.name.lower()
    assert option.types
    if option.kind is OptionKind.BOOL:
        assert (option.minimum, option.maximum) == (0, 1)
    assert (option.kind is OptionKind.BYTES) is isinstance(option.default, bytes)
    assert set(option.over) <= TRANSPORTS


@named
def test_only_what_libzmq_itself_does_is_for_stable_types_alone(option: Option) -> None:
    if option.only_direct:
        assert not any(kind.is_draft for kind in option.types)
        assert option.carrier is OptionCarrier.LIBZMQ


@named
def test_ours_is_a_value_that_differs(option: Option) -> None:
    assert started_with(option) == (option.default if option.ours is None else option.ours)
    if option.ours is not None:
        assert option.ours != option.default
        check_option(next(iter(option.types)), option.name, option.ours)


def test_what_this_app_starts_with() -> None:
    ours = {option.name: option.ours for option in OPTIONS if option.ours is not None}
    assert ours == {
        "rcvhwm": 100_000, "reconnect_ivl_max": 1_000, "router_mandatory": 1, "wss_trust_system": 1,
        "xpub_verboser": 1,
    }  # fmt: skip


def test_every_libzmq_option_is_either_offered_or_refused_with_a_reason() -> None:
    offered = {name for option in OPTIONS for name in (option.name, *option.aliases)}
    known = {name.lower() for name in zmq.SocketOption.__members__}
    assert not offered & REFUSED.keys()
    assert offered | REFUSED.keys() == known | {"zws_subprotocol"}


def test_what_libzmq_does_not_know_is_among_the_refused(
    context: zmq.Context[zmq.Socket[bytes]],
) -> None:
    """Offered by libzmq means that some type takes some value, or that it can be read."""
    for name in REFUSED:
        reason, _ = REFUSED[name]
        if "built" not in reason:
            continue
        number = zmq.SocketOption[name.upper()]
        with context.socket(zmq.XSUB) as socket:
            for value in (0, 1, b"x"):
                with pytest.raises((zmq.ZMQError, TypeError)):
                    socket.setsockopt(number, value)


def test_the_table_itself_is_in_the_order_of_its_groups() -> None:
    order = list(OptionGroup)
    places = [order.index(option.group) for option in OPTIONS]
    assert places == sorted(places)


def test_what_the_man_page_says_takes_effect_at_once() -> None:
    # zmq_setsockopt(3): all others only count for subsequent binds and connects.
    at_once = {option.name for option in OPTIONS if not option.before_attach}
    assert at_once == {
        "sndhwm", "rcvhwm", "router_mandatory", "router_handover", "probe_router", "req_relaxed",
        "req_correlate", "xpub_verbose", "xpub_verboser", "xpub_nodrop", "xpub_welcome_msg",
        "only_first_subscribe",
    }  # fmt: skip
