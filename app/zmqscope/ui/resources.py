"""Where the icons, fonts, themes and help pages lie, installed or in a checkout. Any thread."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
# An installed or frozen app carries the resources inside the package; a checkout, and with it
# the editable install, keeps them at its root, two levels above app/zmqscope.
_ROOTS = (_PACKAGE / "_resources", _PACKAGE.parents[1] / "resources")


def resource_path(*parts: str) -> Path:
    """Find a file or folder that ships with the app.

    Args:
        *parts: The path below the resources' root, as in ``resource_path("icons", "play.svg")``.

    Returns:
        The absolute path of the first match.

    Raises:
        FileNotFoundError: It is in neither place; the message says where it was looked for.
    """
    candidates = [root.joinpath(*parts) for root in _ROOTS]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    name = "/".join(parts)
    places = " nor ".join(str(root) for root in _ROOTS)
    raise FileNotFoundError(
        f"The resource {name!r} is neither in {places}; reinstalling ZMQ Scope brings it back."
    )
