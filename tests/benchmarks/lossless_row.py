"""Nothing is lost at full load with back-pressure: every sequence number is checked."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.benchmarks import reference
from tests.benchmarks.app_process import observed_app
from tests.benchmarks.row import Plan, Row, Topic
from tests.display import virtual_display

_MESSAGES = 20_000_000
_SHORT_MESSAGES = 200_000
_SIZES = (64,)
_TOPIC_BYTES = 8
_LONGEST_S = 600.0


def run(plan: Plan, _lines: frozenset[str]) -> Iterator[Row]:
    """Send flat out, half of it with two frames, and count what did not arrive."""
    count = (_SHORT_MESSAGES if plan.short else _MESSAGES) // 2
    with virtual_display() as environment, observed_app(environment, plan) as app:
        one, two = app.open("pull:@tcp://127.0.0.1:*,name=one", "pull:@tcp://127.0.0.1:*,name=two")
        app.check(one, two)
        plan.say(f"lossless: {2 * count:,} messages")
        begun_s = time.monotonic()
        sent = 0
        for socket, topic in ((one, 0), (two, _TOPIC_BYTES)):
            with reference.sender(
                [socket.endpoint], sizes=_SIZES, topic=topic, count=count
            ) as sender:
                sent += sender.reply(_LONGEST_S)["sent"]
        app.settle()
        took_s = time.monotonic() - begun_s
        found = app.checked()
        lost = sent - found["checked"]
        wrong = found["missing"] + found["out_of_order"] + found["missed_rows"]
        yield Row(
            "lossless",
            lost,
            "lost",
            sent,
            "sent",
            None,
            "0, none out of order",
            lost == 0 and wrong == 0,
            {
                "sent": sent,
                **{name: value for name, value in found.items() if name != "sockets"},
                "lost": lost,
                "bytes": _SIZES[0],
                "per_s": round(sent / took_s),
                "drain": app.drain,
            },
            (*app.notes(), *reference.notes()),
        )


TOPIC = Topic("lossless", ("lossless",), run)
