"""What values of bytes must look like, and what is said of those that do not."""

from __future__ import annotations

import pytest

from zmqscope.core.option_forms import form_problem
from zmqscope.core.option_groups.option import OptionForm


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (OptionForm.ANY, b"\0\xff"),
        (OptionForm.TEXT, b"eth0"),
        (OptionForm.PEM_PATH, b"/etc/ssl/with blank, comma.pem"),
        (OptionForm.PEM_PATH, b"relative.pem"),
        (OptionForm.PEM_PATH, b"/tmp/\xff.pem"),
        (OptionForm.PEM_PATH, b"-----.pem"),
        (OptionForm.HOST_PORT, b"127.0.0.1:1080"),
        (OptionForm.HOST_PORT, b"[::1]:1080"),
        (OptionForm.HOST_PORT, b"proxy.example.org:65535"),
        (OptionForm.IPV4_RANGE, b"192.168.1.0/24"),
        (OptionForm.IPV4_RANGE, b"192.168.1.7/24"),
        (OptionForm.IPV4_RANGE, b"10.0.0.1"),
        (OptionForm.IPV4_RANGE, b"0.0.0.0/0"),
        (OptionForm.HOST, b"example.org"),
        (OptionForm.HOST, b"127.0.0.1"),
        (OptionForm.HOST, b"::1"),
        (OptionForm.PROPERTY, b"X-site:Ghent"),
        (OptionForm.PROPERTY, b"X-a::b c\0\xff"),
        (OptionForm.PROPERTY, b"X-" + b"a" * 253 + b":b"),
        (OptionForm.SUBPROTOCOLS, b"ZWS2.0"),
        (OptionForm.SUBPROTOCOLS, b"ZWS2.0/NULL"),
        (OptionForm.SUBPROTOCOLS, b"ZWS2.0/NULL ZWS2.0"),
        (OptionForm.SUBPROTOCOLS, b"ZWS2.0  ZWS2.0/NULL"),
    ],
)
def test_accepts(form: OptionForm, value: bytes) -> None:
    assert form_problem(form, "name", value) is None


@pytest.mark.parametrize(
    ("form", "value", "problem", "hint"),
    [
        (OptionForm.TEXT, b"a\0b", "name has a control character in it.", "Delete it."),
        (OptionForm.PEM_PATH, b"a\nb", "name has a line break", "path of a PEM file."),
        (OptionForm.PEM_PATH, b"~/key.pem", "name begins with “~”", "whole path."),
        (OptionForm.HOST_PORT, b"host", "is not a host and a port.", "name=127.0.0.1:1080."),
        (OptionForm.HOST_PORT, b"host:0", "is not a host and a port.", "name=127.0.0.1:1080."),
        (OptionForm.HOST_PORT, b"*:1080", "is not a host and a port.", "name=127.0.0.1:1080."),
        (OptionForm.HOST_PORT, b"::1:1080", "is not a host and a port.", "name=127.0.0.1:1080."),
        (OptionForm.HOST_PORT, b"me:pw@h:1", "is not a host and a port.", "name=127.0.0.1:1080."),
        (OptionForm.HOST_PORT, b"a_b:1", "name=“a_b” is not a host name.", "without a port."),
        (OptionForm.IPV4_RANGE, b"10.0.0.0/33", "is not a range of IPv4", "192.168.1.0/24"),
        (OptionForm.IPV4_RANGE, b"10.0.0.0/", "is not a range of IPv4", "192.168.1.0/24"),
        (OptionForm.IPV4_RANGE, b"10.0.0.0/255.0.0.0", "not a range of IPv4", "192.168.1.0/24"),
        (OptionForm.IPV4_RANGE, b"::1/128", "is not a range of IPv4", "192.168.1.0/24"),
        (OptionForm.IPV4_RANGE, b"localhost", "is not a range of IPv4", "192.168.1.0/24"),
        (OptionForm.HOST, b"a:1", "name=“a:1” is not a host name.", "without a port."),
        (OptionForm.HOST, b"a..b", "name=“a..b” is not a host name.", "without a port."),
        (OptionForm.PROPERTY, b"X-a", "name=“X-a” is not a name and a value.", "X-site:Ghent"),
        (OptionForm.PROPERTY, b"X-a:", "name=“X-a:” is not a name and a value.", "X-site:Ghent"),
        (OptionForm.PROPERTY, b"Socket-Type:SUB", "does not begin with “X-”.", "X-site:Ghent"),
        (OptionForm.PROPERTY, b"X-:b", "does not begin with “X-”.", "X-site:Ghent"),
        (OptionForm.PROPERTY, b"X-a b:c", "with other characters", "before the colon."),
        (OptionForm.PROPERTY, b"X-" + b"a" * 254 + b":b", "a name of 256 bytes", "shorter"),
        (OptionForm.SUBPROTOCOLS, b"ZWS3", "name has “ZWS3”", "ZWS2.0/NULL or ZWS2.0"),
        (OptionForm.SUBPROTOCOLS, b"ZWS2.0 ZWS2.0", "name has a subprotocol twice.", "Delete"),
    ],
)
def test_refuses(form: OptionForm, value: bytes, problem: str, hint: str) -> None:
    found = form_problem(form, "name", value)
    assert found is not None
    assert problem in found.text
    assert hint in found.hint
    assert found.sentence().isprintable()
    assert found.hint.endswith(".")


@pytest.mark.parametrize(
    "pasted",
    [
        b"-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n",
        b" \n-----BEGIN RSA PRIVATE KEY----- hunter2",
        b"----- BEGIN hunter2",
        b"hunter2\nhunter2",
    ],
)
def test_a_key_in_the_place_of_its_path_is_refused_and_not_repeated(pasted: bytes) -> None:
    found = form_problem(OptionForm.PEM_PATH, "wss_key_pem", pasted)
    assert found is not None
    assert "path" in found.sentence()
    assert "hunter2" not in found.sentence()
