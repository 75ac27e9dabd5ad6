"""What fuzzing has found, and stays mended: files of ``tests/fuzz/found``, ``NAME-what.bin``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.decoder_checks import check_decoder, check_layer
from zmqscope.core.decode.builtin import CEILINGS, builtin_decoders, builtin_layers
from zmqscope.core.decode.payload import Payload
from zmqscope.core.decode.registry import Registry

FOUND = sorted((Path(__file__).parents[3] / "fuzz" / "found").glob("*.bin"))
REGISTRY = Registry(builtin_decoders(), builtin_layers(), CEILINGS)


def test_there_is_something_to_look_at() -> None:
    assert FOUND


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_what_was_found_stays_mended(path: Path) -> None:
    name, data = path.stem.split("-", 1)[0], path.read_bytes()
    if name in REGISTRY.decoders:
        check_decoder(REGISTRY.decoders[name], data)
    else:
        check_layer(REGISTRY.layers[name], data)
    REGISTRY.preview(Payload(data))
    REGISTRY.read(Payload(data))
