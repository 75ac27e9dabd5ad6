"""The colours of the two themes, by meaning. Plain values, any thread."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme's colours as ``#rrggbb``.

    Attributes:
        window: Behind the docks.
        panel: Docks, table, plots.
        raised: Buttons, fields.
        border: Lines, grid.
        text: Text.
        muted: Secondary text, units, axes.
        accent: Topics, actions, links, focus.
        received: Received, healthy.
        sent: Sent.
        broken: Broken, lost, recording.
        waiting: Waiting, warning.
        link: Taps, brokers, links.
        selection: Selected row.
    """

    window: str
    panel: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    received: str
    sent: str
    broken: str
    waiting: str
    link: str
    selection: str


DARK = Palette(
    window="#0f1216",
    panel="#161a20",
    raised="#1b2027",
    border="#262d36",
    text="#d6dde6",
    muted="#909ca9",
    accent="#4cb8ff",
    received="#56d39b",
    sent="#ffb454",
    broken="#ff6b6b",
    waiting="#ffd166",
    link="#c792ea",
    selection="#1d3347",
)

LIGHT = Palette(
    window="#f3f5f8",
    panel="#ffffff",
    raised="#f7f9fb",
    border="#d9e0e8",
    text="#1b2430",
    muted="#5c6b7c",
    accent="#0a68b4",
    received="#097548",
    sent="#9a5500",
    broken="#c62828",
    waiting="#7f6100",
    link="#7b3fb5",
    selection="#dcecfa",
)

TOKENS: tuple[str, ...] = tuple(field.name for field in fields(Palette))
"""The names that ``Theme.color`` knows."""

TEXT_TOKENS = ("text", "muted", "accent", "received", "sent", "broken", "waiting", "link")
"""Those that text is set in: 4.5:1 or more on every ground."""

GROUND_TOKENS = ("window", "panel", "raised", "selection")
"""Those that text stands on."""

# Beyond the tokens a plot needs more hues; each keeps 3:1 on panel and its distance to the others.
_MORE_DARK = ("#ff8fb1", "#5ee0e0", "#b5cf5b", "#e39a7b", "#8fa2ff", "#d0b48c")
_MORE_LIGHT = ("#b8336a", "#0b7285", "#5d7a00", "#a04a24", "#3f51d1", "#7d6338")


def curve_colors(palette: Palette) -> tuple[str, ...]:
    """Colours for the curves of a plot, the most different ones first."""
    more = _MORE_LIGHT if palette == LIGHT else _MORE_DARK
    return (palette.received, palette.accent, palette.link, palette.sent, *more)
