"""What tests of schema decoders need: schemas on disk, trees as plain values, all nodes."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zmqscope.core.decode import schema_files, schemas
from zmqscope.core.decode.decoded import Decoded, DecodeError, Listing, Tree
from zmqscope.core.decode.decoder import Decoder
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.lookup import children_of, step_label
from zmqscope.core.decode.node import Node, NodeKind, Span
from zmqscope.core.decode.payload import NO_OPTIONS, DecodeOptions, Payload

LAB = """
syntax = "proto3";
package lab;
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
enum Color { NONE = 0; RED = 1; BLUE = 5; }
message Point { float x = 1; double y = 2; }
message All {
  double a_double = 1; float a_float = 2; int32 a_int32 = 3; int64 a_int64 = 4;
  uint32 a_uint32 = 5; uint64 a_uint64 = 6; sint32 a_sint32 = 7; sint64 a_sint64 = 8;
  fixed32 a_fixed32 = 9; fixed64 a_fixed64 = 10; sfixed32 a_sfixed32 = 11;
  sfixed64 a_sfixed64 = 12; bool a_bool = 13; string a_string = 14; bytes a_bytes = 15;
  Color a_color = 16; Point a_point = 17;
  repeated sint32 packed = 18; repeated int32 loose = 19 [packed = false];
  repeated double doubles = 20; repeated string names = 21; repeated Point points = 22;
  map<string, int32> counts = 23; map<int64, Point> places = 24; map<bool, string> words = 25;
  oneof choice { string left = 26; Point right = 27; }
  optional int32 maybe = 28; repeated Color colors = 29; All inner = 30;
  map<string, double> reals = 31;
}
message Known {
  google.protobuf.Timestamp at = 1; google.protobuf.Duration took = 2;
  google.protobuf.Any any = 3; google.protobuf.Struct free = 4;
  google.protobuf.Int32Value boxed = 5; google.protobuf.ListValue list = 6;
  google.protobuf.Value value = 7;
}
"""

OLD = """
syntax = "proto2";
package old;
message Base {
  required int32 id = 1;
  repeated group Item = 2 { optional string name = 3; optional int32 size = 4; }
  extensions 100 to 199;
}
extend Base { optional string color = 100; }
"""


def write_schema(folder: Path, name: str, text: str) -> str:
    """A schema on disk, loaded; its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    schema_files.load(str(path))
    return str(path)


def message_class(path: str, name: str) -> Callable[..., Any]:
    """The protobuf library's class for a message of a schema."""
    from google.protobuf.message_factory import GetMessageClass

    schema = schema_files.load(path)
    assert isinstance(schema, schemas.ProtobufSchema)
    return GetMessageClass(schema.message(name))


def root(decoded: Decoded) -> Node:
    """The root of the fields."""
    return next(body.root for body in decoded.bodies if isinstance(body, Tree))


def tree(decoder: Decoder, data: bytes, options: DecodeOptions = NO_OPTIONS) -> Node:
    """The root of the fields of whole bytes."""
    return root(decoder.decode(Payload(data), options))


def plain(node: Node) -> Any:
    """A tree as Python's containers and values; sentences become their text."""
    if node.kind is NodeKind.ERROR:
        return f"! {node.text}"
    if node.children is None:
        return node.value
    children = list(children_of(node))
    if node.kind is NodeKind.ARRAY:
        return [plain(child) for child in children]
    if node.text:
        return node.value
    return {step_label(child.step): plain(child) for child in children}


def child(node: Node, *steps: str | int) -> Node:
    """A field by names and indices."""
    for step in steps:
        wanted = Index(step) if isinstance(step, int) else Name(step)
        node = next(each for each in children_of(node) if each.step == wanted)
    return node


def part(data: bytes, span: Span | None) -> bytes:
    """The bytes that a node says are its own."""
    assert span is not None
    return data[span.start : span.stop]


def walk(node: Node, size: int, limit: int = 3_000) -> list[Node]:
    """All nodes up to a limit; spans are inside of the bytes, texts are short."""
    found: list[Node] = []
    waiting = [node]
    while waiting and len(found) < limit:
        each = waiting.pop()
        found.append(each)
        assert len(each.text) <= 1_000
        for span in (each.span, each.key_span):
            assert span is None or 0 <= span.start <= span.stop <= size, (each, size)
        if each.children is not None:
            for count, inner in enumerate(each.children()):
                waiting.append(inner)
                if count > limit:
                    break
    return found


def survives(decoder: Decoder, data: bytes, options: DecodeOptions = NO_OPTIONS) -> Decoded | None:
    """Whatever the bytes, a decoder answers in time; what it made of them."""
    decoded = None
    for payload in (Payload(data), Payload(data, is_cut=True, size=len(data) + 1_000)):
        if not data or (decoder.first_bytes and data[0] not in decoder.first_bytes):
            continue
        assert 0 <= decoder.sniff(payload) <= 1
    for payload in (Payload(data), Payload(data, is_cut=True, size=len(data) + 1_000)):
        start = time.thread_time()
        with contextlib.suppress(DecodeError):
            decoded = decoder.decode(payload, options)
        assert time.thread_time() - start < 1
        with contextlib.suppress(DecodeError):
            assert len(decoder.preview(payload, options)) <= 400
        if decoded is not None:
            walk(root(decoded), len(data), 300)
            for body in decoded.bodies:
                if isinstance(body, Listing):
                    for count, line in enumerate(body.lines()):
                        assert 0 <= line.span.start <= line.span.stop <= len(data)
                        if count > 300:
                            break
    return decoded
