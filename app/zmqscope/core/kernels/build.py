"""Compiles kernels into object files: ``python -m zmqscope.core.kernels.build FOLDER NAME…``.

Runs as a process of its own, at low priority, and prints the name of each kernel once its file is
whole. Needs numba.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from zmqscope.core.kernels.library import C_FUNCTIONS, LIBZMQ_FUNCTIONS, write_object
from zmqscope.core.kernels.linker import declare_placeholders

_NICENESS = 10


def build(folder: Path, names: Sequence[str]) -> None:
    """Compile kernels.

    Args:
        folder: Where their files go.
        names: Which, of ``library.KERNELS``.
    """
    from zmqscope.core.kernels.entry import compile_entry

    # The compiler links what it has made, here too; nothing of it is ever called.
    declare_placeholders((*LIBZMQ_FUNCTIONS, *C_FUNCTIONS))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in names:
        module = importlib.import_module(f"zmqscope.core.kernels.{name}")
        write_object(folder, name, compile_entry(getattr(module, name)))
        print(name, flush=True)


def main() -> int:
    """Build what was named into the folder that was named."""
    # Capture and window come first.
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    folder, *names = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    build(Path(folder), names)
    return 0


if __name__ == "__main__":
    sys.exit(main())
