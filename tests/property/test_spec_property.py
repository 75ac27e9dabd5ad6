"""Properties of socket specs: they round-trip, and no text breaks the parser."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from hypothesis import assume, example, given
from hypothesis import strategies as st

from zmqscope.core.endpoints import TRANSPORTS, host_name, is_ipv6, parse_endpoint, transport_of
from zmqscope.core.errors import EndpointError, UserError
from zmqscope.core.option_table import Option, OptionForm, OptionKind
from zmqscope.core.options import options_conflict, options_for
from zmqscope.core.security.keys import encode_z85
from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.core.security.lock_check import lock_problem
from zmqscope.core.spec import format_spec, parse_spec
from zmqscope.core.transports import mismatch
from zmqscope.core.types import Endpoint, Role, SocketSpec, SocketType

HOSTS = st.sampled_from(["localhost", "127.0.0.1", "[::1]", "[fe80::1%eth0]", "a-b.example.org"])
PATH_CHARACTERS = st.characters(exclude_categories=("Cc", "Cs"))
PATH_TEXT = st.text(PATH_CHARACTERS, min_size=1, max_size=20)
NAMES = st.text(max_size=20)
TOPICS = st.lists(st.binary(max_size=12), unique=True, max_size=4)
GROUPS = st.lists(
    st.binary(max_size=255).map(lambda group: group.replace(b"\0", b"")), unique=True, max_size=4
)
URL_PATHS = st.text("aZ09/._~!$&'()*+,;=:@?-", max_size=12).map(lambda path: f"/{path}") | st.just(
    ""
)
PORTS = st.integers(1, 65_535)


def is_endpoint(endpoint: Endpoint) -> bool:
    try:
        return parse_endpoint(endpoint.address, endpoint.role) == endpoint
    except EndpointError:
        return False


ADDRESSES = st.one_of(
    st.builds("tcp://{}:{}".format, HOSTS, PORTS),
    st.builds("ipc:///{}".format, PATH_TEXT),
    st.builds("ipc://@{}".format, PATH_TEXT),
    st.builds("inproc://{}".format, PATH_TEXT),
    st.builds("{}://{}:{}{}".format, st.sampled_from(["ws", "wss"]), HOSTS, PORTS, URL_PATHS),
    st.builds("{}://*:{}/%20%2C".format, st.sampled_from(["ws", "wss"]), PORTS),
    st.builds("udp://{}:{}".format, HOSTS, PORTS),
    st.builds("udp://{};239.192.1.1:{}".format, st.sampled_from(["eth0", "10.0.0.1", "*"]), PORTS),
)
# It uses nothing else, so most of the above would be thrown away.
OF_DGRAM = st.builds("udp://127.0.0.1:{}".format, PORTS)


def endpoints(kind: SocketType) -> st.SearchStrategy[Endpoint]:
    roles = [Role.BIND] if kind is SocketType.DGRAM else list(Role)
    addresses = OF_DGRAM if kind is SocketType.DGRAM else ADDRESSES
    return st.builds(Endpoint, st.sampled_from(roles), addresses).filter(
        lambda endpoint: (
            is_endpoint(endpoint) and mismatch(kind, transport_of(endpoint), endpoint.role) is None
        )
    )


VALUES: dict[OptionForm, st.SearchStrategy[bytes]] = {
    OptionForm.TEXT: st.text(PATH_CHARACTERS, min_size=1, max_size=3).map(str.encode),
    OptionForm.PEM_PATH: st.text(PATH_CHARACTERS, min_size=1, max_size=20).map(
        lambda path: f"/{path}".encode()
    ),
    OptionForm.HOST_PORT: st.builds("proxy.example.org:{}".format, PORTS).map(str.encode),
    OptionForm.IPV4_RANGE: st.builds("10.0.0.0/{}".format, st.integers(0, 32)).map(str.encode),
    OptionForm.HOST: st.sampled_from([b"example.org", b"127.0.0.1"]),
    OptionForm.PROPERTY: st.binary(min_size=1, max_size=300).map(lambda value: b"X-k:" + value),
    OptionForm.SUBPROTOCOLS: st.sampled_from([b"", b"ZWS2.0", b"ZWS2.0/NULL ZWS2.0"]),
}


def values(option: Option) -> st.SearchStrategy[int | bytes]:
    if option.form in VALUES:
        return VALUES[option.form]
    if option.kind is OptionKind.BYTES:
        return st.binary(min_size=option.minimum, max_size=min(option.maximum, 300))
    return st.integers(option.minimum, option.maximum)


NAMED = st.text(PATH_CHARACTERS, min_size=1, max_size=20)
ENTRIES = NAMED.filter(lambda name: name.isprintable() and name == name.strip())
KEY_FILES = PATH_TEXT.map(lambda path: f"/{path}")
SECRETS = st.one_of(
    st.builds(SecretRef, st.just(SecretPlace.FILE), KEY_FILES),
    st.builds(SecretRef, st.sampled_from([SecretPlace.KEYRING, SecretPlace.SESSION]), ENTRIES),
)
SERVER_KEYS = st.one_of(
    st.binary(min_size=32, max_size=32).map(encode_z85),
    KEY_FILES.map(lambda path: f"file:{path}"),
)
ACCESS = st.one_of(st.just(""), NAMED.filter(str.isprintable))
LOCKS = st.one_of(
    st.just(NO_LOCK),
    st.builds(
        lambda user, secret: Lock(Mechanism.PLAIN, user=user, secret=secret),
        NAMED,
        st.one_of(st.none(), SECRETS),
    ),
    st.builds(
        lambda key, secret: Lock(Mechanism.CURVE, server_key=key, secret=secret),
        SERVER_KEYS,
        st.one_of(st.none(), SECRETS),
    ),
    st.builds(
        lambda secret, access: Lock(Mechanism.CURVE, True, secret=secret, access=access),
        SECRETS,
        ACCESS,
    ),
    st.builds(
        lambda mechanism, access: Lock(mechanism, True, access=access),
        st.sampled_from([Mechanism.NULL, Mechanism.PLAIN]),
        ACCESS,
    ),
)


@st.composite
def specs(draw: st.DrawFn) -> SocketSpec:
    kind = draw(st.sampled_from(SocketType))
    options = draw(st.lists(st.sampled_from(options_for(kind)), unique=True, max_size=5))
    spec = SocketSpec(
        type=kind,
        endpoints=tuple(draw(st.lists(endpoints(kind), unique=True, max_size=4))),
        name=draw(NAMES),
        subscriptions=subscriptions(draw, kind),
        options=tuple((option.name, draw(values(option))) for option in options),
    )
    assume(options_conflict(spec) is None)
    locked = replace(spec, lock=draw(LOCKS))
    # Most sockets have an endpoint or a type that cannot be locked.
    return spec if lock_problem(locked) is not None else locked


def subscriptions(draw: st.DrawFn, kind: SocketType) -> tuple[bytes, ...]:
    if kind.can_join:
        return tuple(draw(GROUPS))
    return tuple(draw(TOPICS)) if kind.can_subscribe else ()


@given(specs())
@example(SocketSpec(SocketType.SUB, subscriptions=(b"",)))
@example(SocketSpec(SocketType.SUB))
@example(SocketSpec(SocketType.REQ, lock=Lock(Mechanism.CURVE, server_key="%41" * 13 + "a")))
@example(SocketSpec(SocketType.REQ, lock=Lock(Mechanism.PLAIN, user=" %2C ")))
@example(SocketSpec(SocketType.XSUB, subscriptions=(b"",)))
@example(SocketSpec(SocketType.PUB, name=" \x85 "))
@example(SocketSpec(SocketType.DISH, subscriptions=(b"", b",", b" ", b"\xff")))
@example(SocketSpec(SocketType.SUB, (Endpoint(Role.CONNECT, "ws://a:1/%2C%25,="),)))
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
    "dish", "radio", "dgram", "client", "wss", "group", "zws_subprotocol", "wss_key_pem", "/", "?",
    "-----BEGIN", "239.1.1.1", "eth0", "identity", "sndhwm",
    "lock", "user", "secret", "server_key", "access", "plain-client", "curve-server", "file:",
    "keyring:", "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
    "conflate", "linger", "%2C", "%fe80", " ", "\n", "\0", "é", "\udcff",
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
    st.sampled_from(["", *(f"{scheme}://" for scheme in sorted(TRANSPORTS))]),
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
        host_name(anything)
