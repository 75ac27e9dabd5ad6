"""The decoders that come with the app: a file a format, or a folder that has its ``decoder.py``."""
