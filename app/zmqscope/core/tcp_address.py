"""Host and port as libzmq writes them, with every way to get them wrong. Pure, any thread.

Used for tcp and for the transports that borrow its form. Source: zmq_tcp(7), and the checks of
socket_base.cpp and ip_resolver.cpp, which are looser: a bind to port 99999 lands on 34463.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from zmqscope.core.errors import EndpointError
from zmqscope.core.types import Role
from zmqscope.core.wording import quoted, type_this

_MAX_PORT = 65_535
_MAX_HOST_LENGTH = 253
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NUMBERS_AND_DOTS = re.compile(r"[0-9.]+")
_ZONE = re.compile(r"[A-Za-z0-9._-]+")
_PORT = re.compile(r"[0-9]{1,5}")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class HostPort:
    """One end of a connection.

    Attributes:
        host: A name, an IP address without brackets, an interface, or ``*``.
        port: Decimal digits, or ``*``.
        bracketed: Whether the host stood in brackets, as IPv6 does.
    """

    host: str
    port: str
    bracketed: bool

    @property
    def is_name(self) -> bool:
        """Whether the host is neither an IP address nor a wildcard."""
        numeric = self.bracketed or _NUMBERS_AND_DOTS.fullmatch(self.host)
        return not numeric and self.host != "*"


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """Where to connect or bind, and from where.

    Attributes:
        target: The other side, or where we listen.
        source: The local side of a connect; None lets the system choose.
    """

    target: HostPort
    source: HostPort | None = None


class _Reader:
    """Reads one address; holds what every sentence about it needs.

    Args:
        scheme: Such as ``tcp``.
        role: Bind or connect.
        rest: What follows ``://``.
    """

    def __init__(self, scheme: str, role: Role, rest: str) -> None:
        self.scheme = scheme
        self.role = role
        self.shown = quoted(f"{scheme}://{rest}")

    def error(self, text: str, hint: str) -> EndpointError:
        """An error whose first word is the address."""
        return EndpointError(f"{self.shown} {text}", hint)

    def like(self, rest: str) -> str:
        """A hint that shows what to type."""
        return type_this(f"{self.scheme}://{rest}", self.example())

    def example(self) -> str:
        """A hint for when nothing better can be said."""
        host = "localhost" if self.role is Role.CONNECT else "*"
        return f"Type {self.scheme}://{host}:5556."

    # ---- the parts --------------------------------------------------------------------------

    def host_port(self, text: str) -> HostPort:
        """Split and check ``host:port``."""
        if text.startswith("["):
            return self._bracketed(text)
        colons = text.count(":")
        if colons == 0:
            raise self._without_port(text)
        if colons > 1:
            raise self._with_many_colons(text)
        host, _, port = text.partition(":")
        self._check_host(host, port)
        self.check_port(port, host)
        return HostPort(host, port, bracketed=False)

    def _bracketed(self, text: str) -> HostPort:
        host, closed, after = text[1:].partition("]")
        if not closed:
            raise self.error("has “[” without “]”.", self.like("[::1]:5556"))
        if not host:
            raise self.error("has nothing between its brackets.", self.like("[::1]:5556"))
        self._check_bracketed_host(host)
        if not after.startswith(":"):
            raise self.error("has no “:port” after “]”.", self.like(f"[{host}]:5556"))
        self.check_port(after[1:], f"[{host}]")
        return HostPort(host, after[1:], bracketed=True)

    def _without_port(self, text: str) -> EndpointError:
        if not text:
            return self.error("has no address.", self.example())
        if _DIGITS.fullmatch(text):
            host = "localhost" if self.role is Role.CONNECT else "*"
            return self.error("has no host.", self.like(f"{host}:{text}"))
        return self.error("has no port.", self.like(f"{text}:5556"))

    def _with_many_colons(self, text: str) -> EndpointError:
        host, _, port = text.rpartition(":")
        if _is_ipv6(host) and _DIGITS.fullmatch(port) and int(port) <= _MAX_PORT:
            return self.error(
                "has an IPv6 address without brackets.", self.like(f"[{host}]:{port}")
            )
        if _is_ipv6(text):
            hint = self.like(f"[{text}]:5556")
            return self.error("has an IPv6 address without brackets and no port.", hint)
        return self.error("has more than one colon after the scheme.", self.example())

    def _check_bracketed_host(self, host: str) -> None:
        if host == "*":
            if self.role is Role.CONNECT:
                raise self._wildcard_on_connect()
            return
        if _is_ipv6(host):
            return
        address, percent, zone = host.partition("%")
        if percent and _is_ipv6(address) and not _ZONE.fullmatch(zone):
            text = "has a zone that is no interface name." if zone else "has “%” without a zone."
            raise self.error(text, self.like(f"[{address}%eth0]:5556"))
        hint = self.like(f"{host}:5556") if _is_ipv4(host) else self.like("[::1]:5556")
        raise self.error(f"has brackets around {quoted(host)}, which is not IPv6.", hint)

    # ---- host -------------------------------------------------------------------------------

    def _check_host(self, host: str, port: str) -> None:
        if not host:
            raise self._empty_host(port)
        if host == "*":
            if self.role is Role.CONNECT:
                raise self._wildcard_on_connect()
            return
        if _NUMBERS_AND_DOTS.fullmatch(host):
            if not _is_ipv4(host):
                text = f"has {quoted(host)} for a host, which is not an IPv4 address."
                raise self.error(text, "An IPv4 address is four numbers from 0 to 255.")
            return
        if not host.isascii():
            raise self._not_ascii(host, port)
        if not _NAME.fullmatch(host):
            wrong = next((c for c in host if not _NAME.fullmatch(f"a{c}")), host[0])
            text = f"has {quoted(wrong)} in its host, where it cannot be."
            raise self.error(text, "A host has letters, digits, dots and hyphens.")
        if len(host) > _MAX_HOST_LENGTH:
            text = f"has a host of {len(host)} characters; {_MAX_HOST_LENGTH} are allowed."
            raise self.error(text, "Check the host name.")
        if ".." in host:
            raise self.error("has two dots in a row in its host.", "Check the host name.")

    def _empty_host(self, port: str) -> EndpointError:
        shown_port = port if _PORT.fullmatch(port) else "5556"
        if self.role is Role.BIND:
            hint = f"Type {self.scheme}://*:{shown_port} for every interface."
        else:
            hint = self.like(f"localhost:{shown_port}")
        return self.error("has no host.", hint)

    def _wildcard_on_connect(self) -> EndpointError:
        return self.error(
            "has the host “*”, which stands for every interface and only works with bind.",
            "Type the host to connect to, or bind instead.",
        )

    def _not_ascii(self, host: str, port: str) -> EndpointError:
        text = f"has letters in {quoted(host)} that libzmq does not accept."
        try:
            plain = host.encode("idna").decode("ascii")
        except UnicodeError:
            plain = ""
        if _NAME.fullmatch(plain) and _DIGITS.fullmatch(port):
            return self.error(text, self.like(f"{plain}:{port}"))
        return self.error(text, "A host has letters from a to z, digits, dots and hyphens.")

    # ---- port -------------------------------------------------------------------------------

    def check_port(self, port: str, host: str) -> None:
        """Check a port; 0 and ``*`` let the system choose one, for a bind."""
        if not port:
            raise self.error("has no port after the colon.", self.like(f"{host}:5556"))
        if port == "*" or _is_zero(port):
            if self.role is Role.CONNECT:
                raise self.error(
                    f"has the port {quoted(port)}, which lets the system choose and only works "
                    "with bind.",
                    "Type the port to connect to, or bind instead.",
                )
            return
        number, slash, path = port.partition("/")
        if slash and _DIGITS.fullmatch(number):
            text = f"has {quoted('/' + path)} after the port, where nothing can follow."
            raise self.error(text, self.like(f"{host}:{number}"))
        if not _DIGITS.fullmatch(port):
            text = f"has the port {quoted(port)}, which is not a number."
            raise self.error(text, self.like(f"{host}:5556"))
        significant = port.lstrip("0")
        if len(significant) > len(str(_MAX_PORT)) or int(significant) > _MAX_PORT:
            text = f"has the port {quoted(port)}; the highest is {_MAX_PORT}."
            raise self.error(text, "Choose a port from 1 to 65535.")


def parse_host_port(scheme: str, rest: str, role: Role) -> HostPort:
    """Read ``host:port``.

    Raises:
        EndpointError: It is not one.
    """
    return _Reader(scheme, role, rest).host_port(rest)


def parse_tcp(rest: str, role: Role) -> TcpAddress:
    """Read what follows ``tcp://``: ``host:port`` or, on connect, ``source:port;host:port``.

    Raises:
        EndpointError: It is not one.
    """
    reader = _Reader("tcp", role, rest)
    if any(character.isspace() for character in rest):
        raise reader.error("has a blank in it.", reader.like("".join(rest.split())))
    source_text, semicolon, target_text = rest.rpartition(";")
    if not semicolon:
        return TcpAddress(reader.host_port(rest))
    if role is Role.BIND:
        text = "has a source address before “;”, which only works with connect."
        raise reader.error(text, reader.like(target_text) if target_text else reader.example())
    if ";" in source_text:
        text = "has more than one “;”."
        raise reader.error(text, "Type tcp://source:0;host:port.")
    target = reader.host_port(target_text)
    return TcpAddress(target, _source(reader, source_text))


def _source(reader: _Reader, text: str) -> HostPort:
    if not text:
        raise reader.error("has nothing before “;”.", "Leave “;” out, or type a source address.")
    if text.startswith(("*", "[*")):
        hint = "Type an address of this machine, or leave the source out."
        raise reader.error("has “*” as source address, which libzmq does not accept.", hint)
    host, colon, port = text.rpartition(":")
    if not colon or (text.startswith("[") and not host.endswith("]")):
        hint = "Type source:0;host:port, with 0 for any port."
        raise reader.error("has a source address without a port.", hint)
    if port == "*":
        hint = "Type 0 as its port for any that is free."
        raise reader.error("has “*” as source port.", hint)
    if _is_zero(port):
        # The ordinary case: any port that is free. The host is checked as if with another.
        return replace(reader.host_port(f"{host}:1"), port=port)
    return reader.host_port(text)


def _is_zero(port: str) -> bool:
    return bool(port) and not port.strip("0")


def _is_ipv6(text: str) -> bool:
    _, percent, zone = text.partition("%")
    if percent and not _ZONE.fullmatch(zone):
        return False
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True
