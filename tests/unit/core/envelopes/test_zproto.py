from __future__ import annotations

import pytest

from tests.envelope_rig import fields
from zmqscope.core.decode.decoded import DecodeError, Tree
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.envelopes.zproto import Codec, Command, Field, Kind, sureness

CODEC = Codec(
    b"\xaa\xaf",
    {
        1: Command("ALL", (Field("four", Kind.NUMBER_4), Field("word", Kind.STRING))),
        2: Command("LISTS", (Field("list", Kind.STRINGS), Field("map", Kind.DICTIONARY))),
    },
    (Field("version", Kind.NUMBER_1),),
)
ALL = b"\xaa\xaf\1\7\0\0\1\0\2hi"
LISTS = b"\xaa\xaf\2\7\0\0\0\2\0\0\0\1a\0\0\0\1b\0\0\0\1\1k\0\0\0\1v"


def test_values_by_name() -> None:
    reading = CODEC.read(ALL)
    assert reading is not None
    assert (reading.command.name, reading.problem, reading.stop) == ("ALL", "", len(ALL))
    assert [reading.number(name) for name in ("version", "four", "none")] == [7, 256, None]
    assert (reading.text("word"), reading.text("none"), reading.texts("none")) == ("hi", "", [])
    lists = CODEC.read(LISTS)
    assert lists is not None
    assert (lists.texts("list"), lists.texts("map")) == (["a", "b"], ["v"])


def test_what_is_none() -> None:
    for data in (b"", b"\xaa\xaf", b"\xaa\xae\1\7", b"\xaa\xaf\3\7"):
        assert CODEC.read(data) is None
        with pytest.raises(DecodeError):
            CODEC.decode(data)


@pytest.mark.parametrize("data", [ALL, LISTS])
def test_a_frame_that_ends_anywhere(data: bytes) -> None:
    for end in range(3, len(data)):
        reading = CODEC.read(data[:end])
        assert reading is not None
        assert reading.problem
        assert sureness(reading, end) == 0.7
        assert sureness(reading, len(data)) == 0.9
    whole = CODEC.read(data)
    assert whole is not None
    assert sureness(whole, len(data)) == 0.97


def test_what_follows_the_command_is_shown() -> None:
    found = fields(CODEC.decode(ALL + b"more"))
    assert found["rest"].value == b"more"
    assert found["word"].value == "hi"


def test_lists_are_bounded() -> None:
    long = b"\xaa\xaf\2\7" + (50).to_bytes(4) + b"\0\0\0\0" * 50 + bytes(4)
    whole = CODEC.read(long)
    assert whole is not None
    assert not whole.problem
    few = CODEC.read(long, most=49)
    assert few is not None
    assert few.problem == "list"
    body = CODEC.decode(long).bodies[0]
    assert isinstance(body, Tree)
    assert [node.count for node in children_of(body.root)][-2:] == [50, 0]
