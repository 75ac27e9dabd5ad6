from __future__ import annotations

import stat
from pathlib import Path

import pytest
import zmq.auth

from zmqscope.core.errors import UserError
from zmqscope.core.security.lock import SecretPlace, SecretRef
from zmqscope.core.security.secret import Secret
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.models.security.key_book import KeyEntry
from zmqscope.models.security.vault import Vault

PASSWORD = Secret(b"hunter2")


@pytest.fixture
def session() -> SessionSecrets:
    return SessionSecrets()


@pytest.fixture
def vault(session: SessionSecrets) -> Vault:
    return Vault(session)


def test_a_password_in_memory(vault: Vault, session: SessionSecrets) -> None:
    vault.keep_password(SecretRef(SecretPlace.SESSION, "ann"), PASSWORD, replaces=False)
    assert session.get("ann") == PASSWORD


def test_a_password_in_a_file_is_for_its_owner_alone(vault: Vault, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ann.password"
    ref = SecretRef(SecretPlace.FILE, str(path))
    vault.keep_password(ref, PASSWORD, replaces=False)
    assert path.read_bytes() == b"hunter2\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(UserError, match="there already"):
        vault.keep_password(ref, Secret(b"other"), replaces=False)
    vault.keep_password(ref, Secret(b"other"), replaces=True)
    assert path.read_bytes() == b"other\n"


def test_a_place_that_is_none_is_refused(vault: Vault) -> None:
    with pytest.raises(UserError):
        vault.keep_password(SecretRef(SecretPlace.FILE, "here"), PASSWORD, replaces=False)


def test_a_pair_in_files_is_what_pyzmq_reads(vault: Vault, tmp_path: Path) -> None:
    entry = vault.make_pair("camera", SecretPlace.FILE, str(tmp_path))
    assert entry.secret is not None
    assert stat.S_IMODE(Path(entry.secret.name).stat().st_mode) == 0o600
    public, secret = zmq.auth.load_certificate(entry.secret.name)
    assert public.decode() == entry.public
    assert secret is not None
    assert vault.public_of(entry.secret) == entry.public
    with pytest.raises(UserError, match="there already"):
        vault.make_pair("camera", SecretPlace.FILE, str(tmp_path))


def test_a_pair_in_memory_is_exported_and_forgotten(vault: Vault, tmp_path: Path) -> None:
    entry = vault.make_pair("lab", SecretPlace.SESSION, "")
    assert entry.secret is not None
    path = str(tmp_path / "lab.key_secret")
    assert vault.export_secret(entry, path, overwrite=False) == path
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
    assert zmq.auth.load_certificate(path)[0].decode() == entry.public
    public = str(tmp_path / "lab.key")
    vault.export_public(entry, public, overwrite=False)
    assert zmq.auth.load_certificate(public) == (entry.public.encode(), None)
    vault.forget(entry)
    with pytest.raises(UserError):
        vault.public_of(entry.secret)


def test_files_of_pyzmq_are_taken_in(vault: Vault, tmp_path: Path) -> None:
    public_path, secret_path = zmq.auth.create_certificates(tmp_path, "robot")
    theirs = vault.open_file(str(public_path))
    assert (theirs.name, theirs.secret) == ("robot", None)
    mine = vault.open_file(str(secret_path))
    assert mine.name == "robot"
    assert mine.public == theirs.public
    assert mine.secret == SecretRef(SecretPlace.FILE, str(secret_path))


def test_a_foreign_key_has_no_secret_half(vault: Vault, tmp_path: Path) -> None:
    theirs = KeyEntry("x", "a" * 40)
    with pytest.raises(UserError, match="somebody else"):
        vault.export_secret(theirs, str(tmp_path / "x"), overwrite=False)
    vault.forget(theirs)


def test_files_stay_when_their_entry_is_forgotten(vault: Vault, tmp_path: Path) -> None:
    entry = vault.make_pair("camera", SecretPlace.FILE, str(tmp_path))
    vault.forget(entry)
    assert (tmp_path / "camera.key_secret").exists()
