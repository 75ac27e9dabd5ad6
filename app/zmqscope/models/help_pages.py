"""The doctor's help pages as text: read, in order, and searched. Pure, any thread."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from zmqscope.core.diagnosis.finding import Rule

INDEX = "index"
"""The page that leads to all others."""

SECTIONS = (
    "What you see",
    "Why ZeroMQ does that",
    "How to tell for sure",
    "What to do",
)
"""What each page but the index is made of."""

_CONTEXT = "HelpPages"
_LAST_HANDSHAKE = Rule.GIVEN_UP
_LAST_CONNECTION = Rule.KNOCKING
_LAST_STALL = Rule.PEER_STOPPED
_MARKUP = re.compile(r"[*`#>|]|\]\([^)]*\)|\[")


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page.

    Attributes:
        name: The rule's value, or ``INDEX``; the file's name without ``.md``.
        title: Its first heading.
        group: The heading under which the list has it; empty for the index.
        text: The whole of it, in Markdown.
    """

    name: str
    title: str
    group: str
    text: str

    @property
    def words(self) -> str:
        """What can be searched in it: no markup, lower case."""
        return _MARKUP.sub("", f"{self.text} {self.name}").lower()


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def _groups() -> dict[str, str]:
    """The group of each rule, by its value."""
    groups, found = [_tr("The handshake"), _tr("The connection"), _tr("Stalls and losses")], {}
    ends = {_LAST_HANDSHAKE: 1, _LAST_CONNECTION: 2, _LAST_STALL: 3}
    groups.append(_tr("Everything else"))
    at = 0
    for rule in Rule:
        found[rule.value] = groups[at]
        at = ends.get(rule, at)
    return found


def read_pages(folder: Path) -> tuple[HelpPage, ...]:
    """Read the index and each rule's page, in the order of the rules.

    Args:
        folder: Where they are.

    Raises:
        OSError: One of them cannot be read.
    """
    groups = _groups()
    names = (INDEX, *(rule.value for rule in Rule))
    return tuple(_read(folder, name, groups.get(name, "")) for name in names)


def _read(folder: Path, name: str, group: str) -> HelpPage:
    text = (folder / f"{name}.md").read_text(encoding="utf-8")
    title = text.split("\n", 1)[0].removeprefix("#").strip()
    return HelpPage(name, title, group, text)


def matching(pages: Iterable[HelpPage], query: str) -> list[HelpPage]:
    """The pages that hold all the words: first by their titles, then by how often they do."""
    words = query.lower().split()
    texts = [(page, page.words) for page in pages]
    found = [(page, text) for page, text in texts if all(word in text for word in words)]
    if words:
        found.sort(key=lambda one: (_lacks(one[0].title, words), -sum(map(one[1].count, words))))
    return [page for page, _ in found]


def _lacks(title: str, words: list[str]) -> bool:
    return not all(word in title.lower() for word in words)


def page_of_link(link: str) -> str | None:
    """The page's name if a link leads to one of our pages, else None."""
    target = link.split("#", 1)[0]
    is_page = target.endswith(".md") and "/" not in target and ":" not in target
    return target.removesuffix(".md") if is_page else None
