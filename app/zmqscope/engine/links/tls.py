"""What TLS needs of certificates: read from PEM files when an endpoint is opened. Engine thread."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

from zmqscope.core.errors import EndpointError

_Options = Mapping[str, int | bytes]


def server_context(options: _Options) -> ssl.SSLContext:
    """For a bind: its certificate chain and key.

    Args:
        options: ``wss_cert_pem`` and ``wss_key_pem``, paths of PEM files; the key may be in the
            first.

    Raises:
        EndpointError: They are missing or cannot be used.
    """
    certificate, key = _path(options, "wss_cert_pem"), _path(options, "wss_key_pem")
    if not certificate:
        raise EndpointError(
            "A wss:// endpoint that is bound needs a certificate.",
            "Name its PEM files with wss_cert_pem= and wss_key_pem=.",
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # A key behind a passphrase must not make OpenSSL ask on the terminal.
        context.load_cert_chain(certificate, key or None, password=lambda: b"")
    except ssl.SSLError as error:
        raise EndpointError(
            f"The certificate {certificate} cannot be used: {_reason(error)}.",
            "Check that it is a PEM file, that wss_key_pem= is its key, and has no passphrase.",
        ) from None
    except OSError as error:
        raise _unreadable(error, certificate if not key else f"{certificate} or {key}") from None
    return context


def client_context(options: _Options) -> ssl.SSLContext:
    """For a connect: whom to trust; without ``wss_trust_pem``, whom the system trusts.

    Args:
        options: ``wss_trust_pem``, path of a PEM file with authorities, and ``wss_trust_system``.

    Raises:
        EndpointError: The authorities cannot be used.
    """
    authorities = _path(options, "wss_trust_pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if options.get("wss_trust_system", 1):
        context.load_default_certs()
    if not authorities:
        return context
    try:
        context.load_verify_locations(authorities)
    except ssl.SSLError as error:
        raise EndpointError(
            f"The authorities in {authorities} cannot be used: {_reason(error)}.",
            "wss_trust_pem= has to name a PEM file with certificates.",
        ) from None
    except OSError as error:
        raise _unreadable(error, authorities) from None
    return context


def _path(options: _Options, name: str) -> str:
    value = options.get(name, b"")
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else ""


def _reason(error: ssl.SSLError) -> str:
    return (error.reason or "not a PEM file").replace("_", " ").lower()


def _unreadable(error: OSError, path: str) -> EndpointError:
    reason = (error.strerror or "unknown reason").lower()
    return EndpointError(f"{path} cannot be read: {reason}.", "Check the path of the PEM file.")
