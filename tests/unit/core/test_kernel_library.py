"""Compiled kernels on disk, and linked kernels in the process."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from zmqscope.core.capture.columns import Columns
from zmqscope.core.kernels import library
from zmqscope.core.kernels.library import ObjectCode, build_key, read_object, write_object


def test_object_code_is_kept_whole(tmp_path: Path) -> None:
    code = ObjectCode("cfunc.entry", bytes(range(256)) * 10)
    write_object(tmp_path, "drain", code)
    assert read_object(tmp_path, "drain") == code
    assert [path.name for path in tmp_path.iterdir()] == ["drain.kernel"]


@pytest.mark.parametrize("spoil", [b"", b"x", b"symbol digest\ncode", b"\xff\xfe\n", b"a b c\n"])
def test_anything_else_is_not_taken_for_object_code(tmp_path: Path, spoil: bytes) -> None:
    (tmp_path / "drain.kernel").write_bytes(spoil)
    assert read_object(tmp_path, "drain") is None
    assert read_object(tmp_path, "absent") is None


def test_the_key_depends_on_processor_and_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = build_key("znver3 +avx2")
    assert key == build_key("znver3 +avx2")
    assert key != build_key("znver4 +avx512f")
    source = tmp_path / "drain.py"
    source.write_text("one")
    monkeypatch.setattr(library, "_sources", lambda: [source])
    first = build_key("znver3 +avx2")
    source.write_text("other")
    assert len({key, first, build_key("znver3 +avx2")}) == 3


def test_the_sources_are_all_modules_that_kernels_are_made_of() -> None:
    """What a kernel's module imports from elsewhere has to change the key, too."""
    sources = library._sources()
    kernels = Path(library.__file__).parent
    needs_numba = ("drain", "send", "search", "frames", "rows", "foreign", "borrowed", "entry")
    assert {kernels / f"{name}.py" for name in needs_numba} <= set(sources)
    for name in needs_numba:
        tree = ast.parse((kernels / f"{name}.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("zmqscope"):
                found = importlib.util.find_spec(str(node.module))
                assert found is not None
                origin = Path(str(found.origin))
                names = [alias.name for alias in node.names]
                files = [origin.parent / f"{each}.py" for each in names]
                assert origin in sources or all(file in sources for file in files), names


def test_a_linked_kernel_takes_integers_arrays_and_tuples() -> None:
    from zmqscope.core.kernels.linker import _put

    words: list[int] = []
    array = np.arange(6, dtype=np.int64).reshape(2, 3)
    _put(7, words)
    _put(array, words)
    _put(Columns(array[0], array[1]), words)
    assert words == [
        7,
        array.ctypes.data,
        2,
        3,
        array[0].ctypes.data,
        3,
        array[1].ctypes.data,
        3,
    ]
