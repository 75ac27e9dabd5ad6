"""Connection files: read, refused in words, found; and their keys shown nowhere."""

from __future__ import annotations

import copy
import json
import os
import pickle
from pathlib import Path

import pytest
from jupyter_client.connect import write_connection_file

from zmqscope.core.envelopes.jupyter_keys import (
    ConnectionFileError,
    KeyRing,
    Verdict,
    read_connection_file,
    runtime_files,
    runtime_folder,
)

KEY = "do-not-show-this-key"


def written(path: Path, **changes: object) -> str:
    content: dict[str, object] = {"key": KEY, "signature_scheme": "hmac-sha256", **changes}
    path.write_text(json.dumps(content))
    return str(path)


def test_a_file_of_jupyter_client_is_read(tmp_path: Path) -> None:
    path, _ = write_connection_file(
        str(tmp_path / "kernel-1.json"), key=KEY.encode(), kernel_name="python3"
    )
    key = read_connection_file(path)
    assert (key.kernel, key.hash_name) == ("python3", "sha256")
    assert [name for name, _ in key.ports] == [
        *("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
    ]
    assert key.title == "kernel python3, connection file kernel-1.json"


def test_a_key_is_shown_nowhere(tmp_path: Path) -> None:
    key = read_connection_file(written(tmp_path / "kernel-1.json"))
    ring = KeyRing()
    ring.add_connection_file(key.path)
    for text in (repr(key), str(key), repr(ring.keys), key.title, repr(vars(ring))):
        assert KEY not in text
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        copy.deepcopy(key)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON"),
        (KEY.encode(), "no JSON"),
        (b"[" * 60_000, "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        (b"[]", "signature_scheme"),
        (json.dumps({"key": KEY}).encode(), "signature_scheme"),
        (json.dumps({"key": [KEY], "signature_scheme": "hmac-sha256"}).encode(), "no text"),
        (json.dumps({"key": KEY, "signature_scheme": "hmac-made-up"}).encode(), "hmac-made-up"),
        (json.dumps({"key": KEY, "signature_scheme": "rsa"}).encode(), "rsa"),
        (json.dumps({"key": KEY, "signature_scheme": 5}).encode(), "“5”"),
        (json.dumps({"key": KEY, "signature_scheme": "hmac-shake_128"}).encode(), "shake"),
    ],
)
def test_other_files_are_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "kernel-1.json"
    path.write_bytes(content)
    with pytest.raises(ConnectionFileError) as error:
        read_connection_file(str(path))
    assert words in error.value.problem.text
    assert error.value.problem.hint
    assert KEY not in str(error.value)
    assert error.value.__cause__ is None


def test_what_is_no_file_is_refused_in_words(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.json", tmp_path):
        with pytest.raises(ConnectionFileError):
            read_connection_file(str(path))


def test_odd_fields_are_left_out(tmp_path: Path) -> None:
    path = written(tmp_path / "k.json", kernel_name="a\nb", shell_port=70_000, iopub_port="x")
    key = read_connection_file(path)
    assert (key.kernel, key.ports) == ("", ())
    assert key.title == "k.json"


def test_a_file_given_twice_is_kept_once_and_can_be_forgotten(tmp_path: Path) -> None:
    ring, path = KeyRing(), written(tmp_path / "kernel-1.json")
    first = ring.add_connection_file(path)
    written(tmp_path / "kernel-1.json", key="another")
    second = ring.add_connection_file(path)
    assert ring.keys == (second,)
    assert first.signature([b"x"]) != second.signature([b"x"])
    ring.forget(path)
    ring.forget(path)
    assert not ring.keys
    assert ring.verify(b"00", [b"x"]) == (Verdict.NO_KEYS, None)


def test_files_of_running_kernels_are_found_the_newest_first(tmp_path: Path) -> None:
    for name, age_s in (("kernel-old.json", 500), ("kernel-new.json", 5), ("nbserver-1.json", 1)):
        written(tmp_path / name)
        then = os.stat(tmp_path / name).st_mtime - age_s
        os.utime(tmp_path / name, (then, then))
    (tmp_path / "kernel-folder.json").mkdir()
    found = runtime_files({"JUPYTER_RUNTIME_DIR": str(tmp_path)})
    assert [path.name for path, _ in found] == ["kernel-new.json", "kernel-old.json"]
    assert [round(age_s / 5) for _, age_s in found] == [1, 100]
    assert runtime_files({"JUPYTER_RUNTIME_DIR": str(tmp_path / "none")}) == []
    for number in range(60):
        written(tmp_path / f"kernel-{number}.json")
    assert len(runtime_files({"JUPYTER_RUNTIME_DIR": str(tmp_path)})) == 50


def test_the_runtime_folder_is_where_jupyter_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyter_core.paths import jupyter_runtime_dir

    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert str(runtime_folder()) == jupyter_runtime_dir()
    for name in ("XDG_DATA_HOME", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, f"/somewhere/{name}")
        assert str(runtime_folder()) == jupyter_runtime_dir()


def test_an_older_folder_is_looked_into_as_well(tmp_path: Path) -> None:
    (tmp_path / "jupyter").mkdir()
    written(tmp_path / "jupyter" / "kernel-1.json")
    environment = {"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    assert [path.name for path, _ in runtime_files(environment)] == ["kernel-1.json"]
