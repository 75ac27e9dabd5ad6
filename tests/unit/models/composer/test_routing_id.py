from __future__ import annotations

import pytest

from zmqscope.core.types import SocketType
from zmqscope.models.composer.routing_id import made_number, routing_id_words

MADE = b"\x00\x6b\x8b\x45\x67"


def test_routing_ids_read_as_text_or_hex() -> None:
    assert routing_id_words(b"worker-1") == "worker-1"
    assert routing_id_words(MADE) == "00 6b 8b 45 67"
    assert routing_id_words(b"two\nlines") == "74 77 6f 0a 6c 69 6e 65 73"


@pytest.mark.parametrize("kind", [SocketType.SERVER, SocketType.PEER])
def test_a_server_also_knows_its_peers_by_number(kind: SocketType) -> None:
    assert routing_id_words(MADE, kind) == "1804289383 · 00 6b 8b 45 67"
    assert made_number(MADE, kind) == 1_804_289_383


@pytest.mark.parametrize(
    ("routing_id", "kind"),
    [
        (MADE, SocketType.ROUTER),
        (MADE, None),
        (MADE[:4], SocketType.SERVER),
        (b"\x01" + MADE[1:], SocketType.SERVER),
        (b"", SocketType.PEER),
    ],
)
def test_other_ids_are_no_numbers(routing_id: bytes, kind: SocketType | None) -> None:
    assert made_number(routing_id, kind) is None
