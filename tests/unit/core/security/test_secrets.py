"""How a spec says where a secret is; no error repeats what may be the secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from zmqscope.core.errors import SpecError, UserError
from zmqscope.core.security.lock import Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.core.security.secrets import (
    format_secret_ref,
    needs_reading,
    parse_secret_ref,
    parse_server_key,
    server_key_path,
)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("file:/a/b.key_secret", SecretRef(SecretPlace.FILE, "/a/b.key_secret")),
        ("file:/a, b%: ", SecretRef(SecretPlace.FILE, "/a, b%: ")),
        ("FILE:/a", SecretRef(SecretPlace.FILE, "/a")),
        ("keyring:cam 1", SecretRef(SecretPlace.KEYRING, "cam 1")),
        ("session:a:b", SecretRef(SecretPlace.SESSION, "a:b")),
    ],
)
def test_places(text: str, ref: SecretRef) -> None:
    assert parse_secret_ref(text) == ref
    assert parse_secret_ref(format_secret_ref(ref)) == ref


def test_the_home_folder() -> None:
    assert parse_secret_ref("file:~/k").name == str(Path.home() / "k")
    assert parse_server_key("file:~/k") == f"file:{Path.home() / 'k'}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "does not say where"),
        ("hunter2", "takes no secret itself"),
        ("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", "takes no secret itself"),
        ("pass:word", "takes no secret itself"),
        ("file:", "has no path"),
        ("file:key", "is no absolute path"),
        ("file:/a\0b", "is no path"),
        ("keyring:", "has no name"),
        ("keyring: ", "has no name"),
        ("session:a\n", "characters that do not print"),
        (f"session:{'x' * 201}", "longer than 200"),
    ],
)
def test_what_names_no_place(text: str, said: str) -> None:
    with pytest.raises(SpecError) as raised:
        parse_secret_ref(text)
    assert said in raised.value.problem.text
    assert raised.value.problem.hint
    if "itself" in said:
        assert text not in str(raised.value)


def test_server_keys() -> None:
    key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
    assert parse_server_key(f'"{key}"') == key
    assert parse_server_key("file:/a/b.key") == "file:/a/b.key"
    for text in ("file:", "file:a", "abc"):
        with pytest.raises(UserError):
            parse_server_key(text)


def test_what_has_to_be_read() -> None:
    ref = SecretRef(SecretPlace.SESSION, "a")
    assert not needs_reading(Lock())
    assert needs_reading(Lock(Mechanism.PLAIN, user="a", secret=ref))
    lock = Lock(Mechanism.CURVE, server_key="file:/a")
    assert needs_reading(lock)
    assert server_key_path(lock) == "/a"
    assert server_key_path(Lock(Mechanism.CURVE, server_key="a" * 40)) is None
