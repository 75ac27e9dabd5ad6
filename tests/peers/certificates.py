"""A real certificate chain for wss, made anew for a test: root, intermediate, leaf."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import trustme

NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files.

    Attributes:
        ca: The root, which whoever connects has to trust.
        chain: The leaf for ``NAMES`` and the intermediate that signed it.
        key: The leaf's private key.
    """

    ca: Path
    chain: Path
    key: Path

    @property
    def to_bind(self) -> tuple[str, ...]:
        """What a peer that binds wss needs on its command line."""
        return "--certificate", str(self.chain), "--key", str(self.key)

    @property
    def to_connect(self) -> tuple[str, ...]:
        """What a peer that connects to wss needs on its command line."""
        return "--ca", str(self.ca)


def make(folder: Path, names: tuple[str, ...] = NAMES) -> Certificates:
    """Write a chain of its own into a folder that is there.

    Args:
        folder: Gets ``ca.pem``, ``chain.pem`` and ``key.pem``.
        names: Host names and addresses that the leaf is good for.
    """
    root = trustme.CA(organization_name="ZMQ Scope tests")
    leaf = root.create_child_ca().issue_cert(*names)
    made = Certificates(folder / "ca.pem", folder / "chain.pem", folder / "key.pem")
    root.cert_pem.write_to_path(made.ca)
    made.chain.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    leaf.private_key_pem.write_to_path(made.key)
    return made
