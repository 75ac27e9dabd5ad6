"""What TLS needs of certificates: read from PEM files when an endpoint is opened. Engine thread."""

from __future__ import annotations

import errno
import os
import ssl
import stat
from collections.abc import Mapping

from zmqscope.core.errors import EndpointError
from zmqscope.core.wording import quoted

_Options = Mapping[str, int | bytes]

_MOST_BYTES = 16 * 1024 * 1024
"""Of a PEM file; the authorities that systems trust are a quarter of a MiB."""

_CERTIFICATE, _KEY = b"CERTIFICATE-----", b"PRIVATE KEY-----"
# The two forms of RFC 7468 and of OpenSSL before it.
_LOCKED = (b"BEGIN ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED")


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
    if _CERTIFICATE not in _read(certificate):
        raise EndpointError(
            f"The certificate {quoted(certificate)} cannot be used: no certificate in it.",
            "wss_cert_pem= has to name a PEM file with a certificate.",
        )
    _check_key(key or certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # A key behind a passphrase must not make OpenSSL ask on the terminal.
        context.load_cert_chain(certificate, key or None, password=lambda: b"")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise EndpointError(
                f"The key {quoted(key or certificate)} is not that of the certificate "
                f"{quoted(certificate)}.",
                "Name the key that belongs to it with wss_key_pem=.",
            ) from None
        raise EndpointError(
            f"The certificate {quoted(certificate)} and its key cannot be used: {_reason(error)}.",
            "Check that both are whole PEM files.",
        ) from None
    return context


def _check_key(path: str) -> None:
    content = _read(path)
    if _KEY not in content:
        raise EndpointError(
            f"The key {quoted(path)} cannot be used: no private key in it.",
            "Name the PEM file of the certificate’s private key with wss_key_pem=.",
        )
    if any(mark in content for mark in _LOCKED):
        raise EndpointError(
            f"The key {quoted(path)} is behind a passphrase.",
            "Write one without: openssl pkey -in locked.pem -out open.pem.",
        )


def client_context(options: _Options) -> ssl.SSLContext:
    """For a connect: whom to trust; without ``wss_trust_pem``, whom the system trusts.

    Args:
        options: ``wss_trust_pem``, path of a PEM file with authorities, and ``wss_trust_system``.

    Raises:
        EndpointError: The authorities cannot be used.
    """
    authorities = _path(options, "wss_trust_pem")
    if authorities and _CERTIFICATE not in _read(authorities):
        raise EndpointError(
            f"The authorities in {quoted(authorities)} cannot be used: no certificate in it.",
            "wss_trust_pem= has to name a PEM file with certificates.",
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if options.get("wss_trust_system", 1):
        context.load_default_certs()
    if authorities:
        try:
            context.load_verify_locations(authorities)
        except ssl.SSLError as error:
            raise EndpointError(
                f"The authorities in {quoted(authorities)} cannot be used: {_reason(error)}.",
                "Check that it is a whole PEM file.",
            ) from None
    return context


def _path(options: _Options, name: str) -> str:
    value = options.get(name, b"")
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else ""


def _read(path: str) -> bytes:
    """What is in a file; neither a pipe nor a device, which might never end."""
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.EISDIR if stat.S_ISDIR(mode) else errno.ENOTSUP, "")
        with open(path, "rb") as file:
            return file.read(_MOST_BYTES)
    except (OSError, ValueError) as error:
        # ValueError: a zero byte in the path.
        number = (error.errno or 0) if isinstance(error, OSError) else errno.EINVAL
        raise EndpointError(
            f"{quoted(path)} cannot be read: {os.strerror(number).lower()}.",
            "Check the path of the PEM file.",
        ) from None


def _reason(error: ssl.SSLError) -> str:
    return (error.reason or "it is broken").replace("_", " ").lower()
