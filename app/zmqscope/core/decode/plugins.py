"""Decoders that other packages bring, through the entry-point group ``zmqscope.decoders``."""
