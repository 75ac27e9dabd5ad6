"""Sentences of the peers panel: how many, and why there is nothing. Pure, any thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.core.types import SocketSnapshot, SocketState
from zmqscope.models.format import format_count, one_line

_MAX_TYPED = 60


def count_words(shown: int, known: int, more: int) -> str:
    """``12 peers``, ``3 of 12 peers``; with what is not told one by one; empty for none."""
    if not known:
        return ""
    if more:
        words = _tr("{shown} of {known} peers, the oldest")
    elif shown != known:
        words = _tr("{shown} of {known} peers")
    else:
        words = _tr("1 peer") if known == 1 else _tr("{known} peers")
    return words.format(shown=format_count(shown), known=format_count(known))


def wants_words(wants: int, unmatched: int, unwanted: int) -> str:
    """``4 subscriptions · 1 matches nothing · 2 topics nobody wants``; empty for none."""
    parts = []
    if wants:
        words = _tr("1 subscription") if wants == 1 else _tr("{0} subscriptions")
        parts.append(words.format(format_count(wants)))
    if unmatched:
        words = _tr("1 matches nothing") if unmatched == 1 else _tr("{0} match nothing")
        parts.append(words.format(format_count(unmatched)))
    if unwanted:
        words = _tr("1 topic nobody wants") if unwanted == 1 else _tr("{0} topics nobody wants")
        parts.append(words.format(format_count(unwanted)))
    return " · ".join(parts)


def no_peer_words(
    known: int, typed: str, only: SocketSnapshot | None, sockets: int
) -> tuple[str, str]:
    """Title and next step while no peer is shown.

    Args:
        known: Peers there are, found or not.
        typed: What was looked for.
        only: The socket whose peers alone are shown; None for all.
        sockets: How many sockets there are.
    """
    if known:
        return _nothing_found(_tr("No peer contains “{0}”"), typed)
    if not sockets:
        return (
            _tr("No peer is connected yet."),
            _tr("Open a socket with Ctrl+N, or the demo with Ctrl+D; whoever connects shows here."),
        )
    if only is None:
        return (
            _tr("No peer is connected yet."),
            _tr(
                "Start the program at the other end, or check the addresses in the list of "
                "sockets: whoever connects shows here."
            ),
        )
    return _tr("No peer is connected to {0}.").format(one_line(only.name[:_MAX_TYPED])), _next(only)


def _next(socket: SocketSnapshot) -> str:
    if socket.state is SocketState.CLOSED:
        return _tr("It is closed. Reopen it in the Socket menu.")
    if not socket.endpoints:
        return _tr("It has no endpoint. Add one in its details.")
    address = one_line(socket.endpoints[0].actual)
    if socket.state is SocketState.LISTENING:
        return _tr("It listens on {0}: have the other program connect there.").format(address)
    return _tr(
        "It does not get through to {0}: start the program there, or ask the endpoint with Probe "
        "in the Socket menu."
    ).format(address)


def no_want_words(known: int, typed: str, publishers: int) -> tuple[str, str]:
    """Title and next step while no subscription is shown.

    Args:
        known: Rows there are, found or not.
        typed: What was looked for.
        publishers: How many PUB, XPUB and RADIO sockets there are in what is shown.
    """
    if known:
        return _nothing_found(_tr("No topic contains “{0}”"), typed)
    if not publishers:
        return (
            _tr("Nothing here learns what its peers want."),
            _tr(
                "Subscriptions reach PUB, XPUB and RADIO sockets. Open one, or choose one in the "
                "list of sockets."
            ),
        )
    return (
        _tr("Nobody subscribes yet."),
        _tr(
            "Connect a SUB, XSUB or DISH and subscribe or join: what it wants shows here, beside "
            "the topics that nobody wants."
        ),
    )


def _nothing_found(title: str, typed: str) -> tuple[str, str]:
    bounded = one_line(typed[:_MAX_TYPED]) + ("…" if len(typed) > _MAX_TYPED else "")
    return title.format(bounded), _tr("Press Esc in the field above to see all again.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("PeerPanelWords", text)
