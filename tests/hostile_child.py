"""A process that is shown hostile payloads, in a bounded address space, and told on.

``python -m tests.hostile_child GROUP [NAME …]`` prints a JSON object a line for each payload of a
group; names choose some of them.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from random import Random

from tests.benchmarks.messages import FORMATS
from tests.hostile_payloads import GROUPS, PAYLOADS
from tests.hostile_runs import Act, acts, sample_acts
from tests.hostile_watch import Watch, forget_peak, resident_bytes, taken
from zmqscope.models.formats import Formats

ENVELOPES = "envelopes"
"""The group in which envelopes' own messages carry payloads."""

CARRIED = (
    *("json lists, deep", "json of bidi controls", "HTML", "msgpack array claims 4 G"),
    *("protobuf claims 2^63", "pickle runs a shell", "nothing", "all beginnings 0xff"),
)
"""Payloads that envelopes carry, by name."""

_CARRIED_BYTES = 1_000_000
_MORE_BYTES = 1_500_000_000
_OTHER = b'{"a": [1, 2, 3], "b": "text"}'
_WARM = (
    *("json of HTML", "cbor regular expression", "bson date too far", "avro deflate bomb"),
    *("avro zstandard bomb", "avro snappy claims", "arrow zstd bomb", "pickle lists, deep"),
    *("png of 1 M chunks", "protobuf field 0", "gzip bomb of 200 MB", "lz4 claims 2^62"),
    *("snappy frames bomb", "zstd claims 2^62", "HTML"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one payload.

    Attributes:
        name: Which.
        size: Its bytes.
        slowest_ms: CPU time of the slowest step.
        act: Which step that was.
        grown: Bytes by which the process had grown at its worst, the payload itself not counted.
        acts: How much was done with it.
        errors: What was raised that must not be.
        forbidden: What was tried that must not be.
    """

    name: str
    size: int
    slowest_ms: float
    act: str
    grown: int
    acts: int
    errors: list[str]
    forbidden: list[str]


def main() -> None:
    """Show them."""
    group, names = sys.argv[1], sys.argv[2:]
    formats, watch = Formats(), Watch()
    warm_up(formats)
    resource.setrlimit(resource.RLIMIT_AS, (resident_bytes("VmSize") + _MORE_BYTES,) * 2)
    watch.start()
    for name in CARRIED if group == ENVELOPES else GROUPS[group]:
        if not names or name in names:
            told = show(formats, watch, name, group == ENVELOPES)
            print(json.dumps(asdict(told)), flush=True)


def warm_up(formats: Formats) -> None:
    """Have everything imported, so that later imports are somebody else's doing."""
    data = [frame for make in FORMATS.values() for frame in make(Random(1))]
    data += [PAYLOADS[name]() for name in _WARM]
    for each in data:
        for _, act in acts(formats, each, _OTHER):
            taken(act)
    for name in formats.envelopes.by_name:
        for _, act in sample_acts(formats, name, b"{}"):
            taken(act)


def show(formats: Formats, watch: Watch, name: str, is_carried: bool) -> Told:
    """Do everything with one payload."""
    data = PAYLOADS[name]()
    gc.collect()
    before = resident_bytes()
    forget_peak()
    slowest_ms, slowest, errors, count = 0.0, "", [], 0
    watch.forbidden.clear()
    for word, act in carried_acts(formats, data) if is_carried else acts(formats, data, _OTHER):
        with watch.looking(is_warm=True):
            figure = taken(act)
        count += 1
        if figure.error:
            errors.append(f"{word}: {figure.error}")
        if figure.cpu_ms > slowest_ms:
            slowest_ms, slowest = figure.cpu_ms, word
    grown = max(0, resident_bytes("VmHWM") - before)
    return Told(
        name, len(data), round(slowest_ms, 1), slowest, grown, count, errors, watch.forbidden[:]
    )


def carried_acts(formats: Formats, data: bytes) -> Iterator[Act]:
    """The payload, or its beginning, inside the messages of all envelopes."""
    data = data[:_CARRIED_BYTES]
    for envelope in formats.envelopes.by_name:
        yield from sample_acts(formats, envelope, data)


if __name__ == "__main__":
    main()
