"""WebSocket and its TLS, which our own links carry out. Pure data, any thread.

Sources: RFC 45 (ZWS 2.0), zmq_setsockopt(3) for the names that libzmq's draft build has.
"""

from __future__ import annotations

from zmqscope.core.option_groups.option import (
    WEB,
    ZMTP,
    Option,
    OptionCarrier,
    OptionForm,
    OptionGroup,
    OptionKind,
    switch,
)

SUBPROTOCOLS = ("ZWS2.0/NULL", "ZWS2.0")
"""The subprotocols that a link speaks (RFC 45), in the order in which it offers them."""

_GROUP = OptionGroup.TRANSPORT
_MAX_PATH_BYTES = 4_095
_MAX_HOST_BYTES = 253


def _wss_bytes(name: str, number: int, maximum: int, form: OptionForm, meaning: str) -> Option:
    return Option(
        name, number, OptionKind.BYTES, b"", 1, maximum, meaning, _GROUP, types=ZMTP,
        carrier=OptionCarrier.LINK, form=form, over=("wss",),
    )  # fmt: skip


OPTIONS: tuple[Option, ...] = (
    Option(
        "zws_subprotocol", None, OptionKind.BYTES, b"", 0, len(" ".join(SUBPROTOCOLS)),
        "The WebSocket subprotocol to offer or accept, ZWS2.0/NULL or ZWS2.0, which some peers "
        "such as a bound jszmq need alone; empty is both.",
        _GROUP, types=ZMTP, carrier=OptionCarrier.LINK, form=OptionForm.SUBPROTOCOLS, over=WEB,
    ),
    _wss_bytes(
        "wss_cert_pem", 104, _MAX_PATH_BYTES, OptionForm.PEM_PATH,
        "The path of a PEM file with the certificate of a bound wss endpoint and its chain.",
    ),
    _wss_bytes(
        "wss_key_pem", 103, _MAX_PATH_BYTES, OptionForm.PEM_PATH,
        "The path of a PEM file with the key of that certificate; never the key itself.",
    ),
    _wss_bytes(
        "wss_trust_pem", 105, _MAX_PATH_BYTES, OptionForm.PEM_PATH,
        "The path of a PEM file with the authorities to trust on a wss connect.",
    ),
    _wss_bytes(
        "wss_hostname", 106, _MAX_HOST_BYTES, OptionForm.HOST,
        "The name that the peer's certificate must have; it starts as the endpoint's host.",
    ),
    switch(
        "wss_trust_system", 107,
        "Trust the authorities that the system trusts; on here from the start, unlike in libzmq.",
        _GROUP, types=ZMTP, ours=1, carrier=OptionCarrier.LINK, over=("wss",),
    ),
)  # fmt: skip
