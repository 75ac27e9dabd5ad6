"""Properties of keys, certificates and references: they round-trip, and no text breaks them."""

from __future__ import annotations

from datetime import datetime

import zmq.utils.z85
from hypothesis import given
from hypothesis import strategies as st

from zmqscope.core.errors import UserError
from zmqscope.core.security.certificates import parse_certificate, public_text, secret_text
from zmqscope.core.security.keys import (
    KEY_LETTERS,
    KeyKind,
    clean_key,
    decode_z85,
    encode_z85,
    is_key,
    key_problem,
)
from zmqscope.core.security.secret import KeyPair, Secret
from zmqscope.core.security.secrets import format_secret_ref, parse_secret_ref, parse_server_key

KEYS = st.binary(min_size=32, max_size=32).map(encode_z85)
PIECES = st.sampled_from(
    [
        "public-key", "secret-key", "=", '"', "'", " ", "\n", "\t", "#", "curve", "metadata", "b'",
        "file:", "keyring:", "session:", "/", "~", "%", "\0", "“", "”", "é", "\ud800", "0" * 40,
        "ab" * 32, "HelloWorld" * 4, "#####", "0", "f", "_",
    ]
)  # fmt: skip
ANY_TEXT = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))
NOW = datetime(2026, 1, 2)


@given(st.binary(max_size=64).map(lambda data: data[: len(data) // 4 * 4]))
def test_z85_both_ways_and_as_pyzmq_has_it(data: bytes) -> None:
    text = encode_z85(data)
    assert decode_z85(text) == data
    assert zmq.utils.z85.encode(data).decode() == text


@given(KEYS, st.sampled_from(["{}", " {}\n", '"{}"', "'{}'", 'public-key = "{}"', "b'{}'"]))
def test_a_key_is_found_in_what_is_pasted(key: str, around: str) -> None:
    assert clean_key(around.replace("{}", key)) == key
    assert clean_key(decode_z85(key).hex()) == key


@given(ANY_TEXT, st.sampled_from(KeyKind))
def test_any_text_is_a_key_or_a_problem_in_words(text: str, kind: KeyKind) -> None:
    problem = key_problem(text, kind)
    if problem is None:
        assert is_key(clean_key(text, kind))
        return
    assert problem.text
    assert problem.hint
    assert problem.sentence().isprintable()
    assert len(problem.sentence()) < 300


@given(KEYS, st.integers(0, KEY_LETTERS - 1))
def test_a_cut_key_says_how_much_is_missing(key: str, size: int) -> None:
    problem = key_problem(key[:size])
    assert problem is not None
    assert size == 0 or f"{KEY_LETTERS - size} letter" in problem.text


@given(
    KEYS,
    KEYS,
    st.lists(
        st.tuples(st.sampled_from(["name", "e-mail", "a.b"]), st.text("aé \"'=#", max_size=9))
    ),
)
def test_certificates_round_trip(public: str, secret: str, metadata: list[tuple[str, str]]) -> None:
    plain = tuple((name, f"x{value}x") for name, value in metadata)
    pair = KeyPair(public, Secret(secret.encode()))
    found = parse_certificate(secret_text(pair, NOW, plain).reveal().decode())
    assert (found.pair, found.metadata) == (pair, plain)
    only_public = parse_certificate(public_text(public, NOW, plain))
    assert (only_public.public, only_public.pair, only_public.metadata) == (public, None, plain)


def check_words(error: UserError) -> None:
    assert error.problem.text
    assert error.problem.hint
    assert error.problem.sentence().isprintable()


@given(ANY_TEXT)
def test_any_text_is_a_certificate_or_an_error_in_words(text: str) -> None:
    try:
        found = parse_certificate(text)
    except UserError as error:
        check_words(error)
    else:
        assert is_key(found.public)


@given(ANY_TEXT)
def test_any_text_is_a_reference_or_an_error_in_words(text: str) -> None:
    try:
        ref = parse_secret_ref(text)
    except UserError as error:
        check_words(error)
    else:
        assert parse_secret_ref(format_secret_ref(ref)) == ref
    try:
        key = parse_server_key(text)
    except UserError as error:
        check_words(error)
    else:
        assert parse_server_key(key) == key
