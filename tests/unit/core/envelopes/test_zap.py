"""ZAP's requests and replies as RFC 27 has them; a password is nowhere to be seen."""

from __future__ import annotations

import pytest

from tests.envelope_cases import SENT, Case, check_case, samples, seen
from zmqscope.core.decode.decoded import Tree
from zmqscope.core.envelopes.zap import Zap
from zmqscope.core.security.keys import encode_z85
from zmqscope.core.types import SocketType as T

ID = b"\0\x80\0\0\x41"
KEY = bytes(range(1, 33))
ASKED = (b"1.0", b"0001", b"test", b"192.168.55.1", b"BOB")
PASSWORD = b"correct horse"

CASES = (
    Case(
        (*ASKED, b"NULL"),
        T.REP,
        "request NULL from 192.168.55.1 domain test identity BOB",
        labels=("version", "request id", "domain", "address", "identity", "mechanism"),
    ),
    Case(
        (ID, b"", *ASKED, b"PLAIN", b"admin", PASSWORD),
        T.ROUTER,
        "request PLAIN user admin from 192.168.55.1 domain test identity BOB",
    ),
    Case(
        (*ASKED[:4], b"", b"CURVE", KEY),
        T.REP,
        f"request CURVE key {encode_z85(KEY)} from 192.168.55.1 domain test",
    ),
    Case(
        (*ASKED[:4], b"", b"GSSAPI", b"ada@EXAMPLE"),
        T.REP,
        "request GSSAPI principal ada@EXAMPLE from 192.168.55.1 domain test",
    ),
    Case((b"1.0", b"0001", b"200", b"OK", b"joe", b""), T.REP, "reply 200 OK user joe", SENT),
    Case(
        (b"1.0", b"1", b"200", b"OK", b"joe", b"\4Role\0\0\0\5admin"),
        T.REQ,
        "reply 200 OK user joe Role=admin",
    ),
    Case(
        (ID, b"", b"1.0", b"1", b"400", b"No access", b"", b""),
        T.ROUTER,
        "reply 400 No access",
        SENT,
    ),
    Case((b"1.0", b"a", b"b", b"c", b"d", b"e"), T.REP, ""),
    Case((*ASKED, b"PLAIN", b"admin"), T.REP, ""),
    Case((b"1.1", *ASKED[1:], b"NULL"), T.REP, ""),
)

SAMPLES = samples(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_summaries(case: Case) -> None:
    check_case(Zap(), case)


def test_the_password_is_marked_as_a_secret_and_shown_nowhere() -> None:
    sighting = seen(Zap(), CASES[1])
    (secret,) = [frame for frame in sighting.frames if frame.is_secret]
    assert sighting.frames.index(secret) == 9
    assert sighting.body != 9
    word = PASSWORD.decode()
    assert word not in sighting.summary
    assert all(word not in note.text for note in sighting.notes)
    decoded = Zap().decode(9, PASSWORD)
    (body,) = decoded.bodies
    assert isinstance(body, Tree)
    assert (body.root.text, body.root.value, body.root.span) == ("hidden", None, None)
    # Not even its length is told.
    assert Zap().decode(9, b"x") == decoded


def test_a_user_id_belongs_to_success_alone() -> None:
    (note,) = seen(Zap(), Case((b"1.0", b"1", b"400", b"", b"joe", b""), T.REQ, "x")).notes
    assert note.is_bad


def test_metadata_that_is_left_out_of_a_summary_ends_in_an_ellipsis() -> None:
    metadata = b"".join(b"\x01%c\0\0\0\x01v" % letter for letter in b"abcde")
    case = Case((b"1.0", b"1", b"200", b"OK", b"bob", metadata), T.REQ, "")
    assert seen(Zap(), case).summary == "reply 200 OK user bob a=v b=v c=v d=v …"
