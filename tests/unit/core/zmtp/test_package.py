"""The codec could stand alone: it imports nothing of this project but itself."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import zmqscope.core.zmtp

PACKAGE = Path(str(zmqscope.core.zmtp.__file__)).parent


def imported_by(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module))
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


def test_it_imports_only_itself_python_and_numpy() -> None:
    modules = sorted(PACKAGE.glob("*.py"))
    assert len(modules) > 10
    for path in modules:
        for name in imported_by(path):
            top = name.partition(".")[0]
            is_own = name.startswith("zmqscope.core.zmtp")
            is_numpy = top == "numpy" and path.stem == "scan"
            assert is_own or is_numpy or top in sys.stdlib_module_names, (path.name, name)
