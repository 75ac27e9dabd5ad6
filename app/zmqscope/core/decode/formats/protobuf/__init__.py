"""Protobuf, with a schema or without: ``decoder`` is the format, the others read its parts."""
