"""Command lines as they may be shown."""

from __future__ import annotations

import pytest
import zmq

from zmqscope.engine.watch.command_line import HIDDEN, LONGEST, shown_command

SECRET = "hunter2-and-more"
SLASH = "/#%cxZZ[1OrazeBUDf!})^=n/fpN&NWPa13t+-5T"
PUBLIC, PRIVATE = (key.decode() for key in zmq.curve_keypair())


@pytest.mark.parametrize(
    "arguments",
    [
        [f"--password={SECRET}"],
        ["--password", SECRET],
        ["--db-password", SECRET],
        [f"--api-key={SECRET}"],
        [f"--API_TOKEN={SECRET}"],
        ["-token", SECRET],
        [f"PGPASSWORD={SECRET}", f"MY_SECRET={SECRET}"],
        [f"https://ann:{SECRET}@example.org/"],
        [f"postgres://ann@example.org/?password={SECRET}&a=1"],
        [f"--secret:{SECRET}"],
    ],
)
def test_secrets_are_not_shown(arguments: list[str]) -> None:
    shown = shown_command(["/usr/bin/program", *arguments, "--port=5556"])
    assert SECRET not in shown
    assert HIDDEN in shown
    assert shown.startswith("/usr/bin/program ")
    assert shown.endswith("--port=5556")


@pytest.mark.parametrize("key", [PUBLIC, PRIVATE, SLASH, "a1" * 20, "AbC0" * 11])
def test_keys_are_not_shown(key: str) -> None:
    for arguments in ([key], [f"--key={key}"], ["--curve", key]):
        assert key not in shown_command(["peer", *arguments])


@pytest.mark.parametrize(
    "arguments",
    [
        ["python", "-m", "http.server", "8000"],
        ["peer", "tcp://127.0.0.1:5556", "--topic=temperature"],
        ["/a/folder/with/a/long/name/of/forty/letters/x"],
        ["peer", "--connect", "ipc:///run/user/1000/some-service/a.sock"],
        ["compass", "--author=me", "--pass-through"],
    ],
)
def test_what_is_no_secret_stays(arguments: list[str]) -> None:
    assert shown_command(arguments) == " ".join(arguments)


def test_long_lines_are_cut_and_bounded() -> None:
    shown = shown_command(["program", *["argument"] * 100_000])
    assert len(shown) == LONGEST
    assert shown.endswith("…")
    assert len(shown_command(["x" * 1_000_000])) == LONGEST


def test_nothing_breaks_the_line() -> None:
    assert shown_command(["a\nb", "c\x1b[31m"]) == "a b c [31m"
