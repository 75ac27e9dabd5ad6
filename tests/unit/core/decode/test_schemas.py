"""Schemas from disk: what is read, what is said when it cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.schema_rig import LAB, OLD, write_schema
from zmqscope.core.decode import schema_files, schemas
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.schemas import ProtobufSchema, SchemaError


def test_messages_of_the_file_come_first(tmp_path: Path) -> None:
    path = write_schema(tmp_path, "lab.proto", LAB)
    names = schema_files.message_names(path)
    assert names[:3] == ["lab.Point", "lab.All", "lab.Known"]
    assert "google.protobuf.Timestamp" in names[3:]


def test_imports_are_found_beside_the_file_and_above(tmp_path: Path) -> None:
    inner = tmp_path / "proto" / "robot"
    inner.mkdir(parents=True)
    (tmp_path / "proto" / "shared.proto").write_text(
        'syntax = "proto3"; package s; message Id { int32 n = 1; }'
    )
    (inner / "beside.proto").write_text(
        'syntax = "proto3"; package b; import "shared.proto"; message Near { s.Id id = 1; }'
    )
    path = write_schema(
        inner,
        "arm.proto",
        'syntax = "proto3"; import "robot/beside.proto"; message Arm { b.Near near = 1; }',
    )
    assert schema_files.message_names(path) == ["Arm", "s.Id", "b.Near"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('syntax = "proto3";\nmessage A {\n  int32 a = ;\n}', ["Line 3", "broken.proto"]),
        ('syntax = "proto3";\nmessage A { Missing b = 1; }', ["Line 2", "Missing"]),
        ('syntax = "proto3"; import "nowhere/x.proto";', ["nowhere/x.proto", "imports"]),
        ("\0\1\2", ["broken.proto"]),
    ],
)
def test_says_what_is_wrong_with_a_proto_file(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "broken.proto"
    path.write_text(text)
    with pytest.raises(SchemaError) as caught:
        schema_files.load(str(path))
    assert all(word in str(caught.value) for word in words), caught.value
    with pytest.raises(DecodeError) as told:
        schemas.loaded(str(path))
    assert str(told.value) == str(caught.value)


def test_says_that_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="There is no file"):
        schema_files.load(str(tmp_path / "none.proto"))
    with pytest.raises(SchemaError, match="is no file"):
        schema_files.load(str(tmp_path))
    with pytest.raises(SchemaError, match="There is no file"):
        schema_files.load("a\0b.proto")


def test_a_path_that_protoc_would_split_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / f"a{os.pathsep}b"
    folder.mkdir()
    (folder / "a.proto").write_text('syntax = "proto3";')
    with pytest.raises(SchemaError, match="takes no path with"):
        schema_files.load(str(folder / "a.proto"))


def test_what_is_not_loaded_is_said_to_be_read(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match="still being read"):
        schemas.loaded(str(tmp_path / "later.proto"))


def test_a_schema_is_read_again_when_it_or_an_import_has_changed(tmp_path: Path) -> None:
    shared = tmp_path / "shared.proto"
    shared.write_text('syntax = "proto3"; message A { int32 a = 1; }')
    text = 'syntax = "proto3"; import "shared.proto"; message B { A a = 1; }'
    path = write_schema(tmp_path, "b.proto", text)
    first = schema_files.load(path)
    assert schema_files.load(path) is first
    assert schemas.loaded(path) is first
    shared.write_text('syntax = "proto3"; message A { int32 a = 1; } message More { }')
    assert "More" in schema_files.message_names(path)
    assert schemas.loaded(path) is not first


def test_a_file_that_was_mended_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.proto"
    path.write_text("nonsense")
    with pytest.raises(SchemaError):
        schema_files.load(str(path))
    path.write_text('syntax = "proto3"; message A { }')
    assert schema_files.message_names(str(path)) == ["A"]


def _descriptor_set(folder: Path, *arguments: str) -> str:
    (folder / "lab.proto").write_text(LAB)
    target = folder / "lab.desc"
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{folder}", *arguments]
    done = subprocess.run(
        [*command, f"--descriptor_set_out={target}", "lab.proto"], check=False, timeout=60
    )
    assert done.returncode == 0
    return str(target)


@pytest.mark.parametrize("arguments", [("--include_imports",), ()])
def test_descriptor_sets_do_with_and_without_well_known_imports(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    path = _descriptor_set(tmp_path, *arguments)
    assert schema_files.message_names(path)[:3] == ["lab.Point", "lab.All", "lab.Known"]


def test_descriptor_sets_without_their_imports_are_refused(tmp_path: Path) -> None:
    from google.protobuf.descriptor_pb2 import FileDescriptorSet

    found = FileDescriptorSet()
    found.file.add(name="a.proto", dependency=["b.proto"])
    path = tmp_path / "a.desc"
    path.write_bytes(found.SerializeToString())
    with pytest.raises(SchemaError, match=r"b\.proto.*not in the descriptor set"):
        schema_files.load(str(path))
    found.file.add(name="b.proto", dependency=["a.proto"])
    path.write_bytes(found.SerializeToString())
    with pytest.raises(SchemaError, match="imports itself"):
        schema_files.load(str(path))


@pytest.mark.parametrize("data", [b"", b"\xff" * 40, b"hello", os.urandom(4_096)])
def test_files_that_are_no_descriptor_sets_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.desc"
    path.write_bytes(data)
    with pytest.raises(SchemaError, match=r"no Protobuf descriptor set|is broken"):
        schema_files.load(str(path))


def test_a_message_may_have_to_be_chosen(tmp_path: Path) -> None:
    one = schema_files.load(write_schema(tmp_path, "old.proto", OLD))
    assert isinstance(one, ProtobufSchema)
    assert one.message("").full_name == "old.Base"
    many = schema_files.load(write_schema(tmp_path, "lab.proto", LAB))
    assert isinstance(many, ProtobufSchema)
    with pytest.raises(DecodeError, match=r"Choose a message.*lab\.Point"):
        many.message("")
    with pytest.raises(DecodeError, match=r"no message “lab\.Nothing”"):
        many.message("lab.Nothing")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1, 2]", '{"type": "record"}', '{"type": "nothing"}', "[" * 100_000, '{"a": []}'],
)
def test_files_that_are_no_avro_schemas_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.avsc"
    path.write_text(text)
    with pytest.raises(SchemaError, match=r"a\.avsc"):
        schema_files.load(str(path))
