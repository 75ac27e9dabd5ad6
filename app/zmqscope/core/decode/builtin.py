"""The decoders that come with the app, in the order in which they win a draw."""

from __future__ import annotations

from zmqscope.core.decode.decoder import Decoder, Layer


def builtin_decoders() -> tuple[Decoder, ...]:
    """All decoders of the app; their libraries are imported at first use."""
    return ()


def builtin_layers() -> tuple[Layer, ...]:
    """All compressions of the app; their libraries are imported at first use."""
    return ()
