"""Who was refused last."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import SocketId
from zmqscope.engine.access.record import AccessRecord
from zmqscope.engine.access.zap import ZapStatus
from zmqscope.engine.doctor.refusal_words import refusal_words

REFUSED = AccessRecord(
    5, SocketId(1), "default", Mechanism.PLAIN, "10.0.0.1", "ann", "", ZapStatus.REFUSED,
    "the password is wrong",
)  # fmt: skip


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (REFUSED, "Last the user “ann” from 10.0.0.1: the password is wrong."),
        (
            replace(REFUSED, mechanism=Mechanism.CURVE, key="abcdefghijk", address="", reason=""),
            "Last the key abcdefgh…: it is not on the list.",
        ),
        (
            replace(REFUSED, mechanism=Mechanism.NULL),
            "Last a peer from 10.0.0.1: the password is wrong.",
        ),
        (replace(REFUSED, status=ZapStatus.SUCCESS), ""),
        (replace(REFUSED, status=None), ""),
    ],
)
def test_the_last_refusal_is_named(record: AccessRecord, sentence: str) -> None:
    assert refusal_words((REFUSED, record)[1:]) == sentence


def test_what_came_after_does_not_matter() -> None:
    let_in = replace(REFUSED, status=ZapStatus.SUCCESS)
    assert "“ann”" in refusal_words((REFUSED, let_in))
    assert refusal_words(()) == ""
