"""Compiled loops that run without the GIL. Importing any module but ``library`` needs numba."""
