"""Keys as people type and paste them."""

from __future__ import annotations

import pytest
import zmq
import zmq.utils.z85

from zmqscope.core.security.keys import (
    KeyKind,
    KeyTextError,
    clean_key,
    decode_z85,
    encode_z85,
    is_key,
    key_problem,
)

# RFC 32: the example, and the server's public key of RFC 26's test vectors.
RFC_BYTES, RFC_TEXT = bytes.fromhex("864FD26FB559F75B"), "HelloWorld"
OTHER = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"
KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"


def test_the_example_of_the_rfc() -> None:
    assert encode_z85(RFC_BYTES) == RFC_TEXT
    assert decode_z85(RFC_TEXT) == RFC_BYTES


def test_keys_of_libzmq() -> None:
    for _ in range(50):
        for key in zmq.curve_keypair():
            text = key.decode()
            assert decode_z85(text) == zmq.utils.z85.decode(key)
            assert encode_z85(decode_z85(text)) == text
            assert clean_key(text) == text
            assert is_key(text)


@pytest.mark.parametrize("text", ["abcd", "abc~e", "#####", "äbcde"])
def test_what_is_no_z85(text: str) -> None:
    with pytest.raises(ValueError, match="Z85") as raised:
        decode_z85(text)
    assert text not in str(raised.value)
    assert not is_key(text)


def test_bytes_that_fill_no_group() -> None:
    with pytest.raises(ValueError, match="four bytes"):
        encode_z85(b"abc")


@pytest.mark.parametrize(
    "pasted",
    [
        KEY,
        f"  {KEY}\n",
        f'"{KEY}"',
        f"'{KEY}'",
        f"b'{KEY}'",
        f'b"{KEY}",',
        f"\u201c{KEY}\u201d",
        f"{KEY[:20]}\n{KEY[20:]}",
        f'public-key = "{KEY}"',
        f'    public-key = "{KEY}"\n',
        f"public-key={KEY}",
        f'server_key = "{KEY}"',
        f"curve.server_key: '{KEY}',",
        decode_z85(KEY).hex(),
        decode_z85(KEY).hex().upper(),
        f'# comment\nmetadata\n    name = x\ncurve\n    public-key = "{KEY}"\n',
        f'curve\n    public-key = "{KEY}"\n    secret-key = "{OTHER}"\n',
        f'curve\n    secret-key = "{OTHER}"\n    public-key = "{KEY}"\n',
    ],
)
def test_what_is_pasted_is_understood(pasted: str) -> None:
    assert clean_key(pasted) == KEY
    assert key_problem(pasted) is None


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("", "There is no key yet.", "Paste the server’s public key"),
        ('""', "There is no key yet.", "Paste the server’s public key"),
        (KEY[:-1], "1 letter is missing: a key has 40.", "40 letters"),
        (KEY[:-7], "7 letters are missing: a key has 40.", "40 letters"),
        (f"{KEY}a", "1 letter too many: a key has 40.", "Copy it again"),
        (f"{KEY}{KEY}", "40 letters too many: a key has 40.", "Copy it again"),
        (f"{KEY[:5]}~{KEY[6:]}", "“~” at place 6 is in no key", "Copy it again"),
        (f"ab{'_'}", "“_” at place 3 is in no key", "Copy it again"),
        (f"#####{KEY[5:]}", "Letters 1 to 5 stand for no number", "Copy it again"),
        (decode_z85(KEY).hex()[:-2], "A key in hex has 64 digits; 2 are missing.", "Copy it again"),
        (f'secret-key = "{KEY}"', "This is a secret key", "public-key"),
        (f'secret_key=b"{KEY}"', "This is a secret key", "public-key"),
        (f'client.curve_secretkey = b"{KEY}"', "This is a secret key", "public-key"),
        (f'socket.set(zmq.CURVE_SECRETKEY, "{KEY}")', "This is a secret key", "public-key"),
        ("x" * 70_000, "This is far too long for a key.", "Paste the server’s public key"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str, hint: str) -> None:
    problem = key_problem(text)
    assert problem is not None
    assert said in problem.text
    assert hint in problem.hint
    with pytest.raises(KeyTextError):
        clean_key(text)


@pytest.mark.parametrize("text", [KEY[:-3], f"{KEY}zzz", f"{KEY[:7]}~{KEY[8:]}", f"#####{KEY[5:]}"])
def test_nothing_of_a_secret_key_is_repeated(text: str) -> None:
    problem = key_problem(text, KeyKind.SECRET)
    assert problem is not None
    said = problem.sentence()
    assert not any(text[at : at + 4] in said for at in range(len(text) - 3))
    assert "~" not in said


def test_a_secret_key_is_taken_from_a_whole_certificate() -> None:
    text = f'curve\n    public-key = "{KEY}"\n    secret-key = "{OTHER}"\n'
    assert clean_key(text, KeyKind.SECRET) == OTHER
    problem = key_problem(f'public-key = "{KEY}"', KeyKind.SECRET)
    assert problem is not None
    assert "Only a public key" in problem.text
