"""The help pages as text: read, in order, and searched. Pure, any thread.

They lie in folders: ``doctor`` has a page for each rule, ``envelopes`` one for each message format;
beside the folders are pages about decoders and about how to add to them.
"""

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
"""What each rule's page is made of."""

FORMATS_INDEX = "envelope-index"
"""The page that leads to all message formats."""

ABOUT_DECODING = ("inspector", "bytes", "compare", "decoders", "adding-an-envelope")
"""Pages beside the folders, in the order in which the list has them; those that there are."""

_CONTEXT = "HelpPages"
_RULES_FOLDER, _FORMATS_FOLDER = "doctor", "envelopes"
_FORMAT = "envelope-"
_LAST_HANDSHAKE = Rule.GIVEN_UP
_LAST_CONNECTION = Rule.KNOCKING
_LAST_STALL = Rule.PEER_STOPPED
_LINK = re.compile(r"(?P<up>\.\./)?(?:(?P<folder>doctor|envelopes)/)?(?P<stem>[\w-]+)\.md(?:#.*)?")
_MARKUP = re.compile(r"[*`#>|]|\]\([^)]*\)|\[")


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page.

    Attributes:
        name: The rule's value or ``INDEX``; of a message format, ``envelope-`` and its name; of
            other pages the file's name without ``.md``.
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


def format_page(envelope: str) -> str:
    """The name of a message format's page.

    Args:
        envelope: ``Envelope.name``, such as ``jupyter``.
    """
    return f"{_FORMAT}{envelope}"


def read_pages(folder: Path) -> tuple[HelpPage, ...]:
    """Read all pages: those of the rules in their order, message formats by title, the rest.

    Args:
        folder: Where the folders are.

    Raises:
        OSError: The index or a rule's page cannot be read.
    """
    groups = _groups()
    names = (INDEX, *(rule.value for rule in Rule))
    rules = folder / _RULES_FOLDER
    pages = [_read(rules / f"{name}.md", name, groups.get(name, "")) for name in names]
    formats = [
        _read(path, format_page(path.stem), _tr("Message formats"))
        for path in (folder / _FORMATS_FOLDER).glob("*.md")
    ]
    pages += sorted(formats, key=lambda page: (page.name != FORMATS_INDEX, page.title.lower()))
    about = [(name, folder / f"{name}.md") for name in ABOUT_DECODING]
    pages += [_read(path, name, _tr("Decoders")) for name, path in about if path.exists()]
    return tuple(pages)


def _read(path: Path, name: str, group: str) -> HelpPage:
    text = path.read_text(encoding="utf-8")
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


def page_of_link(link: str, source: str = INDEX) -> str | None:
    """The page's name if a link leads to one of our pages, else None.

    Args:
        link: As it is written in a page, relative to its file: ``x.md``, ``../envelopes/x.md``.
        source: Name of the page that has it.
    """
    found = _LINK.fullmatch(link)
    if found is None:
        return None
    stem, folder, up = found["stem"], found["folder"], bool(found["up"])
    here = _folder_of(source)
    if (up and not here) or (folder and here and not up):
        return None
    folder = folder or ("" if up else here)
    if folder == _FORMATS_FOLDER:
        return format_page(stem)
    if folder == _RULES_FOLDER:
        return stem
    return stem if stem in ABOUT_DECODING else None


def _folder_of(name: str) -> str:
    if name.startswith(_FORMAT):
        return _FORMATS_FOLDER
    return "" if name in ABOUT_DECODING else _RULES_FOLDER
