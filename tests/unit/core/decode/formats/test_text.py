"""Text: what is taken for it, which encoding it is in, and that anything can be shown as text."""

from __future__ import annotations

import os
import random
import struct
import time

import cbor2
import msgpack
import pytest

from zmqscope.core.decode.decoded import DecodeError, TextBody
from zmqscope.core.decode.encodings import (
    ENCODINGS,
    Encoding,
    detect,
    encoding_title,
    known_encoding,
)
from zmqscope.core.decode.formats.text import TEXT
from zmqscope.core.decode.payload import NO_OPTIONS, DecodeOptions, Payload

GERMAN = "Die Prüfgröße für Äpfel übersteigt die Höhe – „Straße“ und Größe.\n"
RUSSIAN = "Привет, мир! Это обычное русское предложение про погоду и температуру.\n"
JAPANESE = "これは日本語の文章です。温度は二十度で、湿度は五十パーセントです。\n"
SIMPLIFIED = "这是一个中文句子。温度是二十度。湿度是百分之五十。今天天气很好。\n"
TRADITIONAL = "這是一個中文句子。溫度是二十度。濕度是百分之五十。今天天氣很好。\n"
KOREAN = "이것은 한국어 문장입니다. 온도는 이십 도이고 습도는 오십 퍼센트입니다.\n"
GREEK = "Αυτή είναι μια ελληνική πρόταση με τον καιρό και τη θερμοκρασία.\n"
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy o počasí a teplotě.\n"
HEBREW = "זהו משפט בעברית על מזג האוויר והטמפרטורה של היום.\n"
ARABIC = "هذه جملة عربية عن الطقس ودرجة الحرارة اليوم.\n"
THAI = "นี่คือประโยคภาษาไทยเกี่ยวกับสภาพอากาศและอุณหภูมิวันนี้\n"

WRITTEN = [
    ("cp1252", GERMAN),
    ("cp1251", RUSSIAN),
    ("koi8-r", RUSSIAN),
    ("cp932", JAPANESE),
    ("euc_jp", JAPANESE),
    ("iso2022_jp", JAPANESE),
    ("gb18030", SIMPLIFIED),
    ("big5hkscs", TRADITIONAL),
    ("cp949", KOREAN),
    ("cp1253", GREEK),
    ("cp1250", CZECH),
    ("cp1255", HEBREW),
    ("cp1256", ARABIC),
    ("cp874", THAI),
    ("utf-8", RUSSIAN),
    ("utf-16-le", "temperature = 21.5\n"),
    ("utf-16-be", "temperature = 21.5\n"),
    ("utf-32-le", "temperature = 21.5\n"),
    ("utf-32-be", "temperature = 21.5\n"),
]


def body_of(data: bytes, options: DecodeOptions = NO_OPTIONS) -> TextBody:
    (body,) = TEXT.decode(Payload(data), options).bodies
    assert isinstance(body, TextBody)
    return body


@pytest.mark.parametrize(
    ("data", "least"),
    [
        (b"EURUSD", 0.94),
        (b"1", 0.7),
        (b"OK", 0.8),
        ("Größe €".encode(), 0.94),
        (b"line\r\n\tnext\n", 0.94),
        (b"C string\0", 0.8),
        (b"\x1b[31mred\x1b[0m and some more words", 0.7),
        ("\ufeffmarked".encode(), 0.9),
        ("Grüße aus Köln".encode("utf-16"), 0.9),
        ("Grüße aus Köln".encode("utf-16-le"), 0.8),
        ("temperature".encode("utf-32-be"), 0.8),
        (RUSSIAN.encode("utf-16"), 0.9),
        ((GERMAN * 3).encode("cp1252"), 0.5),
        ((RUSSIAN * 3).encode("cp1251"), 0.5),
        ((RUSSIAN * 3).encode("koi8-r"), 0.5),
        ((JAPANESE * 3).encode("cp932"), 0.5),
        ((JAPANESE * 3).encode("euc_jp"), 0.4),
    ],
)
def test_what_is_text(data: bytes, least: float) -> None:
    assert least <= TEXT.sniff(Payload(data)) <= 0.94


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        b"\x00\x00\x00\x01",
        b"\x01\x02a",
        b"\xff\xfe",
        b"\xff\xfe\x00",
        b"\x08\x96\x01",
        bytes(100),
        struct.pack("<8d", *(0.1 * n for n in range(8))),
        struct.pack("<16i", *range(-8, 8)),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        cbor2.dumps({"a": [1, 2, 3], "b": b"\0\1"}),
    ],
)
def test_what_is_no_text(data: bytes) -> None:
    assert TEXT.sniff(Payload(data)) < 0.5


def test_control_characters_make_it_less_likely() -> None:
    likely = [TEXT.sniff(Payload(b"\x05" * n + b"a" * (100 - n))) for n in range(0, 40, 5)]
    assert likely == sorted(likely, reverse=True)
    assert likely[0] == 0.94
    assert likely[-1] == 0.0


def test_a_beginning_may_end_inside_a_character() -> None:
    data = "aaa€".encode()
    assert TEXT.sniff(Payload(data[:-1], is_cut=True)) == pytest.approx(0.93)
    assert TEXT.sniff(Payload(data[:-1])) < 0.5
    assert TEXT.sniff(Payload(b"a" * 510 + data)) == 0.94


def test_random_bytes_and_messagepack_give_way() -> None:
    wrong = 0
    picked = random.Random(1)
    for _ in range(10_000):
        wrong += TEXT.sniff(Payload(picked.randbytes(picked.choice((8, 16, 100, 512))))) >= 0.5
    assert wrong < 10
    record = msgpack.packb({"type": "tick", "book": "FX-1", "px": 1.25, "qty": 400})
    assert TEXT.sniff(Payload(record)) < 0.8


@pytest.mark.parametrize(("name", "text"), WRITTEN)
def test_the_encoding_is_detected(name: str, text: str) -> None:
    data = (text * 3).encode(name)
    assert body_of(data) == TextBody(name)
    # However much follows, and wherever the sample ends.
    for extra in range(4):
        long = (text * 400).encode(name) + "a".encode(name) * extra
        assert body_of(long).encoding == name
        assert long.decode(name).startswith(text)


@pytest.mark.parametrize(("name", "text"), [one for one in WRITTEN[:14] if one[0] != "iso2022_jp"])
def test_it_is_detected_behind_a_long_plain_beginning(name: str, text: str) -> None:
    data = b"plain words and more of them\n" * 20_000 + (text * 3).encode(name)
    assert body_of(data).encoding == name


@pytest.mark.parametrize("bad", [b"\xff", b"\xfc ", b"\xe4\xf6"])
def test_utf_8_stays_utf_8_where_a_few_bytes_of_it_are_broken(bad: bytes) -> None:
    data = "naïve Grüße, 語 Ω für alle\n".encode() * 3 + bad + b" and on\n"
    found = detect(data)
    assert (found.name, found.is_guess, found.fits) == ("utf-8", False, False)
    decoded = TEXT.decode(Payload(data), NO_OPTIONS)
    assert decoded.notes == ("It is UTF-8 with broken bytes in it.",)


def test_a_guess_says_that_it_is_one() -> None:
    decoded = TEXT.decode(Payload((RUSSIAN * 2).encode("koi8-r")), NO_OPTIONS)
    assert decoded.type == "text · Cyrillic (KOI8-R)"
    assert "is a guess" in decoded.notes[0]
    assert TEXT.decode(Payload(b"abc"), NO_OPTIONS).notes == ()


@pytest.mark.parametrize(
    ("codec", "name", "mark"),
    [("utf-8-sig", "utf-8", 3), ("utf-16", "utf-16-le", 2), ("utf-32", "utf-32-le", 4)],
)
def test_byte_order_marks(codec: str, name: str, mark: int) -> None:
    data = RUSSIAN.encode(codec)
    assert body_of(data) == TextBody(name, bom=mark)
    assert TEXT.preview(Payload(data), NO_OPTIONS) == RUSSIAN
    # Who asks for UTF-16 gets the byte order that the mark tells.
    asked = DecodeOptions(encoding=codec.removesuffix("-sig"))
    assert body_of(data, asked) == TextBody(name, bom=mark)
    big = b"\xfe\xff" + RUSSIAN.encode("utf-16-be")
    assert body_of(big, DecodeOptions(encoding="utf-16")) == TextBody("utf-16-be", bom=2)
    bare = "plain".encode("utf-16-be")
    assert body_of(bare, DecodeOptions(encoding="utf-16")).encoding == "utf-16-be"


def test_anything_can_be_shown_as_text() -> None:
    for data in (b"", b"\xff", os.urandom(5_000), bytes(range(256)) * 20, b"\xff\xfe", bytes(50)):
        decoded = TEXT.decode(Payload(data), NO_OPTIONS)
        (body,) = decoded.bodies
        assert isinstance(body, TextBody)
        known_encoding(body.encoding)
    assert "No encoding fits" in TEXT.decode(Payload(bytes(range(256)) * 9), NO_OPTIONS).notes[0]


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda one: one.name)
def test_all_encodings_can_be_chosen(encoding: tuple[str, str]) -> None:
    name, title = encoding
    data = "plain words".encode(name)
    decoded = TEXT.decode(Payload(data), DecodeOptions(encoding=name))
    assert decoded.bodies == (TextBody(name),)
    assert decoded.type == f"text · {title}"
    assert TEXT.preview(Payload(data), DecodeOptions(encoding=name)) == "plain words"
    assert isinstance(TEXT.preview(Payload(os.urandom(900)), DecodeOptions(encoding=name)), str)


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda one: one.name)
def test_a_cut_beginning_of_anything_has_a_preview(encoding: Encoding) -> None:
    picked = random.Random(encoding.name)
    for _ in range(300):
        data = bytes(picked.choices(b"\x1b$(B\x81\x30\xd8\xffA\n", k=picked.randrange(1, 40)))
        text = TEXT.preview(Payload(data, is_cut=True), DecodeOptions(encoding=encoding.name))
        assert text.endswith("…")
        assert TEXT.decode(Payload(b"words " + data), NO_OPTIONS).bodies


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("latin-1", "iso8859-1"),
        ("Windows-1252", "cp1252"),
        ("shift_jis", "cp932"),
        ("UTF8", "utf-8"),
        ("gbk", "gbk"),
        ("big5", "big5hkscs"),
    ],
)
def test_other_names_of_an_encoding(asked: str, name: str) -> None:
    assert known_encoding(asked) == name
    assert encoding_title(asked)


@pytest.mark.parametrize(
    "asked",
    ["no-such", "zip", "hex", "rot13", "unicode_escape", "idna", "punycode", "../x", "a\0b", "é"],
)
def test_what_is_no_encoding(asked: str) -> None:
    with pytest.raises(DecodeError, match="no encoding"):
        TEXT.decode(Payload(b"abc"), DecodeOptions(encoding=asked))
    with pytest.raises(DecodeError, match="no encoding"):
        TEXT.preview(Payload(b"abc"), DecodeOptions(encoding=asked))


def test_a_preview_is_the_text_as_it_stands() -> None:
    assert TEXT.preview(Payload(b"a\nb"), NO_OPTIONS) == "a\nb"
    assert TEXT.preview(Payload(b"x" * 500), NO_OPTIONS) == "x" * 399 + "…"
    assert TEXT.preview(Payload(b"abc\xe2\x82", is_cut=True), NO_OPTIONS) == "abc…"
    assert TEXT.preview(Payload(b"some K\xf6ln words"), NO_OPTIONS) == r"some K\xf6ln words"
    utf16 = "some words".encode("utf-16-le")
    assert TEXT.preview(Payload(utf16), NO_OPTIONS) == "some words"
    with pytest.raises(DecodeError, match="cannot be told"):
        TEXT.preview(Payload((RUSSIAN * 3).encode("koi8-r")), NO_OPTIONS)


@pytest.mark.parametrize(
    "data",
    [b"x" * 200_000_000, b"\xff" * 200_000_000, b"ab\xff\n" * 50_000_000, bytes(200_000_000)],
    ids=["plain", "invalid", "mixed", "zeros"],
)
def test_200_mb_take_no_longer(data: bytes) -> None:
    detect(b"\xe4\xf6\xfc \xe4\xf6")  # The library is imported at first use.
    began = time.thread_time()
    TEXT.sniff(Payload(data))
    TEXT.decode(Payload(data), NO_OPTIONS)
    assert time.thread_time() - began < 2.0
