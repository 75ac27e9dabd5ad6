"""Libraries are there before their first message, and nowhere before the window is."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from zmqscope.core.decode.builtin import builtin_decoders, builtin_layers
from zmqscope.core.envelopes.builtin import builtin_envelopes
assert builtin_decoders() and builtin_layers() and builtin_envelopes()
heavy = "bson cbor2 msgpack lz4 zstandard cramjam google fastavro pyarrow".split()
print(sorted(set(heavy) & set(sys.modules)))
from zmqscope.core.decode.warm import warm_up
warm_up().join(30)
print(sorted(set(heavy) & set(sys.modules)))
"""


def test_decoders_import_their_libraries_late_and_a_thread_does_it_ahead() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=60
    )
    before, after = done.stdout.splitlines()
    assert before == "[]"
    assert after == str(["bson", "cbor2", "cramjam", "lz4", "msgpack", "zstandard"])
