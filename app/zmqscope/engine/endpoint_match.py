"""Which endpoint a monitor event is about, by its address. Pure."""

from __future__ import annotations

import ipaddress
from enum import IntEnum

_WILDCARD_HOSTS = ("*", "0.0.0.0", "[::]")


class Match(IntEnum):
    """How surely an event belongs to an endpoint; the larger the surer."""

    NONE = 0
    PORT = 1
    ADDRESS = 2
    EXACT = 3


def match(address: str, own: str, hosts: frozenset[str]) -> Match:
    """How surely a monitor event's address is that of an endpoint.

    Accepted connections carry the local address and reconnects the resolved one, so a wildcard is
    recognised by its port, and a name by the addresses that it has.

    Args:
        address: Of the event.
        own: The endpoint's.
        hosts: What its host name stands for, as far as it was looked up.
    """
    if address == own:
        return Match.EXACT
    scheme, _, rest = address.partition("://")
    own_scheme, _, own_rest = own.partition("://")
    host, _, port = rest.rpartition(":")
    own_host, _, own_port = own_rest.rpartition(":")
    if scheme != own_scheme or scheme in ("ipc", "inproc") or port != own_port:
        return Match.NONE
    if host.strip("[]") in hosts:
        return Match.ADDRESS
    if own_host in _WILDCARD_HOSTS or not _is_numeric(own_host):
        return Match.PORT
    return Match.NONE


def _is_numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True
