"""How likely bytes are a pickle. Pure, any thread."""

from __future__ import annotations

import re
import struct

from zmqscope.core.decode.formats.pickle.items import Form
from zmqscope.core.decode.formats.pickle.machine import run
from zmqscope.core.decode.formats.pickle.ops import OpError, read_op
from zmqscope.core.decode.formats.pickle.stack import MachineError
from zmqscope.core.decode.payload import Payload

FIRST_BYTES = frozenset((0x80, *b"(c]}"))
"""PROTO, which protocols from 2 on begin with; how containers and objects of 0 and 1 begin."""

_HIGHEST = 5
_STEPS = 6
_UNMARKED_STEPS = 16


_BEGINNINGS = {
    # Names; what may be the first thing behind a mark; what remembers or fills a container.
    ord("c"): re.compile(rb"c[A-Za-z_][\w.]*\n([A-Za-z_][\w.]*(\n|$)|$)"),
    ord("("): re.compile(rb"\([dltiISVcKMJGFNUXTC()\]}L]"),
    ord("]"): re.compile(rb"\][qrp(.aKMJN]"),
    ord("}"): re.compile(rb"\}[qrp(.UXK]"),
}


def likelihood(payload: Payload) -> float:
    """The confidence that bytes are a pickle, 0 to 1."""
    data = payload.data
    if not payload.is_cut and data[-1:] != b".":
        return 0.0
    if data[0] == 0x80:
        return _marked(payload)
    return _unmarked(payload)


def _marked(payload: Payload) -> float:
    """From protocol 2 on: its number, then opcodes; from 4 on mostly in frames."""
    data = payload.data
    if len(data) < 4 or not 2 <= data[1] <= _HIGHEST:
        return 0.0
    if data[1] >= 4 and data[2] == 0x95 and len(data) >= 11:
        (length,) = struct.unpack_from("<Q", data, 3)
        room = payload.size - 11
        if payload.size > len(data) or not payload.is_cut:
            return 0.99 if 0 < length <= room else 0.0
        return 0.97 if length < 1 << 40 else 0.0
    confidence = 0.75
    at = 2
    try:
        for _ in range(_STEPS):
            if at >= len(data):
                break
            op = read_op(data, at)
            at = op.stop
            confidence += 0.04
            if op.name == "STOP":
                return confidence if at == len(data) else 0.3
    except OpError as error:
        if not (error.is_cut and payload.is_cut):
            return 0.0
    return min(confidence, 0.97)


def _unmarked(payload: Payload) -> float:
    """Protocols 0 and 1 look like text: only what reads well from end to end is taken for one."""
    data = payload.data
    pattern = _BEGINNINGS[data[0]]
    if pattern.match(data) is None:
        return 0.0
    machine, at, problem = run(data, _UNMARKED_STEPS)
    if problem is None:
        whole = at == len(data) and len(machine.stack) == 1
        whole = whole and machine.stack[0].form is not Form.GLOBAL
        return 0.97 if whole and at > 4 else 0.3 if whole else 0.0
    if isinstance(problem, MachineError) or (problem.text and not problem.is_cut):
        return 0.0
    if problem.is_cut and not payload.is_cut:
        return 0.0
    return 0.96 if at > 12 else 0.4
