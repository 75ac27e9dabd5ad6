"""``sh packaging/dev bench [ROW…] [--short] [--json FILE]``: one table, ratios beside figures."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import psutil
import PySide6
import zmq

from tests.benchmarks.rows import ROWS, Row


def machine() -> dict[str, str]:
    """Where and with what the figures were made."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(psutil.cpu_count()),
        "python": platform.python_version(),
        "pyzmq": zmq.__version__,
        "libzmq": zmq.zmq_version(),
        "pyside6": PySide6.__version__,
        "numpy": np.__version__,
    }


def print_row(row: Row) -> None:
    """One row, a figure a line."""
    print(f"\n{row.name}  (aim: {row.aim})")
    for name, value in row.figures.items():
        print(f"  {name:28} {value}")


def main() -> int:
    """Run the rows that were named, or all."""
    parser = argparse.ArgumentParser(prog="packaging/dev bench")
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], metavar="ROW")
    parser.add_argument("--short", action="store_true", help="prove that it works, roughly")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    print("  ".join(f"{name} {value}" for name, value in machine().items()))
    rows = []
    for name in options.rows or ROWS:
        rows.append(ROWS[name](options.short))
        print_row(rows[-1])
    if options.json:
        result = {"machine": machine(), "rows": [asdict(row) for row in rows]}
        options.json.write_text(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
