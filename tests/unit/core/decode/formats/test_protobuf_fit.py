"""Which message of a schema bytes are of, and what is said where the chosen one is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.schema_rig import LAB, message_class, write_schema
from zmqscope.core.decode import schema_files, schemas
from zmqscope.core.decode.decoded import BadSchemaError
from zmqscope.core.decode.formats.protobuf.decoder import ProtobufDecoder
from zmqscope.core.decode.formats.protobuf.fit import best_message, fit_of
from zmqscope.core.decode.payload import DecodeOptions, Payload
from zmqscope.core.decode.schemas import ProtobufSchema

ROBOT = """
syntax = "proto3"; package robot;
message Vec { double x = 1; double y = 2; double z = 3; }
message Pose { string frame = 1; Vec position = 2; repeated float cov = 3; }
message Health { string node = 1; uint32 errors = 2; map<string, int32> counts = 3; }
message Blob { bytes frame = 1; Vec position = 2; }
"""


@pytest.fixture
def robot(tmp_path: Path) -> str:
    return write_schema(tmp_path, "robot.proto", ROBOT)


def schema_of(path: str) -> ProtobufSchema:
    schema = schema_files.load(path)
    assert isinstance(schema, ProtobufSchema)
    return schema


def samples(path: str) -> dict[str, bytes]:
    def made(name: str) -> Callable[..., Any]:
        return message_class(path, f"robot.{name}")

    vec = made("Vec")(x=1.5, y=-2.0, z=0.25)
    return {
        "robot.Vec": vec.SerializeToString(),
        "robot.Pose": made("Pose")(frame="map", position=vec, cov=[0.1]).SerializeToString(),
        "robot.Health": made("Health")(node="lidar", errors=3, counts={"a": 1}).SerializeToString(),
        "robot.Blob": made("Blob")(frame=b"\xff\xfe\x80", position=vec).SerializeToString(),
    }


def test_the_message_that_fits_best_is_the_right_one(robot: str) -> None:
    for name, data in samples(robot).items():
        assert best_message(data, schema_of(robot)) == name
        assert fit_of(data, schema_of(robot).message(name)).is_whole


def test_nothing_tells_apart_an_empty_message(robot: str) -> None:
    assert best_message(b"", schema_of(robot)) == "robot.Vec"


def test_a_wrong_message_is_said_and_the_right_one_named(robot: str) -> None:
    data = samples(robot)["robot.Health"]
    decoder = ProtobufDecoder()
    options = DecodeOptions(schema=robot, message="robot.Vec")
    (note,) = decoder.decode(Payload(data), options).notes
    assert note == (
        "Fields 1, 2, 3 cannot be what robot.Vec says of them. "
        "robot.Health would fit: choose it in the options."
    )
    right = DecodeOptions(schema=robot, message="robot.Health")
    assert not decoder.decode(Payload(data), right).notes


def test_fields_that_are_new_are_no_contradiction(robot: str, tmp_path: Path) -> None:
    newer = write_schema(
        tmp_path / "newer", "robot.proto", ROBOT.replace("uint32 errors = 2;", "uint32 e = 9;")
    )
    made = message_class(newer, "robot.Health")
    data = made(node="lidar", e=3).SerializeToString()
    options = DecodeOptions(schema=robot, message="robot.Health")
    for note in ProtobufDecoder().decode(Payload(data), options).notes:
        assert "cannot be" not in note


def test_without_a_message_each_payload_is_what_it_fits(robot: str) -> None:
    decoder = ProtobufDecoder()
    options = DecodeOptions(schema=robot)
    for name, data in samples(robot).items():
        decoded = decoder.decode(Payload(data), options)
        assert decoded.type == name
        assert decoded.notes[0] == f"Read as {name}, which fits best of the schema."
        short = name.partition(".")[2]
        for _ in range(2):
            assert decoder.preview(Payload(data), options).startswith(f"protobuf {short}")


def test_a_large_schema_is_gone_through_in_time(tmp_path: Path) -> None:
    many = LAB + "\n".join(
        f"message M{n} {{ All all = 1; string s{n} = {n + 2}; }}" for n in range(800)
    )
    path = write_schema(tmp_path, "many.proto", many)
    data = message_class(path, "lab.M500")(s500="here").SerializeToString()
    assert best_message(data, schema_of(path)) == "lab.M500"
    decoder = ProtobufDecoder()
    start = time.thread_time()
    decoder.decode(Payload(data), DecodeOptions(schema=path, message="lab.Point"))
    assert time.thread_time() - start < 2.0


def test_the_schema_is_to_blame_and_not_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "bad.proto"
    path.write_text('syntax = "proto3";\nmessage A { string a; }')
    with pytest.raises(schemas.SchemaError):
        schema_files.load(str(path))
    with pytest.raises(BadSchemaError, match=r"Line 2 of “bad\.proto”"):
        ProtobufDecoder().decode(Payload(b"\x08\x01"), DecodeOptions(schema=str(path)))
