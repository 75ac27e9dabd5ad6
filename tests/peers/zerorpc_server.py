"""A ZeroRPC server with a few methods. Prints its endpoint as JSON, serves until its input ends."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import gevent
import zerorpc
from zmq import LAST_ENDPOINT


class Methods:
    """What can be called."""

    def hello(self, name: str) -> str:
        """A plain answer."""
        return f"Hello, {name}"

    def fail(self) -> None:
        """An error."""
        raise NameError("name 'x' is not defined")

    @zerorpc.stream
    def numbers(self, count: int) -> Iterator[int]:
        """A stream."""
        return iter(range(count))

    def nap(self) -> str:
        """An answer that takes longer than a heartbeat."""
        gevent.sleep(1.5)
        return "done"


def main() -> None:
    """Serve."""
    server = zerorpc.Server(Methods(), heartbeat=1)
    server.bind("tcp://127.0.0.1:0")
    endpoint = server._events._socket.getsockopt(LAST_ENDPOINT).decode()
    print(json.dumps({"ready": True, "endpoints": [endpoint]}), flush=True)
    serving = gevent.spawn(server.run)
    while gevent.os.tp_read(0, 4_096):
        pass
    server.stop()
    serving.kill()
    os._exit(0)  # greenlets of ZeroRPC wait for their peers


if __name__ == "__main__":
    main()
