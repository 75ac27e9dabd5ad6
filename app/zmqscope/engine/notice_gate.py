"""Keeps what happens again and again from flooding the list of events. Loop thread; no I/O."""

from __future__ import annotations

from dataclasses import dataclass

_TOLD_AT_ONCE = 3
_FIRST_PAUSE_S = 5.0
_LONGEST_PAUSE_S = 600.0
_MAX_TEXTS = 200


@dataclass(slots=True)
class _Repeats:
    """How often a text may be told now."""

    left: int = _TOLD_AT_ONCE
    pause_s: float = _FIRST_PAUSE_S
    next_s: float = 0.0
    seen_s: float = 0.0
    held_back: int = 0


class NoticeGate:
    """Lets a text through three times, then ever more rarely for as long as it keeps coming.

    A program that is restarted is told in full; a peer that flaps ten times a second is told after
    5 s, 10 s, 20 s and so on up to ten minutes, with the number of times in between.
    """

    def __init__(self) -> None:
        self._texts: dict[str, _Repeats] = {}

    def admit(self, text: str, now_s: float) -> str | None:
        """What to tell, or None to hold it back.

        Args:
            text: The sentence.
            now_s: Monotonic time in seconds.
        """
        repeats = self._texts.pop(text, None) or _Repeats()
        if now_s - repeats.seen_s > 2 * repeats.pause_s:
            repeats = _Repeats(held_back=repeats.held_back)
        repeats.seen_s = now_s
        # Last in the dict is seen last: the first makes room.
        self._texts[text] = repeats
        if len(self._texts) > _MAX_TEXTS:
            del self._texts[next(iter(self._texts))]
        if repeats.left:
            repeats.left -= 1
        elif now_s < repeats.next_s:
            repeats.held_back += 1
            return None
        else:
            repeats.pause_s = min(2 * repeats.pause_s, _LONGEST_PAUSE_S)
        repeats.next_s = now_s + repeats.pause_s
        held_back, repeats.held_back = repeats.held_back, 0
        return f"{text} ({held_back} more times before)" if held_back else text
