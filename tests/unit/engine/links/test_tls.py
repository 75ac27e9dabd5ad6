"""Certificates that can be used, and a sentence for each of those that cannot."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from tests.link_rig import finish, wire_over_tcp
from tests.peers import certificates
from tests.peers.certificates import Certificates
from zmqscope.core.errors import EndpointError
from zmqscope.core.wording import quoted
from zmqscope.engine.links.opening import shake_hands
from zmqscope.engine.links.tls import client_context, server_context
from zmqscope.engine.links.wire import TlsWire

Options = dict[str, int | bytes]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates.make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates.make(tmp_path_factory.mktemp("others"))


def to_bind(certificate: Path | None, key: Path | None = None) -> Options:
    """Options of a bind."""
    found: Options = {}
    if certificate is not None:
        found["wss_cert_pem"] = str(certificate).encode()
    if key is not None:
        found["wss_key_pem"] = str(key).encode()
    return found


def to_connect(authorities: Path) -> Options:
    """Options of a connect."""
    return {"wss_trust_pem": str(authorities).encode()}


def refused_bind(certificate: Path | None, key: Path | None = None) -> EndpointError:
    """Why these cannot be used."""
    with pytest.raises(EndpointError) as failed:
        server_context(to_bind(certificate, key))
    return failed.value


def refused_connect(authorities: Path) -> EndpointError:
    """Why these cannot be trusted."""
    with pytest.raises(EndpointError) as failed:
        client_context(to_connect(authorities))
    return failed.value


# ---- those that work ---------------------------------------------------------------------------


@pytest.mark.parametrize("server_name", ["localhost", "127.0.0.1", "::1"])
def test_a_chain_and_its_authority(made: Certificates, server_name: str) -> None:
    server = server_context(to_bind(made.chain, made.key))
    client = client_context(to_connect(made.ca))
    with wire_over_tcp() as (near, far):
        ours, theirs = TlsWire(near, server, None), TlsWire(far, client, server_name)
        assert finish(shake_hands(ours), shake_hands(theirs)) == [None, None]
        ours.close()
        theirs.close()


def test_the_key_may_be_in_the_file_of_the_certificate(made: Certificates, tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(made.key.read_bytes() + made.chain.read_bytes())
    assert server_context(to_bind(both)).get_ca_certs() == []


def test_old_versions_are_not_spoken(made: Certificates) -> None:
    contexts = (server_context(to_bind(made.chain, made.key)), client_context({}))
    for context in contexts:
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert contexts[1].verify_mode is ssl.CERT_REQUIRED
    assert contexts[1].check_hostname


def test_who_is_trusted(made: Certificates) -> None:
    alone = client_context({**to_connect(made.ca), "wss_trust_system": 0})
    assert len(alone.get_ca_certs()) == 1
    nobody = client_context({"wss_trust_system": 0})
    assert nobody.get_ca_certs() == []
    assert nobody.cert_store_stats()["x509"] == 0


# ---- those that do not -------------------------------------------------------------------------


def test_a_bind_without_a_certificate() -> None:
    for options in (to_bind(None), to_bind(None, Path("/k.pem")), {"wss_cert_pem": b""}):
        with pytest.raises(EndpointError, match="needs a certificate") as failed:
            server_context(options)
        assert "wss_cert_pem=" in failed.value.problem.hint


def test_files_that_are_not_there(made: Certificates, tmp_path: Path) -> None:
    gone = tmp_path / "gone.pem"
    assert str(refused_bind(gone)).startswith(f"{quoted(str(gone))} cannot be read: no such file")
    assert str(refused_bind(gone, made.key)).startswith(f"{quoted(str(gone))} cannot be read")
    assert str(refused_bind(made.chain, gone)).startswith(
        f"{quoted(str(gone))} cannot be read: no such file"
    )
    assert str(refused_connect(gone)).startswith(
        f"{quoted(str(gone))} cannot be read: no such file"
    )


def test_a_folder(made: Certificates, tmp_path: Path) -> None:
    assert "is a directory" in str(refused_bind(tmp_path))
    assert str(refused_bind(made.chain, tmp_path)).startswith(
        f"{quoted(str(tmp_path))} cannot be read"
    )
    assert "is a directory" in str(refused_connect(tmp_path))


def test_a_key_behind_a_passphrase_is_not_asked_for(made: Certificates, tmp_path: Path) -> None:
    key = load_pem_private_key(made.key.read_bytes(), None)
    locked = tmp_path / "locked.pem"
    forms = (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL)
    for form in forms:
        secret = BestAvailableEncryption(b"secret")
        locked.write_bytes(key.private_bytes(Encoding.PEM, form, secret))
        # Asking on a terminal would wait for ever.
        error = refused_bind(made.chain, locked)
        assert str(error).startswith(f"The key {quoted(str(locked))} is behind a passphrase.")


def test_the_key_of_another_certificate(made: Certificates, other: Certificates) -> None:
    error = refused_bind(made.chain, other.key)
    assert quoted(str(made.chain)) in str(error)
    assert "is not that of the certificate" in str(error)


def test_a_certificate_without_a_key(made: Certificates) -> None:
    error = refused_bind(made.chain)
    assert "no private key" in str(error)
    assert "wss_key_pem=" in error.problem.hint


@pytest.mark.parametrize("content", [b"", b"hello\n", bytes(range(256))])
def test_what_is_no_pem(made: Certificates, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.pem"
    file.write_bytes(content)
    error = refused_bind(file, made.key)
    assert str(error).startswith(
        f"The certificate {quoted(str(file))} cannot be used: no certificate in it."
    )
    error = refused_bind(made.chain, file)
    assert str(error).startswith(
        f"The key {quoted(str(file))} cannot be used: no private key in it."
    )
    error = refused_connect(file)
    assert str(error).startswith(
        f"The authorities in {quoted(str(file))} cannot be used: no certificate in it."
    )


def test_der_is_no_pem(made: Certificates, tmp_path: Path) -> None:
    der = tmp_path / "x.der"
    der.write_bytes(ssl.PEM_cert_to_DER_cert(made.ca.read_text()))
    assert "no certificate in it" in str(refused_bind(der, made.key))
    assert "no certificate in it" in str(refused_connect(der))


def test_pem_that_is_broken(made: Certificates, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    lines = made.chain.read_text().splitlines()
    broken.write_text("\n".join([*lines[:3], "!!!!", *lines[4:]]))
    for error in (refused_bind(broken, made.key), refused_connect(broken)):
        assert quoted(str(broken)) in str(error)
        assert "cannot be used" in str(error)


@pytest.mark.parametrize("name", ["a\0b.pem", "\udcff.pem"])
def test_paths_that_no_file_has(name: str) -> None:
    for option in ("wss_cert_pem", "wss_trust_pem"):
        path = name.encode("utf-8", "surrogateescape")
        with pytest.raises(EndpointError, match="cannot be read"):
            (server_context if option == "wss_cert_pem" else client_context)({option: path})
