"""Certificates of wss: who is trusted, and what is said of who is not."""

from __future__ import annotations

import datetime
import socket
from pathlib import Path

import pytest
import trustme

from tests.integration.exchange import until_peers
from tests.integration.linked import exchange, free_port, port_of, problem_of, until_told
from tests.peers import certificates
from tests.peers.certificates import Certificates
from tests.rig import EngineRig
from zmqscope.core.types import SocketState

WSS = "wss://127.0.0.1:*"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates.make(tmp_path_factory.mktemp("certificates"))


def to_bind(made: Certificates) -> str:
    """What a spec that binds wss needs."""
    return f",wss_cert_pem={made.chain},wss_key_pem={made.key}"


def to_connect(made: Certificates) -> str:
    """What a spec that connects to it needs."""
    return f",wss_trust_pem={made.ca}"


@pytest.mark.parametrize("bound", ["wss://127.0.0.1:*", "wss://[::1]:*/path", "wss://localhost:*"])
@pytest.mark.parametrize("kinds", ["push-pull", "scatter-gather", "req-rep"])
def test_whoever_trusts_the_authority_is_connected(
    rig: EngineRig, made: Certificates, bound: str, kinds: str
) -> None:
    one, other = kinds.split("-")
    giver = rig.open(f"{one}:@{bound}{to_bind(made)}")
    taker = rig.open(f"{other}:{rig.address(giver)}{to_connect(made)}")
    until_peers(rig, giver)
    until_peers(rig, taker)
    exchange(rig, giver, taker)


def test_large_messages_through_tls(rig: EngineRig, made: Certificates) -> None:
    body = bytes(range(256)) * 65_536
    one = rig.open(f"pair:@{WSS}{to_bind(made)}")
    other = rig.open(f"pair:{rig.address(one)}{to_connect(made)}")
    until_peers(rig, one)
    until_peers(rig, other)
    assert rig.send(one, body).accepted
    assert rig.send(other, body[::-1]).accepted
    totals = [rig.store.counters.of(socket_id).received for socket_id in (one, other)]
    rig.until(lambda: [each.messages for each in totals] == [1, 1], 60)
    assert {m.frames for m in rig.messages(one)} == {(body,), (body[::-1],)}


@pytest.mark.parametrize("options", ["", ",wss_trust_system=0"])
def test_an_authority_that_is_not_trusted(rig: EngineRig, made: Certificates, options: str) -> None:
    push = rig.open(f"push:@{WSS}{to_bind(made)}")
    pull = rig.open(f"pull:{rig.address(push)}{options}")
    problem = problem_of(rig, pull, "showed a certificate that is not trusted")
    assert "unable to get local issuer certificate" in problem.text
    assert "wss_trust_pem=" in problem.hint
    until_told(rig, push, "did not agree on TLS")
    assert rig.snapshots[push].peer_count == 0
    assert rig.snapshots[push].state is SocketState.LISTENING


def test_a_certificate_for_another_name(rig: EngineRig, tmp_path: Path) -> None:
    made = certificates.make(tmp_path, ("feed.example",))
    push = rig.open(f"push:@{WSS}{to_bind(made)}")
    pull = rig.open(f"pull:{rig.address(push)}{to_connect(made)}")
    problem = problem_of(rig, pull, "showed a certificate that is not trusted")
    assert "127.0.0.1" in problem.text
    assert "wss_hostname=" in problem.hint
    named = rig.open(f"pull:{rig.address(push)}{to_connect(made)},wss_hostname=feed.example")
    until_peers(rig, named)
    until_peers(rig, push)
    exchange(rig, push, named)


def test_a_certificate_that_has_expired(rig: EngineRig, tmp_path: Path) -> None:
    authority = trustme.CA()
    then = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    leaf = authority.issue_cert("127.0.0.1", not_before=then, not_after=then.replace(year=2002))
    old = Certificates(tmp_path / "ca.pem", tmp_path / "chain.pem", tmp_path / "key.pem")
    authority.cert_pem.write_to_path(old.ca)
    leaf.cert_chain_pems[0].write_to_path(old.chain)
    leaf.private_key_pem.write_to_path(old.key)
    push = rig.open(f"push:@{WSS}{to_bind(old)}")
    pull = rig.open(f"pull:{rig.address(push)}{to_connect(old)}")
    assert "certificate has expired" in problem_of(rig, pull, "not trusted").text


def test_tls_on_one_side_only(rig: EngineRig, made: Certificates) -> None:
    secure = rig.open(f"push:@{WSS}{to_bind(made)}")
    plain = rig.open("push:@ws://127.0.0.1:*")
    naked = rig.open(f"pull:{rig.address(secure).replace('wss', 'ws')}")
    assert (
        "whether it is one of ws:// or of wss://"
        in problem_of(rig, naked, "closed the connection during the WebSocket handshake").hint
    )
    until_told(rig, secure, "did not agree on TLS (http request)")
    dressed = rig.open(f"pull:{rig.address(plain).replace('ws:', 'wss:')}{to_connect(made)}")
    assert "Use ws:// here" in problem_of(rig, dressed, "does not speak TLS").hint
    until_told(rig, plain, "speaks TLS: one side uses wss://, the other ws://")


def test_certificates_that_cannot_be_used_fail_the_endpoint(
    rig: EngineRig, made: Certificates
) -> None:
    bare = rig.open(f"push:@{WSS}")
    assert "needs a certificate" in problem_of(rig, bare, "certificate").text
    gone = rig.open(f"push:@{WSS},wss_cert_pem=/no/such.pem")
    assert "cannot be read" in problem_of(rig, gone, "/no/such.pem").text
    wrong = rig.open(f"push:@{WSS},wss_cert_pem={made.chain},wss_key_pem={made.ca}")
    assert "no private key in it" in problem_of(rig, wrong, "The key").text
    trusting = rig.open(f"pull:wss://127.0.0.1:{free_port()},wss_trust_pem={made.key}")
    assert "no certificate in it" in problem_of(rig, trusting, "authorities").text
    for socket_id in (bare, gone, wrong, trusting):
        assert rig.snapshots[socket_id].state is SocketState.FAILED


def test_a_peer_that_says_nothing_in_the_handshake_of_tls(
    rig: EngineRig, made: Certificates
) -> None:
    push = rig.open(f"push:@{WSS}{to_bind(made)},handshake_ivl=300")
    with socket.create_connection(("127.0.0.1", port_of(rig.address(push)))) as stranger:
        stranger.settimeout(60)
        until_told(rig, push, "did not finish the handshake in time")
        assert stranger.recv(1) == b""
