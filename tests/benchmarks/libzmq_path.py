"""Where the libzmq is that pyzmq uses: the reference has to run on the very same."""

from __future__ import annotations

import sys
from pathlib import Path

import zmq
from zmq.backend.cython import _zmq


def libzmq_path() -> Path | None:
    """The shared library with libzmq's functions; None where it cannot be told.

    The loaded mapping says it on Linux, whichever way pyzmq was built; elsewhere the folder that
    wheels carry it in is looked at. An extension that has libzmq linked into itself is the library.
    """
    return _mapped() or _beside_package() or _linked_in()


def _mapped() -> Path | None:
    try:
        maps = Path("/proc/self/maps").read_text()
    except OSError:
        return None
    paths = (line.split(maxsplit=5)[5] for line in maps.splitlines() if line.count("/") > 1)
    return next((Path(path) for path in paths if Path(path).name.startswith("libzmq")), None)


def _beside_package() -> Path | None:
    package = Path(zmq.__file__).parent
    folders = (package.parent / "pyzmq.libs", package / ".dylibs")
    found = [path for folder in folders for path in sorted(folder.glob("libzmq*"))]
    return found[0] if found else None


def _linked_in() -> Path | None:
    # dlopen of a Python extension in a process without Python works on Linux only.
    return Path(_zmq.__file__) if sys.platform == "linux" else None
