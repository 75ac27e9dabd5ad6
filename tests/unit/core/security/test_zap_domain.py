"""A ZAP domain says which list and which door."""

from __future__ import annotations

import pytest

from zmqscope.core.security.zap_domain import split_zap_domain, takes_user_id, zap_domain
from zmqscope.core.types import SocketId


@pytest.mark.parametrize("access", ["default", "a#b", "é –", "#", "-"])
@pytest.mark.parametrize("named", [True, False])
def test_both_ways(access: str, named: bool) -> None:
    domain = zap_domain(access, SocketId(17), takes_user_id=named)
    assert split_zap_domain(domain) == (access, SocketId(17))
    assert takes_user_id(domain) is named


@pytest.mark.parametrize("domain", [b"", b"global", b"a#", b"#1", b"a#x", b"a#1 ", b"\xff#1"])
def test_those_of_others(domain: bytes) -> None:
    assert split_zap_domain(domain) is None
