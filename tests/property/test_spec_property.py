"""Properties of socket specs: they round-trip, and no text breaks the parser."""

from __future__ import annotations

import contextlib

from hypothesis import example, given
from hypothesis import strategies as st

from zmqscope.core.endpoints import is_ipv6, parse_endpoint, tcp_host, transport_of
from zmqscope.core.errors import EndpointError, UserError
from zmqscope.core.option_table import Option, OptionKind
from zmqscope.core.options import options_for
from zmqscope.core.spec import format_spec, parse_spec
from zmqscope.core.types import Endpoint, Role, SocketSpec, SocketType

HOSTS = st.sampled_from(["localhost", "127.0.0.1", "[::1]", "[fe80::1%eth0]", "a-b.example.org"])
PATH_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)
NAMES = st.text(max_size=20)
TOPICS = st.lists(st.binary(max_size=12), unique=True, max_size=4)


def is_endpoint(endpoint: Endpoint) -> bool:
    try:
        return parse_endpoint(endpoint.address, endpoint.role) == endpoint
    except EndpointError:
        return False


def endpoints(kind: SocketType) -> st.SearchStrategy[Endpoint]:
    addresses = [
        st.builds("tcp://{}:{}".format, HOSTS, st.integers(1, 65_535)),
        st.builds("ipc:///{}".format, PATH_TEXT),
        st.builds("ipc://@{}".format, PATH_TEXT),
    ]
    if kind is not SocketType.STREAM:
        addresses.append(st.builds("inproc://{}".format, PATH_TEXT))
    return st.builds(Endpoint, st.sampled_from(Role), st.one_of(addresses)).filter(is_endpoint)


def values(option: Option) -> st.SearchStrategy[int | bytes]:
    if option.kind is OptionKind.BYTES:
        return st.binary(min_size=option.minimum, max_size=min(option.maximum, 300))
    return st.integers(option.minimum, option.maximum)


@st.composite
def specs(draw: st.DrawFn) -> SocketSpec:
    kind = draw(st.sampled_from(SocketType))
    options = draw(st.lists(st.sampled_from(options_for(kind)), unique=True, max_size=5))
    return SocketSpec(
        type=kind,
        endpoints=tuple(draw(st.lists(endpoints(kind), unique=True, max_size=4))),
        name=draw(NAMES),
        subscriptions=tuple(draw(TOPICS)) if kind.can_subscribe else (),
        options=tuple((option.name, draw(values(option))) for option in options),
    )


@given(specs())
@example(SocketSpec(SocketType.SUB, subscriptions=(b"",)))
@example(SocketSpec(SocketType.SUB))
@example(SocketSpec(SocketType.XSUB, subscriptions=(b"",)))
@example(SocketSpec(SocketType.PUB, name=" \x85 "))
def test_a_spec_round_trips(spec: SocketSpec) -> None:
    text = format_spec(spec)
    assert text.isprintable()
    assert parse_spec(text) == spec
    assert parse_spec(f"  {text.replace(',', ' , ')}\n") == spec


WORDS = [kind.name.lower() for kind in SocketType]
PUNCTUATION = (":", ",", "@", "=", "%", "://", "//", "*", "[", "]", ";", "{", "}", "<", ">", ".")
FRAGMENTS = (
    "sub", "SUB", "xsub", "stream", "dealer", "tcp", "ipc", "inproc", "tipc", "ws", "udp", "pgm",
    "vsock", "localhost", "::1", "5556", "0", "-1", "9" * 20, "topic", "topics", "none", "name",
    "identity", "sndhwm", "conflate", "linger", "%2C", "%fe80", " ", "\n", "\0", "é", "\udcff",
    "\ud800",
)  # fmt: skip
PIECES = st.sampled_from(PUNCTUATION + FRAGMENTS)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=14).map("".join)))
def test_any_text_is_a_spec_or_an_error_in_words(text: str) -> None:
    check_any_text(text)


@given(
    st.sampled_from(WORDS),
    st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=10).map("".join),
)
def test_any_text_behind_a_type_is_a_spec_or_an_error_in_words(word: str, rest: str) -> None:
    check_any_text(f"{word}:{rest}")


def check_words(error: UserError) -> None:
    problem = error.problem
    assert problem.text
    assert problem.hint
    assert problem.sentence().isprintable()
    assert len(problem.sentence()) < 400


def check_any_text(text: str) -> None:
    try:
        spec = parse_spec(text)
    except UserError as error:
        check_words(error)
        return
    written = format_spec(spec)
    assert written.isprintable()
    assert parse_spec(written) == spec
    assert format_spec(parse_spec(written)) == written


@given(
    st.sampled_from(["", "tcp://", "ipc://", "inproc://", "tipc://", "ws://", "pgm://", "vmci://"]),
    st.one_of(st.text(), st.lists(PIECES, max_size=10).map("".join)),
    st.sampled_from(Role),
)
def test_any_text_is_an_endpoint_or_an_error_in_words(prefix: str, text: str, role: Role) -> None:
    try:
        endpoint = parse_endpoint(prefix + text, role)
    except EndpointError as error:
        check_words(error)
    else:
        assert endpoint.address == (prefix + text).strip()
        assert parse_endpoint(endpoint.address, role) == endpoint
        # pyzmq encodes it, and libzmq wants a C string.
        assert "\0" not in endpoint.address.encode().decode()
        assert transport_of(endpoint)
    anything = Endpoint(role, prefix + text)
    with contextlib.suppress(EndpointError):
        is_ipv6(anything)
        tcp_host(anything)
