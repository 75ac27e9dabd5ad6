"""The decoders that come with the app, one file a format."""
