"""A peer that speaks through the system's libzmq.so.5, an independent build.

See ``session.py`` for what it can be told. It knows ws://, though ``zmq_has("ws")`` says no. Exits
with a sentence where that library is missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers.ctypes_socket import LibzmqSocket, load
from tests.peers.session import run


def make_socket(kind: str) -> LibzmqSocket:
    """A socket of the system's library."""
    try:
        library = load("libzmq.so.5")
    except OSError as error:
        raise SystemExit(
            f"The system's libzmq.so.5 cannot be loaded ({error}). "
            "Install it: on Debian and Ubuntu, apt-get install libzmq5."
        ) from None
    return LibzmqSocket(library, kind)


if __name__ == "__main__":
    run(make_socket)
