"""The example package of the help: built, installed and used by another process."""

from __future__ import annotations

import bz2
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests" / "plugins" / "example_decoder"
HELP = ROOT / "resources" / "help" / "decoders.md"

FRAME = b"RD\x02" + b"\x0btemperature\x00\x00\xac\x41" + b"\x08humidity\x00\x00\x38\x42"
USE = f"""
from zmqscope.core.decode.field_path import parse_field_path
from zmqscope.core.decode.lookup import choice_of, find_field
from zmqscope.core.decode.payload import Payload
from zmqscope.models.formats import Formats

formats = Formats()
assert formats.plugin_problems == (), formats.plugin_problems
registry = formats.registry
print(registry.preview(Payload({FRAME!r})))
packed = Payload({bz2.compress(FRAME)!r})
reading = registry.read(packed)
print(reading.source, reading.decoded.type)
path = parse_field_path("bzip2.readings.humidity", registry.words())
print(find_field(path, registry.read(packed, choice_of(path))).value)
"""


def run(command: list[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """What a process that must end well says."""
    done = subprocess.run(
        command, check=False, cwd=cwd, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the built package is installed in; needs no network."""
    made = tmp_path_factory.mktemp("wheel")
    target = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)]
    run(build, cwd=EXAMPLE)
    (wheel,) = made.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(target)
    return target


def test_another_process_finds_and_uses_it(installed: Path) -> None:
    path = os.pathsep.join((str(installed), str(ROOT / "app")))
    said = run([sys.executable, "-c", USE], env={**os.environ, "PYTHONPATH": path})
    preview, read, value = said.splitlines()
    assert "readings(2) temperature=21.5 humidity=46" in preview
    assert read == "('bzip2', 'readings') readings(2)"
    assert value == "46.0"


def test_the_help_shows_the_package_as_it_is() -> None:
    blocks = re.findall(r"^```\w+\n(.*?)^```$", HELP.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    files = ("pyproject.toml", *(f"src/zmqscope_readings/{n}.py" for n in ("readings", "bzip2")))
    for name in files:
        assert (EXAMPLE / name).read_text("utf-8") in blocks, name
