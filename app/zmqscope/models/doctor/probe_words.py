"""A probe's result as a headline, a tone and rows of facts. Pure."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.core.probe import Answer, ProbeResult
from zmqscope.models.format import one_line

_MOST_BYTES = 64
_BAD = (Answer.REFUSED, Answer.UNREACHABLE)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Probe", text)


def tone(result: ProbeResult) -> tuple[str, str]:
    """Icon and colour token that go with a result."""
    if result.fits is False or result.answer in _BAD:
        return "circle-x", "broken"
    if result.answer is not Answer.ZMTP:
        return "triangle-alert", "waiting"
    return ("check", "received") if result.fits else ("info", "accent")


def facts(result: ProbeResult) -> list[tuple[str, str]]:
    """Names and values of what is known, in the order in which it was learned."""
    found = [(_tr("Answers"), _answer_words(result))]
    if result.local_owner:
        found.append((_tr("Process"), one_line(result.local_owner)))
    if result.version:
        found.append((_tr("Version"), _version_words(result)))
    if result.mechanism:
        found.append((_tr("Mechanism"), _mechanism_words(result)))
    if result.answer is Answer.ZMTP:
        unknown = _tr("not told") if result.mechanism != "CURVE" else _tr("sealed by CURVE")
        found.append((_tr("Socket type"), one_line(result.type_name) or unknown))
    if result.identity is not None:
        found.append((_tr("Routing id"), _identity_words(result.identity)))
    found += [(one_line(name), one_line(value)) for name, value in result.metadata]
    if result.first_bytes:
        found.append((_tr("First bytes"), _bytes_words(result.first_bytes)))
    found.append((_tr("Took"), _tr("{0} ms").format(round(result.took_s * 1000))))
    return found


def result_text(result: ProbeResult) -> str:
    """All of it, to be copied."""
    lines = [" ".join(filter(None, (result.text, result.hint)))]
    lines += [f"{name}: {value}" for name, value in facts(result)]
    return "\n".join(lines)


def _answer_words(result: ProbeResult) -> str:
    return {
        Answer.ZMTP: _tr("ZeroMQ"),
        Answer.HTTP: _tr("HTTP"),
        Answer.TLS: _tr("TLS"),
        Answer.SSH: _tr("SSH"),
        Answer.OTHER: _tr("something else"),
        Answer.SILENT: _tr("silence"),
        Answer.CLOSES: _tr("closes at once"),
        Answer.REFUSED: _tr("nobody listens"),
        Answer.UNREACHABLE: _tr("not reachable"),
    }[result.answer]


def _version_words(result: ProbeResult) -> str:
    is_web = not result.version[:1].isdigit()
    return result.version if is_web else _tr("ZMTP {0}").format(result.version)


def _mechanism_words(result: ProbeResult) -> str:
    name = one_line(result.mechanism)
    if name not in ("PLAIN", "CURVE") or result.is_server is None:
        return name
    return (
        _tr("{0}, its server").format(name)
        if result.is_server
        else (_tr("{0}, its client").format(name))
    )


def _identity_words(identity: bytes) -> str:
    if not identity:
        return _tr("none of its own")
    text = identity.decode("utf-8", "backslashreplace")
    return one_line(text) if text.isprintable() else identity.hex(" ")


def _bytes_words(data: bytes) -> str:
    more = " …" if len(data) > _MOST_BYTES else ""
    return data[:_MOST_BYTES].hex(" ") + more
