"""A ZeroRPC client: calls what it is told to, and prints what became of it.

Usage: zerorpc_client.py ENDPOINT. Each line of input is a JSON list of a method and its arguments.
"""

from __future__ import annotations

import json
import os
import sys

import gevent
import zerorpc


def main() -> None:
    """Call until the input ends."""
    client = zerorpc.Client(heartbeat=1, timeout=60)
    client.connect(sys.argv[1])
    print(json.dumps({"ready": True, "endpoints": []}), flush=True)
    pending = b""
    while chunk := gevent.os.tp_read(0, 4_096):
        *lines, pending = (pending + chunk).split(b"\n")
        for line in lines:
            method, *arguments = json.loads(line)
            try:
                answer = getattr(client, method)(*arguments)
                result = answer if isinstance(answer, str) else list(answer)
                print(json.dumps({"result": result}), flush=True)
            except zerorpc.RemoteError as error:
                print(json.dumps({"error": error.name}), flush=True)
    os._exit(0)  # greenlets of ZeroRPC wait for their peers


if __name__ == "__main__":
    main()
