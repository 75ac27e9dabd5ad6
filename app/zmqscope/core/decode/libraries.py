"""Libraries of formats, imported at first use and found at once from then on. Any thread.

An import statement within a function costs two microseconds and more each time, once PySide has put
its own ``__import__`` in place of Python's: too much for what sixty rows ask for with each refresh.
"""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType


@cache
def library(name: str) -> ModuleType:
    """A library by its name, such as ``lz4.frame``.

    Raises:
        ImportError: It is not installed, or broken.
    """
    return importlib.import_module(name)
