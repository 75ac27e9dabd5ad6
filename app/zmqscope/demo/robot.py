"""What a robot and a notebook would say: the formats that JSON is not. Pure but for the clock."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import struct
import time
import zlib
from datetime import UTC, datetime
from random import Random

from zmqscope.demo.encode import Value, cbor, cbor_time, grey_png, msgpack, protobuf

NOTEBOOK_KEY = b"5f0c1b1e-demo-key"
"""Signs the notebook's messages; an example, and no secret."""

_CAMERA_WIDTH, _CAMERA_HEIGHT = 96, 64
_SCAN_POINTS = 181
_SESSION = "b3d1c6a2d64f4be09a6c"
_CELLS = (
    ("1+1", "2"),
    ("sum(range(10))", "45"),
    ("open('quotes.csv')", "FileNotFoundError"),
    ("'ö'.encode()", "b'\\xc3\\xb6'"),
)


class Robot:
    """A robot's telemetry: each topic in a format of its own.

    Args:
        random: Where noise comes from.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self._seq = 0

    def imu(self, now_s: float) -> list[bytes]:
        """Acceleration and turn rates as MessagePack."""
        self._seq += 1
        noise = self._random.gauss
        reading: dict[str, Value] = {
            "seq": self._seq,
            "stamp": round(time.time(), 6),
            "frame": "base_link",
            "accel": [
                0.4 * math.sin(now_s) + noise(0, 0.02),
                noise(0, 0.02),
                9.81 + noise(0, 0.05),
            ],
            "gyro": [noise(0, 0.003), noise(0, 0.003), 0.2 * math.cos(now_s / 3)],
            "ok": True,
        }
        return [b"imu", msgpack(reading)]

    def pose(self, now_s: float) -> list[bytes]:
        """Where it is, as Protobuf: a header, then x, y and heading."""
        self._seq += 1
        header = protobuf({1: self._seq, 2: "map"})
        turn = now_s / 8
        return [
            b"pose",
            protobuf({1: header, 2: 4 * math.cos(turn), 3: 4 * math.sin(turn), 4: turn % math.tau}),
        ]

    def battery(self, now_s: float) -> list[bytes]:
        """Its battery as CBOR, with a tagged time."""
        level = 82.5 - (now_s / 60) % 60
        state: dict[str, Value] = {
            "level": round(level, 1),
            "volts": 24.6,
            "cells": [4.1, 4.09, 4.11, 4.1, 4.1, 4.1],
        }
        body = bytearray(cbor(state))
        body[0] += 1  # one more field
        return [b"battery", bytes(body) + cbor("at") + cbor_time(int(time.time()))]

    def scan(self, now_s: float) -> list[bytes]:
        """Distances around it, as 32-bit floats."""
        wave = [
            2.5 + math.sin(now_s / 2 + number / 12) + self._random.gauss(0, 0.02)
            for number in range(_SCAN_POINTS)
        ]
        return [b"scan", struct.pack(f"<{_SCAN_POINTS}f", *wave)]

    def camera(self, now_s: float) -> list[bytes]:
        """A small picture, as PNG."""
        shift = int(now_s * 6)
        pixels = bytes(
            (x * 2 + y + shift) & 0xFF if (x - 48) ** 2 + (y - 32) ** 2 < 700 else 40 + y
            for y in range(_CAMERA_HEIGHT)
            for x in range(_CAMERA_WIDTH)
        )
        return [b"camera", grey_png(_CAMERA_WIDTH, _CAMERA_HEIGHT, pixels)]

    def plan(self, now_s: float) -> list[bytes]:
        """Where it wants to go: JSON, deflated."""
        points = [
            {
                "x": round(4 * math.cos(now_s / 8 + n / 5), 3),
                "y": round(n * 0.1, 2),
                "wait": n % 4 == 0,
            }
            for n in range(24)
        ]
        text = json.dumps({"goal": "dock 2", "points": points}, separators=(",", ":"))
        return [b"plan", zlib.compress(text.encode())]


class Notebook:
    """A Jupyter kernel's iopub socket: each cell's messages one after the other.

    Args:
        random: Where ids come from.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self._cell = 0
        self._waiting: list[list[bytes]] = []

    def next_message(self) -> list[bytes]:
        """The next message, its topic first."""
        if not self._waiting:
            self._run_cell()
        return self._waiting.pop(0)

    def _run_cell(self) -> None:
        code, result = _CELLS[self._cell % len(_CELLS)]
        self._cell += 1
        parent = self._header("execute_request")
        self._say("status", {"execution_state": "busy"}, parent)
        self._say("execute_input", {"code": code, "execution_count": self._cell}, parent)
        if result.endswith("Error"):
            words = "[Errno 2] No such file or directory: 'quotes.csv'"
            error: dict[str, object] = {
                "ename": result,
                "evalue": words,
                "traceback": [f"\x1b[31m{result}\x1b[0m: {words}"],
            }
            self._say("error", error, parent)
        else:
            data: dict[str, object] = {
                "data": {"text/plain": result},
                "metadata": {},
                "execution_count": self._cell,
            }
            self._say("execute_result", data, parent)
            self._say("stream", {"name": "stdout", "text": f"took {self._cell} ms\n"}, parent)
        self._say("status", {"execution_state": "idle"}, parent)

    def _header(self, kind: str) -> dict[str, str]:
        return {
            "msg_id": f"{self._random.getrandbits(64):016x}",
            "session": _SESSION,
            "username": "demo",
            "date": datetime.now(UTC).isoformat(),
            "msg_type": kind,
            "version": "5.4",
        }

    def _say(self, kind: str, content: dict[str, object], parent: dict[str, str]) -> None:
        parts = [json.dumps(part).encode() for part in (self._header(kind), parent, {}, content)]
        signature = hmac.new(NOTEBOOK_KEY, b"".join(parts), hashlib.sha256).hexdigest()
        topic = f"kernel.{_SESSION}.{kind}".encode()
        self._waiting.append([topic, b"<IDS|MSG>", signature.encode(), *parts])
