"""What the doctor's Edit leads to."""

from __future__ import annotations

import pytest

from zmqscope.core.diagnosis.finding import Finding, Rule
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Endpoint, Role, Severity, SocketId
from zmqscope.models.doctor.edit_target import EditPlace, EditTarget, edit_target

ENDPOINTS, TOPICS, SPEC = EditPlace.ENDPOINTS, EditPlace.TOPICS, EditPlace.SPEC


def option(name: str) -> EditTarget:
    return EditTarget(EditPlace.OPTION, name)


@pytest.mark.parametrize(
    ("rule", "spec", "target"),
    [
        (Rule.UNTRUSTED_CERTIFICATE, "sub:wss://a:1", option("wss_trust_pem")),
        (Rule.UNTRUSTED_CERTIFICATE, "pub:@wss://*:1", option("wss_cert_pem")),
        (Rule.CONFLATE_MULTIPART, "sub:tcp://a:1,conflate=1", option("conflate")),
        (Rule.MESSAGE_TOO_LARGE, "sub:tcp://a:1,maxmsgsize=9", option("maxmsgsize")),
        (Rule.MESSAGE_TOO_LARGE, "push:tcp://a:1", EditTarget(ENDPOINTS)),
        (Rule.TYPES_DO_NOT_FIT, "sub:tcp://a:1", EditTarget(SPEC)),
        (Rule.NO_SUBSCRIPTION, "sub:tcp://a:1", EditTarget(TOPICS)),
        (Rule.NOBODY_CONNECTED, "push:@tcp://*:1", EditTarget(ENDPOINTS)),
        (Rule.NOBODY_LISTENS, "push:tcp://a:1", EditTarget(ENDPOINTS)),
    ],
)
def test_each_rule_leads_to_what_mends_it(rule: Rule, spec: str, target: EditTarget) -> None:
    parsed = parse_spec(spec)
    at: Endpoint = parsed.endpoints[0]
    assert at.role in Role
    found = Finding(SocketId(1), rule, Severity.ERROR, "It fails.", "Because.", (), at)
    assert edit_target(found, parsed) == target
