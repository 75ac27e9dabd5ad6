import json

import pytest

from zmqscope.models.composer.json_check import JsonKind, check_json, compact_json, json_spans


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "0",
        '"é"',
        "null",
        ' {"a": [1, -2.5e+10, true, false, null, "x\\"y\\u00e9"]} \n',
        "1" * 5_000,
        '"\\ud800"',
    ],
)
def test_json_is_json(text: str) -> None:
    assert check_json(text) is None


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("", 0, "There is no JSON yet."),
        (" \n", 0, "There is no JSON yet."),
        ('{"a" 1}', 5, "A colon is missing after the key at line 1, column 6."),
        ('{"a": 1 "b": 2}', 8, "A comma is missing at line 1, column 9."),
        ('{"a": 1,\n "b": 2,}', 16, "A comma stands before the closing bracket at line 2"),
        ("[1, 2, ]", 5, "A comma stands before the closing bracket at line 1, column 6."),
        ("{a: 1}", 1, "A key is missing at line 1, column 2."),
        ("['a']", 1, "A value is missing at line 1, column 2."),
        ('{"a": [1, 2', 11, "The JSON ends too early at line 1, column 12."),
        ('{"a": "b', 6, "The string is not closed that begins at line 1, column 7."),
        ('"a\nb"', 2, "A line break or control character stands in a string at line 1"),
        ('"\\x"', 1, "The backslash begins no JSON escape at line 1, column 2."),
        ("{} {}", 3, "The value is complete, but more follows at line 1, column 4."),
        ('{"NaN": [NaN]}', 9, "NaN is not JSON at line 1, column 10."),
        ("[-Infinity]", 1, "-Infinity is not JSON at line 1, column 2."),
        ("\ufeff{}", 0, "A byte-order mark stands at line 1, column 1."),
    ],
)
def test_a_fault_has_a_place_and_a_hint(text: str, at: int, words: str) -> None:
    fault = check_json(text)
    assert fault is not None
    assert fault.problem.text.startswith(words)
    assert fault.problem.hint
    assert fault.at == at


def test_json_that_is_nested_without_end_is_said_to_be_so() -> None:
    fault = check_json("[" * 200_000)
    assert fault is not None
    assert "too deeply" in fault.problem.text


def test_compact_keeps_every_token_as_it_was_typed() -> None:
    text = '{ "a b" :\t[ 1.50 , 1e5,\n"x \\" y" ] }'
    assert compact_json(text) == '{"a b":[1.50,1e5,"x \\" y"]}'
    assert json.loads(compact_json(text)) == json.loads(text)


def test_spans_tell_keys_from_strings() -> None:
    line = '{"ok" : true, "id": "a\\"1", "n": -1.5}'
    spans = [(line[s.start : s.start + s.length], s.kind) for s in json_spans(line)]
    assert spans == [
        ('"ok"', JsonKind.KEY),
        ("true", JsonKind.WORD),
        ('"id"', JsonKind.KEY),
        ('"a\\"1"', JsonKind.STRING),
        ('"n"', JsonKind.KEY),
        ("-1.5", JsonKind.NUMBER),
    ]
