"""The decoders that come with the app, in the order in which they win a draw."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from zmqscope.core.decode.decoder import Decoder, Layer
from zmqscope.core.decode.formats.arrow.decoder import ARROW
from zmqscope.core.decode.formats.avro.decoder import AVRO
from zmqscope.core.decode.formats.bson.decoder import BSON
from zmqscope.core.decode.formats.capnp import CAPNP
from zmqscope.core.decode.formats.cbor.decoder import CBOR
from zmqscope.core.decode.formats.image.decoder import IMAGE
from zmqscope.core.decode.formats.json.decoder import JSON
from zmqscope.core.decode.formats.msgpack.decoder import MSGPACK
from zmqscope.core.decode.formats.numbers.decoder import NUMBERS
from zmqscope.core.decode.formats.pickle.decoder import PICKLE
from zmqscope.core.decode.formats.protobuf.decoder import PROTOBUF
from zmqscope.core.decode.formats.text import TEXT
from zmqscope.core.decode.layers.gzip import GZIP
from zmqscope.core.decode.layers.lz4 import LZ4, LZ4_BLOCK
from zmqscope.core.decode.layers.snappy import SNAPPY
from zmqscope.core.decode.layers.zlib import ZLIB
from zmqscope.core.decode.layers.zstd import ZSTD

CEILINGS: Mapping[str, float] = MappingProxyType(
    {
        "json": 0.97,
        "msgpack": 0.97,
        "cbor": 0.97,
        "bson": 0.97,
        "protobuf": 0.9,
        "capnp": 0.6,
        "text": 0.94,
        "numbers": 0.7,
        "snappy": 0.99,
        "lz4block": 0.0,
    }
)
"""The most that these ever say; a test holds them to it.

Text stays below everything that is written in text: JSON is text, too.
"""


def builtin_decoders() -> tuple[Decoder, ...]:
    """All decoders of the app; their libraries are imported at first use."""
    # BSON first: it says its length, so nobody is told sooner that it is not there.
    return (BSON, JSON, MSGPACK, CBOR, IMAGE, ARROW, AVRO, PICKLE, PROTOBUF, CAPNP, TEXT, NUMBERS)


def builtin_layers() -> tuple[Layer, ...]:
    """All compressions of the app; their libraries are imported at first use."""
    return (ZLIB, GZIP, ZSTD, LZ4, SNAPPY, LZ4_BLOCK)
