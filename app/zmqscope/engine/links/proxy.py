"""The SOCKS proxy through which an endpoint is reached. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass

from zmqscope.core.endpoints import transport_of
from zmqscope.core.errors import EndpointError
from zmqscope.core.option_forms import form_problem
from zmqscope.core.option_table import OptionForm
from zmqscope.core.options import find_option
from zmqscope.core.tcp_address import HostPort, parse_host_port
from zmqscope.core.types import Endpoint, Role, SocketSpec

_NAME = "socks_proxy"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A SOCKS5 proxy.

    Attributes:
        address: Its host and port, as they were typed.
        user: The user name that it asks for; empty for none.
    """

    address: str
    user: bytes = b""

    @property
    def target(self) -> HostPort:
        """Its host and port.

        Raises:
            EndpointError: The address is none.
        """
        problem = form_problem(OptionForm.HOST_PORT, _NAME, self.address.encode())
        if problem is not None:
            raise EndpointError(problem.text, problem.hint)
        return parse_host_port("tcp", self.address, Role.CONNECT)


def proxy_of(spec: SocketSpec, endpoint: Endpoint) -> Proxy | None:
    """The proxy through which a socket connects to an endpoint; None if it goes there itself."""
    options = dict(spec.options)
    address, user = options.get(_NAME), options.get("socks_username", b"")
    if endpoint.role is Role.BIND or transport_of(endpoint) not in find_option(_NAME).over:
        return None
    if not address or not isinstance(address, bytes):
        return None
    return Proxy(address.decode("utf-8", "replace"), user if isinstance(user, bytes) else b"")
