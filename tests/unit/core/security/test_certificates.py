"""Certificate files are those of pyzmq: each reads what the other has written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import zmq
import zmq.auth

from zmqscope.core.security.certificates import (
    CertificateError,
    parse_certificate,
    public_text,
    secret_text,
)
from zmqscope.core.security.secret import KeyPair, Secret

NOW = datetime(2026, 1, 2, 3, 4, 5)


def new_pair() -> KeyPair:
    public, secret = zmq.curve_keypair()
    return KeyPair(public.decode(), Secret(secret))


def test_pyzmqs_files_are_read(tmp_path: Path) -> None:
    metadata = {"name": "Ann = x", "e-mail": '"a@b"'}
    public_path, secret_path = zmq.auth.create_certificates(tmp_path, "a", metadata)
    public, secret = zmq.auth.load_certificate(secret_path)
    certificate = parse_certificate(Path(secret_path).read_text())
    assert certificate.pair == KeyPair(public.decode(), Secret(secret or b""))
    assert certificate.metadata == (("name", "Ann = x"), ("e-mail", "a@b"))
    only_public = parse_certificate(Path(public_path).read_text())
    assert (only_public.public, only_public.pair) == (public.decode(), None)


def test_pyzmq_reads_ours(tmp_path: Path) -> None:
    for _ in range(20):
        pair = new_pair()
        metadata = (("name", "Ann = “x” # y"), ("key", "value"))
        (tmp_path / "p").write_text(public_text(pair.public, NOW, metadata))
        (tmp_path / "s").write_bytes(secret_text(pair, NOW, metadata).reveal())
        assert zmq.auth.load_certificate(tmp_path / "p") == (pair.public.encode(), None)
        found = zmq.auth.load_certificate(tmp_path / "s")
        assert found == (pair.public.encode(), pair.secret.reveal())
        again = parse_certificate((tmp_path / "s").read_text())
        assert (again.pair, again.metadata) == (pair, metadata)


@pytest.mark.parametrize(
    "text",
    [
        'curve\n    public-key = "{}"\n    secret-key = "{}"\n',
        "curve\n\tpublic-key={}\n\tsecret-key={}",
        "#   comment\r\ncurve\r\n    public-key = '{}'\r\n    secret-key = '{}'\r\n",
        'public-key = "{}"\nsecret-key = "{}"',
    ],
)
def test_other_ways_to_write_it(text: str) -> None:
    pair = new_pair()
    written = text.replace("{}", pair.public, 1).replace("{}", pair.secret.reveal().decode(), 1)
    assert parse_certificate(written).pair == pair


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no line “public-key"),
        ("-----BEGIN PRIVATE KEY-----", "no line “public-key"),
        ('public-key = "abc"', "The public key in it is broken: 37 letters are missing"),
        ('public-key = ""', "The public key in it is broken: There is no key yet"),
    ],
)
def test_what_is_none(text: str, said: str) -> None:
    with pytest.raises(CertificateError) as raised:
        parse_certificate(text)
    assert said in raised.value.problem.text
    assert raised.value.problem.hint


def test_a_broken_secret_key_is_not_repeated() -> None:
    pair = new_pair()
    broken = pair.secret.reveal().decode()[:-2] + "~~"
    with pytest.raises(CertificateError) as raised:
        parse_certificate(f'public-key = "{pair.public}"\nsecret-key = "{broken}"')
    assert "The secret key in it is broken" in raised.value.problem.text
    assert broken[:5] not in str(raised.value)
    assert "~" not in str(raised.value)


@pytest.mark.parametrize(
    "metadata",
    [
        ("a b", "c"), ("", "c"), ("secret-key", "x"), ("public-key-2", "x"), ("a", "line\nbreak"),
        ("a=b", "c"), ("#", "c"),
    ],
)  # fmt: skip
def test_metadata_that_would_break_the_file(metadata: tuple[str, str]) -> None:
    with pytest.raises(CertificateError):
        public_text(new_pair().public, NOW, (metadata,))
