"""Which rule a link's failure is a case of."""

from __future__ import annotations

import ssl

import pytest

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.engine.links.causes import rule_of
from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.socks import ProxyFailedError
from zmqscope.engine.links.upgrade import HttpRefusedError


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError()
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("failure", "rule"),
    [
        (ssl.SSLCertVerificationError(), Rule.UNTRUSTED_CERTIFICATE),
        (tls("TLSV1_ALERT_UNKNOWN_CA"), Rule.UNTRUSTED_CERTIFICATE),
        (tls("WRONG_VERSION_NUMBER"), Rule.NOT_ZMTP),
        (HttpRefusedError("answered 404"), Rule.NOT_ZMTP),
        (LinkFailedError("broke ZMTP"), Rule.PROTOCOL_BROKEN),
        (LinkFailedError("is older", "", Rule.OLD_ZMTP), Rule.OLD_ZMTP),
        (ProxyFailedError("broke off", ""), None),
        (TimeoutError(), Rule.SILENT_PEER),
        (ConnectionResetError(), None),
        (None, None),
    ],
)
def test_failures_and_rules(failure: Exception | None, rule: Rule | None) -> None:
    assert rule_of(failure) is rule
