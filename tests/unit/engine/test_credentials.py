"""What a lock refers to, from files, the keyring and memory."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
import zmq
import zmq.auth

from tests.keyring_rig import MemoryKeyring, using
from zmqscope.core.errors import UserError
from zmqscope.core.security.certificates import secret_text
from zmqscope.core.security.lock import Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.core.security.secret import KeyPair, Secret
from zmqscope.core.security.secret_files import write_key_pair
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.engine.credentials import read_credentials, read_pair, ready_credentials
from zmqscope.engine.key_maker import make_key_pair

KEY = make_key_pair().public
PASSWORD = "hunter2-hunter2"
NOTHING = SessionSecrets()


def file_of(path: object) -> SecretRef:
    return SecretRef(SecretPlace.FILE, str(path))


def plain(ref: SecretRef) -> Lock:
    return Lock(Mechanism.PLAIN, user="ann", secret=ref)


def test_pairs_that_pyzmq_has_made(tmp_path: Path) -> None:
    public_path, secret_path = zmq.auth.create_certificates(tmp_path, "cam")
    public, secret = zmq.auth.load_certificate(secret_path)
    pair = KeyPair(public.decode(), Secret(secret or b""))
    os.chmod(secret_path, 0o600)
    lock = Lock(Mechanism.CURVE, True, secret=file_of(secret_path))
    found = read_credentials(lock, NOTHING)
    assert (found.pair, found.warning) == (pair, None)
    client = Lock(Mechanism.CURVE, secret=file_of(secret_path), server_key=f"file:{public_path}")
    assert read_credentials(client, NOTHING).server_key == public.decode()


def test_a_file_open_to_others_is_warned_of_and_used(tmp_path: Path) -> None:
    _, path = write_key_pair(str(tmp_path), "cam", make_key_pair())
    os.chmod(path, 0o644)
    warning = read_credentials(Lock(Mechanism.CURVE, True, secret=file_of(path)), NOTHING).warning
    assert warning is not None
    assert "Other users" in warning.text


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("place", SecretPlace)
def test_a_pair_from_everywhere(tmp_path: Path, place: SecretPlace, is_whole: bool) -> None:
    pair = make_key_pair()
    content = secret_text(pair, datetime.now()) if is_whole else pair.secret
    session, backend = SessionSecrets(), MemoryKeyring()
    ref = SecretRef(place, str(tmp_path / "s") if place is SecretPlace.FILE else "cam")
    (tmp_path / "s").write_bytes(content.reveal())
    session.put("cam", content)
    backend.entries["zmqscope", "cam"] = content.reveal().decode()
    with using(backend):
        assert read_pair(ref, session) == pair


@pytest.mark.parametrize("place", SecretPlace)
def test_a_password_from_everywhere(tmp_path: Path, place: SecretPlace) -> None:
    session, backend = SessionSecrets(), MemoryKeyring()
    ref = SecretRef(place, str(tmp_path / "s") if place is SecretPlace.FILE else "cam")
    (tmp_path / "s").write_text(f"{PASSWORD}\n")
    session.put("cam", Secret(PASSWORD.encode()))
    backend.entries["zmqscope", "cam"] = PASSWORD
    with using(backend):
        assert read_credentials(plain(ref), session).password == Secret(PASSWORD.encode())


def test_what_refers_to_nothing() -> None:
    client = Lock(Mechanism.CURVE, server_key=KEY)
    first, second = ready_credentials(client), ready_credentials(client)
    assert first.server_key == KEY
    assert first.pair is not None
    assert first.pair != second.pair
    assert ready_credentials(Lock(Mechanism.PLAIN, True)).pair is None


def test_what_is_missing_or_broken(tmp_path: Path) -> None:
    public_path, _ = write_key_pair(str(tmp_path), "cam", make_key_pair())
    mixed = tmp_path / "mixed"
    other = make_key_pair().secret.reveal().decode()
    mixed.write_text(f'public-key = "{KEY}"\nsecret-key = "{other}"\n')
    short = tmp_path / "short"
    short.write_text(f'public-key = "{KEY}"\nsecret-key = "{other[:30]}"\n')
    (tmp_path / "binary").write_bytes(b"\xff")
    (tmp_path / "empty").write_bytes(b"")
    curve = [
        (file_of(tmp_path / "gone"), "There is no file"),
        (file_of(tmp_path), "no ordinary file"),
        (file_of(public_path), "holds only a public key"),
        (file_of(mixed), "do not belong together"),
        (file_of(short), "10 letters are missing"),
        (file_of(tmp_path / "binary"), "holds no key pair"),
        (file_of(tmp_path / "empty"), "There is no key yet"),
        (SecretRef(SecretPlace.SESSION, "cam"), "for one session only, and is gone"),
        (SecretRef(SecretPlace.KEYRING, "cam"), "has no entry “cam”"),
    ]
    with using(MemoryKeyring()):
        for ref, said in curve:
            with pytest.raises(UserError) as raised:
                read_credentials(Lock(Mechanism.CURVE, True, secret=ref), NOTHING)
            problem = raised.value.problem
            assert said in problem.text
            assert problem.hint
            assert other[:10] not in problem.sentence()
            assert os.path.basename(ref.name)[-20:] in problem.sentence()
        with pytest.raises(UserError) as raised:
            read_credentials(plain(file_of(tmp_path / "empty")), NOTHING)
        assert "The password is empty" in raised.value.problem.text
        lock = Lock(Mechanism.CURVE, server_key=f"file:{tmp_path}/gone.key")
        with pytest.raises(UserError) as raised:
            read_credentials(lock, NOTHING)
        assert "gone.key" in raised.value.problem.text
