"""Reads a pickle symbolically: containers are put together, calls only written down. Any thread.

Nothing is imported, called or built but ``Item``s.
"""

from __future__ import annotations

from pickletools import opcodes

from zmqscope.core.decode.formats.pickle.acts import ACTS
from zmqscope.core.decode.formats.pickle.leaves import leaf
from zmqscope.core.decode.formats.pickle.ops import Op, OpError, read_op
from zmqscope.core.decode.formats.pickle.stack import MachineError, Stack

MAX_OPS = 20_000
"""Opcodes that are read at most; the listing goes on."""


_MEMOIZE = 0x94
_BINARY = frozenset(info.name for info in opcodes if info.proto == 1)


class Machine(Stack):
    """A stack that takes opcodes."""

    def step(self, op: Op) -> None:
        """Take one opcode.

        Raises:
            MachineError: The stack does not have what it takes.
        """
        if not self.protocol and op.name in _BINARY:
            # Only from protocol 2 on a pickle says which it is of.
            self.protocol = 1
        act = ACTS.get(op.name)
        if act is not None:
            act(self, op)
        else:
            item = leaf(self.data, op)
            if item is not None:
                self.push(item)


def run(data: bytes, limit: int = MAX_OPS) -> tuple[Machine, int, OpError | MachineError | None]:
    """Read a pickle as far as it goes.

    Args:
        data: The pickle.
        limit: Opcodes at most.

    Returns:
        The machine; one past the last byte that was read; why that is not the end: an error whose
        text is empty stands for the limit.
    """
    machine = Machine(data)
    at = count = 0
    try:
        while at < len(data):
            if data[at] == _MEMOIZE and count < limit:
                # Every third opcode is this one, so it takes the short way.
                machine.memo[len(machine.memo)] = machine.top()
                at, count = at + 1, count + 1
                continue
            op = read_op(data, at)
            if op.name == "STOP":
                if not machine.stack:
                    raise MachineError("The stack is empty at the end")
                return machine, op.stop, None
            if count >= limit:
                return machine, at, OpError("", at)
            machine.step(op)
            at, count = op.stop, count + 1
        raise OpError("The pickle has no end", at, is_cut=True)
    except (OpError, MachineError) as error:
        return machine, at, error
