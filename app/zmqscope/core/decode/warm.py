"""Imports the libraries of the common formats ahead of their first message, on a thread."""

from __future__ import annotations

import importlib
import logging
import threading
import time

_LIBRARIES = (
    *("msgpack", "cbor2", "zstandard", "cramjam", "pickletools", "lz4.frame", "bson"),
    "charset_normalizer",
)
"""Those of the common formats; the slowest takes 70 ms to import."""

_PAUSE_S = 0.05

log = logging.getLogger(__name__)


def warm_up() -> threading.Thread:
    """Import them one after the other on a thread that ends by itself.

    It pauses between two, so that the window is never held up by more than one of them.
    """
    thread = threading.Thread(target=_import_libraries, name="decoders", daemon=True)
    thread.start()
    return thread


def _import_libraries() -> None:
    for name in _LIBRARIES:
        try:
            importlib.import_module(name)
        except ImportError:
            # The decoder says so in words when it is asked.
            log.warning("the library %s cannot be imported", name, exc_info=True)
        time.sleep(_PAUSE_S)
