"""Field paths: one text form, read back as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zmqscope.core.decode.field_path import (
    NUMBER_FORMS,
    FieldPath,
    FieldPathError,
    Index,
    Key,
    Name,
    SourceWords,
    Step,
    form_bytes,
    parse_field_path,
)

WORDS = SourceWords(
    frozenset({"json", "msgpack", "numbers", "jupyter"}), frozenset({"zlib", "zstd"})
)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("json", FieldPath(("json",))),
        ("json.imu.accel[2]", FieldPath(("json",), (Name("imu"), Name("accel"), Index(2)))),
        ("msgpack.type", FieldPath(("msgpack",), (Name("type"),))),
        ("zlib.json.header", FieldPath(("zlib", "json"), (Name("header"),))),
        ("zstd.zlib.json", FieldPath(("zstd", "zlib", "json"))),
        # A field may be called like a format or a compression.
        ("json.zlib.json", FieldPath(("json",), (Name("zlib"), Name("json")))),
        ("frame2.json.px", FieldPath(("json",), (Name("px"),), frame=2)),
        ("bytes[4:8].f32le", FieldPath(("bytes",), span=(4, 8), form="f32le")),
        ("zlib.bytes[0:1]", FieldPath(("zlib", "bytes"), span=(0, 1))),
        ("frame3.bytes[0:1].u8", FieldPath(("bytes",), frame=3, span=(0, 1), form="u8")),
        ('json["odd \\"key\\""].x', FieldPath(("json",), (Name('odd "key"'), Name("x")))),
        ("json.a#2[0]", FieldPath(("json",), (Name("a", 2), Index(0)))),
        ("msgpack[key(5)].x", FieldPath(("msgpack",), (Key("5"), Name("x")))),
        ('msgpack[key("f(\\"x\\")")]#3', FieldPath(("msgpack",), (Key('f("x")', 3),))),
        ("numbers[3][4]", FieldPath(("numbers",), (Index(3), Index(4)))),
        ("json.größe-2", FieldPath(("json",), (Name("größe-2"),))),
        ("msgpack.1.2", FieldPath(("msgpack",), (Name("1"), Name("2")))),
    ],
)
def test_texts_and_paths(text: str, path: FieldPath) -> None:
    assert parse_field_path(text, WORDS) == path
    assert str(path) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "does not begin with a format"),
        ("xml.a", "does not begin with a format"),
        ("zlib", "does not begin with a format"),
        ("zlib.a", "does not begin with a format"),
        ("frame0.json", "does not begin with a format"),
        ("json..a", "“..a” is no field"),
        ("json.a[", "“[” is no field"),
        ("json[-1]", "is no field"),
        ("bytes", "does not say which bytes"),
        ("bytes[8:4]", "does not say which bytes"),
        ("bytes[0:4].f128", "“f128” is no number format"),
        ("bytes[4:8].f64le", "f64le takes 8 bytes, but bytes[4:8] has 4. Write bytes[4:12].f64le."),
        ('json["\\q"]', "not written as in JSON"),
    ],
)
def test_what_is_wrong_is_said(text: str, says: str) -> None:
    with pytest.raises(FieldPathError) as told:
        parse_field_path(text, WORDS)
    assert says in told.value.problem.sentence()
    assert told.value.problem.hint


STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(Name, st.text(), st.integers(1, 999)),
    st.builds(Index, st.integers(0, 10**9)),
    st.builds(Key, st.one_of(st.text(), st.integers().map(str)), st.integers(1, 999)),
)


@given(
    st.lists(st.sampled_from(sorted(WORDS.layers)), max_size=3),
    st.sampled_from(sorted(WORDS.formats)),
    st.lists(STEPS, max_size=6),
    st.one_of(st.none(), st.integers(1, 99)),
)
def test_every_path_can_be_read_back(
    layers: list[str], source: str, steps: list[Step], frame: int | None
) -> None:
    path = FieldPath((*layers, source), tuple(steps), frame)
    assert parse_field_path(str(path), WORDS) == path


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        path = parse_field_path(text, WORDS)
    except FieldPathError:
        return
    assert parse_field_path(str(path), WORDS) == path


@pytest.mark.parametrize("form", NUMBER_FORMS)
def test_a_number_form_says_its_size(form: str) -> None:
    assert form_bytes(form) in (1, 2, 4, 8)
    path = FieldPath(("bytes",), span=(3, 3 + form_bytes(form)), form=form)
    assert parse_field_path(str(path), WORDS) == path


def test_the_millionth_field_of_a_name_has_a_path() -> None:
    path = FieldPath(("json",), (Name("a", 1_234_567),))
    assert parse_field_path(str(path), WORDS) == path
