"""Which rule of the doctor a link's failure is a case of. Pure; any thread."""

from __future__ import annotations

import ssl

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.socks import ProxyFailedError
from zmqscope.engine.links.upgrade import HttpRefusedError

_THEY_DO_NOT_TRUST = ("CERTIFICATE", "UNKNOWN_CA")
"""What the other side's TLS alerts are called when it does not like our certificate."""


def rule_of(failure: Exception | None) -> Rule | None:
    """The rule; None if it is none in particular.

    Args:
        failure: Why a link ended.
    """
    match failure:
        case ssl.SSLCertVerificationError():
            return Rule.UNTRUSTED_CERTIFICATE
        case ssl.SSLError():
            reason = failure.reason or ""
            is_trust = any(word in reason for word in _THEY_DO_NOT_TRUST)
            return Rule.UNTRUSTED_CERTIFICATE if is_trust else Rule.NOT_ZMTP
        case HttpRefusedError():
            return Rule.NOT_ZMTP
        case ProxyFailedError():
            return None
        case LinkFailedError():
            return failure.rule or Rule.PROTOCOL_BROKEN
        case TimeoutError():
            return Rule.SILENT_PEER
    return None
