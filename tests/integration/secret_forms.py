"""What a secret could be written as, and that it is not."""

from __future__ import annotations

import base64
import json

from zmqscope.core.security.keys import decode_z85

SPOILT = "spoilt"
"""A user for whom something goes wrong in ``watched_run.py``, at our door and as our own."""


def forms(secret: bytes) -> set[bytes]:
    """Everything that a secret could be written as."""
    raws = {secret}
    if len(secret) == 40:
        raws.add(decode_z85(secret.decode()))
    found = set[bytes]()
    for raw in raws:
        found |= {raw, raw.hex().encode(), raw.hex().upper().encode(), repr(raw)[2:-1].encode()}
        # At each place in what is encoded it looks otherwise.
        for shift in range(3):
            encoded = base64.b64encode(bytes(shift) + raw)
            found.add(encoded[4 if shift else 0 : -4])
        found.add(json.dumps(raw.decode("latin-1"))[1:-1].encode())
    return found


def assert_without(data: bytes, secrets: list[bytes], where: str) -> None:
    """That none of them is there in any form."""
    for number, secret in enumerate(secrets):
        for form in forms(secret):
            assert form not in data, f"secret {number} is in {where}"
