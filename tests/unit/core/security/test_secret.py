"""A secret shows itself to nobody but ``reveal``."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle

import pytest

from zmqscope.core.security.secret import Credentials, KeyPair, Secret

HIDDEN = "hunter2-hunter2"


@pytest.fixture
def secret() -> Secret:
    return Secret(HIDDEN.encode())


def test_only_reveal_gives_it(secret: Secret) -> None:
    assert secret.reveal() == HIDDEN.encode()
    pair = KeyPair("public", secret)
    credentials = Credentials(secret, pair, "key")
    for each in (secret, pair, credentials, [secret], {"a": secret}):
        for text in (repr(each), str(each)):
            assert HIDDEN not in text


def test_it_is_not_formatted(secret: Secret) -> None:
    for template in ("{}", "{:>3}"):
        with pytest.raises(TypeError):
            template.format(secret)
    assert HIDDEN not in f"{secret!r} {secret!s}"


def test_it_is_neither_copied_nor_pickled(secret: Secret) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(secret, protocol)
    for copied in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            copied(secret)
    with pytest.raises(TypeError):
        dataclasses.asdict(KeyPair("public", secret))
    with pytest.raises(TypeError):
        json.dumps({"secret": secret})


def test_it_is_compared_by_value(secret: Secret) -> None:
    assert secret == Secret(HIDDEN.encode())
    assert secret != Secret(b"other")
    assert secret != HIDDEN
    assert hash(secret) == hash(Secret(b"other"))


def test_a_log_does_not_show_it(secret: Secret, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("%s %r", secret, KeyPair("public", secret))
    assert HIDDEN not in caplog.text
