"""The command line: arguments in, one sentence and status 2 when they cannot be used."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

from zmqscope import __version__
from zmqscope.bootstrap.display_check import why_no_window
from zmqscope.bootstrap.options import LaunchOptions
from zmqscope.core.errors import UserError
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketSpec

_CANNOT_START = 2
_SECRET = re.compile(r"([a-z_]*(?:secret|pas|pwd)[a-z_]*\s*=)[^,]*", re.IGNORECASE)
_MAX_SIZE_PX = 32_767
_EPILOG = """\
A socket spec is TYPE:ITEM[,ITEM…]; an item is an endpoint to connect, @endpoint to bind, or
key=value:
  sub:tcp://localhost:5556,topic=EUR,name=quotes
  push:@tcp://*:5557,sndhwm=1000
  dealer:tcp://a:1,tcp://b:2,identity=w1
  req:tcp://host:5559,lock=plain-client,user=mia,secret=keyring:mia
  pull:@tcp://*:5557,lock=curve-server,secret=file:/home/me/feed.key_secret
Commas and percent signs inside values are percent-encoded (%2C, %25)."""


def run(arguments: list[str]) -> int:
    """Parse, check that a window can open, and run the app; the exit status."""
    try:
        options = parse_arguments(arguments)
    except UserError as error:
        return _refuse(str(error))
    reason = why_no_window(dict(os.environ))
    if reason is not None:
        return _refuse(reason)
    try:
        from zmqscope.bootstrap.app import run_app
    except ImportError as error:
        return _refuse(f"a library cannot be loaded: {error}. Install it and start again.")
    return run_app(options)


def parse_arguments(arguments: list[str]) -> LaunchOptions:
    """Arguments into options.

    Raises:
        UserError: A socket spec cannot be used.
        SystemExit: As argparse does, for ``--help``, ``--version`` and unknown arguments.
    """
    parser = _parser()
    found = parser.parse_args(arguments)
    size = None
    if found.size:
        try:
            width, height = (int(part) for part in found.size.lower().split("x"))
            if min(width, height) < 1 or max(width, height) > _MAX_SIZE_PX:
                raise ValueError(found.size)
        except ValueError:
            parser.error("--size takes WIDTHxHEIGHT, such as 1280x800")
        size = (width, height)
    if found.report is not None:
        _check_report(found.report.absolute())
    return LaunchOptions(
        specs=tuple(_spec(text) for text in found.specs),
        demo=found.demo,
        exit_after_s=found.exit_after,
        report=found.report,
        settings=found.settings,
        theme=found.theme,
        size=size,
    )


def _check_report(path: Path) -> None:
    """Say now what would only be found out at the end of the run."""
    if not path.parent.is_dir():
        raise UserError(f"The folder of {path} does not exist.", "Create it first.")
    if path.is_dir():
        raise UserError(f"{path} is a folder.", "Name a file in it for the report.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UserError(f"{path} cannot be written.", "Choose another place for the report.")


def _spec(text: str) -> SocketSpec:
    try:
        return parse_spec(text)
    except UserError as error:
        # Somebody may have typed the secret itself: terminals are logged.
        shown = _SECRET.sub(r"\1…", text)
        raise UserError(f"“{shown}”: {error.problem.text}", error.problem.hint) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zmqscope",
        description="Shows what ZeroMQ traffic does, live.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("specs", nargs="*", metavar="SPEC", help="sockets to open")
    parser.add_argument("--demo", action="store_true", help="open the built-in demo")
    parser.add_argument(
        "--exit-after", type=_seconds, metavar="SECONDS", help="close after so many seconds"
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write what was measured, as JSON, at the end"
    )
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="use this settings file, not your own"
    )
    parser.add_argument("--theme", choices=("dark", "light"), help="theme for this run")
    parser.add_argument("--size", metavar="WIDTHxHEIGHT", help="window size for this run")
    parser.add_argument("--version", action="version", version=f"zmqscope {__version__}")
    return parser


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < 10_000_000:
        raise ValueError(text)
    return value


def _refuse(sentence: str) -> int:
    print(f"zmqscope: {sentence}", file=sys.stderr)
    return _CANNOT_START
