"""The reference peer: ``reference.c`` compiled for this machine, or the pyzmq loop in its place."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.benchmarks.json_process import JsonProcess
from tests.benchmarks.libzmq_path import libzmq_path
from tests.benchmarks.measure import PEERS, free_ports
from tests.benchmarks.row import Plan

_SOURCE = Path(__file__).with_name("reference.c")
_COMPILERS = ("cc", "gcc", "clang")
_START_S = 30.0


def compiler() -> str | None:
    """The system's C compiler, if there is one; ``CC`` names another."""
    names = (os.environ.get("CC", ""), *_COMPILERS)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def compiler_version() -> str:
    """What the compiler calls itself."""
    found = compiler()
    if found is None:
        return "none"
    done = subprocess.run(
        [found, "--version"], capture_output=True, text=True, timeout=20, check=False
    )
    return done.stdout.partition("\n")[0] or "unknown"


@cache
def compiled(source: Path) -> Path | None:
    """A program made from a C file, once for each version of it; None where that cannot be."""
    found = compiler()
    if found is None:
        return None
    stamp = hashlib.sha256(source.read_bytes() + found.encode()).hexdigest()[:16]
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"zmqscope-bench-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and folder.stat().st_uid != user:
        return None  # somebody else's folder: run nothing out of it
    program = folder / f"{source.stem}-{stamp}"
    if not program.exists():
        fresh = program.with_suffix(f".{os.getpid()}")
        done = subprocess.run(
            [found, "-O2", "-std=gnu11", "-o", str(fresh), str(source), "-ldl"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            print(f"bench: {found} cannot compile {source.name}:\n{done.stderr}", file=sys.stderr)
            return None
        fresh.replace(program)
    return program


@cache
def _command() -> tuple[str, ...]:
    """What starts the reference peer."""
    library = libzmq_path()
    program = None if library is None else compiled(_SOURCE)
    if program is None:
        return (sys.executable, str(PEERS / "bench_loop.py"))
    return (str(program), str(library))


def is_compiled() -> bool:
    """Whether the reference is the C loop."""
    return _command()[0] != sys.executable


def name() -> str:
    """What the table calls the reference."""
    return "C loop" if is_compiled() else "pyzmq loop"


def notes() -> tuple[str, ...]:
    """What has to be said beside figures that depend on the reference."""
    if is_compiled():
        return ()
    return ("No C compiler (or no libzmq to load): a pyzmq loop stands in for the C loop.",)


def sender(
    endpoints: Sequence[str],
    *,
    sizes: Sequence[int],
    topic: int = 0,
    rate: float = 0,
    seconds: float = 3_600,
    count: int = 0,
    first: int = 0,
) -> JsonProcess:
    """Start a sender; see ``reference.c`` for what it does.

    Args:
        endpoints: One PUSH connects to each.
        sizes: Bytes of the last frame, in turn.
        topic: Bytes of a frame in front of it; 0 for none.
        rate: Messages/s; 0 for flat out.
        seconds: Ends then at the latest.
        count: Ends after so many; 0 for no such end.
        first: Sequence number of the first message.
    """
    values = {
        "endpoints": ",".join(endpoints),
        "sizes": ",".join(map(str, sizes)),
        "topic": topic,
        "rate": rate,
        "seconds": seconds,
        "count": count,
        "first": first,
    }
    pairs = [f"{key}={value}" for key, value in values.items()]
    return JsonProcess("the sender", [*_command(), "send", *pairs])


def receive_per_s(plan: Plan, *, size: int, topic: int = 0, sockets: int = 1) -> float:
    """Messages/s of the bare loop, over one window."""
    endpoints = [f"tcp://127.0.0.1:{port}" for port in free_ports(sockets)]
    with receiver(plan, endpoints) as bare, sender(endpoints, sizes=[size], topic=topic):
        return float(bare.reply(_START_S + plan.window_s)["per_s"])


def receiver(plan: Plan, endpoints: Sequence[str]) -> JsonProcess:
    """Start the bare loop; it says ``per_s``, over one window, and ends."""
    command = [
        *_command(), "recv", f"endpoints={','.join(endpoints)}",
        f"cut_s={plan.cut_s}", f"seconds={plan.window_s}",
    ]  # fmt: skip
    return JsonProcess("the bare loop", command)
