"""What the demo's peers say, and how often: a fixed seed, and waves of time. Pure."""

from __future__ import annotations

import math
import struct
from random import Random

_LONGEST_TICK_S = 0.1

_SYMBOLS = (
    # symbol, first price, size of a step, decimals, share of the flow
    ("EURUSD", 1.08412, 0.00003, 5, 0.30),
    ("GBPUSD", 1.26418, 0.00004, 5, 0.20),
    ("USDJPY", 151.204, 0.004, 3, 0.18),
    ("EURCHF", 0.97236, 0.00002, 5, 0.12),
    ("AUDUSD", 0.65427, 0.00003, 5, 0.12),
    ("XAUUSD", 2318.45, 0.06, 2, 0.08),
)
_SOURCES = ("ebs", "lmax", "cboe", "hotspot")
_DESKS = ("alpha", "basis", "carry", "delta")
_HEADLINES = (
    "Zürich: SNB leaves its policy rate unchanged",
    "EUR/USD option expiries cluster at 1.0850",
    "Tokyo fixing: importers buy dollars",
    "US claims come in below forecast",
    "Gold holds its gains into the London close",
    "ECB speakers lean towards a cut in June",
)


class Pace:
    """How many messages are due: a rate that swells, ebbs and bursts, never a flat line.

    Args:
        random: Where its noise comes from.
        low_per_s: The rate in the troughs.
        high_per_s: The rate on the crests.
        period_s: Seconds from one crest to the next.
    """

    def __init__(
        self, random: Random, low_per_s: float, high_per_s: float, period_s: float
    ) -> None:
        self._random = random
        self._low_per_s = low_per_s
        self._range_per_s = high_per_s - low_per_s
        self._turns_per_s = 2 * math.pi / period_s
        self._phase = random.random() * 2 * math.pi
        self._noise = 0.0
        self._burst = 0.0
        self._owed = 0.0

    def due(self, now_s: float, elapsed_s: float) -> int:
        """Messages to send now.

        Args:
            now_s: Time since the start.
            elapsed_s: Time since the last call; a long pause is not caught up with.
        """
        elapsed_s = min(elapsed_s, _LONGEST_TICK_S)
        random = self._random
        self._noise += -self._noise * elapsed_s * 3 + random.gauss(0, 0.5) * math.sqrt(elapsed_s)
        self._burst *= math.exp(-elapsed_s / 0.7)
        if random.random() < elapsed_s * 0.12:
            self._burst = 0.3 + 0.4 * random.random()
        angle = now_s * self._turns_per_s + self._phase
        wave = 0.42 + 0.24 * math.sin(angle) + 0.12 * math.sin(angle * 3.3)
        level = min(1.0, max(0.02, wave + 0.35 * self._noise + self._burst))
        self._owed += (self._low_per_s + self._range_per_s * level) * elapsed_s
        whole = int(self._owed)
        self._owed -= whole
        return whole


class Market:
    """Prices as a PUB sends them: topic, then JSON; one sequence number over all topics.

    Args:
        random: Where its moves come from.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self._prices = [price for _, price, _, _, _ in _SYMBOLS]
        # A hundred draws in proportion: one index instead of a weighted choice for each message.
        self._draws = [
            number
            for number, (_, _, _, _, share) in enumerate(_SYMBOLS)
            for _ in range(round(share * 100))
        ]
        self._seq = 918_272

    def quote(self) -> list[bytes]:
        """A trade: ``[topic, {"px":…,"qty":…,"seq":…,"src":…}]``."""
        random = self._random.random
        number = self._draws[int(random() * len(self._draws))]
        symbol, start, step, decimals, _ = _SYMBOLS[number]
        price = self._prices[number]
        # A walk with a gentle pull home, so that an hour later the prices are still plausible.
        price += (random() - 0.5) * 4 * step + (start - price) * 0.0005
        self._prices[number] = price
        self._seq += 1
        quantity = 5 * (1 + int(random() * random() * 200))
        source = _SOURCES[int(random() * len(_SOURCES))]
        body = f'{{"px":{price:.{decimals}f},"qty":{quantity},"seq":{self._seq},"src":"{source}"}}'
        return [symbol.encode(), body.encode()]

    def news(self) -> list[bytes]:
        """A headline: ``[b"news", {"head":…,"prio":…,"seq":…}]``."""
        self._seq += 1
        headline = self._random.choice(_HEADLINES)
        body = f'{{"head":"{headline}","prio":{self._random.randint(1, 3)},"seq":{self._seq}}}'
        return [b"news", body.encode()]

    def price(self, symbol: str) -> float | None:
        """The last price of a symbol; None if there is no such symbol."""
        for number, (known, _, _, decimals, _) in enumerate(_SYMBOLS):
            if known == symbol:
                return round(self._prices[number], decimals)
        return None

    @property
    def symbols(self) -> tuple[str, ...]:
        """All symbols."""
        return tuple(symbol for symbol, *_ in _SYMBOLS)


class OrderFlow:
    """What a trading desk tells its router.

    Args:
        random: Where its choices come from.
        market: Where its prices come from.
    """

    def __init__(self, random: Random, market: Market) -> None:
        self._random = random
        self._market = market
        self._number = 1_931

    def order(self) -> list[bytes]:
        """An order: ``[b"order", {"op":"new"|"cancel",…}]``."""
        random = self._random
        self._number += 1
        desk = _DESKS[self._number % len(_DESKS)]
        if random.random() < 0.3:
            old = self._number - random.randint(1, 20)
            return [b"order", f'{{"op":"cancel","id":"{desk[0]}-{old}"}}'.encode()]
        symbol = random.choice(self._market.symbols)
        side = random.choice(("buy", "sell"))
        quantity = 25 * random.randint(1, 40)
        body = (
            f'{{"op":"new","id":"{desk[0]}-{self._number}","side":"{side}","sym":"{symbol}"'
            f',"px":{self._market.price(symbol)},"qty":{quantity},"desk":"{desk}"}}'
        )
        return [b"order", body.encode()]

    def approval(self, number: int) -> list[bytes]:
        """A request that asks for a yes or a no."""
        random = self._random
        body = (
            f'{{"ask":"limit","id":{number},"desk":"{random.choice(_DESKS)}"'
            f',"notional":{50_000 * random.randint(1, 60)},"ccy":"EUR"}}'
        )
        return [body.encode()]


class Results:
    """What a worker of the pipeline delivers: a JSON header and a block of 32-bit floats.

    Args:
        random: Where its choices come from.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self._job = 40_000
        self._blocks = [self._block(8 << (number % 5)) for number in range(20)]

    def result(self, worker: int) -> list[bytes]:
        """``[{"job":…,"worker":…,"n":…,"ms":…}, floats]``."""
        self._job += 1
        block = self._blocks[self._job % len(self._blocks)]
        took_ms = 0.4 + 6 * self._random.random() ** 3
        head = (
            f'{{"job":{self._job},"worker":"w{worker}","n":{len(block) // 4},"ms":{took_ms:.2f}}}'
        )
        return [head.encode(), block]

    def _block(self, count: int) -> bytes:
        phase = self._random.random() * math.pi
        curve = [math.sin(phase + number / 5) for number in range(count)]
        return struct.pack(f"<{count}f", *curve)
