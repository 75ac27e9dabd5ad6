"""From laid-out JSON to the characters it came from, and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zmqscope.models.inspector.frame_text import FrameForm, FrameReading, FrameText
from zmqscope.models.inspector.text_places import units

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


def laid_out(data: bytes) -> tuple[FrameText, str]:
    text = FrameReading(data).text(FrameForm.JSON)
    assert text.is_pretty
    parts = []
    while not text.at_end:
        parts.append(text.read(10))
    return text, "".join(parts)


def shown_of(shown: str, places: tuple[int, int] | None) -> str:
    assert places is not None
    raw = shown.encode("utf-16-le", "surrogatepass")
    return raw[2 * places[0] : 2 * places[1]].decode("utf-16-le", "surrogatepass")


def test_a_value_and_its_bytes() -> None:
    data = b'{"a":1, "be" :  [true,null]}'
    text, shown = laid_out(data)
    for token in (b'"a"', b"1", b'"be"', b"true", b"null"):
        start = data.index(token)
        places = text.places_between(start, start + len(token))
        assert shown_of(shown, places) == token.decode()
        assert places is not None
        assert text.bytes_between(*places) == (start, start + len(token))


def test_what_stands_between_tokens_is_left_out() -> None:
    data = b'{ "a" : 1 }'
    text, shown = laid_out(data)
    assert shown == '{\n  "a": 1\n}'
    # The line with its indent, and its break.
    assert text.bytes_between(1, 11) == (2, 9)
    assert shown_of(shown, text.places_between(1, 10)) == '"a": 1'
    assert text.bytes_between(2, 2) == (2, 3)
    assert shown_of(shown, text.places_between(8, 8)) == "1"


def test_signs_and_characters_of_several_bytes() -> None:
    data = '{"k\u202e語": "\U0001f600x"}'.encode()
    text, shown = laid_out(data)
    for part, sign in (("語", "語"), ("\u202e", "⟨U+202E⟩"), ("\U0001f600", "\U0001f600")):
        start = data.index(part.encode())
        places = text.places_between(start, start + len(part.encode()))
        assert shown_of(shown, places) == sign
        assert places is not None
        assert text.bytes_between(*places) == (start, start + len(part.encode()))


def test_far_inside_of_many_pieces() -> None:
    data = json.dumps([{"number": at, "text": "ü" * 9} for at in range(9_000)]).encode()
    text, shown = laid_out(data)
    for at in (0, 1, 999, 4_500, 8_999):
        start = data.index(f'"number": {at},'.encode()) + 10
        places = text.places_between(start, start + len(str(at)))
        assert shown_of(shown, places) == str(at)
        assert places is not None
        assert text.bytes_between(*places) == (start, start + len(str(at)))


def test_a_string_longer_than_a_line() -> None:
    data = json.dumps(["x" * 50_000 + "end"]).encode()
    text, shown = laid_out(data)
    start = data.index(b"end")
    places = text.places_between(start, start + 3)
    assert shown_of(shown, places) == "end"
    assert places is not None
    assert text.bytes_between(*places) == (start, start + 3)


@settings(deadline=None, max_examples=40)
@given(_VALUES, st.sampled_from([None, 1]), st.booleans())
def test_every_byte_of_a_token_leads_to_its_place_and_back(
    value: object, indent: int | None, is_ascii: bool
) -> None:
    source = json.dumps([value], indent=indent, ensure_ascii=is_ascii)
    text, _ = laid_out(source.encode())
    place = 0
    for char in source:
        size = len(char.encode())
        places = text.places_between(place, place + size)
        assert places is not None
        if not char.isspace():
            assert text.bytes_between(*places) == (place, place + size)
            assert places[1] - places[0] >= units(char)
        place += size


@pytest.mark.parametrize("place", [0, 5, 10_000])
def test_nothing_was_given_out_yet(place: int) -> None:
    text = FrameReading(b"[1,2,3]").text(FrameForm.JSON)
    assert text.places_between(place, place + 1) is None
    assert text.bytes_between(place, place) == (0, 0)
