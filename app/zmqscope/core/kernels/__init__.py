"""Compiled loops that run without the GIL, and how they come into the process.

``drain``, ``send`` and ``search`` are the kernels, made of ``rows``, ``foreign``, ``borrowed`` and
``entry``. These need numba, and only ``build`` imports them, in a child process.
``layout``, ``library``, ``linker`` and ``kernel_set`` belong to the app.
"""
