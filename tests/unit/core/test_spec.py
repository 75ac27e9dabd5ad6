"""The one-line form of a socket: what it means, how it is written, what is said of mistakes."""

from __future__ import annotations

import pytest

from zmqscope.core.errors import EndpointError, SpecError, UserError
from zmqscope.core.security.lock import Lock, Mechanism
from zmqscope.core.spec import SpecReading, format_spec, parse_spec, read_spec
from zmqscope.core.types import Endpoint, Role, SocketSpec, SocketType

EVERYTHING = (b"",)


def connect(address: str) -> Endpoint:
    return Endpoint(Role.CONNECT, address)


def bind(address: str) -> Endpoint:
    return Endpoint(Role.BIND, address)


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        (
            "sub:tcp://localhost:5556,topic=EUR,name=quotes",
            SocketSpec(SocketType.SUB, (connect("tcp://localhost:5556"),), "quotes", (b"EUR",)),
        ),
        (
            "push:@tcp://*:5557,sndhwm=1000",
            SocketSpec(SocketType.PUSH, (bind("tcp://*:5557"),), options=(("sndhwm", 1000),)),
        ),
        (
            "dealer:tcp://a:1,tcp://b:2,identity=w1",
            SocketSpec(
                SocketType.DEALER,
                (connect("tcp://a:1"), connect("tcp://b:2")),
                options=(("identity", b"w1"),),
            ),
        ),
        ("sub:", SocketSpec(SocketType.SUB, subscriptions=EVERYTHING)),
        ("sub:topics=none", SocketSpec(SocketType.SUB)),
        ("sub:topic=A,topic=", SocketSpec(SocketType.SUB, subscriptions=(b"A", b""))),
        ("xsub:", SocketSpec(SocketType.XSUB)),
        ("xsub:topic=", SocketSpec(SocketType.XSUB, subscriptions=EVERYTHING)),
        ("pair:", SocketSpec(SocketType.PAIR)),
        (
            "rep:@ipc:///tmp/a%2Cb%25",
            SocketSpec(SocketType.REP, (bind("ipc:///tmp/a,b%"),)),
        ),
        (
            "pull:tcp://[fe80::1%25eth0]:5556",
            SocketSpec(SocketType.PULL, (connect("tcp://[fe80::1%eth0]:5556"),)),
        ),
        (
            "req:@tcp://*:1,tcp://a:1,@inproc://x",
            SocketSpec(
                SocketType.REQ, (bind("tcp://*:1"), connect("tcp://a:1"), bind("inproc://x"))
            ),
        ),
        (
            "dish:@udp://*:5556,group=a,group=",
            SocketSpec(SocketType.DISH, (bind("udp://*:5556"),), "", (b"a", b"")),
        ),
        ("dish:", SocketSpec(SocketType.DISH)),
        ("dish:group=a%2Cb%FF", SocketSpec(SocketType.DISH, subscriptions=(b"a,b\xff",))),
        (
            "radio:udp://239.1.1.1:5556,multicast_hops=2,multicast_loop=0",
            SocketSpec(
                SocketType.RADIO,
                (connect("udp://239.1.1.1:5556"),),
                options=(("multicast_hops", 2), ("multicast_loop", 0)),
            ),
        ),
        (
            "dish:@udp://eth0;239.1.1.1:5556",
            SocketSpec(SocketType.DISH, (bind("udp://eth0;239.1.1.1:5556"),)),
        ),
        (
            "client:ws://localhost:8080/path",
            SocketSpec(SocketType.CLIENT, (connect("ws://localhost:8080/path"),)),
        ),
        (
            "sub:ws://a:80/b%2520c%2Cd,zws_subprotocol=ZWS2.0",
            SocketSpec(
                SocketType.SUB,
                (connect("ws://a:80/b%20c,d"),),
                "",
                EVERYTHING,
                (("zws_subprotocol", b"ZWS2.0"),),
            ),
        ),
        (
            "rep:@wss://*:*,wss_cert_pem=/a/b%2Cc.pem,wss_key_pem=key.pem",
            SocketSpec(
                SocketType.REP,
                (bind("wss://*:*"),),
                options=(("wss_cert_pem", b"/a/b,c.pem"), ("wss_key_pem", b"key.pem")),
            ),
        ),
        ("dgram:@udp://127.0.0.1:*", SocketSpec(SocketType.DGRAM, (bind("udp://127.0.0.1:*"),))),
        (
            "pair:tcp://a:1,socks_proxy=127.0.0.1:1080,metadata=X-site:Ghent",
            SocketSpec(
                SocketType.PAIR,
                (connect("tcp://a:1"),),
                options=(("socks_proxy", b"127.0.0.1:1080"), ("metadata", b"X-site:Ghent")),
            ),
        ),
    ],
)
def test_reads_and_writes_the_same(text: str, spec: SocketSpec) -> None:
    assert parse_spec(text) == spec
    assert format_spec(spec) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("SUB:tcp://a:1", "sub:tcp://a:1"),
        (" Sub : tcp://a:1 , @tcp://*:2 , topic = EUR ", "sub:tcp://a:1,@tcp://*:2,topic=EUR"),
        ("sub:topic=", "sub:"),
        ("xsub:topics=NONE", "xsub:"),
        ("sub:name=,topic=a", "sub:topic=a"),
        ("sub:name=x,topic=a,tcp://a:1", "sub:tcp://a:1,topic=a,name=x"),
        ("dealer:routing_id=a", "dealer:identity=a"),
        ("req:REQ_RELAXED=on,req_correlate=true", "req:req_relaxed=1,req_correlate=1"),
        ("push:sndhwm=007", "push:sndhwm=7"),
        ("sub:topic=%41", "sub:topic=A"),
        ("sub:topic=%ff", "sub:topic=%FF"),
        ("sub:topic=%20", "sub:topic=%20"),
        ("sub:topic=a\tb", "sub:topic=a%09b"),
        ("sub:topic=a%E2%80%AEb", "sub:topic=a%E2%80%AEb"),
        ("sub:topic=a\udcffb", "sub:topic=a%FFb"),
        ("sub:topic=tcp://a:1", "sub:topic=tcp://a:1"),
        ("sub:topic=a=b", "sub:topic=a=b"),
        ("pull:tcp://[fe80::1%eth0]:1", "pull:tcp://[fe80::1%25eth0]:1"),
        ("pull:ipc:///tmp/a=b", "pull:ipc:///tmp/a=b"),
        ("pull:ipc:///tmp/50%", "pull:ipc:///tmp/50%25"),
        ("pub:name=Börse ☃", "pub:name=Börse ☃"),
    ],
)
def test_writes_one_form_for_all_that_mean_the_same(text: str, written: str) -> None:
    spec = parse_spec(text)
    assert format_spec(spec) == written
    assert parse_spec(written) == spec


def test_any_byte_of_a_topic_and_of_an_identity_comes_back() -> None:
    every_byte = bytes(range(256))
    spec = SocketSpec(SocketType.SUB, subscriptions=(every_byte, b",", b"%", b" ", b"\0"))
    assert parse_spec(format_spec(spec)) == spec
    dealer = SocketSpec(SocketType.DEALER, options=(("identity", every_byte[:255]),))
    assert parse_spec(format_spec(dealer)) == dealer
    for text in (format_spec(spec), format_spec(dealer)):
        assert text.isprintable()
        assert text == text.strip()


@pytest.mark.parametrize("kind", SocketType)
def test_every_type_reads_in_any_case(kind: SocketType) -> None:
    for word in (kind.name, kind.name.lower(), kind.name.capitalize()):
        assert parse_spec(f"{word}:{usable_by(kind)}").type is kind


def usable_by(kind: SocketType) -> str:
    return "@udp://*:1" if kind is SocketType.DGRAM else "tcp://a:1"


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        # The type.
        ("", "The socket spec is empty.", "sub:tcp://localhost:5556."),
        ("  ", "The socket spec is empty.", "sub:tcp://localhost:5556."),
        ("sub", "“sub” has no colon after the socket type.", "Type sub: and then an endpoint"),
        ("tcp://a:1", "“tcp://a:1” has no socket type in front.", "Type sub:tcp://a:1"),
        ("@tcp://*:1", "“@tcp://*:1” has no socket type in front.", "Type sub:@tcp://*:1"),
        (":tcp://a:1", "“:tcp://a:1” has no socket type in front.", "Type sub:tcp://a:1"),
        ("localhost:1", "“localhost:1” has no socket type in front.", "Type sub:tcp://localhost:1"),
        ("sbu:tcp://a:1", "“sbu” is no socket type.", "Did you mean sub:?"),
        ("deeler:tcp://a:1", "“deeler” is no socket type.", "Did you mean dealer:?"),
        ("xreq:tcp://a:1", "“xreq” is no socket type.", "Did you mean dealer:?"),
        ("banana", "“banana” is no socket type.", "Begin with one of pair, pub, sub"),
        ("clent:tcp://a:1", "“clent” is no socket type.", "Did you mean client:?"),
        ("dis:tcp://a:1", "“dis” is no socket type.", "Did you mean dish:?"),
        ("udp://a:1", "“udp://a:1” has no socket type in front.", "Type sub:udp://a:1"),
        ("ws://a:1", "“ws://a:1” has no socket type in front.", "Type sub:ws://a:1"),
        # Items that are neither.
        ("sub:foo", "“foo” is neither an endpoint nor key=value.", "is %2C."),
        ("sub:topic=a,b", "“b” is neither an endpoint nor key=value.", "is %2C."),
        ("sub:conflate", "“conflate” is neither an endpoint nor key=value.", "conflate=…?"),
        ("sub:tpic", "“tpic” is neither an endpoint nor key=value.", "topic=…?"),
        ("sub:tcp://a:1,", "The spec has an empty item", "Delete a comma."),
        ("sub:tcp://a:1,,tcp://b:1", "The spec has an empty item", "Delete a comma."),
        ("sub:,", "The spec has an empty item", "Delete a comma."),
        # Topics.
        ("push:topic=A", "“topic=A” has no place here: a PUSH does not", "open a sub: socket."),
        ("pub:topic=A", "“topic=A” has no place here: a PUB does not", "as the first frame."),
        ("xpub:topics=none", "“topics=none” has no place here: an XPUB", "as the first frame."),
        ("sub:topics=all", "“topics=all” can only be “topics=none”.", "once for each topic."),
        (
            "sub:topic=A,topics=none",
            "“topics=none” does not go with “topic=”.",
            "one or the other.",
        ),
        (
            "sub:topics=none,topic=A",
            "“topics=none” does not go with “topic=”.",
            "one or the other.",
        ),
        ("sub:topic=A,topic=%41", "“topic=%41” is there twice.", "Delete one of them."),
        ("sub:topic=100%", "In “100%”, “%” is not a percent sign with two hex digits.", "as %25."),
        ("sub:topic=5%of", "In “5%of”, “%of” is not a percent sign with", "as %25."),
        ("sub:topic=\ud800", "“\\ud800” contains half a character", "as %XX."),
        # Groups.
        ("dish:topic=A", "“topic=A” has no place here: a DISH joins groups", "Type group="),
        ("dish:topics=none", "“topics=none” has no place here: a DISH joins", "it joins none."),
        ("sub:group=A", "“group=A” has no place here: a SUB joins no", "type topic= instead."),
        ("xsub:group=A", "“group=A” has no place here: an XSUB joins", "type topic= instead."),
        ("radio:group=A", "a RADIO joins no groups.", "send the group as the first frame."),
        ("radio:topic=A", "a RADIO does not subscribe.", "send the group as the first frame."),
        ("pull:group=A", "a PULL joins no groups.", "open a dish: socket."),
        ("dish:group=A,group=%41", "“group=%41” is there twice.", "Delete one of them."),
        ("dish:group=A%00", "The group “A\\x00” has a zero byte in it.", "Leave that byte out."),
        ("dish:group=" + "A" * 256, "A group of 256 bytes is too long;", "Choose a shorter one."),
        ("dish:A", "“A” is neither an endpoint nor key=value.", "is %2C."),
        ("dish:gruop", "“gruop” is neither an endpoint nor key=value.", "group=…?"),
        # Names, options, endpoints.
        ("sub:name=a,name=b", "“name=b” is a second name.", "Delete one of them."),
        ("sub:name=a,name=", "“name=” is a second name.", "Delete one of them."),
        ("sub:name=%ff", "“name=%ff” is not UTF-8 text.", "Type the name anew."),
        ("sub:rcvhwm=1,RCVHWM=2", "“RCVHWM=2” sets rcvhwm a second time.", "Delete one of them."),
        ("req:identity=a,routing_id=b", "“routing_id=b” sets identity a second", "Delete one"),
        ("sub:banana=1", "There is no option “banana”.", "topic=, group= and name=."),
        ("sub:identity=x", "identity does nothing on a SUB.", "REQ, REP, DEALER, ROUTER."),
        ("client:identity=x", "identity does nothing on a CLIENT.", "REQ, REP, DEALER, ROUTER."),
        ("client:tos=1", "tos does nothing on a CLIENT.", "libzmq itself speaks to the peers."),
        ("dgram:immediate=1", "immediate does nothing on a DGRAM.", "Leave it out"),
        ("pull:@ws://*:1,ipc_filter_uid=1", "would also turn away “ws://*:1”.", "of its own"),
        ("sub:zws_subprotocol=ZWS3", "zws_subprotocol has “ZWS3”", "ZWS2.0/NULL or ZWS2.0"),
        ("sub:curve_secretkey=x", "The option curve_secretkey cannot be set.", "key_secret file"),
        ("sub:tcp://a:1,tcp://a:1", "“tcp://a:1” is there twice.", "Delete one of them."),
        ("pub:@tcp://*:1,@tcp://*:1", "“@tcp://*:1” is there twice.", "Delete one of them."),
        ("sub:ipc:///a%ff", "“ipc:///a%ff” decodes to bytes that no address has.", "as %25."),
        ("sub:tcp://[fe80::1%12]:1", "decodes to bytes that no address has.", "as %25."),
    ],
)
def test_says_what_is_wrong(text: str, problem: str, hint: str) -> None:
    with pytest.raises(SpecError) as raised:
        parse_spec(text)
    assert problem in raised.value.problem.text
    assert hint in raised.value.problem.hint
    assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sub:localhost:5556", "“localhost:5556” has no transport in front."),
        ("sub:5556", "“5556” has no transport in front."),
        ("sub:@", "The endpoint is empty."),
        ("sub:@@tcp://*:1", "begins with “@”"),
        ("sub:tcp://*:1", "“tcp://*:1” has the host “*”"),
        ("sub:tipc://{5560,1}", "“tipc://{5560” is not a TIPC address."),
        ("sub:ws://a", "“ws://a” has no port."),
        ("sub:ws://a:1/b%20c", "has “ ” in its path, where it cannot be."),
        ("sub:pgm://eth0;239.1.1.1:1", "This libzmq was built without pgm://."),
        ("sub:udp://a:1", "Only RADIO, DISH and DGRAM use udp://."),
        ("dish:udp://a:1", "A DISH only binds over udp://."),
        ("radio:@udp://*:1", "A RADIO only connects over udp://."),
        ("dgram:@tcp://*:1", "A DGRAM uses only udp://."),
        ("stream:ws://a:1", "A STREAM cannot use ws://"),
        ("peer:tipc://{70%2C1}", "A PEER cannot use tipc:// here."),
        ("stream:inproc://x", "A STREAM cannot use inproc://"),
    ],
)
def test_a_wrong_endpoint_keeps_its_own_sentence(text: str, problem: str) -> None:
    with pytest.raises(EndpointError) as raised:
        parse_spec(text)
    assert problem in raised.value.problem.text


@pytest.mark.parametrize(
    "text",
    [
        "rep:@wss://*:1,wss_key_pem=-----BEGIN PRIVATE KEY-----\nhunter2\n-----END ",
        "rep:wss_key_pem = -----BEGIN PRIVATE KEY-----%0Ahunter2",
        "rep:wss_key_pem=" + "hunter2\n" * 1_000,
        "sub:ws://me:hunter2@a:1",
    ],
)
def test_a_secret_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UserError) as raised:
        parse_spec(text)
    assert "hunter2" not in str(raised.value)


def test_a_whole_sentence() -> None:
    with pytest.raises(UserError) as raised:
        parse_spec("sub:sndhw=3")
    assert str(raised.value) == "There is no option “sndhw”. Did you mean sndhwm=?"


def test_a_name_with_half_a_character_is_written_rather_than_raising() -> None:
    # A window can hand over a lone surrogate.
    assert format_spec(SocketSpec(SocketType.PUB, name="a\ud800")) == "pub:name=a?"


# ---- what a form can follow while a line is typed -------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["sub:tcp://localhost:5556,topic=EUR,name=quotes", "push:@tcp://*:5557,sndhwm=1000", "pair:"],
)
def test_a_whole_line_reads_as_it_parses(text: str) -> None:
    assert read_spec(text) == SpecReading(parse_spec(text))


@pytest.mark.parametrize(
    ("lock", "mechanism", "is_server"),
    [
        ("curve-client", Mechanism.CURVE, False),
        ("curve-server", Mechanism.CURVE, True),
        ("plain-client", Mechanism.PLAIN, False),
    ],
)
def test_a_lock_that_lacks_something_is_read_with_all_the_rest(
    lock: str, mechanism: Mechanism, is_server: bool
) -> None:
    reading = read_spec(f"sub:tcp://a:1,topic=EUR,name=q,rcvhwm=5,lock={lock}")
    assert reading.spec == SocketSpec(
        SocketType.SUB, (connect("tcp://a:1"),), "q", (b"EUR",), (("rcvhwm", 5),),
        Lock(mechanism, is_server),
    )  # fmt: skip
    assert reading.problem is not None
    assert f"lock={lock} lacks" in reading.problem.text


@pytest.mark.parametrize("text", ["", "x:1", "tcp://a:1", "5556"])
def test_without_a_type_there_is_nothing_to_follow(text: str) -> None:
    reading = read_spec(text)
    assert reading.spec is None
    assert reading.problem is not None


def test_the_problem_is_the_one_that_parsing_tells() -> None:
    text = "sub:tcp://a,sndhwm=x,nonsense"
    with pytest.raises(UserError) as raised:
        parse_spec(text)
    assert read_spec(text).problem == raised.value.problem


def test_what_cannot_be_used_is_kept_as_typed() -> None:
    reading = read_spec("sub:tcp://a,@tcp://*,rcvhwm=many,topic=%F,foo,bar=1,name=%zz")
    assert reading.spec is not None
    assert reading.spec.endpoints == (connect("tcp://a"), bind("tcp://*"))
    assert dict(reading.spec.options) == {"rcvhwm": b"many"}
    assert reading.spec.subscriptions == (b"%F",)
    assert reading.spec.name == "%zz"
    assert reading.unread == ("foo", "bar=1")


@pytest.mark.parametrize(
    "text",
    [
        "sub:tcp://a:1,lock=plain-client,user=me,secret=hunter2",
        "sub:tcp://a:1,password=hunter2",
        "sub:tcp://a:1,secret hunter2",
    ],
)
def test_a_secret_in_a_line_is_not_shown_by_what_was_read(text: str) -> None:
    reading = read_spec(text)
    assert "hunter2" not in repr(reading)
    assert reading.spec is not None
    assert "hunter2" not in format_spec(reading.spec)


def test_a_secret_key_in_place_of_the_servers_is_not_kept() -> None:
    reading = read_spec('sub:tcp://a:1,lock=curve-client,server_key=secret-key = "abc"')
    assert reading.spec is not None
    assert reading.spec.lock.server_key == ""
    half = read_spec("sub:tcp://a:1,lock=curve-client,server_key=abc")
    assert half.spec is not None
    assert half.spec.lock.server_key == "abc"
