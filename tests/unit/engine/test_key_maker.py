"""Keys made by libzmq."""

from __future__ import annotations

import pytest

from zmqscope.core.errors import UserError
from zmqscope.core.security.keys import is_key
from zmqscope.core.security.secret import Secret
from zmqscope.engine.key_maker import make_key_pair, public_of


def test_a_pair_belongs_together() -> None:
    pair, other = make_key_pair(), make_key_pair()
    assert is_key(pair.public)
    assert public_of(pair.secret) == pair.public
    assert pair != other


@pytest.mark.parametrize("text", [b"", b"abc", b"~" * 40])
def test_what_is_no_secret_key(text: bytes) -> None:
    with pytest.raises(UserError) as raised:
        public_of(Secret(text))
    assert raised.value.problem.hint
