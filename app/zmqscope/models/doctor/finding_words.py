"""Findings in words and in order: the worst first, a few at full length. Pure, any thread."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.diagnosis.finding import Finding, Rule
from zmqscope.core.types import Severity, SocketId, SocketSnapshot
from zmqscope.models.format import one_line
from zmqscope.models.sockets.socket_words import shown_name

FEW = 3
"""So many findings are shown at full length, or one more; beyond that the worst of them."""

MOST_TITLES = 14
"""So many findings are shown at all, unless somebody wants to see more."""

MOST = 60
"""So many findings are shown at full length at most."""

_CONTEXT = "FindingWords"
_MAX_TEXT = 600
_MOST_TOLD = 12


class FindingLook(NamedTuple):
    """How a severity looks.

    Attributes:
        icon: Its icon.
        token: The theme's token.
    """

    icon: str
    token: str


_LOOKS = {
    Severity.ERROR: FindingLook("circle-x", "broken"),
    Severity.WARNING: FindingLook("triangle-alert", "waiting"),
    Severity.INFO: FindingLook("info", "accent"),
}
SOLVED = FindingLook("check", "muted")
"""What is only still there because someone is reading."""


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def look(severity: Severity) -> FindingLook:
    """Icon and colour of a severity."""
    return _LOOKS[severity]


def title(finding: Finding, snapshot: SocketSnapshot | None) -> str:
    """The socket's name and what happens, in one line."""
    text = one_line(finding.text[:_MAX_TEXT])
    return text if snapshot is None else f"{shown_name(snapshot)}: {text}"


def titles(findings: Iterable[Finding], snapshots: Mapping[SocketId, SocketSnapshot]) -> str:
    """The first of them, a line for each."""
    first = in_order(findings)[:_MOST_TOLD]
    return "\n".join(title(finding, snapshots.get(finding.socket_id)) for finding in first)


def why(finding: Finding) -> str:
    """Why, and what to do, in one line."""
    return one_line(finding.why[:_MAX_TEXT])


def severity_words(severity: Severity) -> str:
    """A severity for those who do not see the colour."""
    return {
        Severity.ERROR: _tr("Error"),
        Severity.WARNING: _tr("Warning"),
        Severity.INFO: _tr("Note"),
    }[severity]


def count_words(count: int) -> str:
    """How many findings there are."""
    return _tr("1 finding") if count == 1 else _tr("{0} findings").format(f"{count:,}")


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The worst first; of the same severity who waits at the door, then the oldest."""
    return sorted(findings, key=_rank)


def _rank(finding: Finding) -> tuple[int, bool, int, int, str]:
    is_question = finding.rule is Rule.KNOCKING
    return (
        -finding.severity,
        not is_question,
        finding.since_ns,
        finding.socket_id,
        finding.rule.value,
    )


def to_show(
    findings: Iterable[Finding],
    everything: bool,
    chosen: SocketId | None,
    opened: Hashable | None = None,
) -> list[Finding]:
    """What is shown, at full length or as a title, in order.

    Args:
        findings: All there are.
        everything: Whether as many as possible are wanted at full length.
        chosen: The socket that someone looks at: where not all are shown, its own come first.
        opened: The key of the one that someone has unfolded: it comes before those.
    """
    ordered = in_order(findings)
    count = min(len(ordered), MOST if everything else MOST_TITLES)
    if count < len(ordered):
        ordered.sort(key=lambda one: (one.key != opened, one.socket_id != chosen))
    return ordered[:count]


def by_socket(findings: Iterable[Finding]) -> dict[SocketId, tuple[Finding, ...]]:
    """The findings of each socket that has some, the worst first."""
    found: dict[SocketId, tuple[Finding, ...]] = {}
    for finding in in_order(findings):
        found[finding.socket_id] = (*found.get(finding.socket_id, ()), finding)
    return found
