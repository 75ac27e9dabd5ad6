"""No password and no secret key is in anything that the app writes or shows of itself."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import zmq

from tests.benchmarks.measure import free_port
from tests.integration.locked import PASSWORD, USER, Keys, new_pair, shown
from tests.integration.secret_forms import SPOILT, assert_without
from zmqscope.core.security.access import (
    AccessList,
    AccessMode,
    AllowedUser,
    Knock,
    KnockId,
    Verdict,
)
from zmqscope.core.security.access_file import write_access
from zmqscope.core.security.access_rules import AccessRequest, Decision, Outcome
from zmqscope.core.security.keys import decode_z85
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.security.passwords import hash_password
from zmqscope.core.security.secret import Credentials, Secret
from zmqscope.core.spec import format_spec, parse_spec
from zmqscope.core.types import RequestId, SocketId
from zmqscope.engine import commands as cmd
from zmqscope.engine.access.doorman import Checked
from zmqscope.engine.access.knocks import OpenKnock
from zmqscope.engine.access.zap import ReturnTo, ZapRequest

ROOT = Path(__file__).parents[2]
STRANGERS = "str4nger-passw0rd"
TYPED = "typed-into-a-sp3c"
RUN_S = 10.0
REPORTS = (
    "specs.txt", "scripts.txt", "copied.txt", "topology.svg", "objects.txt", "threads.txt",
    "memory.txt", "memory.snapshot", "locals.txt", "debug.log",
)  # fmt: skip
"""What ``watched_run.py`` writes."""


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    folder = tmp_path / "secrets"
    folder.mkdir()
    return Keys.make(folder)


@pytest.fixture
def secrets(keys: Keys) -> list[bytes]:
    pairs = (keys.server, keys.client)
    passwords = [text.encode() for text in (PASSWORD, STRANGERS)]
    return [*passwords, *(pair.secret.reveal() for pair in pairs)]


# ---- a run of the app --------------------------------------------------------------------------


@pytest.fixture
def strangers() -> Iterator[list[zmq.Socket[bytes]]]:
    """Sockets of other people, closed with the test."""
    with zmq.Context() as context, ExitStack() as stack:
        made = [context.socket(kind) for kind in (*[zmq.PUSH] * 5, zmq.PULL, zmq.PULL)]
        for socket in made:
            socket.setsockopt(zmq.LINGER, 0)
            stack.enter_context(socket)
        yield made


def knock(strangers: list[zmq.Socket[bytes]], ports: list[int], keys: Keys) -> None:
    """Right and wrong passwords, foreign keys, and doors that refuse the app."""
    right, wrong, unknown, spoilt, foreign, plain_door, curve_door = strangers
    for socket, user, password in (
        (right, USER, PASSWORD),
        (wrong, USER, STRANGERS),
        (unknown, "bob", STRANGERS),
        (spoilt, SPOILT, STRANGERS),
    ):
        socket.setsockopt(zmq.PLAIN_USERNAME, user.encode())
        socket.setsockopt(zmq.PLAIN_PASSWORD, password.encode())
        socket.connect(f"tcp://127.0.0.1:{ports[0]}")
    right.send(b"let in")
    pair = new_pair()
    foreign.setsockopt(zmq.CURVE_SERVERKEY, keys.server.public.encode())
    foreign.setsockopt(zmq.CURVE_PUBLICKEY, pair.public.encode())
    foreign.setsockopt(zmq.CURVE_SECRETKEY, pair.secret.reveal())
    foreign.connect(f"tcp://127.0.0.1:{ports[1]}")
    plain_door.setsockopt(zmq.PLAIN_SERVER, 1)
    plain_door.bind(f"tcp://127.0.0.1:{ports[2]}")
    curve_door.setsockopt(zmq.CURVE_SERVER, 1)
    curve_door.setsockopt(zmq.CURVE_SECRETKEY, pair.secret.reveal())
    curve_door.bind(f"tcp://127.0.0.1:{ports[3]}")


def specs(ports: list[int], keys: Keys, broken: Path) -> list[str]:
    where = [f"tcp://127.0.0.1:{port}" for port in ports]
    return [
        f"pull:@{where[0]},name=plain,lock=plain-server",
        f"pull:@{where[1]},name=curve{keys.ours('curve', True)}",
        f"push:{where[2]},name=refused{keys.ours('plain', False)}",
        f"push:{where[3]},name=wrong key{keys.ours('curve', False)}",
        f"push:{where[1]},name=in{keys.ours('curve', False)}",
        f"push:{where[1]},name=broken,lock=curve-server,secret=file:{broken}",
        f"push:{where[0]},name=own{keys.ours('plain', False)}",
        f"push:{where[0]},name=spoilt{keys.ours('plain', False).replace(USER, SPOILT)}",
    ]


@pytest.mark.slow
def test_nothing_that_a_run_writes_has_a_secret_in_it(
    tmp_path: Path, keys: Keys, secrets: list[bytes], strangers: list[zmq.Socket[bytes]]
) -> None:
    home = tmp_path / "home"
    for name in ("config", "cache", "data", "tmp"):
        (home / name).mkdir(parents=True)
    environment = {
        **os.environ,
        "HOME": str(home), "TMPDIR": str(home / "tmp"), "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"), "XDG_DATA_HOME": str(home / "data"),
        "QT_QPA_PLATFORM": "offscreen", "NUMBA_DISABLE_JIT": "1", "PYTHONFAULTHANDLER": "1",
        "PYTHONDEVMODE": "1", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    users = (AllowedUser(USER, hash_password(PASSWORD)),)
    write_access(home / "s-access.json", (AccessList(mode=AccessMode.ASK, users=users),))
    broken = keys.folder / "broken.key_secret"
    broken.touch(0o600)
    broken.write_text(f'curve\n  public-key = "x"\n  secret-key = "{PASSWORD}"\n')
    ports = [free_port() for _ in range(4)]
    knock(strangers, ports, keys)
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.integration.watched_run",
            "--settings", str(home / "s.ini"), "--report", str(home / "report.json"),
            "--exit-after", str(RUN_S),
            *specs(ports, keys, broken),
        ],
        env=environment,
        cwd=home,
        capture_output=True,
        timeout=180,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads((home / "report.json").read_text())
    received = {each["name"]: each["received"]["messages"] for each in report["sockets"]}
    assert len(received) == 8
    # The access list that lay beside the settings holds.
    assert received["plain"] == 1
    assert report["findings"]
    assert "lock=plain-client" in (home / "s.ini").read_text().replace("%3D", "=")
    assert_without(done.stdout, secrets, "stdout")
    assert_without(done.stderr, secrets, "stderr")
    written = [path for path in home.rglob("*") if path.is_file()]
    names = {path.name for path in written}
    assert {"s.ini", "report.json", "s-access.json", *REPORTS} <= names
    assert_watched(home)
    for path in written:
        assert_without(path.read_bytes(), secrets, str(path))


def assert_watched(home: Path) -> None:
    """That what was looked at is what there was to be seen."""
    words = {name: (home / name).read_text("utf-8", "replace") for name in REPORTS}
    assert "lock=plain-client" in words["specs.txt"]
    assert "zmq.PLAIN_PASSWORD" in words["scripts.txt"]
    assert "socket.copy_spec: " in words["copied.txt"]
    assert "<svg" in words["topology.svg"]
    assert "AccessRequest " in words["objects.txt"]
    assert "Thread 0x" in words["threads.txt"]
    assert "zmqscope" in words["memory.txt"]
    assert "password = Secret(…)" in words["locals.txt"]
    assert "spoilt on purpose" in words["debug.log"]


def test_a_password_typed_into_a_spec_is_not_repeated(tmp_path: Path) -> None:
    for spec in (
        f"push:tcp://127.0.0.1:1,lock=plain-client,user=a,secret={TYPED}",
        f"push:tcp://127.0.0.1:1,lock=curve-client,server_key={'x' * 40},secret={TYPED}",
    ):
        done = subprocess.run(
            [sys.executable, "-m", "zmqscope", "--settings", str(tmp_path / "s.ini"), spec],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 2
        assert b"secret=" in done.stderr
        assert_without(done.stdout + done.stderr, [TYPED.encode()], "what is said")


# ---- what values say of themselves -------------------------------------------------------------


def test_no_value_shows_a_secret(keys: Keys, secrets: list[bytes]) -> None:
    kept = hash_password(PASSWORD)
    hashes = [kept.digest, kept.salt]
    access = AccessList(users=(AllowedUser(USER, kept),))
    password = PASSWORD.encode()
    seen = AccessRequest(Mechanism.PLAIN, "127.0.0.1", USER, password)
    request = ZapRequest(ReturnTo(b"r", b"1"), SocketId(1), "default", seen)
    a_knock = Knock(
        KnockId(1), SocketId(1), "default", Mechanism.PLAIN, "", b"", USER, "", 0, password=kept
    )
    spec = parse_spec(f"push:tcp://127.0.0.1:1{keys.ours('plain', False)}")
    curve = parse_spec(f"push:tcp://127.0.0.1:1{keys.ours('curve', False)}")
    held = deque([request.return_to])
    values: list[object] = [
        cmd.OpenSocket(SocketId(1), spec),
        cmd.ChangeSpec(SocketId(1), curve),
        cmd.SetAccess((access,)),
        cmd.AnswerKnock(KnockId(1), Verdict.LET_IN),
        cmd.SendMessage(RequestId(1), SocketId(1), (password,)),
        format_spec(spec),
        format_spec(curve),
        a_knock,
        replace(a_knock, tries=2),
        seen,
        request,
        Decision(Outcome.CHECK, USER, "why", kept),
        Checked(request, (request.return_to,), kept, True),
        OpenKnock(a_knock, (SocketId(1), "default", Mechanism.PLAIN, USER), request, held, 0),
        Credentials(password=Secret(password), pair=keys.server, server_key=keys.server.public),
        keys.server,
        keys,
    ]
    for value in values:
        for text in (repr(value), str(value)):
            assert_without(text.encode(), [*secrets, *hashes], type(value).__name__)


def test_the_forms_that_are_looked_for(keys: Keys) -> None:
    secret = shown(keys.server.secret).encode()
    raw = decode_z85(secret.decode())
    for data in (secret, raw, raw.hex().encode(), b"xx" + base64.b64encode(b"12" + raw)):
        with pytest.raises(AssertionError):
            assert_without(data, [secret], "this")
