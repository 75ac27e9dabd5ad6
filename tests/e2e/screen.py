"""Reads what stands on an X display, through libX11: the eyes of the tests in this folder."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_ALL_PLANES = ctypes.c_ulong(~0)
_Z_PIXMAP = 2

Pixels = NDArray[np.uint8]
"""Height by width by blue, green, red."""


class Box(NamedTuple):
    """A part of the screen in pixels."""

    x: int
    y: int
    width: int
    height: int

    def part(self, left: float, top: float, right: float, bottom: float) -> Box:
        """A part of this one, its edges as shares of width and height."""
        x, y = self.x + round(left * self.width), self.y + round(top * self.height)
        width, height = round((right - left) * self.width), round((bottom - top) * self.height)
        return Box(x, y, width, height)


class _XImage(ctypes.Structure):
    """The head of XImage, as in Xlib.h."""

    _fields_ = (
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("byte_order", ctypes.c_int),
        ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int),
        ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int),
        ("bits_per_pixel", ctypes.c_int),
    )


def pixels(display: str, box: Box) -> Pixels:
    """What stands in a part of the screen, whichever windows are there.

    Args:
        display: Such as ``:90``.
        box: Has to lie on the screen.
    """
    with _connection(display) as (x11, connection):
        root = x11.XDefaultRootWindow(connection)
        image = x11.XGetImage(connection, root, *box, _ALL_PLANES, _Z_PIXMAP)
        assert image, f"{box} is not on the screen"
        head = image.contents
        assert head.bits_per_pixel == 32
        shape = (head.height, head.bytes_per_line // 4, 4)
        raw = ctypes.string_at(head.data, head.bytes_per_line * head.height)
        x11.XFree(head.data)
        x11.XFree(image)
    return np.frombuffer(raw, np.uint8).reshape(shape)[:, : box.width, :3]


def difference(one: Pixels, other: Pixels) -> float:
    """The share of pixels that are clearly different."""
    far = np.abs(one.astype(np.int16) - other.astype(np.int16)).max(axis=2) > 24
    return float(far.mean())


def brightness(picture: Pixels) -> float:
    """From 0, black, to 255."""
    return float(picture.mean())


@contextmanager
def _connection(display: str) -> Iterator[tuple[ctypes.CDLL, ctypes.c_void_p]]:
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
    x11.XGetImage.restype = ctypes.POINTER(_XImage)
    x11.XGetImage.argtypes = [
        ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int,
        ctypes.c_uint, ctypes.c_uint, ctypes.c_ulong, ctypes.c_int,
    ]  # fmt: skip
    x11.XFree.argtypes = [ctypes.c_void_p]
    connection = x11.XOpenDisplay(display.encode())
    assert connection, f"the display {display} does not answer"
    try:
        yield x11, connection
    finally:
        x11.XCloseDisplay(connection)
