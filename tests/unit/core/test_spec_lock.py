"""Locks in the one-line form of a socket."""

from __future__ import annotations

import pytest

from zmqscope.core.errors import SpecError
from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.core.spec import format_spec, parse_spec

KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
HIDDEN = "hunter2-hunter2"


@pytest.mark.parametrize(
    ("text", "lock"),
    [
        ("req:", NO_LOCK),
        (
            "req:tcp://a:1,lock=plain-client,user=ann%2C é,secret=keyring:feed",
            Lock(Mechanism.PLAIN, user="ann, é", secret=SecretRef(SecretPlace.KEYRING, "feed")),
        ),
        ("req:lock=PLAIN_SERVER,access=cams", Lock(Mechanism.PLAIN, True, access="cams")),
        (
            f"req:lock=curve-client,server_key={KEY}",
            Lock(Mechanism.CURVE, server_key=KEY),
        ),
        (
            f"req:lock=curve-client,server_key={KEY.replace('%', '%25')},secret=session:a",
            Lock(
                Mechanism.CURVE,
                secret=SecretRef(SecretPlace.SESSION, "a"),
                server_key=KEY,
            ),
        ),
        (
            "req:secret=file:/a%2Cb%25,lock=curve-server",
            Lock(Mechanism.CURVE, True, secret=SecretRef(SecretPlace.FILE, "/a,b%")),
        ),
        (
            "req:lock=curve-client,server_key=file:/keys/a.key",
            Lock(Mechanism.CURVE, server_key="file:/keys/a.key"),
        ),
        ("pub:@tcp://*:1,lock=null-server", Lock(is_server=True)),
    ],
)
def test_both_ways(text: str, lock: Lock) -> None:
    spec = parse_spec(text)
    assert spec.lock == lock
    assert parse_spec(format_spec(spec)) == spec


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("req:lock=", "lock= names no lock.", "plain-client"),
        ("req:lock=null", "is what a socket has anyway", "Leave it out"),
        ("req:lock=plain", "does not say which side", "lock=plain-client, or lock=plain-server"),
        ("req:lock=curv-client", "There is no lock “curv-client”", "lock=curve-client?"),
        ("req:lock=gssapi", "There is no lock “gssapi”", "Type one of plain-client"),
        ("req:lock=plain-client", "lacks the name", "user="),
        ("req:lock=plain-client,user=", "user= has no name", "Type one"),
        ("req:lock=plain-client,user=a,user=b", "user= is there twice.", "Delete one"),
        ("req:lock=plain-client,user=%ff", "user= is not UTF-8 text.", "anew"),
        ("req:lock=curve-client", "lacks the public key of the server", "server_key="),
        ("req:lock=curve-client,server_key=abc", "37 letters are missing", "40 letters"),
        ("req:lock=curve-client,server_key=a%zz", "not percent-encoded", "%25"),
        ("req:lock=curve-server", "lacks the server’s key pair", "secret=file:"),
        ("req:user=ann", "mean nothing without a lock", "lock=plain-client"),
        ("stream:lock=plain-server", "A STREAM cannot be locked", "Leave out"),
        (f"dish:lock=curve-client,server_key={KEY}", "A DISH cannot use CURVE here", "PLAIN"),
        ("req:inproc://a,lock=plain-server", "“inproc://a” cannot be locked", "of its own"),
        ("req:lok=plain-server", "There is no option “lok”", ""),
        ("req:plain_username=a", "A lock sets it.", "lock=plain-client and user="),
        ("req:plain_server=1", "A lock sets it.", "lock=plain-server"),
        ("req:curve_server=1", "A lock sets it.", "lock=curve-server"),
        ("req:curve_serverkey=a", "A lock sets it.", "server_key="),
        ("req:curve_publickey=a", "It comes with the secret key.", "secret=file:"),
        ("req:mechanism=1", "It follows from the lock.", "lock=plain-client"),
        ("req:zap_domain=a", "our own access lists", "access="),
        ("req:gssapi_server=1", "without GSSAPI", "lock=curve-client"),
    ],
)
def test_says_what_is_wrong(text: str, said: str, hint: str) -> None:
    with pytest.raises(SpecError) as raised:
        parse_spec(text)
    assert said in raised.value.problem.text
    assert hint in raised.value.problem.hint
    assert raised.value.problem.hint


@pytest.mark.parametrize(
    "text",
    [
        f"req:lock=plain-client,user=a,secret={HIDDEN}",
        f"req:lock=plain-client,user=a,secret= {HIDDEN} ",
        f"req:lock=plain-client,user=a,secret=%zz{HIDDEN}",
        f"req:lock=plain-client,user=a,secret=pass:{HIDDEN}",
        f"req:lock=plain-client,user=a,secret=file:/a,secret={HIDDEN}",
        f"req:lock=plain-client,user=a,secret {HIDDEN}",
        f"req:lock=plain-client,user=a,password:{HIDDEN}",
        f"req:lock=plain-client,user=a,password={HIDDEN}",
        f"req:lock=plain-client,user=a,secrt={HIDDEN}",
        f"req:secret={HIDDEN}",
        f"req:plain_password={HIDDEN}",
        f"req:curve_secretkey={HIDDEN}",
        f"req:lock=curve-client,server_key=secret-key={HIDDEN}",
    ],
)
def test_what_may_be_a_secret_is_never_repeated(text: str) -> None:
    with pytest.raises(SpecError) as raised:
        parse_spec(text)
    assert HIDDEN not in str(raised.value)
    assert HIDDEN not in repr(raised.value)
    assert HIDDEN not in repr(raised.value.problem)
