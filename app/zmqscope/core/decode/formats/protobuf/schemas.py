"""Reads message types from .proto files and descriptor sets. Takes seconds; not the GUI thread.

.proto files are compiled by protoc in a child process, with a bound on its time.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zmqscope.core.decode.schemas import ProtobufSchema, SchemaError

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import (
        DescriptorProto,
        FileDescriptorProto,
        FileDescriptorSet,
    )

PROTOC_SECONDS = 30
"""How long protoc may take."""

_MAX_ROOTS = 12
_MAX_MESSAGES = 100_000
_COMPLAINT = re.compile(r"^(?P<file>.+?):(?:(?P<line>\d+):(?P<column>\d+): )?(?P<text>.+)$")


def read_proto(path: Path) -> tuple[ProtobufSchema, list[str]]:
    """Compile a .proto file; imports are looked for beside it and in the folders above.

    Args:
        path: The file.

    Returns:
        Its messages, and the files that they come from.

    Raises:
        SchemaError: protoc does not take it; the text says why and in which line.
    """
    path = path.absolute()
    roots = list(path.parents)[:_MAX_ROOTS]
    if os.pathsep in str(path):
        raise SchemaError(
            f"protoc takes no path with “{os.pathsep}” in it, such as that of “{path.name}”.",
            "Rename the folder, or choose a descriptor set (protoc --descriptor_set_out).",
        )
    if importlib.util.find_spec("grpc_tools") is None:
        raise SchemaError(
            "Reading .proto files takes the package grpcio-tools, which is not installed.",
            "Install it, or choose a descriptor set (protoc --descriptor_set_out).",
        )
    with tempfile.TemporaryDirectory(prefix="zmqscope-") as folder:
        target = Path(folder) / "set.pb"
        _run_protoc(path, roots, target, Path(folder))
        found = _parse_set(target.read_bytes(), path.name)
    files = [str(path)]
    for proto in found.file:
        candidates = (root / proto.name for root in roots)
        files += [str(each) for each in candidates if each.is_file() and each != path][:1]
    return _schema(found, path.name, {found.file[-1].name}), files


def _run_protoc(path: Path, roots: Iterable[Path], target: Path, folder: Path) -> None:
    command = [
        *(sys.executable, "-m", "grpc_tools.protoc"),
        *(f"-I{root}" for root in roots),
        "--include_imports",
        f"--descriptor_set_out={target}",
        str(path),
    ]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROTOC_SECONDS,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        raise SchemaError(
            f"protoc had not read “{path.name}” after {PROTOC_SECONDS} s.",
            "Choose a descriptor set instead (protoc --descriptor_set_out).",
        ) from None
    except OSError as error:
        raise SchemaError(f"protoc could not be started: {error.strerror}.") from None
    if done.returncode or not target.is_file():
        raise _complaint(path, done.stderr.decode(errors="replace"))


def _complaint(path: Path, said: str) -> SchemaError:
    """The first error of protoc in words; what comes later mostly follows from it."""
    lines = [line for line in said.splitlines() if line and ": warning: " not in line]
    found = _COMPLAINT.match(lines[0]) if lines else None
    if found is None:
        text = lines[-1][:300] if lines else "it said nothing"
        return SchemaError(f"protoc cannot read “{path.name}”: {text}", "Mend it, then try again.")
    name, line, text = Path(found["file"]).name, found["line"], found["text"].strip()
    if text.startswith("File not found"):
        return SchemaError(
            f"“{path.name}” imports “{found['file']}”, which is in none of the folders above it.",
            "Put it there, or choose a descriptor set made with --include_imports.",
        )
    where = f"Line {line} of “{name}”" if line else f"“{name}”"
    return SchemaError(f"{where}: {text[:300].rstrip('.')}.", "Mend it, then try again.")


def read_descriptor_set(path: Path) -> ProtobufSchema:
    """Read a FileDescriptorSet.

    Raises:
        SchemaError: It is none, or imports are missing.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SchemaError(f"“{path.name}” cannot be read: {error.strerror}.") from None
    found = _parse_set(data, path.name)
    imported = {name for each in found.file for name in each.dependency}
    own = {each.name for each in found.file} - imported
    return _schema(found, path.name, own or {found.file[-1].name})


def _parse_set(data: bytes, name: str) -> FileDescriptorSet:
    from google.protobuf.descriptor_pb2 import FileDescriptorSet
    from google.protobuf.message import DecodeError as LibraryError

    found = FileDescriptorSet()
    try:
        found.ParseFromString(data)
    except LibraryError:
        found.Clear()
    if not found.file or not all(each.name for each in found.file):
        raise SchemaError(
            f"“{name}” is no Protobuf descriptor set.",
            "Choose a .proto file or what protoc --descriptor_set_out has written.",
        )
    return found


def _schema(found: FileDescriptorSet, name: str, own: set[str]) -> ProtobufSchema:
    """Messages of a set, those of the files named in ``own`` first."""
    from google.protobuf.descriptor_pool import DescriptorPool

    pool = DescriptorPool()
    for each in _in_order(found, name):
        try:
            pool.Add(each)
        except (TypeError, ValueError) as error:
            text = str(error).strip().splitlines()
            raise SchemaError(
                f"“{each.name}” in “{name}” is broken: {(text or [''])[-1][:300]}",
                "Make the descriptor set anew.",
            ) from None
    firsts = [full for each in found.file if each.name in own for full in _names_of(each)]
    others = [full for each in found.file if each.name not in own for full in _names_of(each)]
    return ProtobufSchema(tuple((firsts + others)[:_MAX_MESSAGES]), len(firsts), pool)


def _in_order(found: FileDescriptorSet, name: str) -> list[FileDescriptorProto]:
    """The files of a set, each behind those that it imports; well-known ones are brought along."""
    files = {each.name: each for each in found.file}
    ordered: dict[str, FileDescriptorProto] = {}
    for first in list(files):
        waiting = [(first, iter(files[first].dependency))]
        on_the_way = {first}
        while waiting:
            current, imports = waiting[-1]
            needed = next((each for each in imports if each not in ordered), None)
            if needed is None:
                waiting.pop()
                ordered.setdefault(current, files[current])
                continue
            if needed in on_the_way:
                raise SchemaError(f"“{name}” is broken: “{needed}” imports itself.")
            if needed not in files:
                files[needed] = _well_known(needed, current)
            on_the_way.add(needed)
            waiting.append((needed, iter(files[needed].dependency)))
    return list(ordered.values())


def _well_known(name: str, importer: str) -> FileDescriptorProto:
    from google.protobuf import descriptor_pb2

    module = name.removesuffix(".proto").replace("/", ".") + "_pb2"
    if name.startswith("google/protobuf/") and re.fullmatch(r"[a-z_.0-9]+", module):
        try:
            descriptor = importlib.import_module(module).DESCRIPTOR
        except ImportError:
            pass
        else:
            proto = descriptor_pb2.FileDescriptorProto()
            descriptor.CopyToProto(proto)
            return proto
    raise SchemaError(
        f"“{importer}” imports “{name}”, which is not in the descriptor set.",
        "Make it anew with protoc --include_imports.",
    )


def _names_of(file: FileDescriptorProto) -> Iterator[str]:
    prefix = f"{file.package}." if file.package else ""
    waiting: list[tuple[str, DescriptorProto]] = [
        (prefix + each.name, each) for each in reversed(file.message_type)
    ]
    while waiting:
        full, message = waiting.pop()
        if not message.options.map_entry:
            yield full
        waiting += [(f"{full}.{each.name}", each) for each in reversed(message.nested_type)]
