"""Certificate files as pyzmq makes them (``zmq.auth``): text to values and back. Pure, any thread.

The format is ZPL (ZeroMQ RFC 4): sections, and under them ``name = value``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from zmqscope.core.errors import UserError
from zmqscope.core.security.keys import KeyKind, KeyTextError, clean_key
from zmqscope.core.security.secret import KeyPair, Secret

PUBLIC_SUFFIX, SECRET_SUFFIX = ".key", ".key_secret"
"""Names of certificate files end so (``zmq.auth.create_certificates``)."""

_PAIR = re.compile(r"([A-Za-z0-9][A-Za-z0-9._/\-]*)[ \t]*=[ \t]*(.*)")
_KEY_NAMES = ("public-key", "secret-key")
_PUBLIC_BANNER = """\
#   ****  Generated on {0} by ZMQ Scope  ****
#   ZeroMQ CURVE Public Certificate
#   Exchange securely, or use a secure mechanism to verify the contents
#   of this file after exchange.

"""
_SECRET_BANNER = """\
#   ****  Generated on {0} by ZMQ Scope  ****
#   ZeroMQ CURVE **Secret** Certificate
#   DO NOT PROVIDE THIS FILE TO OTHER USERS nor change its permissions.

"""


class CertificateError(UserError):
    """Text that is no certificate."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate file holds.

    Attributes:
        public: The public key in Z85.
        secret: The secret key in Z85; None in a public certificate.
        metadata: Names and values, in order.
    """

    public: str
    secret: Secret | None = field(default=None, repr=False)
    metadata: tuple[tuple[str, str], ...] = ()

    @property
    def pair(self) -> KeyPair | None:
        """Both keys; None in a public certificate."""
        return None if self.secret is None else KeyPair(self.public, self.secret)


def parse_certificate(text: str) -> Certificate:
    """Read the text of a certificate file.

    Raises:
        CertificateError: It is none. Nothing of a secret key is repeated.
    """
    values: dict[str, str] = {}
    metadata: list[tuple[str, str]] = []
    section = ""
    for line in text.splitlines():
        stripped = line.strip()
        # In the middle of a line “#” is a letter of Z85.
        if not stripped or stripped.startswith("#"):
            continue
        pair = _PAIR.fullmatch(stripped)
        if pair is None:
            section = stripped
        elif pair[1] in _KEY_NAMES:
            values.setdefault(pair[1], pair[2].strip("\"' \t"))
        elif section == "metadata":
            metadata.append((pair[1], _unquoted(pair[2])))
    if "public-key" not in values:
        raise CertificateError(
            "It is no certificate: it has no line “public-key = …”.",
            "Choose a .key or .key_secret file, as pyzmq makes them.",
        )
    public = _key(values["public-key"], KeyKind.PUBLIC)
    secret: Secret | None = None
    if values.get("secret-key"):
        secret = Secret(_key(values["secret-key"], KeyKind.SECRET).encode())
    return Certificate(public, secret, tuple(metadata))


def _key(text: str, kind: KeyKind) -> str:
    try:
        return clean_key(text, kind)
    except KeyTextError as error:
        raise CertificateError(
            f"The {kind.value} key in it is broken: {error.problem.text}",
            "Make or copy the file anew.",
        ) from None


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]
    return value[1:-1] if is_quoted else value


def public_text(public: str, made: datetime, metadata: tuple[tuple[str, str], ...] = ()) -> str:
    """The text of a public certificate.

    Args:
        public: The public key in Z85.
        made: When, for whoever reads the file.
        metadata: Names and values; names as ZPL has them.

    Raises:
        CertificateError: A name or value cannot be written.
    """
    return _PUBLIC_BANNER.format(made) + _sections(public, metadata)


def secret_text(
    pair: KeyPair, made: datetime, metadata: tuple[tuple[str, str], ...] = ()
) -> Secret:
    """The text of a secret certificate, in UTF-8; see ``public_text``."""
    text = _SECRET_BANNER.format(made) + _sections(pair.public, metadata)
    secret = pair.secret.reveal().decode("ascii")
    return Secret(f'{text}    secret-key = "{secret}"\n'.encode())


def _sections(public: str, metadata: tuple[tuple[str, str], ...]) -> str:
    lines = ["metadata"]
    for name, value in metadata:
        line = f"{name} = {value}"
        # What zmq.auth would take for a key, or could not read back.
        is_key = name.startswith(_KEY_NAMES)
        pair = _PAIR.fullmatch(line)
        if is_key or pair is None or pair[1] != name or not value.isprintable():
            raise CertificateError(
                "A name or value of the certificate’s metadata cannot be written.",
                "Use letters, digits and hyphens for names, and one line for values.",
            )
        lines.append(f"    {line}")
    lines += ["curve", f'    public-key = "{public}"', ""]
    return "\n".join(lines)
