"""Arrays of plain numbers: ``decoder`` is the format, ``guess`` tells their type."""
