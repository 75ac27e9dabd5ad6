"""Pickles, never loaded: ``decoder`` is the format, the others read its parts."""
