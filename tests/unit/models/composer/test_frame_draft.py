import pytest

from zmqscope.core.errors import PayloadError
from zmqscope.models.composer.frame_draft import (
    MAX_LINE_CHARS,
    MAX_SHOWN_CHARS,
    FrameDraft,
    FrameFormat,
    HeldBytes,
    LineEnd,
    check_frame,
    compact_frame,
    convert_frame,
    draft_of,
    frame_problem,
    is_perhaps_text,
    to_base64,
    to_hex,
    typed_as,
)

TEXT, HEX, BASE64, JSON = FrameFormat


def data_of(frame_format: FrameFormat, text: str) -> bytes | None:
    return check_frame(FrameDraft(frame_format, text)).data


def test_text_is_utf_8_and_escapes_mean_nothing() -> None:
    assert data_of(TEXT, "Grüße\\n\\x00\n") == "Grüße\\n\\x00\n".encode()
    assert data_of(TEXT, "") == b""


def test_line_breaks_may_be_sent_as_crlf() -> None:
    draft = FrameDraft(TEXT, "GET /\n\n", LineEnd.CRLF)
    assert check_frame(draft).data == b"GET /\r\n\r\n"


def test_a_lone_surrogate_is_refused_with_its_place() -> None:
    check = check_frame(FrameDraft(TEXT, "a\n\ud800b", LineEnd.CRLF))
    assert check.data is None
    assert check.at == 2
    assert check.problem is not None
    assert "line 2, column 1" in check.problem.text


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", b""),
        (" : ", b""),
        ("006b8B", b"\x00\x6b\x8b"),
        ("00 6b:8b\n45\t67", b"\x00\x6b\x8b\x45\x67"),
        ("00\u00a06b", b"\x00\x6b"),
    ],
)
def test_hex(text: str, data: bytes) -> None:
    assert data_of(HEX, text) == data


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("0", 0, "The hex digit 0 at position 1 stands alone."),
        ("00 6b 8", 6, "The hex digit 8 at position 7 stands alone."),
        ("00 6 b8", 3, "The hex digit 6 at position 4 stands alone."),
        ("00 6b\n8 45", 6, "The hex digit 8 at line 2, column 1 stands alone."),
        ("00 xy", 3, "“x” at position 4 is not a hex digit."),
        ("0x00", 0, "The hex digit 0 at position 1 stands alone."),
        ("00 \x00", 3, "U+0000 at position 4 is not a hex digit."),
        ("00é", 2, "“é” at position 3 is not a hex digit."),
    ],
)
def test_a_fault_in_hex_has_its_place(text: str, at: int, words: str) -> None:
    check = check_frame(FrameDraft(HEX, text))
    assert check.problem is not None
    assert (check.problem.text, check.at) == (words, at)
    assert check.problem.hint


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", b""),
        ("AGuLRWc=", b"\x00\x6b\x8b\x45\x67"),
        ("AGuLRWc", b"\x00\x6b\x8b\x45\x67"),
        ("+/+/", b"\xfb\xff\xbf"),
        ("-_-_", b"\xfb\xff\xbf"),
        ("QU\nI=\n", b"AB"),
        ("QQ==", b"A"),
        ("QQ", b"A"),
    ],
)
def test_base64_standard_and_url_safe(text: str, data: bytes) -> None:
    assert data_of(BASE64, text) == data


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("QUJDR", 4, "The base64 character R at position 5 stands alone."),
        ("QQ===", 2, "There are too many = at position 3."),
        ("QUJD=", 4, "There are too many = at position 5."),
        ("QQ==QQ", 4, "“Q” at position 5 follows the = that ends base64."),
        ("QU*=", 2, "“*” at position 3 is not a base64 character."),
        ("é==", 0, "“é” at position 1 is not a base64 character."),
        ("QQ== *", 5, "“*” at position 6 is not a base64 character."),
    ],
)
def test_a_fault_in_base64_has_its_place(text: str, at: int, words: str) -> None:
    check = check_frame(FrameDraft(BASE64, text))
    assert check.problem is not None
    assert (check.problem.text, check.at) == (words, at)
    assert check.problem.hint


def test_json_is_sent_as_typed() -> None:
    text = '{ "b": 1.0,\n  "a": 1e2 }'
    assert data_of(JSON, text) == text.encode()
    check = check_frame(FrameDraft(JSON, '{"a": }'))
    assert check.data is None
    assert check.at == 6


def test_compact_touches_only_json() -> None:
    assert compact_frame(FrameDraft(JSON, '{ "a": 1 }')).text == '{"a":1}'
    assert compact_frame(FrameDraft(JSON, '{ "a": ')).text == '{ "a": '
    assert compact_frame(FrameDraft(TEXT, "{ }")).text == "{ }"


@pytest.mark.parametrize(
    ("data", "frame_format", "text"),
    [
        (b"", TEXT, ""),
        (b"EURUSD", TEXT, "EURUSD"),
        ("zwei\nZeilen\t€\u00a0👩\u200d🚀".encode(), TEXT, "zwei\nZeilen\t€\u00a0👩\u200d🚀"),
        (b'{"a": 1}', JSON, '{"a": 1}'),
        (b" [1]\n", JSON, " [1]\n"),
        (b"12", TEXT, "12"),
        (b"{not json", TEXT, "{not json"),
        (b"\x00\x6b\x8b\x45\x67", HEX, "00 6b 8b 45 67"),
        (b"\x01EUR", HEX, "01 45 55 52"),
        ("\u202egnp.exe".encode(), HEX, "e2 80 ae 67 6e 70 2e 65 78 65"),
        (b"a\rb", HEX, "61 0d 62"),
        (b"a\r\nb\n", HEX, "61 0d 0a 62 0a"),
    ],
)
def test_bytes_are_shown_as_they_read_best(
    data: bytes, frame_format: FrameFormat, text: str
) -> None:
    draft = draft_of(data)
    assert (draft.format, draft.text) == (frame_format, text)
    assert check_frame(draft).data == data


def test_text_with_crlf_throughout_keeps_it() -> None:
    draft = draft_of(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert draft.format is TEXT
    assert draft.line_end is LineEnd.CRLF
    assert check_frame(draft).data == b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize("data", [bytes(MAX_SHOWN_CHARS), b"x" * (MAX_LINE_CHARS + 1)])
def test_large_frames_are_held_and_still_sent(data: bytes) -> None:
    draft = draft_of(data, "message #123")
    assert draft.held is not None
    assert draft.held.words().endswith("of bytes loaded from message #123 (not shown)")
    assert check_frame(draft).data is data
    assert not draft.is_blank


def test_held_bytes_say_where_they_came_from_or_nothing() -> None:
    assert HeldBytes(bytes(2_500_000)).words() == "2.5 MB of bytes (not shown)"


@pytest.mark.parametrize("source", list(FrameFormat))
@pytest.mark.parametrize("target", list(FrameFormat))
def test_conversion_keeps_the_bytes(source: FrameFormat, target: FrameFormat) -> None:
    data = '{"ü": 1}\n'.encode()
    draft = {
        TEXT: FrameDraft(TEXT, data.decode()),
        JSON: FrameDraft(JSON, data.decode()),
        HEX: FrameDraft(HEX, data.hex(":")),
        BASE64: FrameDraft(BASE64, to_base64(data)),
    }[source]
    converted = convert_frame(draft, target)
    assert converted.format is target
    assert check_frame(converted).data == data


def test_bytes_that_are_not_utf_8_cannot_become_text() -> None:
    draft = FrameDraft(HEX, "41 42 ff")
    for target in (TEXT, JSON):
        with pytest.raises(PayloadError) as caught:
            convert_frame(draft, target)
        assert caught.value.problem.text == "These bytes are not UTF-8: 0xff at offset 2."
        assert caught.value.problem.hint == "Keep hex or base64."


def test_bytes_that_the_editor_would_change_cannot_become_text() -> None:
    with pytest.raises(PayloadError, match="lone carriage return"):
        convert_frame(FrameDraft(HEX, "61 0d 62"), TEXT)
    with pytest.raises(PayloadError, match=r"U\+2029"):
        convert_frame(FrameDraft(HEX, "\u2029".encode().hex()), TEXT)


def test_what_is_not_its_format_is_taken_over_as_typed() -> None:
    assert convert_frame(FrameDraft(HEX, "hello"), TEXT) == FrameDraft(TEXT, "hello")
    assert convert_frame(FrameDraft(JSON, "{"), TEXT) == FrameDraft(TEXT, "{")
    assert convert_frame(FrameDraft(TEXT, "{"), JSON) == FrameDraft(JSON, "{")


def test_a_conversion_that_could_not_be_shown_is_refused() -> None:
    draft = FrameDraft(TEXT, "line\n" * (MAX_SHOWN_CHARS // 5))
    with pytest.raises(PayloadError, match="As hex this frame would be too long"):
        convert_frame(draft, HEX)
    with pytest.raises(PayloadError, match="too large to be shown in any format"):
        convert_frame(FrameDraft(held=HeldBytes(b"x")), HEX)


def test_a_long_text_is_held() -> None:
    text = "y" * (MAX_LINE_CHARS + 1)
    assert typed_as(FrameDraft(), text, "the clipboard").held == HeldBytes(
        text.encode(), "the clipboard"
    )
    assert typed_as(FrameDraft(JSON), text, "").held == HeldBytes(text.encode())
    assert typed_as(FrameDraft(HEX), "00" * MAX_LINE_CHARS, "").held == HeldBytes(
        bytes(MAX_LINE_CHARS)
    )
    assert typed_as(FrameDraft(HEX), "00", "") == FrameDraft(HEX, "00")
    with pytest.raises(PayloadError, match="not a hex digit"):
        typed_as(FrameDraft(HEX), text, "")


def test_long_hex_and_base64_have_line_breaks() -> None:
    data = bytes(range(256)) * 40
    assert max(map(len, to_hex(data).splitlines())) < 4_000
    assert max(map(len, to_base64(data).splitlines())) < 5_000
    assert data_of(HEX, to_hex(data)) == data
    assert data_of(BASE64, to_base64(data)) == data


@pytest.mark.parametrize(
    ("draft", "is_meant"),
    [
        (FrameDraft(HEX, "bob"), True),
        (FrameDraft(HEX, "00 6"), True),
        (FrameDraft(FrameFormat.BASE64, "a b!"), True),
        (FrameDraft(HEX, "b0b0"), False),
        (FrameDraft(HEX, " "), False),
        (FrameDraft(FrameFormat.JSON, "bob"), False),
        (FrameDraft(FrameFormat.TEXT, "bob"), False),
        (FrameDraft(HEX, "\ud800"), False),
    ],
)
def test_text_where_digits_are_expected_is_told_the_way(draft: FrameDraft, is_meant: bool) -> None:
    assert is_perhaps_text(draft) is is_meant
    problem = frame_problem(draft, check_frame(draft))
    hint = "" if problem is None else problem.hint
    assert ("to text" in hint) is is_meant
