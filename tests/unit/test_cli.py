"""Arguments into options, and what cannot be used into a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from zmqscope import __version__
from zmqscope.cli import parse_arguments, run
from zmqscope.core.errors import UserError
from zmqscope.core.types import SocketType


def test_nothing_at_all_is_the_welcome_view() -> None:
    options = parse_arguments([])
    assert (options.specs, options.demo, options.report) == ((), False, None)


def test_everything(tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    options = parse_arguments(
        [
            "sub:tcp://localhost:5556,topic=EUR,name=quotes", "push:@tcp://*:5557", "--demo",
            "--exit-after", "2.5", "--report", str(report), "--theme", "light",
            "--size", "1280x800",
        ]
    )  # fmt: skip
    assert [spec.type for spec in options.specs] == [SocketType.SUB, SocketType.PUSH]
    assert options.specs[0].name == "quotes"
    assert (options.exit_after_s, options.report) == (2.5, report)
    assert (options.theme, options.size, options.demo) == ("light", (1280, 800), True)


def test_a_bad_spec_names_itself() -> None:
    with pytest.raises(UserError, match="nonsense"):
        parse_arguments(["nonsense"])


@pytest.mark.parametrize(
    "arguments",
    [
        *(["--exit-after", "0"], ["--exit-after", "soon"], ["--theme", "pink"]),
        *(["--size", "big"], ["--size", "0x10"], ["--size", "-5x10"], ["--size", "1x2x3"]),
    ],
)
def test_argparse_refuses_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    assert ended.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--version"])
    assert ended.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_a_report_that_could_not_be_written_is_refused_before_the_run(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone" / "r.json"):
        with pytest.raises(UserError, match="folder"):
            parse_arguments(["--report", str(path)])
