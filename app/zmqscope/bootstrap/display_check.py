"""Finds out, before Qt does, why no window can open: Qt would abort without a reason."""

from __future__ import annotations

import ctypes
import os
import sys

_XCB_LIBRARIES = {
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_COMMON_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
}


def why_no_window(environment: dict[str, str]) -> str | None:
    """One sentence that says why Qt could not open a window, and what to do; None if it can.

    Args:
        environment: ``os.environ`` as a dict.
    """
    if sys.platform != "linux":
        return None
    plugin = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    display = environment.get("DISPLAY", "")
    libraries = dict(_COMMON_LIBRARIES)
    uses_x = plugin == "xcb" or (
        not plugin and bool(display) and not environment.get("WAYLAND_DISPLAY")
    )
    if not plugin and not display and not environment.get("WAYLAND_DISPLAY"):
        return (
            "there is no display: start it in a desktop session, set DISPLAY, or use "
            "“xvfb-run -a zmqscope …” for a virtual one."
        )
    if uses_x:
        libraries |= _XCB_LIBRARIES
    missing = sorted(package for name, package in libraries.items() if not _can_load(name))
    if missing:
        return (
            "system libraries are missing: run “sudo apt-get install --no-install-recommends "
            f"{' '.join(missing)}”, or your system's packages of the same libraries."
        )
    if uses_x and not _x_answers(display):
        return (
            f"the display {display or '(none)'} does not answer: check DISPLAY and your right to "
            "use it, or use “xvfb-run -a zmqscope …” for a virtual one."
        )
    return None


def _can_load(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _x_answers(display: str) -> bool:
    """Connect as Qt's xcb plugin would, and hang up."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(os.fsencode(display) if display else None, None)
    has_error = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not has_error
