"""BSON: ``decoder`` is the format, the others read its parts."""
